"""Every number that can be computed lies within the bounds worked out for its expression."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.small_facts import reader
from tests.cases.small_rulebooks import load
from tests.properties.overlay_programs import LEAVES, Regulator, documents, ratio, regulators

from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.decide.plan import day_of
from creditgate.ir.bounds import Bounds
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Evaluation

READER: Final = reader()
BOUNDED: Final = settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def within(book: Rulebook, node: Expr, bounds: Bounds, document: dict[str, Any]) -> bool:
    """Tell whether the value on some facts is known and lies in the range; fail outside of it."""
    facts = READER.from_plain(document)
    day = day_of(facts, book.vocabulary.events["order"])
    assert day is not None
    value = Evaluation(facts, day, book.calendars).value(closed(book, node, day))
    if not isinstance(value, Fraction):
        return False
    found = bounds.of(node)
    assert found.low is None or found.low <= value, (found, value)
    assert found.high is None or value <= found.high, (found, value)
    return True


def test_values_lie_within_their_bounds(tmp_path: Path) -> None:
    roots = count()
    known: list[bool] = []

    @BOUNDED
    @given(drawn=regulators(), data=st.data())
    def run(drawn: Regulator, data: st.DataObject) -> None:
        files = {"act/chapter.yaml": drawn.text({})}
        checked = load(tmp_path / str(next(roots)), files).rulebooks["act"]
        if checked is None:
            return
        bounds = Bounds(checked.rulebook)
        for _ in range(4):
            node = asked_expression(checked.rulebook, data.draw(ratio(3, LEAVES)), Collector())
            if node is None:
                continue
            for _ in range(4):
                known.append(within(checked.rulebook, node, bounds, data.draw(documents())))

    run()
    assert sum(known) > 200
