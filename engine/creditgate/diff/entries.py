"""What is written in rulebooks, entry by entry, each as texts by their places within it.

It reads files alone, so that also rulebooks that do not load can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from creditgate.diff.sides import HEADER, Side
from creditgate.load.located import Plain, plain_from_node

KINDS: Final = {
    "rules": "rule", "parameters": "parameter", "tables": "table", "figures": "figure",
    "determinations": "determination", "instruments": "instrument", "cites": "citation",
}  # fmt: skip
_HISTORIES: Final = frozenset({"history", "versions", "in_force", "cites"})
_NAMED_BY: Final = ("from", "id", "to", "name")
#: Longer texts of calendars are lists of days.
MOST: Final = 200
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """A thing that a file defines.

    `kind` is that of `KINDS`, `header` or `chapter`; `texts` are its texts by their places, such as
    `history[2026-01-19].value`, with blanks put in order.
    """

    rulebook: str
    kind: str
    name: str
    file: str
    texts: Mapping[str, str]
    title: Mapping[str, str]

    @property
    def key(self) -> Key:
        """Return what an entry is known by: the rulebook, the kind, the name."""
        return self.rulebook, self.kind, self.name


def entries_of(side: Side, rulebooks: Iterable[str]) -> dict[Key, WrittenEntry]:
    """Return all entries of some rulebooks, as of the day of the side where it has one."""
    found: dict[Key, WrittenEntry] = {}
    for rulebook in rulebooks:
        for entry in _of_rulebook(side, rulebook):
            found[entry.key] = entry
    return found


def data_entries_of(side: Side) -> dict[Key, WrittenEntry]:
    """Return the files of the vocabulary and the calendars beside the rulebooks of a side.

    Of a calendar what it says of itself, with the checksum that stands for its days.
    """
    found: dict[Key, WrittenEntry] = {}
    for part, kind in (("vocabulary", "vocabulary"), ("calendars", "calendar")):
        for file in side.data(part):
            plain = None if file.tree is None else plain_from_node(file.tree)
            if isinstance(plain, dict):
                texts = {
                    p: t for p, t in _flat(plain, "") if kind == "vocabulary" or len(t) <= MOST
                }
                name = file.name.removesuffix(".yaml")
                entry = WrittenEntry(part, kind, name, file.name, texts, _words(plain.get("title")))
                found[entry.key] = entry
    return found


def _of_rulebook(side: Side, rulebook: str) -> Iterator[WrittenEntry]:
    for file in side.written(rulebook):
        if file.tree is None or (side.file is not None and file.name != side.file):
            continue
        plain = plain_from_node(file.tree)
        if not isinstance(plain, dict):
            continue
        rest: dict[str, Plain] = {}
        for key, value in plain.items():
            if key in KINDS and isinstance(value, dict):
                for name, body in value.items():
                    entry = _entry(rulebook, KINDS[key], name, file.name, body, side.on)
                    if entry is not None:
                        yield entry
            else:
                rest[key] = value
        kind = "header" if file.name == HEADER else "chapter"
        name = rulebook if kind == "header" else _words(rest.get("chapter")).get("en", file.name)
        yield WrittenEntry(
            rulebook, kind, name, file.name, dict(_flat(rest, "")), _words(rest.get("title"))
        )


def _entry(
    rulebook: str, kind: str, name: str, file: str, body: Plain, on: int | None
) -> WrittenEntry | None:
    told = body if on is None else _as_of(body, date.fromordinal(on).isoformat(), kind)
    texts = dict(_flat(told, ""))
    if on is not None and not texts:
        return None
    title = _words(body.get("title")) if isinstance(body, dict) else {}
    return WrittenEntry(rulebook, kind, name, file, texts, title)


def _words(node: Any) -> Mapping[str, str]:
    if not isinstance(node, dict):
        return {}
    return {lang: " ".join(str(text).split()) for lang, text in node.items()}


def _flat(node: Plain, place: str) -> Iterator[tuple[str, str]]:
    """Yield each text with its place; maps have no order, and lists of records go by their names."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{place}.{key}" if place else key)
    elif isinstance(node, list):
        if all(isinstance(item, str) for item in node):
            yield place, ", ".join(str(item) for item in node)
            return
        seen: dict[str, int] = {}
        for number, item in enumerate(node):
            label = _label(item, number, place)
            seen[label] = seen.get(label, 0) + 1
            again = f"#{seen[label]}" if seen[label] > 1 else ""
            yield from _flat(_without_label(item, label, place), f"{place}[{label}{again}]")
    else:
        yield place, " ".join(node.split())


def _label(item: Plain, number: int, place: str) -> str:
    if not isinstance(item, dict):
        return str(number + 1)
    if place.endswith(".rows") or place == "rows":
        return " ".join(str(item[key]) for key in _keys(item))
    first = next((item[key] for key in _NAMED_BY if isinstance(item.get(key), str)), None)
    # Cases of a determination are tried one after the other: their order is part of them.
    return f"{number + 1} {first}" if place.endswith("cases") else str(first or number + 1)


def _keys(row: Mapping[str, Plain]) -> list[str]:
    """Return the columns of a row that look like its keys: all but the last."""
    names = [name for name, value in row.items() if isinstance(value, str)]
    return names[:-1] if len(names) > 1 else names


def _without_label(item: Plain, label: str, place: str) -> Plain:
    if not isinstance(item, dict) or (not place.endswith("rows") and item.get("from") != label):
        return item
    named = {"from"} if not place.endswith("rows") else set(_keys(item))
    kept = {key: value for key, value in item.items() if key not in named}
    return kept or item


def _as_of(node: Plain, day: str, kind: str) -> Plain:
    """Return an entry with what is in force on a day; tables keep all earlier sheets.

    A sheet may hold only the cells that changed, so that the earlier ones belong to it.
    """
    if isinstance(node, list) and kind == "citation":
        current = _current(node, day)
        return current[0] if current else {}
    if not isinstance(node, dict):
        return node
    found: dict[str, Plain] = {}
    for key, value in node.items():
        if key in _HISTORIES and isinstance(value, list):
            kept = _begun(value, day) if kind == "table" else _current(value, day)
            if not kept:
                return {}
            found[key] = kept if kind == "table" or len(kept) > 1 else kept[0]
        elif key == "unless" and isinstance(value, dict):
            exempt = {name: _as_of(item, day, kind) for name, item in value.items()}
            found[key] = {name: item for name, item in exempt.items() if item}
        else:
            found[key] = value
    return found


def _begun(items: list[Plain], day: str) -> list[Plain]:
    return [item for item in items if isinstance(item, dict) and str(item.get("from", "")) <= day]


def _current(items: list[Plain], day: str) -> list[Plain]:
    found: list[Plain] = []
    for item in _begun(items, day):
        assert isinstance(item, dict)
        until = item.get("until")
        found = [] if isinstance(until, str) and until < day else [item]
    return found
