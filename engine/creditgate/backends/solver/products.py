"""Products of two facts as variables, of which only sign and growth are known.

What contradicts these contradicts multiplication as well, and the solver finds it at once; so much
of a proof needs no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import z3

from creditgate.backends.solver.pieces import Formula, both, implies

MOST_COMPARED: Final = 80  # products that are compared although they share no factor


@dataclass(frozen=True, slots=True)
class _Product:
    node: Formula
    left: Formula
    right: Formula
    factor: int
    value: Formula


def without_products(formulas: Iterable[Formula]) -> list[Formula]:
    """Return formulas in which each product is a variable, with what is known of these."""
    given = [formula for formula in formulas if not isinstance(formula, bool)]
    products = _products(given)
    replaced = [(each.node, each.factor * each.value) for each in products]
    if not replaced:
        return given
    made = [z3.substitute(formula, *replaced) for formula in given]
    known: dict[int, _Product] = {}
    for each in products:
        left, right = [z3.substitute(part, *replaced) for part in (each.left, each.right)]
        known.setdefault(
            each.value.get_id(), _Product(each.node, left, right, each.factor, each.value)
        )
    values = list(known.values())
    for each in values:
        made += _signs(each)
    for one, other in combinations(values, 2):
        made += _growth(one, other, everything=len(values) <= MOST_COMPARED)
    return made


def _products(formulas: list[Formula]) -> list[_Product]:
    found: list[_Product] = []
    values: dict[tuple[int, int], Formula] = {}
    for node in nodes(formulas):
        if node.decl().kind() != z3.Z3_OP_MUL:
            continue
        factor, parts = _parts(node)
        if len(parts) < 2:
            continue
        left, *others = parts
        right = others[0] if len(others) == 1 else z3.Product(*others)
        key = tuple(sorted((left.get_id(), right.get_id())))
        value = values.setdefault((key[0], key[1]), z3.FreshInt("product"))
        found.append(_Product(node, left, right, factor, value))
    return found


def _parts(node: Formula) -> tuple[int, list[Formula]]:
    """Return the certain factor of a product and the others, constants in them taken out."""
    factor = 1
    parts: list[Formula] = []
    for child in node.children():
        if z3.is_int_value(child):
            factor *= child.as_long()
        elif child.decl().kind() == z3.Z3_OP_MUL:
            inner, inside = _parts(child)
            if len(inside) == 1:
                factor, parts = factor * inner, [*parts, inside[0]]
            else:
                parts.append(child)
        else:
            parts.append(child)
    return factor, parts


def nodes(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """Yield every part of some formulas once."""
    seen: set[int] = set()
    waiting = [formula for formula in formulas if not isinstance(formula, bool)]
    while waiting:
        node = waiting.pop()
        if node.get_id() not in seen:
            seen.add(node.get_id())
            yield node
            waiting.extend(node.children())


def _signs(each: _Product) -> list[Formula]:
    left, right, value = each.left, each.right, each.value
    return [
        implies(both(left >= 0, right >= 0), value >= 0),
        implies(both(left >= 0, right <= 0), value <= 0),
        implies(both(left <= 0, right >= 0), value <= 0),
        implies(both(left <= 0, right <= 0), value >= 0),
    ]


def _growth(one: _Product, other: _Product, *, everything: bool) -> list[Formula]:
    for shared, mine in ((one.left, one.right), (one.right, one.left)):
        for theirs_shared, theirs in ((other.left, other.right), (other.right, other.left)):
            if shared.eq(theirs_shared):
                return [
                    implies(both(shared >= 0, mine <= theirs), one.value <= other.value),
                    implies(both(shared >= 0, mine >= theirs), one.value >= other.value),
                    implies(both(shared <= 0, mine <= theirs), one.value >= other.value),
                    implies(both(shared <= 0, mine >= theirs), one.value <= other.value),
                ]
    if not everything:
        return []
    found = []
    for small, large in ((one, other), (other, one)):
        positive = both(small.left >= 0, small.right >= 0)
        less = both(small.left <= large.left, small.right <= large.right)
        found.append(implies(both(positive, less), small.value <= large.value))
    return found
