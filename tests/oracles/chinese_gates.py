"""Gates of Chinese rulebooks and questions to them, each made once for all tests of the oracles."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from creditgate import Gate
from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.ir.nodes import Expr
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Evaluation


@cache
def gate_of(rulebook: str) -> Gate:
    """Return the gate of a rulebook alone."""
    return Gate.load([rulebook])


def value_of(rulebook: str, document: dict[str, Any], day: int, formula: str) -> Any:
    """Return the value of a formula on a document by the law of a day, from the reference."""
    gate = gate_of(rulebook)
    epoch = gate.engines[0].epoch(day)
    assert epoch is not None
    facts = gate.read(json.dumps(document))
    evaluation = Evaluation(facts, day, gate.engines[0].rulebook.calendars)
    return evaluation.value(_closed(rulebook, formula, epoch.start))


@cache
def _closed(rulebook: str, formula: str, start: int) -> Expr:
    book = gate_of(rulebook).engines[0].rulebook
    found = Collector()
    node = asked_expression(book, formula, found)
    assert node is not None, found.diagnostics
    return closed(book, node, start)
