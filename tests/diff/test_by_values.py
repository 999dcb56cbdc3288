"""What is settled by values alone the solver proves as well, and what is not is left to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.diff.two_books import LIMIT, Books

pytest.importorskip("z3")

from creditgate.diff.by_values import impossible
from creditgate.diff.changed_rules import Searches, changed_spans
from creditgate.diff.rule_meanings import found_in
from creditgate.diff.stands import Pair, Stand
from creditgate.prove.rulebooks import Library

Make = Callable[..., Books]
DATED = LIMIT.replace("order.quantity <= most", "order.quantity <= most at account.opened_on")
TWICE = LIMIT.replace("    stricter: lower\n", "")


def stand(root: Path) -> Stand:
    subject = Library((root,)).subject("act")
    assert subject is not None
    return Stand(subject.book)


@pytest.mark.parametrize(
    ("before", "change", "ruled_out"),
    [
        (LIMIT, ("500 shares", "400 shares"), {"looser"}),
        (LIMIT, ("500 shares", "600 shares"), {"stricter"}),
        (LIMIT, ("order.quantity <= most", "order.quantity < most"), set()),
        (DATED, ("500 shares", "400 shares"), {"looser"}),
        (TWICE, ("500 shares", "400 shares"), set()),
        (LIMIT, ("open_long, open_short}", "open_long}"), set()),
    ],
)
def test_what_values_rule_out_the_solver_proves(
    books: Make, before: str, change: tuple[str, str], ruled_out: set[str]
) -> None:
    made = books(before, before.replace(*change, 1))
    pair = Pair.of(stand(made.before), stand(made.after))
    searches = Searches(pair, 10)
    spans = [span for span in changed_spans(searches) if span.rules]
    assert spans
    for span in spans:
        (rule,) = span.rules
        found = impossible(pair, span, rule)
        assert found == ruled_out
        for direction in found:
            assert found_in(searches.of(span.event), span, rule, direction).found == "none"
