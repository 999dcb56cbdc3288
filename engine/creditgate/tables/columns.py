"""What the columns of tables mean, and how the tables lead from a case to its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.suggest import nearest
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, FactDeclaration, Vocabulary

CLAIMS: Final = "claims"
EVENT: Final = "event"
LIST: Final = "list"
ID: Final = "id"
CLAIM_COLUMNS: Final = ("claim", "by", "at")
_MOST_NAMED: Final = 8


class Header(Protocol):
    """The columns of a table, and where they are named."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in their order."""

    @property
    def header_place(self) -> str:
        """Return where the columns are named."""


@dataclass(frozen=True, slots=True)
class Step:
    """How one single entity is found for a case.

    Its id stands in the row of `leader`; or its columns `keys` say for which case it is; or,
    without either, its table has one row for all.
    """

    entity: Entity
    leader: str | None
    keys: tuple[str, ...]


def key_of(entity: Entity) -> str:
    """Return the column by which rows of an entity are known."""
    return entity.key or ID


def plain_facts(entity: Entity) -> Mapping[str, FactDeclaration]:
    """Return the facts that a cell can hold: all but lists."""
    return {name: fact for name, fact in entity.facts.items() if fact.kind != "list"}


def lists_of(entity: Entity, element: str) -> list[FactDeclaration]:
    """Return the lists of an entity that hold rows of another."""
    return [f for f in entity.facts.values() if f.kind == "list" and f.target == element]


class Columns:
    """The columns of all tables of a folder, checked against the vocabulary."""

    def __init__(
        self, vocabulary: Vocabulary, files: Mapping[str, Header], driving: Entity
    ) -> None:
        self.vocabulary = vocabulary
        self.files = files
        self.driving = driving
        self.entities = [vocabulary.entities[name] for name in files if name != CLAIMS]
        self.problems: list[Diagnostic] = []
        self.steps: tuple[Step, ...] = ()
        # The lists of each entity whose rows stand in a table.
        self.lists = {
            name: [f for f in e.facts.values() if f.kind == "list" and f.target in files]
            for name, e in vocabulary.entities.items()
        }
        self._check()
        if not self.problems:
            self.steps = tuple(self._steps())

    def owners(self, element: Entity) -> list[Entity]:
        """Return the entities whose lists the rows of a table may belong to, by its columns."""
        columns = self.files[element.name].columns
        known = [entity for entity in self.entities if entity.name in columns]
        return [e for e in known if e.name not in element.facts and lists_of(e, element.name)]

    def is_linked(self, name: str) -> bool:
        """Tell whether some other table refers to rows of an entity by their id."""
        return any(
            name in file.columns and other != name
            and (other == CLAIMS or name not in self.vocabulary.entities[other].facts)
            for other, file in self.files.items()
        )  # fmt: skip

    def links(self, entity: Entity) -> tuple[str, ...]:
        """Return the columns of a table that are no facts of its entity."""
        return tuple(c for c in self.files[entity.name].columns if c not in plain_facts(entity))

    def _found(self, code: Code, name: str, message: str, hint: str) -> None:
        self.problems.append(fault(code, self.files[name].header_place, message, hint))

    def _check(self) -> None:
        for entity in self.entities:
            legal = set(self._legal_links(entity))
            for column in self.links(entity):
                if column not in legal:
                    self._unknown(entity, column, legal)
            for column in self._needed(entity):
                if column not in self.files[entity.name].columns:
                    hint = f"add a column `{column}`, by which other tables know the rows"
                    message = f"the column `{column}` is missing"
                    self._found(Code.MISSING_KEY, entity.name, message, hint)
            if entity.kind == "element" and not self.owners(entity):
                owners = [e.name for e in self._possible_owners(entity)]
                hint = f"add a column named after the owner of the rows: {', '.join(owners)}"
                message = "no column says whose rows these are"
                self._found(Code.MISSING_KEY, entity.name, message, hint)
        if CLAIMS in self.files:
            self._check_claims()

    def _legal_links(self, entity: Entity) -> Iterator[str]:
        if entity.kind == "element":
            yield LIST
            yield from (e.name for e in self._possible_owners(entity) if e in self.entities)
            return
        if entity.name == PUBLISHED_LIST:
            yield self.driving.name
        if entity.kind == "table":
            return
        singles = [e for e in self.entities if e.kind == "single" and e.name != entity.name]
        yield from (e.name for e in singles)
        if entity.name == self.driving.name:
            yield EVENT
        else:
            yield from plain_facts(self.driving)

    def _possible_owners(self, element: Entity) -> list[Entity]:
        return [e for e in self.vocabulary.entities.values() if lists_of(e, element.name)]

    def _needed(self, entity: Entity) -> Iterator[str]:
        if entity.key is not None:
            yield entity.key
        elif self.is_linked(entity.name):
            yield ID

    def _unknown(self, entity: Entity, column: str, legal: set[str]) -> None:
        if column in entity.facts:
            target = entity.facts[column].target
            hint = f"its rows stand in `{target}.csv`, with a column `{entity.name}`"
            self._found(Code.UNKNOWN_FACT, entity.name, f"`{column}` is a list", hint)
            return
        near = nearest(column, [*plain_facts(entity), *legal])
        some = ", ".join(list(plain_facts(entity))[:_MOST_NAMED])
        hint = f"did you mean `{near}`?" if near else f"facts of {entity.name}: {some}, ..."
        if near is None and column in self.vocabulary.entities:
            hint = f"there is no `{column}.csv` in the folder to join it with"
        message = f"{entity.name} has no such fact as `{column}`, and no table is joined by it"
        self._found(Code.UNKNOWN_FACT, entity.name, message, hint)

    def _check_claims(self) -> None:
        wanted = (self.driving.name, *CLAIM_COLUMNS)
        columns = self.files[CLAIMS].columns
        for column in wanted:
            if column not in columns:
                hint = f"claims have the columns {', '.join(wanted)}"
                message = f"the column `{column}` is missing"
                self._found(Code.MISSING_KEY, CLAIMS, message, hint)
        for column in columns:
            if column not in wanted:
                hint = f"claims have the columns {', '.join(wanted)}"
                self._found(Code.UNKNOWN_FACT, CLAIMS, f"`{column}` is no part of a claim", hint)

    def _steps(self) -> Iterator[Step]:
        """Yield how each single entity is found, those that others depend on first.

        A column named after an entity that is found already says whose row this is; one named
        after an entity not found yet leads on to it.
        """
        known = [self.driving]
        waiting = [e for e in self.entities if e.kind == "single" and e is not self.driving]
        while waiting:
            ways = (self._led, self._keyed, self._alone)
            steps = (way(entity, known) for way in ways for entity in waiting)
            step = next((step for step in steps if step is not None), None)
            if step is None:
                break
            waiting.remove(step.entity)
            known.append(step.entity)
            yield step
        for entity in waiting:
            message = f"nothing leads from `{self.driving.name}` to a row of this table"
            hint = f"add a column `{entity.name}` to `{self.driving.name}.csv`"
            self._found(Code.MISSING_KEY, entity.name, message, hint)

    def _keys(self, entity: Entity, known: list[Entity]) -> tuple[str, ...]:
        names = {e.name for e in known} | plain_facts(self.driving).keys()
        return tuple(column for column in self.links(entity) if column in names)

    def _led(self, entity: Entity, known: list[Entity]) -> Step | None:
        leader = next((e.name for e in known if entity.name in self.links(e)), None)
        if leader is None:
            return None
        for key in self._keys(entity, known):
            message = f"`{leader}.csv` names the row; `{key}` would name it again"
            self._found(Code.UNKNOWN_FACT, entity.name, message, "leave one of the two out")
        return Step(entity, leader, ())

    def _keyed(self, entity: Entity, known: list[Entity]) -> Step | None:
        keys = self._keys(entity, known)
        return Step(entity, None, keys) if keys else None

    def _alone(self, entity: Entity, known: list[Entity]) -> Step | None:
        del known
        leaders = [e for e in self.entities if e.kind == "single" and entity.name in self.links(e)]
        return None if leaders else Step(entity, None, ())
