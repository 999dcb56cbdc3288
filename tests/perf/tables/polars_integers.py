"""Polars: an expression a rule over scaled integers, all in one selection."""

from __future__ import annotations

from functools import reduce
from importlib import import_module
from operator import and_, or_
from typing import Any

import numpy as np
import pyarrow as pa
from tests.perf.orders30.facts import FACTS
from tests.perf.orders30.generator import Columns
from tests.perf.orders30.rules import (
    RULES,
    Binary,
    Constant,
    Every,
    ListedRule,
    OneOf,
    Read,
    Remainder,
    Some,
    Tree,
)
from tests.perf.orders30.tables import name_of
from tests.perf.peers.scaled import scaled_rule
from tests.perf.tables.ways import READ, Bits, Way


class PolarsIntegers(Way):
    """Members of enums are an `Enum`, days the number yyyymmdd, amounts integers of 64 bits."""

    title = "Polars, scaled integers"
    distribution = "polars"

    def __init__(self, drawn: Columns, table: pa.Table) -> None:
        self._polars = polars = import_module("polars")
        columns = {}
        for name in READ:
            fact = FACTS[name]
            if fact.kind == "enum":
                words = polars.from_arrow(table.column(name_of(fact)))
                columns[name] = words.cast(polars.Enum(list(fact.members)))
            elif fact.kind == "boolean":
                columns[name] = polars.Series(drawn[name] != 0)
            elif fact.kind == "day":
                columns[name] = polars.Series(drawn[name].astype(np.int32))
            else:
                columns[name] = polars.Series(drawn[name])
        self._frame = polars.DataFrame(columns).lazy()
        bits = [
            self._fails(scaled_rule(rule)).cast(polars.UInt32) * 2**bit
            for bit, rule in enumerate(RULES)
        ]
        word = polars.sum_horizontal(bits).alias("breached")
        self._asked = self._frame.select(word).with_columns(
            (polars.col("breached") == 0).alias("approved")
        )

    def decide(self) -> Any:
        """Decide all orders."""
        return self._asked.collect()

    def breached(self, result: Any, rows: int) -> Bits:
        """Return what was found for the first rows."""
        found: Bits = result["breached"].head(rows).to_numpy().astype(np.uint64)
        return found

    def _fails(self, rule: ListedRule) -> Any:
        fails = self._of(OneOf("side", rule.sides)) & ~self._of(rule.require)
        return fails if rule.when is None else fails & self._of(rule.when)

    def _of(self, tree: Tree) -> Any:
        polars = self._polars
        match tree:
            case Read(fact):
                return polars.col(fact)
            case Constant(value):
                return polars.lit(value)
            case Binary(operator, left, right):
                return _OPERATORS[operator](self._of(left), self._of(right))
            case Remainder(left, divisor):
                return self._of(left) % divisor
            case OneOf(fact, members):
                return reduce(or_, [polars.col(fact) == member for member in members])
            case Every(parts):
                return reduce(and_, map(self._of, parts))
            case Some(parts):
                return reduce(or_, map(self._of, parts))
            case _:
                raise ValueError(f"not over whole numbers: {tree}")


_OPERATORS: dict[str, Any] = {
    "==": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "+": lambda left, right: left + right,
    "*": lambda left, right: left * right,
}
