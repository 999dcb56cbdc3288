"""Which facts may be changed, and how: as the vocabulary marks them, or as somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.suggest import nearest
from creditgate.decide.faults import fault
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import SECONDS, Number, Type, without_none
from creditgate.domain.facts import MISSING, Facts, attribute
from creditgate.domain.vocabulary import Changeable, Entity, FactDeclaration, Vocabulary
from creditgate.nearest.approval import OpenFact

#: Rows of one list that are tried one by one where nobody names them.
MOST_ROWS: Final = 8
#: How far a duration may be changed that the vocabulary leaves without bounds.
MOST_UNITS: Final = 1_000_000
MINUTES_IN_DAY: Final = 24 * 60
MICROSECONDS: Final = 1_000_000
_PATH: Final = re.compile(r"(\w+)\.(?:(\w+)(?:\[([^\]]*)\])?\.)?(\w+)")
#: What can be changed beside numbers.
OTHERS: Final = frozenset({"date", "time", "instant", "duration"})
_SIGNS: Final = {"lower": -1, "earlier": -1, "higher": +1, "later": +1}


@dataclass(frozen=True, slots=True)
class ChangeableFact:
    """A fact of one record that may be changed.

    `record`, of an `entity`, holds it and is found by `holder` (an entity, or an entity with a list and
    a key); `signs` are the directions, `step` the fact of which a value is a multiple.
    """

    path: str
    holder: tuple[str, ...]
    entity: str
    declared: FactDeclaration
    record: Any
    signs: tuple[int, ...]
    step: tuple[str, str] | None
    is_named: bool

    @property
    def title(self) -> Bilingual:
        """Return the words for it; a row of a list is told by its key."""
        if len(self.holder) == 1:
            return self.declared.title
        key, title = self.holder[2], self.declared.title
        return Bilingual(f"{title.en} of {key}", f"{key}的{title.zh}")

    @property
    def type(self) -> Type:
        """Return its type."""
        return without_none(self.declared.type)

    @property
    def given(self) -> int | None:
        """Return the value as it is held; None where it is missing or none."""
        value = getattr(self.record, attribute(self.declared.name), MISSING)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def is_none(self) -> bool:
        """Tell whether it is stated not to exist."""
        return getattr(self.record, attribute(self.declared.name), MISSING) is None

    @property
    def unit(self) -> Fraction:
        """Return what one of what is held is worth in formulas."""
        is_number = isinstance(self.type, Number)
        return Fraction(1, 10**self.declared.scale) if is_number else Fraction(1)

    @property
    def open(self) -> OpenFact:
        """Return it as a fact that is left open."""
        return OpenFact(self.record, self.entity, self.declared.name, self.unit)

    @property
    def smallest(self) -> int:
        """Return the smallest change, as it is held."""
        return MICROSECONDS if self.type == SECONDS else 1

    def ends(self, given: int, horizon: int) -> tuple[int, int]:
        """Return the lowest and the highest value that it may have, as held.

        Days lie at most `horizon` days off.
        """
        low, high = self.declared.low, self.declared.high
        if low is not None and high is not None:
            held = self.smallest if self.declared.kind == "duration" else 1 / self.unit
            return ceil(Fraction(low) * held), floor(Fraction(high) * held)
        match self.declared.kind:
            case "time":
                return 0, MINUTES_IN_DAY - 1
            case "duration":
                most = MOST_UNITS * self.smallest
                return given - most, given + most
            case "date":
                return max(1, given - horizon), min(date.max.toordinal(), given + horizon)
            case _:
                return given - horizon, given + horizon


def marked_facts(vocabulary: Vocabulary, facts: Facts) -> list[ChangeableFact]:
    """Return the facts of an event that are marked as changeable and given, in order."""
    found = [
        fact
        for name in vocabulary.events[facts.event].subjects
        for fact in _marked(vocabulary, vocabulary.entities[name], facts)
    ]
    return [fact for fact in found if fact.given is not None]


def named_facts(vocabulary: Vocabulary, facts: Facts, paths: Iterable[str]) -> list[ChangeableFact]:
    """Return the facts that paths name, which are known to fit the vocabulary.

    A list without a key stands for each of its rows; a row that is not there is a fact not given.
    """
    return [fact for path in dict.fromkeys(paths) for fact in _named(vocabulary, facts, path)]


def _marked(vocabulary: Vocabulary, entity: Entity, facts: Facts) -> Iterator[ChangeableFact]:
    for fact in entity.facts.values():
        if fact.kind == "list":
            for inner in vocabulary.entities[fact.target or ""].facts.values():
                if inner.changeable and (entity.name, fact.name) in inner.changeable.within:
                    rows = _rows(entity, fact, inner, facts, is_named=False)
                    yield from list(rows)[:MOST_ROWS]
        elif fact.changeable is not None:
            yield _single(entity, fact, facts, is_named=False)


def _single(
    entity: Entity, fact: FactDeclaration, facts: Facts, *, is_named: bool
) -> ChangeableFact:
    record = getattr(facts.root, attribute(entity.name), MISSING)
    path = f"{entity.name}.{fact.name}"
    return _changeable(path, (entity.name,), entity.name, fact, record, is_named=is_named)


def _rows(
    entity: Entity, listed: FactDeclaration, fact: FactDeclaration, facts: Facts, *, is_named: bool
) -> Iterator[ChangeableFact]:
    owner = getattr(facts.root, attribute(entity.name), MISSING)
    rows = getattr(owner, attribute(listed.name), MISSING)
    for row in rows if isinstance(rows, list | tuple) else ():
        key = str(getattr(row, attribute(row.RECORD_KEY)))
        path = f"{entity.name}.{listed.name}[{key}].{fact.name}"
        holder = (entity.name, listed.name, key)
        yield _changeable(path, holder, listed.target or "", fact, row, is_named=is_named)


def _changeable(
    path: str, holder: tuple[str, ...], entity: str, fact: FactDeclaration, record: Any, *,
    is_named: bool,
) -> ChangeableFact:  # fmt: skip
    marked = fact.changeable or Changeable(("lower", "higher"))
    signs = tuple(_SIGNS[word] for word in marked.to)
    return ChangeableFact(path, holder, entity, fact, record, signs, marked.step, is_named)


def _named(vocabulary: Vocabulary, facts: Facts, path: str) -> list[ChangeableFact]:
    found = _declared(vocabulary, path)
    assert not isinstance(found, Diagnostic)
    entity, listed, key, fact = found
    if listed is None:
        return [_single(entity, fact, facts, is_named=True)]
    rows = [
        row
        for row in _rows(entity, listed, fact, facts, is_named=True)
        if key is None or row.holder[2] == key
    ]
    holder = (entity.name, listed.name, key or "")
    return rows or [_changeable(path, holder, listed.target or "", fact, MISSING, is_named=True)]


def wrong_paths(vocabulary: Vocabulary, paths: Iterable[str]) -> list[Diagnostic]:
    """Return what is wrong with the paths of facts that are to be changed."""
    found = [_declared(vocabulary, path) for path in dict.fromkeys(paths)]
    return [item for item in found if isinstance(item, Diagnostic)]


def _declared(
    vocabulary: Vocabulary, path: str
) -> tuple[Entity, FactDeclaration | None, str | None, FactDeclaration] | Diagnostic:
    """Return the entity, list, key and fact that a path names, or what is wrong with it."""
    match = _PATH.fullmatch(path)
    name, inside, key, fact_name = match.groups() if match else ("", None, None, "")
    entity = vocabulary.entities.get(name)
    fact = None if entity is None else entity.facts.get(inside or fact_name)
    listed = None
    if inside is not None and fact is not None:
        listed = fact
        element = vocabulary.entities.get(fact.target or "") if fact.kind == "list" else None
        fact = None if element is None else element.facts.get(fact_name)
    if entity is None or entity.kind != "single" or fact is None:
        return _unknown(vocabulary, path)
    if not isinstance(without_none(fact.type), Number) and fact.kind not in OTHERS:
        message = f"it is no number and no date but of type {fact.kind}"
        return fault(Code.NOT_CHANGEABLE, path, message, "only numbers and dates are varied")
    return entity, listed, key, fact


def _unknown(vocabulary: Vocabulary, path: str) -> Diagnostic:
    single = [entity for entity in vocabulary.entities.values() if entity.kind == "single"]
    known = [f"{entity.name}.{fact}" for entity in single for fact in entity.facts]
    near = nearest(path, known)
    hint = f"did you mean `{near}`?" if near else "`creditgate facts` lists the facts"
    return fault(Code.UNKNOWN_FACT, path, "there is no such fact of a single record", hint)
