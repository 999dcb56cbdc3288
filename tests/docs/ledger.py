"""The ledger of the law: what became of every numbered rule and constant, part by part.

`docs/ledger/*.yaml` is the inventory. An entry is encoded (things of rulebooks), delegated (facts or
claims that somebody else answers for) or not encoded, each for a reason of a closed list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import yaml
from tests.docs.pages import ROOT

from creditgate.check.load import Catalogue
from creditgate.domain.citation import weakest
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.rulebook import FigureDefinition, Rulebook
from creditgate.pipeline import catalogue

FOLDER: Final = ROOT / "docs" / "ledger"
DELEGATED: Final = {
    "published_list": "a list that an exchange or authority publishes",
    "attested_input": "a fact or claim that somebody answers for",
    "exchange": "the exchange or its system",
    "member_contract": "the contract between firm and client",
}
NOT_ENCODED: Final = {
    "disclosure": "reporting or publication: no order or account is judged by it",
    "organisation": "a duty of the firm as such: procedures, certification, retention",
    "other_product": "another product than credit trades in equities",
    "antifraud": "a prohibition of intent",
    "no_text": "no text with its content was found",
    "not_in_force": "adopted or proposed, never applied",
}
FATES: Final = ("encoded", "delegated", "not_encoded")
Entry = Mapping[str, Any]


@cache
def shelf() -> Catalogue:
    """Return the rulebooks that come with the package."""
    return catalogue()


@cache
def _rulebooks() -> frozenset[str]:
    return frozenset(shelf().shelf.ids())


def parts_of_ledger() -> dict[str, Mapping[str, Any]]:
    """Return the parts of the inventory by file name, every value as text."""
    return {
        path.stem: yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
        for path in sorted(FOLDER.glob("*.yaml"))
    }


def fate_of(entry: Entry) -> str | None:
    """Return what became of an entry, or None where it says nothing or two things."""
    stated = [fate for fate in FATES if entry.get(fate)]
    return stated[0] if len(stated) == 1 else None


def problems_of(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with an entry."""
    item = entry.get("item", "an entry without its number")
    fate = fate_of(entry)
    titled = entry.get("title") or {}
    if not (entry.get("item") and titled.get("en") and titled.get("zh")):
        yield f"{item}: number and both titles are wanted"
    if fate is None:
        yield f"{item}: say one of {', '.join(FATES)}"
    elif fate == "encoded":
        for reference in entry["encoded"]:
            if grades_of(reference) is None:
                yield f"{item}: no rulebook has {reference}"
    elif fate == "delegated":
        if entry["delegated"] not in DELEGATED:
            yield f"{item}: {entry['delegated']} is no way to delegate"
        vocabulary = shelf().vocabulary()
        for path in entry.get("to", ()):
            if not _is_input(path, vocabulary):
                yield f"{item}: there is no fact or claim {path}"
    elif entry["not_encoded"] not in NOT_ENCODED:
        yield f"{item}: {entry['not_encoded']} is no reason"
    unknown = entry.keys() - {"item", "title", "to", "note", *FATES}
    if unknown:
        yield f"{item}: {', '.join(sorted(unknown))} is not for entries"


def _is_input(path: str, vocabulary: Vocabulary) -> bool:
    entity, _, fact = path.partition(".")
    known = vocabulary.entities.get(entity)
    return path in vocabulary.claims or (known is not None and fact in known.facts)


@cache
def grades_of(reference: str) -> tuple[str, ...] | None:
    """Return the grades of evidence behind a thing such as `us/reg_sho/locate`; None if unknown."""
    folder, _, name = reference.rpartition("/")
    if folder not in _rulebooks():
        return None
    checked = shelf().checked(folder)
    return None if checked is None else _grades(checked.rulebook, name)


def _grades(book: Rulebook, name: str) -> tuple[str, ...] | None:
    """Return the grades of all versions of a thing and of an overlay's own citations of it."""
    if name == "in_force":
        return (book.start_source.evidence,)
    if name == "governs":
        return (book.start_source.evidence,) if book.governs else None
    sources = []
    if name in book.parameters:
        sources = [entry.source for _, entry in book.parameters[name].history.entries]
    elif name in book.tables:
        sources = [sheet.source for _, sheet in book.tables[name].history.entries]
    elif name in book.figures:
        layer: FigureDefinition | None = book.figures[name]
        while layer is not None:
            sources += [version.source for _, version in layer.versions.entries]
            layer = layer.replaced
    elif name in book.rules:
        sources = [force.source for force in book.rules[name].in_force]
    elif name in book.determinations:
        sources = [force.source for force in book.determinations[name].in_force]
    else:
        return None
    if name in book.recited:
        sources += [source for _, source in book.recited[name].entries]
    return tuple(source.evidence for source in sources)


def ledger() -> str:
    """Return the ledger as tables, one a part, and the count of what became of the entries."""
    counts = dict.fromkeys(FATES, 0)
    tables = []
    for part in parts_of_ledger().values():
        lines = [f"\n## {part['part']['en']} {part['part']['zh']}\n"]
        lines.append("| Number | What | 内容 | Became | Where, and how well it is known |")
        lines.append("| --- | --- | --- | --- | --- |")
        for entry in part["entries"]:
            fate = fate_of(entry) or ""
            counts[fate] += 1
            title = entry["title"]
            cells = (entry["item"], title["en"], title["zh"], _became(entry, fate), _where(entry))
            lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
        tables.append("\n".join(lines) + "\n")
    total = ", ".join(f"{counts[fate]} {fate.replace('_', ' ')}" for fate in FATES)
    return f"{total}.\n{''.join(tables)}\n"


def _became(entry: Entry, fate: str) -> str:
    match fate:
        case "encoded":
            return "encoded"
        case "delegated":
            return f"delegated: {DELEGATED[entry['delegated']]}"
        case _:
            return f"not encoded: {NOT_ENCODED[entry['not_encoded']]}"


def _where(entry: Entry) -> str:
    said = []
    references = entry.get("encoded", ())
    if references:
        grades = [grade for reference in references for grade in grades_of(reference) or ()]
        said.append(f"{', '.join(f'`{reference}`' for reference in references)}: {weakest(grades)}")
    if entry.get("to"):
        said.append(", ".join(f"`{path}`" for path in entry["to"]))
    if entry.get("note"):
        said.append(f"{entry['note']['en'].rstrip('.')}.")
    return ". ".join(said) if said else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
