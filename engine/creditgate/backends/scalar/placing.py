"""Find the block in which each term is computed: the lowest one that dominates all its uses.

Blocks form a tree: the body of a function, the later items of `and` and `or`, the branches of
`if`, the bodies of loops. A term that does not read a loop's row is computed outside the loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from creditgate.backends.scalar.terms import Op, Term, reachable


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A block of statements; `row` is the index of the row of the loop whose body it is."""

    parent: Region | None = None
    depth: int = 0
    row: int | None = None

    def inside(self, row: int | None = None) -> Region:
        """Return a new block directly inside this one."""
        return Region(self, self.depth + 1, row)


@dataclass(slots=True)
class Placement:
    """Where terms are computed.

    `regions` holds the block of each term, `uses` how often it is asked for, `inner` the blocks
    that belong to a term by place of the part computed in them, `loops` the aggregates that are
    folded in one pass, by the block of the loop's body.
    """

    regions: dict[Term, Region] = field(default_factory=dict)
    uses: dict[Term, int] = field(default_factory=dict)
    hoisted: set[Term] = field(default_factory=set)
    inner: dict[tuple[Term, int], Region] = field(default_factory=dict)
    loops: dict[Region, list[Term]] = field(default_factory=dict)


def place(roots: Iterable[tuple[Term, Region]]) -> Placement:
    """Place all terms that the roots, each used in a block, are made of."""
    placement = Placement()
    shared: dict[tuple[Region, int, int], Region] = {}

    def use(term: Term, region: Region) -> None:
        known = placement.regions.get(term)
        placement.regions[term] = region if known is None else _meeting(known, region)
        placement.uses[term] = placement.uses.get(term, 0) + 1

    starts = list(roots)
    for term, region in starts:
        use(term, region)
    for term in reversed(reachable([term for term, _ in starts])):
        if term.op is Op.ROW or term not in placement.regions:
            continue
        asked = placement.regions[term]
        region = _hoisted(asked, term)
        if region is not asked:
            placement.hoisted.add(term)
        placement.regions[term] = region
        if term.op is Op.AGGREGATE:
            row = term.parts[0]
            key = (region, row.index, term.rank)
            if key not in shared:
                shared[key] = region.inside(row.index)
            placement.inner[term, 0] = shared[key]
            placement.loops.setdefault(shared[key], []).append(term)
        for number, (part, inside) in enumerate(_asked(term, region, placement)):
            placement.inner.setdefault((term, number), inside)
            use(part, inside)
    return placement


def _asked(term: Term, region: Region, placement: Placement) -> Iterator[tuple[Term, Region]]:
    """Yield the parts of a term with the block in which each is asked for."""
    match term.op:
        case Op.AND | Op.OR:
            for number, part in enumerate(term.parts):
                region = region.inside() if number else region
                yield part, region
        case Op.IF | Op.OR_ELSE | Op.DATED:
            yield term.parts[0], region
            for part in term.parts[1:]:
                yield part, region if part.constant else region.inside()
        case Op.AGGREGATE:
            row, where, element = term.parts
            loop = placement.inner[term, 0]
            yield row.parts[0], region
            yield where, loop
            yield element, loop if where.is_constant(True) else loop.inside()
        case _:
            for part in term.parts:
                yield part, region


def _meeting(left: Region, right: Region) -> Region:
    while left is not right:
        if left.depth < right.depth:
            left, right = right, left
        assert left.parent is not None
        left = left.parent
    return left


def _hoisted(region: Region, term: Term) -> Region:
    """Return the block outside all loops that the term has nothing to do with."""
    place: Region | None = region
    while place is not None:
        if place.row is not None:
            if place.row in term.rows:
                return region
            assert place.parent is not None
            region = place.parent
        place = place.parent
    return region
