"""What every rulebook that comes with the package keeps to."""

from __future__ import annotations

from typing import Final

import pytest

from creditgate.check.load import Catalogue
from creditgate.domain.citation import EVIDENCE
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue

SHELF: Final[Catalogue] = catalogue()
IDS: Final = SHELF.shelf.ids()


def rulebook_of(name: str) -> Rulebook:
    checked = SHELF.checked(name)
    assert checked is not None, SHELF.collector.diagnostics
    return checked.rulebook


@pytest.mark.parametrize("name", [i for i in IDS if i.startswith("brokers/")])
def test_a_house_over_a_regulator_only_tightens(name: str) -> None:
    book = rulebook_of(name)
    assert len(book.lineage) == 1 or book.mode == "tightens"


@pytest.mark.parametrize("name", [i for i in IDS if not i.startswith("brokers/")])
def test_a_regulator_only_rejects(name: str) -> None:
    book = rulebook_of(name)
    assert book.mode != "tightens"
    assert {rule.effect for rule in book.rules.values()} <= {"reject"}


@pytest.mark.parametrize("name", IDS)
def test_every_dated_thing_has_a_grade_and_a_text_behind_it(name: str) -> None:
    book = rulebook_of(name)
    sources = [entry.source for p in book.parameters.values() for _, entry in p.history.entries]
    sources += [sheet.source for t in book.tables.values() for _, sheet in t.history.entries]
    sources += [force.source for rule in book.rules.values() for force in rule.in_force]
    for source in sources:
        assert source.evidence in EVIDENCE
        assert source.citation is not None
        assert source.citation.instrument in book.instruments


def test_titles_and_messages_stand_in_both_languages() -> None:
    for name in IDS:
        for rule in rulebook_of(name).rules.values():
            assert rule.title.en
            assert rule.title.zh
            assert rule.breach.en
            assert rule.breach.zh
