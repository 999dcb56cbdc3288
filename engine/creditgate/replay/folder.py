"""The folder of fact tables beside the orders: one file an entity, and the columns of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.suggest import nearest
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, Vocabulary
from creditgate.replay.arrow_head import AS_OF
from creditgate.replay.sources import SUFFIXES, InputRefused, Source, opened
from creditgate.tables.columns import CLAIMS, Columns


@dataclass(frozen=True, slots=True)
class Headed:
    """The columns of a table without `as_of`, which says when a row holds and is no fact."""

    columns: tuple[str, ...]
    header_place: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The orders and the tables beside them, opened, with what their columns mean."""

    orders: Source
    tables: Mapping[str, Source]
    columns: Columns

    @property
    def entity(self) -> Entity:
        """Return the entity whose rows are the cases."""
        return self.columns.driving

    def is_as_of(self, name: str) -> bool:
        """Tell whether the rows of a table hold from an instant or a day on."""
        return AS_OF in self.tables[name].columns


def opened_folder(orders: Path, facts: Path | None, vocabulary: Vocabulary) -> Folder:
    """Open the orders and all tables of a folder.

    Errors: InputRefused with every mistake of a name or a header.
    """
    entity = vocabulary.entities[vocabulary.events[DEFAULT_EVENT].dated_by[0]]
    problems: list[Diagnostic] = []
    driving = _opened(orders, entity, vocabulary, problems, has_lists=True)
    tables: dict[str, Source] = {}
    for file in _files(facts, problems):
        known = _entity_named(file, vocabulary, problems)
        if known is None:
            continue
        if known == entity.name:
            message, hint = "the orders are given already", "take this table out of the folder"
            problems.append(fault(Code.DUPLICATE_RECORD, str(file), message, hint))
        elif known in tables:
            message = f"`{tables[known].path.name}` holds the same entity"
            hint = "put the rows into one table"
            problems.append(fault(Code.DUPLICATE_RECORD, str(file), message, hint))
        else:
            table = _opened(file, vocabulary.entities.get(known), vocabulary, problems)
            if table is not None:
                tables[known] = table
    if driving is None or problems:
        raise InputRefused(*problems)
    files = {entity.name: driving, **tables}
    headed = {name: _headed(name, source, entity) for name, source in files.items()}
    columns = Columns(vocabulary, headed, entity)
    for name in driving.lists:
        if entity.facts[name] in columns.lists[entity.name]:
            message = f"`{name}` stands in the rows, and in `{tables[entity.facts[name].target or ''].path.name}`"
            columns.problems.append(
                fault(
                    Code.DUPLICATE_RECORD, driving.header_place, message, "take out one of the two"
                )
            )
    if columns.problems:
        raise InputRefused(*columns.problems)
    return Folder(driving, tables, columns)


def _headed(name: str, source: Source, driving: Entity) -> Headed:
    # Claims and daily lists say themselves when they were made and for which day they are.
    if name in {driving.name, CLAIMS, PUBLISHED_LIST}:
        return Headed(source.columns, source.header_place)
    columns = tuple(column for column in source.columns if column != AS_OF)
    return Headed(columns, source.header_place)


def _opened(
    path: Path, entity: Entity | None, vocabulary: Vocabulary, problems: list[Diagnostic], *,
    has_lists: bool = False,
) -> Source | None:  # fmt: skip
    try:
        source = opened(path, entity, vocabulary, has_lists=has_lists)
    except InputRefused as refused:
        problems += refused.diagnostics
        return None
    problems += source.problems
    return source


def _files(folder: Path | None, problems: list[Diagnostic]) -> list[Path]:
    """Return the tables of a folder; files of other kinds are passed over."""
    if folder is None:
        return []
    try:
        return sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    except OSError as problem:
        message = (problem.strerror or "the folder cannot be read").lower()
        problems.append(fault(Code.NO_FILE, str(folder), message))
        return []


def _entity_named(file: Path, vocabulary: Vocabulary, problems: list[Diagnostic]) -> str | None:
    tables = vocabulary.tables()
    entity = vocabulary.entities.get(file.stem) or tables.get(file.stem)
    if entity is not None:
        return entity.name
    if file.stem == CLAIMS:
        return CLAIMS
    near = nearest(file.stem, [*vocabulary.entities, *tables, CLAIMS])
    hint = (
        f"did you mean `{near}{file.suffix}`?" if near else "`creditgate facts` lists the entities"
    )
    problems.append(fault(Code.UNKNOWN_FACT, str(file), "no entity has this name", hint))
    return None
