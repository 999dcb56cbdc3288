"""Facts fixed to usual values, so that products of facts become easy to search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import z3

from creditgate.backends.solver.pieces import Formula
from creditgate.backends.solver.products import nodes
from creditgate.backends.solver.symbols import Symbol, Symbols

# What is fixed first; a ratio is what most questions are about, so it is left open longest.
COSTS: Final = {"price": 1, "quantity": 1, "count": 2, "money": 4, "number": 4, "ratio": 16}
USUAL: Final = {"price": 10, "quantity": 1000, "count": 1}
UNKNOWN_COST: Final = 1000


def fixed_factors(symbols: Symbols, formulas: Iterable[Formula]) -> list[Formula]:
    """Return values of facts with which each product in some formulas has one open factor."""
    by_value = {
        symbol.value.get_id(): symbol
        for symbol in symbols.found.values()
        if symbol.value is not None and z3.is_expr(symbol.value) and symbol.fact.kind in COSTS
    }
    fixed: dict[int, Symbol] = {}
    for node in nodes(formulas):
        if node.decl().kind() != z3.Z3_OP_MUL:
            continue
        sides = [_facts(child, by_value) for child in node.children()]
        open_sides = [side for side in sides if side.keys() - fixed.keys()]
        if len(open_sides) < 2:
            continue
        open_sides.sort(key=lambda side: _cost(side, fixed))
        for side in open_sides[:-1]:
            fixed.update(side)
    return [symbol.value == _usual(symbol) for symbol in fixed.values()]


def _facts(node: Formula, by_value: dict[int, Symbol]) -> dict[int, Symbol]:
    """Return the numbers that are facts in a factor."""
    found = {each.get_id(): by_value.get(each.get_id()) for each in nodes([node])}
    return {identity: symbol for identity, symbol in found.items() if symbol is not None}


def _cost(side: dict[int, Symbol], fixed: dict[int, Symbol]) -> int:
    left = [symbol for identity, symbol in side.items() if identity not in fixed]
    return sum(COSTS.get(symbol.fact.kind, UNKNOWN_COST) for symbol in left)


def _usual(symbol: Symbol) -> int:
    low, high = Symbols.bounds(symbol.fact)
    value: int = USUAL.get(symbol.fact.kind, 1) * 10**symbol.fact.scale
    if low is not None:
        value = max(low, value)
    return value if high is None else min(high, value)
