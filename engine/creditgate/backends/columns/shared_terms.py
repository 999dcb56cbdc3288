"""Terms that hang on one record alone: rows that refer to the same record share their values.

What an account's positions add up to is the same for all orders of the account. Such a term is
worked out once for each record and looked up by every row that refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from creditgate.backends.columns.digests import Digests
from creditgate.backends.columns.needs import Reader
from creditgate.backends.columns.writer import Shape
from creditgate.domain.calendar import Calendar
from creditgate.domain.facts import attribute
from creditgate.lowered.tables import Table
from creditgate.lowered.terms import Op, Term, Terms, reachable

Kind = Literal["number", "condition", "code"]
KINDS: Final[tuple[Kind, ...]] = ("number", "condition", "code")
#: So many operations are worked out again sooner than looked up.
FEW: Final = 2
_RECORDS: Final = frozenset({Op.ROOT, Op.ROW, Op.RECORD})
_LEAVES: Final = _RECORDS | {Op.CONSTANT, Op.READ}
_CONDITIONS: Final = frozenset({
    Op.LESS, Op.LESS_OR_EQUAL, Op.GREATER, Op.GREATER_OR_EQUAL, Op.EQUAL, Op.NOT_EQUAL, Op.MEMBER,
    Op.MULTIPLE, Op.AND, Op.OR, Op.NOT, Op.IS_NONE, Op.IS_EMPTY,
})  # fmt: skip
_CHOICES: Final = {Op.IF: slice(1, 3), Op.OR_ELSE: slice(0, 2), Op.DATED: slice(1, None)}


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A term that a kernel looks up: on which record it hangs, and what is worked out for records.

    `term` is the same for all ways to the records of a frame.
    """

    record: Term
    frame: str
    term: Term
    kind: Kind
    name: str


@dataclass(slots=True)
class Shared:
    """The terms worked out for the records of a frame, and what they look up themselves.

    Where it `is_loose` there is a value for a record that is not there.
    """

    frame: str
    terms: dict[str, Term] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    uses: dict[Term, Use] = field(default_factory=dict)
    roots: set[Term] = field(default_factory=set)
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class Sharing:
    """What rows look up, and the frames for which that is worked out, in this order."""

    uses: Mapping[Term, Use]
    frames: tuple[Shared, ...]


class Chooser:
    """Choose the terms of rows that are worked out once for each record they hang on."""

    def __init__(
        self, terms: Terms, reader: Reader, shape: Shape, calendars: Mapping[str, Calendar]
    ) -> None:  # fmt: skip
        self._terms, self._reader, self._shape = terms, reader, shape
        self._common: dict[Term, tuple[Term, ...] | None] = {}
        self._digests = Digests(calendars)
        self._frames: dict[str, Shared] = {}
        self._asks: dict[str, set[str]] = {}
        self._waiting: list[tuple[str, Term]] = []

    def sharing(self, roots: Iterable[Term]) -> Sharing:
        """Return what rows that ask for some terms share."""
        uses: dict[Term, Use] = {}
        for root in roots:
            self._choose(root, None, uses)
        while self._waiting:
            frame, term = self._waiting.pop()
            self._choose(term, frame, self._frames[frame].uses)
        frames = self._in_order()
        for use in uses.values():
            self._frames[use.frame].is_loose |= self._may_lack(use.record, is_loose=None)
        for asking in reversed(frames):
            for use in asking.uses.values():
                found = self._may_lack(use.record, is_loose=asking.is_loose)
                self._frames[use.frame].is_loose |= found
        return Sharing(uses, tuple(frames))

    def _may_lack(self, record: Term, *, is_loose: bool | None) -> bool:
        """Tell whether there may be no record; `is_loose` says so of the one that all begins with."""
        match record.op:
            case Op.ROOT if is_loose is not None:
                return is_loose
            case Op.ROOT:
                return self._reader.entity(record) in self._shape.loose
            case Op.RECORD:
                above = self._may_lack(record.parts[0], is_loose=is_loose)
                return above or self._shape.is_loose(self._reader.pointer(record))
            case _:
                return False

    def _in_order(self) -> list[Shared]:
        """Return the frames, each behind those that it asks."""
        done: dict[str, Shared] = {}

        def add(frame: str) -> None:
            if frame not in done:
                for asked in sorted(self._asks.get(frame, ())):
                    add(asked)
                done[frame] = self._frames[frame]

        for frame in sorted(self._frames):
            add(frame)
        return list(done.values())

    def _choose(self, root: Term, inside: str | None, uses: dict[Term, Use]) -> None:
        """Note what a term is to look up; of a term that is looked up the parts are not asked."""
        waiting, seen = [root], set[Term]()
        while waiting:
            term = waiting.pop()
            if term in seen or term in uses or term.op in _LEAVES:
                continue
            seen.add(term)
            use = self._use(term, inside)
            if use is not None:
                uses[term] = use
            elif term.op is Op.MEMBER:  # of members, which are no single value, nothing is kept
                waiting += [term.parts[0], *_tests(term.parts[1])]
            else:
                waiting += term.parts

    def _use(self, term: Term, inside: str | None) -> Use | None:
        record = self._record(term, inside)
        if record is None or not self._is_worth_it(term):
            return None
        found = self._kind(term)
        kind = next((each for each in KINDS if each == found), None)
        if kind is None:
            return None
        if record.rows and term.number is not None and term.number.pair:
            return None  # what rows of a list are divided by must be the same in all of them
        frame = self._reader.frame(record)
        if inside is not None:
            if self._reaches(frame, inside):
                return None
            self._asks.setdefault(inside, set()).add(frame)
        own = self._canonical(term, record)
        shared = self._frames.setdefault(frame, Shared(frame))
        name = self._digests.of(own)
        if name not in shared.terms:
            shared.terms[name], shared.kinds[name] = own, kind
            self._waiting.append((frame, own))
        shared.roots.add(self._root(record))
        return Use(record, frame, own, kind, name)

    def _record(self, term: Term, inside: str | None) -> Term | None:
        """Return the record, nearest to what is read, on which a term hangs alone."""
        for record in self._common_records(term) or ():
            frame = self._reader.frame(record)
            if record.rows != term.rows or frame.partition(".")[0] in self._shape.in_rows:
                continue
            if inside is None or record.op is Op.RECORD:
                return record
        return None

    def _common_records(self, term: Term) -> tuple[Term, ...] | None:
        """Return the records through which all is read, nearest first; None where nothing is read."""
        if term not in self._common:
            for each in reachable([term]):
                if each not in self._common:
                    self._common[each] = self._found(each)
        return self._common[term]

    def _found(self, term: Term) -> tuple[Term, ...] | None:
        if term.op in {Op.AS_OF, Op.CLAIMED}:
            return ()
        if term.op in _RECORDS:
            above = [self._common[part] or () for part in term.parts]
            return (term, *[record for each in above for record in each])
        found: tuple[Term, ...] | None = None
        for part in term.parts:
            own = self._common[part]
            if own is not None:
                found = own if found is None else tuple([each for each in found if each in own])
        return found

    def _is_worth_it(self, term: Term) -> bool:
        inner = reachable([term])
        made = [each for each in inner if each.op not in _LEAVES]
        if any(each.op in {Op.AGGREGATE, Op.LOOKUP, Op.CALL} for each in made):
            return True
        # In a loop every reference that is followed counts.
        return len(made) > FEW or (bool(term.rows) and any(e.op is Op.RECORD for e in inner))

    def _kind(self, term: Term) -> str | None:
        """Return what a value is; empty for one that is never known."""
        if term.number is not None:
            return "number"
        if term.op in _CONDITIONS:
            return "condition"
        match term.op:
            case Op.AGGREGATE:
                return "condition" if term.own in {"any", "all"} else None
            case Op.READ:
                kind = self._reader.fact(term).kind
                known = {
                    "boolean": "condition",
                    "enum": "code",
                    "text": "code",
                    "reference": "code",
                }
                return known.get(kind)
            case Op.CONSTANT:
                return _kind_of(term.value)
            case Op.LOOKUP:
                assert isinstance(term.own, Table)
                kinds = {_kind_of(cell) for _, cell in term.own.rows}
            case Op.IF | Op.OR_ELSE | Op.DATED:
                kinds = {self._kind(part) for part in term.parts[_CHOICES[term.op]]}
            case _:
                return None
        kinds -= {""}
        return kinds.pop() if len(kinds) == 1 else None

    def _reaches(self, frame: str, wanted: str) -> bool:
        return frame == wanted or any(self._reaches(f, wanted) for f in self._asks.get(frame, ()))

    def _root(self, record: Term) -> Term:
        if record.op is not Op.RECORD:
            return record
        return self._terms.term(Op.ROOT, own=attribute(self._reader.entity(record)), unknown=False)

    def _canonical(self, term: Term, record: Term) -> Term:
        """Return a term as it is for a record, whichever way leads there."""
        root = self._root(record)
        if root is record:
            return term
        changed = {record: root}
        for each in reachable([term]):
            if each not in changed and any(part in changed for part in each.parts):
                parts = [changed.get(part, part) for part in each.parts]
                changed[each] = self._terms.term(
                    each.op, parts, each.own,
                    number=each.number, unknown=each.unknown, none=each.none,
                )  # fmt: skip
        return changed[term]


def _tests(members: Term) -> list[Term]:
    """Return the conditions by which a set is chosen."""
    if members.op is not Op.IF:
        return []
    return [members.parts[0], *_tests(members.parts[1]), *_tests(members.parts[2])]


def _kind_of(value: Any) -> str | None:
    if isinstance(value, bool):
        return "condition"
    if isinstance(value, str):
        return "code"
    return None if isinstance(value, frozenset) else ""
