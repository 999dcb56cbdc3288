"""DuckDB: an SQL expression a rule over DECIMAL columns, all in one query."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import numpy as np
import pyarrow as pa
from tests.perf.orders30.facts import FACTS, Fact
from tests.perf.orders30.generator import Columns, Integers
from tests.perf.orders30.rules import RULES
from tests.perf.peers.infix import Spelling, holds
from tests.perf.tables.ways import READ, Bits, Way

SPELLING: Final = Spelling("AND", "OR", "NOT ", member="{0} IN ({1})")
#: Digits of a DECIMAL by its places; products of three must stay below 38.
DIGITS: Final = {2: 15, 4: 11}


class DuckDBDecimals(Way):
    """A table in memory: ENUM, BOOLEAN, INTEGER, BIGINT where a count needs it, DECIMAL."""

    title = "DuckDB, DECIMAL"
    distribution = "duckdb"

    def __init__(self, drawn: Columns, table: pa.Table) -> None:
        self._connection = import_module("duckdb").connect()
        given = pa.table({name: _integers(FACTS[name], drawn[name]) for name in READ})
        self._connection.register("given", given)
        columns = ", ".join(f"{_column(FACTS[name], drawn[name])} AS {name}" for name in READ)
        self._connection.execute(f"CREATE TABLE orders AS SELECT {columns} FROM given")
        self._connection.unregister("given")
        bits = []
        for bit, rule in enumerate(RULES):
            sides = ", ".join(f"'{side}'" for side in rule.sides)
            held = holds(rule, SPELLING).replace('"', "'")
            bits.append(f"(side IN ({sides}) AND NOT {held})::UINTEGER * {2**bit}")
        word = " + ".join(bits)
        self._query = f"SELECT breached, breached = 0 AS approved FROM (SELECT {word} AS breached FROM orders)"

    def decide(self) -> Any:
        """Decide all orders."""
        return self._connection.sql(self._query).to_arrow_table()

    def breached(self, result: Any, rows: int) -> Bits:
        """Return what was found for the first rows; the order of a table in memory is kept."""
        found: Bits = result.slice(0, rows).column("breached").to_numpy().astype(np.uint64)
        return found


def _integers(fact: Fact, values: Integers) -> Any:
    if fact.kind == "enum":
        codes = pa.array(values.astype(np.int8))
        return pa.DictionaryArray.from_arrays(codes, pa.array(fact.members))
    return pa.array(values != 0) if fact.kind == "boolean" else pa.array(values)


def _column(fact: Fact, values: Integers) -> str:
    match fact.kind:
        case "enum":
            members = ", ".join(f"'{member}'" for member in fact.members)
            return f"{fact.name}::VARCHAR::ENUM({members})"
        case "decimal":
            digits = DIGITS[fact.places]
            one = f"0.{'0' * (fact.places - 1)}1::DECIMAL({fact.places}, {fact.places})"
            return f"({fact.name} * {one})::DECIMAL({digits}, {fact.places})"
        case "boolean":
            return fact.name
        case _:
            kind = "INTEGER" if int(values.max()) < 2**31 else "BIGINT"
            return f"{fact.name}::{kind}"
