"""The counts of a replay as one page of HTML that needs nothing from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from creditgate.base.render import visible
from creditgate.domain.citation import Bilingual
from creditgate.replay.charts import COLOURS, bars, shares
from creditgate.replay.counts import Counts
from creditgate.replay.summary_text import (
    BY_DAY,
    DECISIONS,
    ORDERS,
    REJECTED_BY,
    SHORT,
    UNDECIDED_BY,
    UNREAD,
    Titles,
    by_day_and_action,
    ranked,
)

_TITLE: Final = Bilingual("Replay of orders", "委托回放判定")
_MADE_FROM: Final = Bilingual("Made from", "依据")
_DAY: Final = Bilingual("Day", "日期")
_ACTION: Final = Bilingual("Action", "业务类型")
_STYLE: Final = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1a1a1a;
  background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.other { color: #5a5a5a; font-weight: normal; font-size: .85em; }
table { border-collapse: collapse; min-width: min(56rem, 92vw); } svg { max-width: 92vw; height: auto; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #d0d0d0;
  vertical-align: top; overflow-wrap: anywhere; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font-size: .85em; overflow-wrap: anywhere; }
.key { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; }
  h2 { break-after: avoid; } tr, svg { break-inside: avoid; }
  thead { display: table-header-group; }
  .key, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def summary_page(counts: Counts, titles: Titles, bound: Mapping[str, Any], language: str) -> str:
    """Return the page: both languages on it, the one asked for first.

    `bound` says what the decisions were made from, as `digests.bound_to` gives it.
    """
    page = _Page(counts, titles, language)
    return "\n".join(page.lines(bound)) + "\n"


class _Page:
    def __init__(self, counts: Counts, titles: Titles, language: str) -> None:
        self._counts, self._titles, self._language = counts, titles, language
        self._shown = [name for name in SHORT if counts.decisions[name]]

    def lines(self, bound: Mapping[str, Any]) -> Iterator[str]:
        title = _TITLE.of(self._language)
        yield "<!DOCTYPE html>"
        yield f'<html lang="{"zh-CN" if self._language == "zh" else "en"}">'
        yield '<head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        yield f"<h1>{self._words(_TITLE)}</h1>"
        yield from self._decisions()
        yield from self._ranked(
            REJECTED_BY, self._counts.rejected_by, self._titles.rule, COLOURS["rejected"]
        )
        yield from self._ranked(
            UNDECIDED_BY, self._counts.missing, self._titles.fact, COLOURS["undecided"]
        )
        yield from self._by_day()
        yield from self._made_from(bound)
        yield "</body></html>"

    def _words(self, words: Bilingual) -> str:
        """Return words in both languages, escaped."""
        first = escape(visible(words.of(self._language)))
        other = escape(visible(words.of("en" if self._language == "zh" else "zh")))
        return first if first == other else f'{first} <span class="other">{other}</span>'

    def _decisions(self) -> Iterator[str]:
        counts = self._counts
        yield shares([(name, counts.decisions[name]) for name in self._shown])
        yield "<table><tbody>"
        yield self._counted(ORDERS, counts.orders, None)
        for name in self._shown:
            yield self._counted(DECISIONS[name], counts.decisions[name], COLOURS[name])
        if counts.unread:
            yield self._counted(UNREAD, counts.unread, None)
        yield "</tbody></table>"

    def _counted(self, words: Bilingual, number: int, colour: str | None) -> str:
        key = "" if colour is None else f'<span class="key" style="background:{colour}"></span>'
        return f'<tr><td>{key}{self._words(words)}</td><td class="number">{number:,}</td></tr>'

    def _ranked(
        self, heading: Bilingual, counted: Counter[str], title: Callable[[str], Bilingual],
        colour: str,
    ) -> Iterator[str]:  # fmt: skip
        if not counted:
            return
        rows = ranked(counted)
        yield f"<h2>{self._words(heading)}</h2>"
        yield bars([(title(name).of(self._language), number) for name, number in rows], colour)
        yield "<table><tbody>"
        for name, number in rows:
            label = f"{self._words(title(name))}<br><code>{escape(visible(name))}</code>"
            yield f'<tr><td>{label}</td><td class="number">{number:,}</td></tr>'
        yield "</tbody></table>"

    def _by_day(self) -> Iterator[str]:
        yield f"<h2>{self._words(BY_DAY)}</h2><table><thead><tr>"
        yield f"<th>{self._words(_DAY)}</th><th>{self._words(_ACTION)}</th>"
        for words in (ORDERS, *(SHORT[name] for name in self._shown)):
            yield f'<th class="number">{self._words(words)}</th>'
        yield "<th></th></tr></thead><tbody>"
        for (day, action), numbers in by_day_and_action(self._counts):
            cells = (numbers.total(), *(numbers[name] for name in self._shown))
            written = "".join(f'<td class="number">{number:,}</td>' for number in cells)
            chart = shares([(name, numbers[name]) for name in self._shown], width=120, height=14)
            shown = self._words(self._titles.action(action))
            yield f"<tr><td>{escape(day)}</td><td>{shown}</td>{written}<td>{chart}</td></tr>"
        yield "</tbody></table>"

    def _made_from(self, bound: Mapping[str, Any]) -> Iterator[str]:
        yield f"<h2>{self._words(_MADE_FROM)}</h2><table><tbody>"
        stated: Sequence[tuple[str, Any]] = [
            ("orders", bound["orders"]),
            *bound["tables"].items(),
            *(item.split("@", 1) for item in bound["rulebooks"]),
            ("vocabulary", bound["vocabulary"]),
            ("creditgate", bound["engine"]),
            *([("known on", bound["known_on"])] if bound["known_on"] else []),
        ]
        for name, digest in stated:
            yield f"<tr><td>{escape(str(name))}</td><td><code>{escape(str(digest))}</code></td></tr>"
        yield "</tbody></table>"
