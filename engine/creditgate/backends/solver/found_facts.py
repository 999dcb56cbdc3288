"""The facts of a model, as plain values by record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import z3

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.pieces import Formula
from creditgate.backends.solver.symbols import Handle, Symbol

# A record: the path to it, and the words of the keys that the path does not tell.
Place = tuple[str, tuple[str, ...]]


@dataclass(slots=True)
class FoundFacts:
    """What a model says: values as evaluators hold them, None for none; a fact not there is missing.

    `rows` are the lists, each with how many rows it has; `claims` those made.
    """

    records: dict[Place, dict[str, Any]] = field(default_factory=dict)
    entities: dict[Place, str] = field(default_factory=dict)
    rows: dict[tuple[Place, str], int] = field(default_factory=dict)
    claims: tuple[str, ...] = ()


def found_facts(
    encoding: Encoding,
    lists: ListedRows,
    model: Any,
    variants: frozenset[str] | set[str] = frozenset(),
) -> FoundFacts:
    """Return the facts of a model; facts of `variants` stand in the place of those they vary."""
    reader = _Reader(encoding, model)
    found = FoundFacts()
    for key, symbol in list(encoding.symbols.found.items()):
        variant = str(key[-1])
        if variant and variant not in variants:
            continue
        if not variant and _is_replaced(symbol, encoding, variants):
            continue
        place = reader.place(symbol.holder)
        if symbol.holder.keys and not reader.holds(encoding.symbols.given(symbol.holder)):
            continue
        found.entities[place] = symbol.holder.entity
        record = found.records.setdefault(place, {})
        if reader.holds(symbol.unknown):
            continue
        if reader.holds(symbol.none):
            record[symbol.fact.name] = None
        elif symbol.fact.kind == "set":
            record[symbol.fact.name] = reader.members(symbol)
        elif symbol.fact.kind != "list":
            record[symbol.fact.name] = reader.value(symbol)
    for symbol, size, _ in lists.lists.values():
        if not reader.holds(symbol.unknown) and not reader.holds(symbol.none):
            place = reader.place(symbol.holder)
            found.rows[place, symbol.fact.name] = reader.number(size)
    found.claims = tuple(
        sorted(name for name, made in encoding.symbols.claims.items() if reader.holds(made))
    )
    return found


def _is_replaced(symbol: Symbol, encoding: Encoding, variants: frozenset[str] | set[str]) -> bool:
    """Tell whether a variant of a fact stands in its place."""
    key = (*symbol.holder.identity, symbol.fact.name)
    return any((*key, variant) in encoding.symbols.found for variant in variants)


class _Reader:
    def __init__(self, encoding: Encoding, model: Any) -> None:
        self.encoding = encoding
        self.model = model

    def holds(self, condition: Formula) -> bool:
        if isinstance(condition, bool):
            return condition
        return bool(z3.is_true(self.model.eval(condition, model_completion=True)))

    def number(self, value: Formula) -> int:
        if isinstance(value, int):
            return value
        return int(self.model.eval(value, model_completion=True).as_long())

    def place(self, holder: Handle) -> Place:
        codes = self.encoding.codes
        return holder.path, tuple([codes.word(self.number(key)) for key in holder.keys])

    def value(self, symbol: Symbol) -> Any:
        if symbol.fact.kind == "boolean":
            return self.holds(symbol.value)
        number = self.number(symbol.value)
        is_word = symbol.fact.kind in {"text", "enum", "reference"}
        return self.encoding.codes.word(number) if is_word else number

    def members(self, symbol: Symbol) -> frozenset[str]:
        codes = self.encoding.codes
        words = {codes.word(self.number(word)) for word, has in symbol.members if self.holds(has)}
        is_empty = self.holds(self.encoding.symbols.is_empty(symbol))
        return frozenset(words or ([] if is_empty else ["another"]))
