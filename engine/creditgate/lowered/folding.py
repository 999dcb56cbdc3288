"""Make terms from parts, computing at once what is already certain.

`make` is the only way to a term that is not a leaf, so a term made again from other parts (see
`dispatch`) is simplified again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable
from fractions import Fraction
from itertools import chain

from creditgate.domain.facts import MISSING
from creditgate.lowered.strict import STRICT, Parts, common, computed, held, need_whole
from creditgate.lowered.tables import Table
from creditgate.lowered.terms import Number, Op, Reading, Term, Terms


def make(terms: Terms, op: Op, parts: Parts, own: Hashable = None) -> Term:
    """Return the term of an operation on parts, simplified."""
    if op in STRICT:
        if any(part.constant and part.value in (None, MISSING) for part in parts):
            return terms.unknown
        if all(part.constant for part in parts):
            return terms.constant(computed(op, [part.value for part in parts], own))
        return STRICT[op](terms, op, parts, own)
    return OTHERS[op](terms, parts, own)


def _kleene(op: Op) -> Callable[[Terms, Parts, Hashable], Term]:
    decides = op is Op.OR

    def build(terms: Terms, parts: Parts, _own: Hashable) -> Term:
        kept: dict[Term, None] = {}
        chained = [part.parts if part.op is op else (part,) for part in parts]
        for part in chain.from_iterable(chained):
            if part.is_constant(decides):
                return terms.true if decides else terms.false
            if part.is_constant(None):
                kept[terms.unknown] = None
            elif not part.is_constant(not decides):
                kept[part] = None
        items = list(kept)
        if not items:
            return terms.false if decides else terms.true
        if len(items) == 1 and not items[0].none:
            return items[0]
        return terms.term(op, items)

    return build


def _if(terms: Terms, parts: Parts, _own: Hashable) -> Term:
    test, then, otherwise = parts
    if test.constant:
        if test.value is True or test.value is False:
            return then if test.value else otherwise
        return terms.unknown
    if then.is_constant(MISSING) and otherwise.is_constant(MISSING):
        return terms.unknown
    return terms.term(
        Op.IF,
        parts,
        number=common((then, otherwise)),
        unknown=test.unknown or test.none or then.unknown or otherwise.unknown,
        none=then.none or otherwise.none,
    )


def _is_none(terms: Terms, parts: Parts, _own: Hashable) -> Term:
    (item,) = parts
    if item.is_constant(MISSING):
        return terms.unknown
    if item.constant:
        return terms.true if item.value is None else terms.false
    if not item.none and not item.unknown:
        return terms.false
    return terms.term(Op.IS_NONE, parts, unknown=item.unknown)


def _or_else(terms: Terms, parts: Parts, _own: Hashable) -> Term:
    item, other = parts
    if item.is_constant(None):
        return other
    if item.constant or not item.none:
        return item
    return terms.term(
        Op.OR_ELSE,
        parts,
        number=common(parts),
        unknown=item.unknown or other.unknown,
        none=other.none,
    )


def _of_list(op: Op) -> Callable[[Terms, Parts, Hashable], Term]:
    def build(terms: Terms, parts: Parts, _own: Hashable) -> Term:
        (item,) = parts
        if item.constant and isinstance(item.value, frozenset):
            return terms.false if item.value else terms.true
        if item.constant:
            return terms.unknown
        return terms.term(op, parts, number=Number() if op is Op.LENGTH else None)

    return build


def _lookup(terms: Terms, parts: Parts, own: Hashable) -> Term:
    assert isinstance(own, Table)
    if any(part.is_constant(MISSING) for part in parts):
        return terms.unknown
    if all(part.constant for part in parts):
        return terms.constant(own.cell(tuple([part.value for part in parts])))
    cells = [cell for _, cell in own.rows]
    is_number = any(isinstance(cell, Fraction) for cell in cells)
    return terms.term(
        Op.LOOKUP,
        parts,
        own,
        number=Number(own.unit) if is_number else None,
        unknown=True,
        none=any(cell is None for cell in cells),
    )


def _dated(terms: Terms, parts: Parts, own: Hashable) -> Term:
    day, *entries = parts
    assert isinstance(own, tuple)
    if not entries:
        return terms.unknown
    if day.constant:
        if day.value in (None, MISSING):
            return terms.unknown
        place = bisect_right(own, day.value)
        return entries[place - 1] if place else terms.unknown
    return terms.term(
        Op.DATED,
        parts,
        own,
        number=common(entries),
        unknown=True,
        none=any(entry.none for entry in entries),
    )


def _aggregate(terms: Terms, parts: Parts, own: Hashable) -> Term:
    row, where, element = parts
    number = {"count": Number(), "any": None, "all": None}.get(str(own), held(element))
    return terms.term(
        Op.AGGREGATE,
        parts,
        own,
        number=number,
        unknown=any(part.unknown or part.none for part in (row.parts[0], where, element)),
        none=own in ("min", "max"),
    )


def _leaf(op: Op, *, unknown: bool) -> Callable[[Terms, Parts, Hashable], Term]:
    def build(terms: Terms, parts: Parts, own: Hashable) -> Term:
        return terms.term(op, parts, own, unknown=unknown)

    return build


def _read(terms: Terms, parts: Parts, own: Hashable) -> Term:
    assert isinstance(own, Reading)
    return terms.term(Op.READ, parts, own, number=own.number, unknown=True, none=own.none)


def _call(terms: Terms, parts: Parts, own: Hashable) -> Term:
    if any(part.constant and part.value in (None, MISSING) for part in parts):
        return terms.unknown
    need_whole(parts)
    return terms.term(Op.CALL, parts, own, number=Number(), unknown=True)


def _as_of(terms: Terms, _parts: Parts, _own: Hashable) -> Term:
    return terms.term(Op.AS_OF, number=Number(), unknown=True)


OTHERS: dict[Op, Callable[[Terms, Parts, Hashable], Term]] = {
    Op.AS_OF: _as_of,
    Op.CLAIMED: _leaf(Op.CLAIMED, unknown=False),
    Op.ROOT: _leaf(Op.ROOT, unknown=False),
    Op.ROW: _leaf(Op.ROW, unknown=False),
    Op.RECORD: _leaf(Op.RECORD, unknown=False),
    Op.READ: _read,
    Op.CALL: _call,
    Op.AND: _kleene(Op.AND),
    Op.OR: _kleene(Op.OR),
    Op.IF: _if,
    Op.IS_NONE: _is_none,
    Op.OR_ELSE: _or_else,
    Op.IS_EMPTY: _of_list(Op.IS_EMPTY),
    Op.LENGTH: _of_list(Op.LENGTH),
    Op.LOOKUP: _lookup,
    Op.DATED: _dated,
    Op.AGGREGATE: _aggregate,
}
