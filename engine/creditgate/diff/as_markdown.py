"""Blocks as Markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.base.render import visible
from creditgate.diff.blocks import Block, Folded, Grid, Heading, Items, Line, Pre
from creditgate.diff.words import Speech

MOST: Final = 60_000
#: What a reader of Markdown would take for markup; text between backticks is left alone.
_MARKUP: Final = re.compile(r"([\\*_{}\[\]<>#|!~@])")
_CODE: Final = re.compile(r"(`[^`]*`)")


def markdown_of(blocks: Sequence[Block], language: str, most: int = MOST) -> str:
    """Return blocks as Markdown in which nothing that rulebooks say is markup or calls anybody.

    Where it is longer than `most` characters, which a forge refuses, the last blocks are left out.
    """
    made, size = "", 0
    for block in blocks:
        text = "\n".join(_lines(block)) + "\n"
        size += len(text)
        if size > most:
            made += f"\n{escaped(Speech(language)('cut'))}\n"
            break
        made += text
    return re.sub(r"\n{3,}", "\n\n", made).strip("\n") + "\n"


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it stands; what stands between backticks is code.

    >>> escaped("a_b <i> `c_d`")
    'a\\_b &lt;i&gt; `c_d`'
    """
    parts = _CODE.split(visible(" ".join(text.split())))
    return "".join(
        part.replace("|", r"\|") if place % 2 else _plain(part) for place, part in enumerate(parts)
    )


def _plain(text: str) -> str:
    found = _MARKUP.sub(lambda m: f"\\{m[1]}", text.replace("&", "&amp;").replace("`", "'"))
    return found.replace(r"\<", "&lt;").replace(r"\>", "&gt;").replace(r"\@", "@&#8203;")


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text):
            yield from ("", f"{'#' * (level + 1)} {escaped(text)}", "")
        case Line(text=text, mark=mark):
            yield from ("", (f"**{escaped(mark)}** " if mark else "") + escaped(text), "")
        case Items(texts=texts):
            yield from ("", *(f"- {escaped(text)}" for text in texts), "")
        case Grid(head=head, rows=rows, numbers=numbers):
            yield ""
            yield f"| {' | '.join(map(escaped, head))} |"
            rules = ["---:" if place in numbers else "---" for place in range(len(head))]
            yield f"| {' | '.join(rules)} |"
            yield from (f"| {' | '.join(map(escaped, row))} |" for row in rows)
            yield ""
        case Pre(caption=caption, text=text):
            if caption:
                yield from ("", f"*{escaped(caption)}*")
            yield from ("", *_fenced(text), "")
        case Folded(caption=caption, text=text):
            yield from ("", f"<details><summary>{escaped(caption)}</summary>", "")
            yield from (*_fenced(text), "", "</details>", "")


def _fenced(text: str) -> Iterator[str]:
    """Yield text between fences longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from (visible(line) for line in text.splitlines())
    yield fence
