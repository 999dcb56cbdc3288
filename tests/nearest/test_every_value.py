"""Random orders under random rulebooks: the answer is the first approved value of all, in turn."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

import pytest
from tests.nearest.every_value import assert_as_by_hand
from tests.nearest.planted import gate_of
from tests.nearest.programs import order, rules

from creditgate.nearest.answers import FOUND, NONE

CHANGE: Final = ["order.quantity", "account.cash", "order.price"]
PROGRAMS: Final = 12
ORDERS: Final = 3
VALUES: Final = 50


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_the_answer_is_the_first_approved_value(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    gate = gate_of(tmp_path, {"act": rules(random)})
    for _ in range(ORDERS):
        document = order(random)
        decision = gate.decide(document)
        if decision.is_approved:
            continue
        answer = decision.nearest_approval(CHANGE)
        for suggestion in answer.alone:
            if suggestion.state in {FOUND, NONE, "not_decided"}:
                assert_as_by_hand(gate, decision, document, suggestion, VALUES, random)
