"""What was added, removed, changed, moved and renamed in the text of rulebooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from creditgate.diff.entries import Key, WrittenEntry

What = Literal["added", "removed", "changed", "moved", "renamed"]
Sort = Literal["words", "source", "days", "value", "condition", "name", "other"]
_WORDS: Final = frozenset({"title", "breach", "note", "authority", "chapter", "titles"})
_SOURCES: Final = frozenset(
    {"cite", "evidence", "published", "instrument", "article", "issued", "url"}
)
_DAYS: Final = frozenset({"from", "until"})
_VALUES: Final = frozenset({"value", "rows", "formula", "open", "values"})
_CONDITIONS: Final = frozenset(
    {"when", "require", "forbid", "unless", "due", "previous", "governs", "effect", "reason", "on"}
)
_ALIKE: Final = 0.6
_PART: Final = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text within an entry: None where it is not there; `sort` says what kind of text it is."""

    place: str
    before: str | None
    after: str | None
    sort: Sort


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry that is not written alike on both sides.

    `name_before` and `file_before` are None where they are as `name` and `file`.
    """

    what: What
    kind: str
    rulebook: str
    name: str
    file: str
    title: Mapping[str, str]
    name_before: str | None = None
    file_before: str | None = None
    texts: tuple[TextChange, ...] = ()

    @property
    def only_names(self) -> bool:
        """Tell whether nothing but names and places changed."""
        return self.what in {"changed", "moved", "renamed"} and all(
            text.sort == "name" for text in self.texts
        )


def text_changes(
    before: Mapping[Key, WrittenEntry], after: Mapping[Key, WrittenEntry]
) -> tuple[EntryChange, ...]:
    """Return the changes between entries, those of one rulebook and kind together."""
    renamed = _renamed(before, after)
    earlier_name = {new: old for old, new in renamed.items()}
    names = {old[2]: new[2] for old, new in renamed.items() if old[2] != new[2]}
    found: list[EntryChange] = []
    for key, entry in after.items():
        earlier = before.get(earlier_name.get(key, key))
        if earlier is None:
            found.append(_whole("added", entry))
        else:
            found += _between(earlier, entry, names)
    found += [
        _whole("removed", entry)
        for key, entry in before.items()
        if key not in after and key not in renamed
    ]
    return tuple(sorted(found, key=lambda c: (c.rulebook, c.kind, c.name)))


def sort_of(place: str) -> Sort:
    """Return what kind of text stands at a place.

    >>> sort_of("history[2026-01-19].value"), sort_of("breach.zh")
    ('value', 'words')
    """
    parts = _PART.sub("", place).split(".")
    sorts: tuple[tuple[frozenset[str], Sort], ...] = (
        (_WORDS, "words"), (_SOURCES, "source"), (_DAYS, "days"), (_VALUES, "value"),
        (_CONDITIONS, "condition"),
    )  # fmt: skip
    for part in reversed(parts):
        for known, sort in sorts:
            if part in known:
                return sort
    return "other"


def _whole(what: What, entry: WrittenEntry) -> EntryChange:
    texts = tuple(
        TextChange(place, text if what == "removed" else None, text if what == "added" else None,
                   sort_of(place))
        for place, text in entry.texts.items()
    )  # fmt: skip
    return EntryChange(
        what, entry.kind, entry.rulebook, entry.name, entry.file, entry.title, texts=texts
    )


def _between(
    before: WrittenEntry, after: WrittenEntry, names: Mapping[str, str]
) -> Iterator[EntryChange]:
    is_named = before.name != after.name
    is_moved = before.file != after.file and before.kind != "header"
    texts = tuple(_texts(before, after, names))
    if not (texts or is_named or is_moved):
        return
    what: What = "renamed" if is_named else "moved" if is_moved and not texts else "changed"
    yield EntryChange(
        what, after.kind, after.rulebook, after.name, after.file, after.title,
        before.name if is_named else None, before.file if is_moved else None, texts,
    )  # fmt: skip


def _texts(
    before: WrittenEntry, after: WrittenEntry, names: Mapping[str, str]
) -> Iterator[TextChange]:
    for place in dict.fromkeys((*before.texts, *after.texts)):
        old, new = before.texts.get(place), after.texts.get(place)
        if old == new:
            continue
        is_name = old is not None and new is not None and _with_names(old, names) == new
        yield TextChange(place, old, new, "name" if is_name else sort_of(place))


def _with_names(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), text)


def _renamed(
    before: Mapping[Key, WrittenEntry], after: Mapping[Key, WrittenEntry]
) -> dict[Key, Key]:
    """Return which entry of the one side stands under which name on the other."""
    gone = [entry for key, entry in before.items() if key not in after]
    come = [entry for key, entry in after.items() if key not in before]
    found: dict[Key, Key] = {}
    for old in gone:
        likely = [new for new in come if new.kind == old.kind and new.key not in found.values()]
        best = max(likely, key=lambda new: _likeness(old, new), default=None)
        if best is not None and _likeness(old, best) >= _ALIKE:
            found[old.key] = best.key
    return found


def _likeness(old: WrittenEntry, new: WrittenEntry) -> float:
    """Return which part of the texts is the same, names in them and sources left aside."""
    hidden = {old.name: "", new.name: ""}
    ours = {(p, _with_names(t, hidden)) for p, t in old.texts.items() if sort_of(p) != "source"}
    theirs = {(p, _with_names(t, hidden)) for p, t in new.texts.items() if sort_of(p) != "source"}
    if old.kind == "chapter":  # a chapter says little of itself: its file says which it is
        return 1.0 if old.file == new.file or ours == theirs else 0.0
    return len(ours & theirs) / max(1, len(ours | theirs))
