"""Which citation holds on a day, of what a rulebook inherits and of what it restates."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.explain.conftest import HERE

from creditgate.domain.citation import Bilingual
from creditgate.explain.authorities import Authority, of_figure, of_parameter
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue


@pytest.fixture(scope="module")
def venue() -> Rulebook:
    """Return the made-up venue, which restates a figure and recites it later."""
    checked = catalogue([HERE / "books"]).checked("venue")
    assert checked is not None
    return checked.rulebook


def day(text: str) -> int:
    """Return a day as a number."""
    return date.fromisoformat(text).toordinal()


def placed(authority: Authority) -> tuple[str | None, str | None, str]:
    """Return instrument, article and grade."""
    return authority.instrument, authority.article, authority.evidence


def test_what_a_rulebook_restates_bears_its_own_citation(venue: Rulebook) -> None:
    _, authority = of_figure(venue, "whole_quantity", day("2020-05-29"))
    assert placed(authority) == ("handbook", "31", "official")
    assert authority.note == Bilingual("Copied from the exchange.", "照录交易所规则。")


def test_a_later_recital_wins_over_what_was_restated_before(venue: Rulebook) -> None:
    _, authority = of_figure(venue, "whole_quantity", day("2020-06-01"))
    assert placed(authority) == ("handbook", "32", "reproduced")


def test_the_meaning_that_was_replaced_keeps_the_citation_of_its_origin(venue: Rulebook) -> None:
    layer, authority = of_figure(venue, "exchange/whole_quantity", day("2020-05-29"))
    assert layer is not None
    assert placed(authority) == ("act", "4", "official")


def test_what_is_inherited_is_cited_where_it_is_recited(venue: Rulebook) -> None:
    lot = venue.parameters["lot"]
    assert placed(of_parameter(venue, lot, day("2020-05-29"))) == ("act", "4", "official")
    assert placed(of_parameter(venue, lot, day("2020-06-01"))) == ("handbook", "30", "reproduced")
