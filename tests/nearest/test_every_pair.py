"""Random orders of few values: the answer about two facts is the best of all pairs of values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest
from tests.cases.small_facts import COMPLETE, changed
from tests.nearest.planted import gate_of

from creditgate.nearest.answers import FOUND, NONE, Suggestion

QUANTITY: Final = "order.quantity"
RANK: Final = "account.rank"
MOST_RANK: Final = 100
PROGRAMS: Final = 4
# What is read of both facts, or of one.
CONDITIONS: Final = (
    "order.quantity <= {a} shares",
    "order.quantity * account.rank <= {c} shares",
    "order.quantity * account.rank >= {c} shares",
    "account.rank >= {b}",
    "account.rank <= {b}",
    "order.quantity is a multiple of {s} shares",
    "account.rank is a multiple of {s}",
    "order.quantity / (order.quantity + 10 shares * account.rank) <= {b}%",
    "order.quantity + 1 share * account.rank between {a} shares and {d} shares",
    "(order.quantity rounded down to 7 shares) * 4 >= 1 share * account.rank",
    "not (order.quantity * 2 - 1 share * account.rank is 1 share)",
    "(if account.rank > {b} then order.quantity <= {a} shares else order.quantity > {a} shares)",
)


def conditions(random: Random) -> str:
    """Return a chapter of rules about both facts."""
    lines = ["rules:"]
    for number, condition in enumerate(random.sample(CONDITIONS, random.randint(2, 4))):
        a, b = random.randint(2, 28), random.randint(2, 90)
        said = condition.format(
            a=a, b=b, c=random.randint(30, 1500), d=a + 40, s=random.choice((3, 4, 7))
        )
        lines += [f"  rule_{number}:", "    require: >-", f"      {said}", "    <rule>"]
    return "\n".join(lines) + "\n"


def pairs(path: str, quantity: int, rank: int, up: bool) -> Iterator[tuple[int, int]]:
    """Yield values of both facts, the best first: the least change of the fact named, then the other's."""
    quantities = range(quantity - 1, 0, -1)
    ranks = range(rank + 1, MOST_RANK + 1) if up else range(rank - 1, -1, -1)
    if path == QUANTITY:
        yield from ((q, r) for q in quantities for r in ranks)
    else:
        yield from ((q, r) for r in ranks for q in quantities)


def values(suggestion: Suggestion) -> tuple[int, int]:
    """Return the quantity and the rank of an answer."""
    found = {change.path: int(change.value.exact or "") for change in suggestion.changes}
    return found[QUANTITY], found[RANK]


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_the_answer_is_the_best_of_all_pairs(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    gate = gate_of(tmp_path, {"act": conditions(random)})
    for _ in range(1):
        quantity, rank = random.randint(5, 30), random.randint(5, 95)
        document = changed(COMPLETE, order={"quantity": quantity}, account={"rank": rank})
        decision = gate.decide(document)
        if decision.is_approved:
            continue
        approved = {
            (q, r)
            for q in range(1, quantity + 1)
            for r in range(MOST_RANK + 1)
            if gate.decide(
                changed(COMPLETE, order={"quantity": q}, account={"rank": r})
            ).is_approved
        }
        answer = decision.nearest_approval([QUANTITY, RANK])
        for item in answer.alone:
            if item.directions == ("higher",) and item.paths == (QUANTITY,):
                continue
            line = [(q, rank) for q in range(quantity - 1, 0, -1)]
            if item.paths == (RANK,):
                up = item.directions == ("higher",)
                line = [
                    (quantity, r) for r in (range(rank + 1, 101) if up else range(rank - 1, -1, -1))
                ]
            first = next((pair for pair in line if pair in approved), None)
            assert (item.state == FOUND) is (first is not None), (item, first)
            if first is not None:
                exact = int(item.changes[0].value.exact or "")
                assert exact == first[0 if item.paths == (QUANTITY,) else 1]
            else:
                assert item.state in {NONE, "not_read"}
        if answer.found and not answer.together:
            continue
        shown = {(item.paths[0], item.directions): values(item) for item in answer.together}
        for path in (QUANTITY, RANK):
            for up in (True, False):
                best = next((p for p in pairs(path, quantity, rank, up) if p in approved), None)
                word = "higher" if up else "lower"
                key = (path, ("lower", word) if path == QUANTITY else (word, "lower"))
                if best is None:
                    assert key not in shown
                elif key in shown:
                    assert shown[key] == best
                else:
                    assert best in shown.values()
