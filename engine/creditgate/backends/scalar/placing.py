"""Find the block in which each term is computed: the lowest one that dominates all its uses.

Blocks form a tree: the body of a function, the later items of `and` and `or`, the branches of
`if`, the bodies of loops. A term that does not read a loop's row is computed outside the loop; a
term that does is computed anew in each loop over that row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from creditgate.lowered.terms import Op, Term, reachable


class Region:
    """A block of statements; `row` is the index of the row of the loop whose body it is.

    `loop` is the body of the innermost loop around the block, or the block itself.
    """

    __slots__ = ("depth", "loop", "parent", "row")

    def __init__(self, parent: Region | None = None, row: int | None = None) -> None:
        self.parent = parent
        self.row = row
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.loop: Region | None = None if parent is None else parent.loop
        if row is not None:
            self.loop = self

    def inside(self, row: int | None = None) -> Region:
        """Return a new block directly inside this one."""
        return Region(self, row)

    def around(self) -> Region:
        """Return the block directly around this one."""
        assert self.parent is not None
        return self.parent

    def loop_of(self, term: Term) -> Region | None:
        """Return the innermost loop around the block whose row a term reads."""
        loop = self.loop
        while loop is not None and loop.row not in term.rows:
            loop = loop.around().loop
        return loop


@dataclass(slots=True, eq=False)
class Spot:
    """Where a term is computed: its block, how often it is asked for, the blocks of its parts."""

    region: Region
    uses: int = 1
    hoisted: bool = False
    inner: list[Region] = field(default_factory=list)


@dataclass(slots=True)
class Placement:
    """Where terms are computed; `loops` holds the aggregates that are folded in one pass."""

    spots: dict[Term, dict[Region | None, Spot]] = field(default_factory=dict)
    loops: dict[Region, list[Term]] = field(default_factory=dict)

    def spot(self, term: Term, region: Region) -> Spot:
        """Return where a term is computed that is asked for in a block."""
        return self.spots[term][region.loop_of(term)]


def place(roots: Iterable[tuple[Term, Region]]) -> Placement:
    """Place all terms that the roots, each used in a block, are made of."""
    placement = Placement()
    shared: dict[tuple[Region, int, int], Region] = {}

    def use(term: Term, region: Region) -> None:
        spots = placement.spots.setdefault(term, {})
        loop = region.loop_of(term)
        if loop in spots:
            spots[loop].region = _meeting(spots[loop].region, region)
            spots[loop].uses += 1
        else:
            spots[loop] = Spot(region)

    starts = list(roots)
    for term, region in starts:
        use(term, region)
    for term in reversed(reachable([term for term, _ in starts])):
        for loop, spot in placement.spots.get(term, {}).items():
            while spot.region.loop is not loop:
                assert spot.region.loop is not None
                spot.region, spot.hoisted = spot.region.loop.around(), True
            if term.op is Op.AGGREGATE:
                key = (spot.region, term.parts[0].index, term.rank)
                if key not in shared:
                    shared[key] = spot.region.inside(term.parts[0].index)
                placement.loops.setdefault(shared[key], []).append(term)
                asked = _asked_in_loop(term, spot.region, shared[key])
            else:
                asked = _asked(term, spot.region)
            for part, inside in asked:
                spot.inner.append(inside)
                use(part, inside)
    return placement


def _asked(term: Term, region: Region) -> Iterator[tuple[Term, Region]]:
    """Yield the parts of a term with the block in which each is asked for."""
    match term.op:
        case Op.AND | Op.OR:
            # The later items share one block: none is reached unless those before it were.
            later = region.inside()
            for number, part in enumerate(term.parts):
                yield part, later if number else region
        case Op.IF | Op.OR_ELSE | Op.DATED:
            yield term.parts[0], region
            for part in term.parts[1:]:
                yield part, region.inside()
        case Op.ROW:
            return
        case _:
            for part in term.parts:
                yield part, region


def _asked_in_loop(term: Term, region: Region, loop: Region) -> Iterator[tuple[Term, Region]]:
    row, where, element = term.parts
    yield row.parts[0], region
    yield where, loop
    yield element, loop if where.is_constant(True) else loop.inside()


def _meeting(left: Region, right: Region) -> Region:
    while left is not right:
        if left.depth < right.depth:
            left, right = right, left
        left = left.around()
    return left
