"""Parameters, tables and figures that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, warning
from creditgate.base.spans import Span
from creditgate.lint.stated import Stated

_FIGURE: Final = re.compile(r"\bfigure:([^\n]*)")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_HINT: Final = "read it in a formula, or delete it"
_HINT_FIGURE: Final = "read it, ask for it in a scenario, or delete it"


def unused(
    stated: Stated, known: Mapping[str, Stated], is_whole: Callable[[], bool],
    asked: Callable[[str], frozenset[str]],
) -> Iterator[Diagnostic]:  # fmt: skip
    """Yield what a rulebook defines and no rulebook reads that holds it.

    A figure may be there to be asked for: one that a scenario asks for is used. Where rulebooks that
    build on it are not known, as `is_whole` says, nothing is known to be unused. `asked` returns the
    names that the scenarios of a rulebook ask for.
    """
    found = tuple(_unread(stated, known, asked))
    # Looking for other rulebooks takes time, so only where it matters.
    if found and is_whole():
        yield from found


def _unread(
    stated: Stated, known: Mapping[str, Stated], asked: Callable[[str], frozenset[str]]
) -> Iterator[Diagnostic]:
    book = stated.book
    holders = [
        other
        for other in known.values()
        if book.id in other.book.lineage or other.book.id in book.lineage
    ]
    read = frozenset[str]().union(*(holder.reads for holder in holders))
    for kind, items in (("parameter", stated.parameters), ("table", stated.tables)):
        for item in items:
            if item.name not in read:
                yield _warn(kind, item.name, item.span, _HINT)
    for figure in stated.figures:
        if figure.name in read or figure.replaced is not None:
            continue
        if not any(figure.name in asked(holder.book.id) for holder in holders):
            yield _warn("figure", figure.name, figure.span, _HINT_FIGURE)


def asked_below(folder: Path) -> frozenset[str]:
    """Return the names that the scenarios of a rulebook in a folder ask for as figures."""
    found = set[str]()
    for path in (folder / "scenarios").rglob("*.yaml"):
        for asked in _FIGURE.findall(path.read_text("utf-8", errors="replace")):
            found.update(_NAME.findall(asked))
    return frozenset(found)


def _warn(kind: str, name: str, span: Span, hint: str) -> Diagnostic:
    return warning(Code.UNUSED_NAME, f"the {kind} `{name}` is read by nothing", span, hint=hint)
