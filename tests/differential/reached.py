"""What generated programs and situations reached, so that a silent gap is noticed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, get_args

import pytest
from tests.differential.compare import OUTCOMES, Expected
from tests.differential.programs import Program

from creditgate.backends.scalar import dispatch
from creditgate.domain.facts import MISSING
from creditgate.ir.nodes import (
    Aggregate,
    Apply,
    AtDate,
    Base,
    Expr,
    FigureUse,
    Parameter,
    Row,
    TableCell,
)
from creditgate.ir.operators import OPERATORS

# A row by its key is asked for and stands in no rulebook.
OPEN_KINDS = (Parameter, TableCell, FigureUse, AtDate, Base, Row)
CLOSED_KINDS = frozenset(get_args(Expr)) - frozenset(OPEN_KINDS)
AGGREGATES = ("sum", "count", "any", "all", "min", "max")


@dataclass(slots=True)
class Reached:
    """How often each thing was reached."""

    programs: set[bytes] = field(default_factory=set)
    kinds: Counter[type] = field(default_factory=Counter)
    operators: Counter[str] = field(default_factory=Counter)
    aggregates: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    governs: Counter[Any] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    indexes: Counter[str] = field(default_factory=Counter)

    def program(self, source: bytes, program: Program) -> None:
        """Note a program."""
        self.programs.add(source)
        for node in program.nodes():
            self.kinds[type(node)] += 1
            if isinstance(node, Apply):
                self.operators[node.operator] += 1
            elif isinstance(node, Aggregate):
                self.aggregates[node.kind] += 1

    def watch_indexes(self, patch: pytest.MonkeyPatch) -> None:
        """Note from now on which indexes of keys generated code is made with."""
        index = dispatch._index

        def watched(*arguments: Any) -> dispatch.Index:
            made = index(*arguments)
            self.indexes["inside" if made.unknown.depth > 2 else "outermost"] += 1
            self.indexes["shared"] += any(len(places) > 1 for places in made.keys.values())
            self.indexes["apart"] += made.always != dispatch.Leaf(())
            return made

        patch.setattr(dispatch, "_index", watched)

    def expected(self, expected: Expected) -> None:
        """Note what the reference said."""
        self.outcomes.update(expected.outcomes)
        self.governs[expected.governs] += 1
        for value in expected.values:
            words = {None: "none", MISSING: "unknown"}
            self.values[words.get(value, "known") if value in (None, MISSING) else "known"] += 1

    def gaps(self) -> list[str]:
        """Return what was never reached."""
        wanted: list[tuple[Counter[Any], Any]] = [
            (self.kinds, CLOSED_KINDS),
            (self.operators, OPERATORS),
            (self.aggregates, AGGREGATES),
            (self.outcomes, OUTCOMES),
            (self.governs, (True, False, MISSING)),
            (self.values, ("none", "unknown", "known")),
            (self.indexes, ("outermost", "inside", "shared", "apart")),
        ]
        return [str(each) for counter, items in wanted for each in items if not counter[each]]
