"""What a kernel reads: columns of entities, rows of lists, records that references point to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary
from creditgate.lowered.terms import Op, Reading, Term


class Unsupported(Exception):
    """The columns cannot hold something that rules ask for; the scalar evaluator can."""


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A fact of the records of a frame; its values, and for each whether it is missing or none.

    The frame of an entity has its name, that of the rows of a list the path to the list
    (`account.collateral`): rows of one kind may stand in several lists.
    """

    frame: str
    fact: str

    @property
    def name(self) -> str:
        """Return the part of variables' names that says which column it is."""
        return f"{self.frame}_{self.fact}".replace(".", "_")


@dataclass(frozen=True, slots=True)
class Needs:
    """The columns that some terms read, and the references they follow.

    `lists` are facts that hold rows or members; their columns say where those of a row begin.
    `singles` are the entities of which an event has one record.
    """

    values: tuple[Column, ...]
    lists: tuple[Column, ...]
    references: tuple[Column, ...]
    singles: tuple[str, ...]


class Reader:
    """Tell of which entity a record is, and by which fact of the vocabulary a term reads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._facts: dict[tuple[str, str], FactDeclaration] = {}
        self._references: dict[tuple[str, str], FactDeclaration] = {}
        self._roots: dict[str, str] = {}
        for entity in vocabulary.entities.values():
            self._roots[attribute(entity.name)] = entity.name
            for fact in entity.facts.values():
                self._facts[entity.name, attribute(fact.name)] = fact
                self._references[entity.name, record_attribute(fact.name)] = fact

    def entity(self, record: Term) -> str:
        """Return the entity of a record."""
        match record.op:
            case Op.ROOT:
                return self._roots[str(record.own)]
            case Op.ROW:
                fact = self.fact(record.parts[0])
                return fact.target or ""
            case Op.RECORD:
                return self.reference(record).target or ""
            case _:
                raise Unsupported(f"{record.op} is not a record")

    def frame(self, record: Term) -> str:
        """Return the frame of a record."""
        if record.op is Op.ROW:
            source = record.parts[0]
            return f"{self.frame(source.parts[0])}.{self.fact(source).name}"
        return self.entity(record)

    def fact(self, read: Term) -> FactDeclaration:
        """Return the declaration of the fact that a term reads."""
        if read.op is not Op.READ:
            raise Unsupported(f"rows of {read.op}")
        assert isinstance(read.own, Reading)
        return self._facts[self.entity(read.parts[0]), read.own.attribute]

    def reference(self, record: Term) -> FactDeclaration:
        """Return the declaration of the reference that points to a record."""
        return self._references[self.entity(record.parts[0]), str(record.own)]

    def pointer(self, record: Term) -> Column:
        """Return the column of the reference that points to a record."""
        return Column(self.frame(record.parts[0]), self.reference(record).name)

    def column(self, read: Term) -> Column:
        """Return the column that a term reads."""
        return Column(self.frame(read.parts[0]), self.fact(read).name)

    def needs(self, terms: Iterable[Term]) -> Needs:
        """Return what terms, with all their parts, read."""
        values: set[Column] = set()
        lists: set[Column] = set()
        references: set[Column] = set()
        singles: set[str] = set()
        for term in terms:
            if term.op is Op.READ:
                kind = self.fact(term).kind
                (lists if kind in {"list", "set"} else values).add(self.column(term))
            elif term.op is Op.RECORD:
                references.add(self.pointer(term))
            elif term.op is Op.ROOT:
                singles.add(self.entity(term))
        return Needs(
            tuple(sorted(values)),
            tuple(sorted(lists)),
            tuple(sorted(references)),
            tuple(sorted(singles)),
        )
