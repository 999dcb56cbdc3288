"""A comparison as one page to review and sign, which needs nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from creditgate.base.render import visible
from creditgate.diff.blocks import Block, Folded, Grid, Heading, Items, Line, Pre
from creditgate.diff.words import TITLE, Speech

_CODE: Final = re.compile(r"`([^`]*)`")
_STYLE: Final = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1a1a1a;
  background: #fff; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; border-bottom: 1px solid #777; }
h3 { font-size: 1.05rem; margin-top: 1.4rem; }
table { border-collapse: collapse; min-width: min(60rem, 92vw); margin: .5rem 0; }
th, td { text-align: left; padding: .3rem .5rem; border: 1px solid #c8c8c8; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #f2f2f2; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: #f6f6f6; padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: .5rem 0; } figcaption { font-weight: 600; }
.mark { font-weight: 700; border: 2px solid #1a1a1a; padding: .1rem .5rem; margin-right: .5rem; }
fieldset { border: 1px solid #777; margin: .8rem 0; } label { display: block; margin: .5rem 0; }
input[type=text], input[type=date], textarea { width: min(40rem, 90vw); font: inherit; padding: .3rem;
  border: 1px solid #555; box-sizing: border-box; }
:focus-visible { outline: 3px solid #1a5fb4; outline-offset: 2px; }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; }
  h2, h3 { break-after: avoid; } tr, figure, fieldset { break-inside: avoid; }
  thead { display: table-header-group; }
  pre, th, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def review_page(blocks: Sequence[Block], language: str) -> str:
    """Return the page, with fields for the reviewer's name, day, decision and remarks."""
    return "\n".join(_page(blocks, language)) + "\n"


def _page(blocks: Sequence[Block], language: str) -> Iterator[str]:
    title = escape(TITLE.of(language))
    yield "<!DOCTYPE html>"
    yield f'<html lang="{"zh-CN" if language == "zh" else "en"}">'
    yield '<head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield (
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'\">"
    )
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
    for block in blocks:
        yield from _html(block)
    yield from _sign_off(Speech(language))
    yield "</main></body></html>"


def _html(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text):
            yield f"<h{level}>{_words(text)}</h{level}>"
        case Line(text=text, mark=mark):
            before = f'<span class="mark">{_words(mark)}</span>' if mark else ""
            yield f"<p>{before}{_words(text)}</p>"
        case Items(texts=texts):
            yield f"<ul>{''.join(f'<li>{_words(text)}</li>' for text in texts)}</ul>"
        case Grid(head=head, rows=rows, numbers=numbers):
            yield "<table><thead><tr>"
            yield "".join(
                _cell('th scope="col"', "th", c, p in numbers) for p, c in enumerate(head)
            )
            yield "</tr></thead><tbody>"
            for row in rows:
                cells = "".join(_cell("td", "td", c, p in numbers) for p, c in enumerate(row))
                yield f"<tr>{cells}</tr>"
            yield "</tbody></table>"
        case Pre(caption=caption, text=text):
            named = f"<figcaption>{_words(caption)}</figcaption>" if caption else ""
            yield f"<figure>{named}<pre>{escape(_visible(text))}</pre></figure>"
        case Folded(caption=caption, text=text):
            yield f"<details open><summary>{_words(caption)}</summary>"
            yield f"<pre>{escape(_visible(text))}</pre></details>"


def _cell(opening: str, closing: str, text: str, is_number: bool) -> str:
    kind = ' class="number"' if is_number else ""
    return f"<{opening}{kind}>{_words(text)}</{closing}>"


def _words(text: str) -> str:
    """Return text escaped; what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(visible(text)))


def _visible(text: str) -> str:
    return "\n".join(visible(line) for line in text.splitlines())


def _sign_off(say: Speech) -> Iterator[str]:
    yield f"<h2>{escape(say('sign_off'))}</h2><form>"
    yield f'<label>{escape(say("reviewer"))}<input type="text" name="reviewer"></label>'
    yield f'<label>{escape(say("date"))}<input type="date" name="date"></label>'
    yield f"<fieldset><legend>{escape(say('decision_of_reviewer'))}</legend>"
    for value in ("accept", "reject", "ask"):
        words = escape(say(value))
        yield f'<label><input type="radio" name="decision" value="{value}"> {words}</label>'
    yield "</fieldset>"
    yield f'<label>{escape(say("remarks"))}<textarea name="remarks" rows="5"></textarea></label>'
    yield "</form>"
