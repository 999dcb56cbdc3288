"""What `show` tells of a rulebook, as plain records in one language."""

from __future__ import annotations

import msgspec

from creditgate.backends.words.passages import Passage


class Cited(msgspec.Struct, frozen=True):
    """A place in a legal text, how well it is known, what has to be said about it.

    `published` is the day on which that was published.
    """

    instrument: str | None
    title: str | None
    article: str | None
    evidence: str
    notes: tuple[str, ...] = ()
    published: str | None = None


class Period(msgspec.Struct, frozen=True):
    """Days on which something is in force."""

    since: str | None
    until: str | None
    source: Cited


class Branch(msgspec.Struct, frozen=True):
    """A value with the condition under which it is taken; the last one has none."""

    when: Passage | None
    value: Passage


class ShownExemption(msgspec.Struct, frozen=True):
    """An exemption; `active` tells whether it is in force on the day."""

    id: str
    title: str | None
    when: tuple[Passage, ...]
    active: bool
    in_force: Period
    written: str


class ShownRule(msgspec.Struct, frozen=True, tag="rule", tag_field="kind"):
    """A rule in words; `requires` is what it forbids where `forbids` is true."""

    name: str
    id: str
    title: str
    sentence: str
    event: str
    applies: tuple[Passage, ...]
    forbids: bool
    requires: tuple[Passage, ...]
    due: Passage | None
    exemptions: tuple[ShownExemption, ...]
    message: str
    reason: str
    reason_title: str
    fix_103: int
    effect: str
    remedies: tuple[str, ...]
    active: bool
    in_force: Period
    written: tuple[tuple[str, str], ...]
    place: str | None
    history: tuple[Period, ...] = ()
    cited: tuple[Period, ...] = ()


class ShownEntry(msgspec.Struct, frozen=True):
    """A value with the days from which it holds."""

    since: str | None
    value: str
    source: Cited


class ShownParameter(msgspec.Struct, frozen=True, tag="parameter", tag_field="kind"):
    """A parameter with its value on the day; None before its first entry."""

    name: str
    title: str
    type: str
    stricter: str | None
    value: str | None
    in_force: Period | None
    place: str | None
    history: tuple[ShownEntry, ...] = ()
    cited: tuple[Period, ...] = ()


class ShownSheet(msgspec.Struct, frozen=True):
    """The cells of a table from a day on: rows of texts, the keys first."""

    rows: tuple[tuple[str, ...], ...]
    in_force: Period


class ShownTable(msgspec.Struct, frozen=True, tag="table", tag_field="kind"):
    """A table with its cells on the day."""

    name: str
    title: str
    columns: tuple[str, ...]
    stricter: str | None
    sheet: ShownSheet | None
    place: str | None
    history: tuple[ShownSheet, ...] = ()
    cited: tuple[Period, ...] = ()


class ShownFigure(msgspec.Struct, frozen=True, tag="figure", tag_field="kind"):
    """A figure with its formula on the day, and the one it replaces."""

    name: str
    title: str
    of: str | None
    type: str
    stricter: str | None
    formula: tuple[Branch, ...]
    written: str | None
    in_force: Period | None
    place: str | None
    replaces: tuple[Passage, ...] = ()
    history: tuple[ShownEntry, ...] = ()
    cited: tuple[Period, ...] = ()


class ShownDetermination(msgspec.Struct, frozen=True, tag="determination", tag_field="kind"):
    """A determination: the statuses in the order in which they are tried."""

    name: str
    title: str
    event: str
    cases: tuple[Branch, ...]
    predicts: str | None
    predicts_title: str | None
    active: bool
    in_force: Period
    place: str | None
    history: tuple[Period, ...] = ()
    cited: tuple[Period, ...] = ()


class ShownText(msgspec.Struct, frozen=True):
    """A legal text with its day of issue and what has to be said about it."""

    id: str
    title: str
    issued: str
    note: str | None


Shown = ShownRule | ShownParameter | ShownTable | ShownFigure | ShownDetermination


class ShownChapter(msgspec.Struct, frozen=True):
    """A chapter in legal order."""

    title: str
    rules: tuple[ShownRule, ...]
    determinations: tuple[ShownDetermination, ...]
    parameters: tuple[ShownParameter, ...]
    tables: tuple[ShownTable, ...]
    figures: tuple[ShownFigure, ...]


class ShownPage(msgspec.Struct, frozen=True):
    """A rulebook as of a day; `resting` are the things not in force on it.

    `known_on` is the day by which all of it was published, where one was asked for.
    """

    rulebook: str
    title: str
    authority: str
    builds_on: tuple[str, ...]
    on: str
    in_force: Period
    governs: tuple[Branch, ...]
    chapters: tuple[ShownChapter, ...]
    resting: tuple[str, ...]
    instruments: tuple[ShownText, ...]
    known_on: str | None = None
