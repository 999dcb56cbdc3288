"""What is written otherwise, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from creditgate.diff.blocks import Block, Grid, Heading, Line
from creditgate.diff.report import DiffReport
from creditgate.diff.text_changes import EntryChange, TextChange
from creditgate.diff.words import KINDS, SORTS, WHAT, Speech


def text_blocks(report: DiffReport, say: Speech) -> Iterator[Block]:
    """Yield what was added, removed, changed, moved and renamed."""
    yield Heading(2, say("text"))
    if not report.text:
        yield Line(say("no_text"))
    plain = [change for change in report.text if change.only_names]
    if plain:
        yield Line(say("only_names", say("and").join(_named(change, say) for change in plain)))
    rest = [change for change in report.text if not change.only_names]
    for (rulebook, kind), changes in groupby(rest, key=lambda c: (c.rulebook, c.kind)):
        yield Heading(3, f"{rulebook}{say('colon')}{say.of(KINDS, kind)}")
        for change in changes:
            yield Line(_named(change, say), say.of(WHAT, change.what))
            rows = [_row(text, say) for text in _shown(change)]
            if rows:
                head = [say("where"), say("sort"), say("before"), say("after")]
                yield Grid(head, rows)
    if report.unchanged:
        yield Line(say("unchanged", len(report.unchanged)))


def _shown(change: EntryChange) -> list[TextChange]:
    """Return the texts to show, those that decide first; of renamed things the names do not."""
    order = ("value", "condition", "days", "other", "source", "words", "name")
    return sorted(change.texts, key=lambda text: order.index(text.sort))


def _row(text: TextChange, say: Speech) -> list[str]:
    return [
        f"`{text.place}`", say.of(SORTS, text.sort), text.before or "—", text.after or "—"
    ]  # fmt: skip


def _named(change: EntryChange, say: Speech) -> str:
    title = change.title.get(say.language) or ""
    name = f"`{change.name}`"
    said = f"{title} ({name})" if title else name
    if change.name_before is not None:
        kind = say.of(KINDS, change.kind)
        said = f"{title} " if title else ""
        said += f"({say('renamed', kind, change.name_before, change.name)})"
    if change.file_before is not None:
        said += f"{say('semicolon')}{say('moved', change.file_before, change.file)}"
    return said
