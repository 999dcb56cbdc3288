"""Tables of orders decided by one rulebook, block after block beside the same other tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.decision import Core
from creditgate.decide.engine import Engine
from creditgate.decide.table import TableDecider
from creditgate.decide.table_beside import Beside
from creditgate.pipeline import Gate


class OneRulebook:
    """Decide tables of orders by one rulebook; what was made of other tables serves again."""

    def __init__(self, engine: Engine, gate: Gate) -> None:
        self._decider = TableDecider([engine], gate.vocabulary)
        self._gate = Gate([engine], gate.vocabulary, gate.known_on)
        self._tables: Mapping[str, pa.Table] = {}
        self._kept = Beside()

    def decided(self, table: pa.Table, tables: Mapping[str, pa.Table]) -> pa.Table:
        """Return the decisions of orders.

        Errors: TableRefused.
        """
        if tables.keys() != self._tables.keys() or any(
            each is not self._tables[name] for name, each in tables.items()
        ):
            self._tables, self._kept = tables, Beside()
        return self._decider.decide(table, tables, DEFAULT_EVENT, self._one, self._kept)

    def _one(self, document: dict[str, Any]) -> Core:
        return self._gate.decide(document).core
