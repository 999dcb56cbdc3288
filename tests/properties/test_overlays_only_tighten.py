"""Whatever is admitted over a regulator's rulebook approves no more than the regulator does.

Random rulebooks, overlays and facts; decisions by the reference alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.small_facts import decision, reader, without
from tests.cases.small_rulebooks import OVERLAY, REGULATOR, WORLD, write
from tests.properties.overlay_programs import Regulator, directions, documents, overlays, regulators

from creditgate.admit.admission import admit
from creditgate.base.render import render_text
from creditgate.check.load import Catalogue
from creditgate.ir.rulebook import Rulebook
from creditgate.load.rulebook_files import Shelf

EXAMPLES: Final = 90
OVERLAYS: Final = 4
FACTS: Final = 6
NUMBERS: Final[Iterator[int]] = count()
READER: Final = reader()
BOUNDED: Final = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


class Shelves:
    """Rulebooks written below one root, each under a name of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.catalogue = Catalogue(Shelf((root, WORLD)), admit)
        self.admitted = self.refused = self.approved = self.pending = 0

    def load(self, header: str, chapter: str, **words: str) -> Rulebook | None:
        name = f"book_{next(NUMBERS)}"
        text = header.format(id=name, **words)
        write(self.root, {f"{name}/rulebook.yaml": text, f"{name}/chapter.yaml": chapter})
        checked = self.catalogue.checked(name)
        return None if checked is None else checked.rulebook

    def regulator(self, drawn: Regulator) -> Rulebook | None:
        plain = self.load(REGULATOR, drawn.text({}))
        if plain is None:
            return None
        book = self.load(REGULATOR, drawn.text(directions(plain)))
        assert book is not None, render_text(self.catalogue.collector.diagnostics)
        return book

    def overlay(self, base: Rulebook, mode: str, removed: str, chapter: str) -> Rulebook | None:
        header = OVERLAY + (f"removes: {{{{exemptions: [{removed}]}}}}\n" if removed else "")
        return self.load(header, chapter, base=base.id, mode=mode)


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelves]:
    made = Shelves(tmp_path_factory.mktemp("overlays"))
    yield made
    assert made.admitted >= EXAMPLES, "too few overlays were admitted to say anything"
    assert made.refused >= EXAMPLES, "too few overlays were refused to say anything"
    assert made.approved >= EXAMPLES, "too few orders were approved to say anything"
    assert made.pending >= EXAMPLES // 2, "too few orders were pending to say anything"


def movable(book: Rulebook) -> frozenset[str]:
    things: list[Any] = [
        *book.parameters.values(), *book.tables.values(), *book.figures.values()
    ]  # fmt: skip
    return frozenset(thing.name for thing in things if thing.stricter is not None)


@BOUNDED
@given(drawn=regulators(), data=st.data())
def test_an_admitted_overlay_approves_only_what_its_base_approves(
    shelves: Shelves, drawn: Regulator, data: st.DataObject
) -> None:
    base = shelves.regulator(drawn)
    if base is None:
        return
    grounds = sum(unless is not None for _, _, unless, _ in drawn.rules)
    if data.draw(st.integers(0, 2)) == 0:
        middle = data.draw(
            overlays(frozenset({"needed", "safe", "floor", "cap"}), len(drawn.rules))
        )
        base = shelves.overlay(base, "replaces", "", middle[1]) or base
    for _ in range(OVERLAYS):
        removed, chapter = data.draw(overlays(movable(base), len(drawn.rules)))
        above = shelves.overlay(
            base, "tightens", removed if grounds == len(drawn.rules) else "", chapter
        )
        if above is None:
            shelves.refused += 1
            continue
        shelves.admitted += 1
        for _ in range(FACTS):
            compare(shelves, base, above, data.draw(documents()), data)
        if data.draw(st.booleans()):
            base = above


def compare(
    shelves: Shelves, base: Rulebook, above: Rulebook, document: dict[str, Any], data: st.DataObject
) -> None:
    facts = READER.from_plain(document)
    if decision(above, facts) == "approved":
        shelves.approved += 1
        assert decision(base, facts) == "approved", document
    if decision(above, facts) == "pending":
        shelves.pending += 1
        assert decision(base, facts) != "rejected", document
    paths: list[tuple[Any, ...]] = [("account", name) for name in document["account"]]
    paths += [("order", "urgent"), ("order", "quantity"), ("securities", 0, "haircut")]
    fewer = READER.from_plain(
        without(document, data.draw(st.sets(st.sampled_from(paths), max_size=3)))
    )
    if decision(above, fewer) in {"approved", "pending"}:
        assert decision(base, fewer) != "rejected", document
