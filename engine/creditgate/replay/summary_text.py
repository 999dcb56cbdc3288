"""The counts of a replay as text for a terminal, in English or Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from unicodedata import east_asian_width

from creditgate.base.render import visible
from creditgate.domain.citation import Bilingual
from creditgate.domain.vocabulary import Vocabulary
from creditgate.pipeline import Gate
from creditgate.replay.counts import Counts, actions_of

DECISIONS: Final = {
    "approved": Bilingual("approved", "通过"),
    "rejected": Bilingual("rejected: a rule is breached", "拒绝：违反规则"),
    "undecided": Bilingual("undecided, and so not approved", "无法判定，因而不予通过"),
    "pending": Bilingual("pending: a deadline is still to come", "待定：期限未到"),
    "out_of_scope": Bilingual("no rulebook governs", "不属任何规则集管辖"),
}
SHORT: Final = {
    "approved": Bilingual("approved", "通过"),
    "rejected": Bilingual("rejected", "拒绝"),
    "undecided": Bilingual("undecided", "无法判定"),
    "pending": Bilingual("pending", "待定"),
    "out_of_scope": Bilingual("out of scope", "不在范围"),
}
ORDERS: Final = Bilingual("orders", "委托笔数")
REJECTED_BY: Final = Bilingual("Rejected by rule", "按规则统计的拒绝")
UNDECIDED_BY: Final = Bilingual("Undecided by fact", "按缺失事实统计的无法判定")
BY_DAY: Final = Bilingual("By day and action", "按日期与业务类型")
UNREAD: Final = Bilingual("could not be read as they stand", "笔无法按原样读取")
_NARROW: Final = 10


class Titles:
    """The names of rules, facts and actions as people know them."""

    def __init__(self, gate: Gate) -> None:
        self._vocabulary: Vocabulary = gate.vocabulary
        self.actions = actions_of(gate.vocabulary)
        self._rules = {
            f"{name}": rule.title
            for engine in gate.engines
            for name, rule in engine.rulebook.rules.items()
        }

    def rule(self, id: str) -> Bilingual:
        """Return the title of a rule, or its id where it has none."""
        return self._rules.get(id.rsplit("/", 1)[-1], Bilingual(id, id))

    def fact(self, path: str) -> Bilingual:
        """Return the title of the fact that a path ends in, or the path."""
        first, *names = path.split(".")
        entity = self._vocabulary.entities.get(first)
        title = Bilingual(path, path) if entity is None else entity.title
        for name in names:
            fact = None if entity is None else entity.facts.get(name)
            if fact is None:
                break
            title, entity = fact.title, self._vocabulary.entities.get(fact.target or "")
        return title

    def action(self, name: str) -> Bilingual:
        """Return the title of an action, or its name."""
        return self.actions.get(name, Bilingual(name, name))


def summary_text(counts: Counts, titles: Titles, language: str) -> str:
    """Return the counts as lines of text."""
    return "\n".join(_lines(counts, titles, language))


def _lines(counts: Counts, titles: Titles, language: str) -> Iterator[str]:
    yield f"{counts.orders:>{_NARROW},}  {ORDERS.of(language)}"
    for name, words in DECISIONS.items():
        if counts.decisions[name]:
            yield f"{counts.decisions[name]:>{_NARROW},}  {words.of(language)}"
    if counts.unread:
        yield f"{counts.unread:>{_NARROW},}  {UNREAD.of(language)}"
    yield from _ranked(REJECTED_BY, counts.rejected_by, titles.rule, language)
    yield from _ranked(UNDECIDED_BY, counts.missing, titles.fact, language)
    yield ""
    yield BY_DAY.of(language)
    shown = [name for name in SHORT if counts.decisions[name]]
    rows = [["", "", ORDERS.of(language), *(SHORT[name].of(language) for name in shown)]]
    for (day, action), numbers in by_day_and_action(counts):
        cells = [f"{numbers.total():,}", *(f"{numbers[name]:,}" for name in shown)]
        rows.append([day, titles.action(action).of(language), *cells])
    yield from _columns(rows)


def by_day_and_action(counts: Counts) -> list[tuple[tuple[str, str], Counter[str]]]:
    """Return the numbers of each decision by day and action, the days in their order."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for (day, action, decision), number in sorted(counts.by_day.items()):
        found.setdefault((day, action), Counter())[decision] += number
    return list(found.items())


def ranked(counted: Counter[str]) -> list[tuple[str, int]]:
    """Return what was counted, the most frequent first, then by name."""
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _ranked(
    heading: Bilingual, counted: Counter[str], title: Callable[[str], Bilingual], language: str
) -> Iterator[str]:
    if counted:
        yield ""
        yield heading.of(language)
    for name, number in ranked(counted):
        yield f"{number:>{_NARROW},}  {title(name).of(language)}  ({visible(name)})"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows with their columns under each other; numbers stand at the right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + " " * (width - _width(cell)) if n < 2 else " " * (width - _width(cell)) + cell
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a Chinese character."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
