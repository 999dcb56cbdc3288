"""What facts, figures, parameters and tables are called in a sentence: by their titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from creditgate.backends.words.constants import Grammar
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Record, without_none
from creditgate.ir.formula_text import shown_key
from creditgate.ir.nodes import (
    Expr,
    Fact,
    FigureUse,
    Named,
    Parameter,
    Root,
    Row,
    TableCell,
    Variable,
)
from creditgate.ir.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the row an aggregate speaks of, and names for other records.

    `spoken` is what the clause before spoke of: its next mention is a pronoun. In `tests` the
    facts of the row have their article, which formulas leave out. `entity` is what the row is one of.
    """

    row: str | None = None
    entity: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    spoken: Expr | None = None
    tests: bool = False

    def over(self, variable: Variable, title: str) -> Scope:
        """Return the scope inside an aggregate over records of that title."""
        record = variable.type
        entity = record.entity if isinstance(record, Record) else None
        return Scope(variable.name, entity, {**self.named, variable.name: title})

    def speaking_of(self, node: Expr | None) -> Scope:
        """Return the scope of a clause that follows one about `node`."""
        return self if self.spoken is node else replace(self, spoken=node)

    def of_tests(self) -> Scope:
        """Return the scope in a condition."""
        return self if self.tests else replace(self, tests=True)


@dataclass(frozen=True, slots=True)
class Noun:
    """A title with the record it belongs to.

    `single` is the title of the entity where there is one record of it; `row` says that the
    record is the row an aggregate speaks of, so that nothing needs to be said of it.
    """

    title: str
    record: str | None = None
    single: str | None = None
    row: bool = False


class Nouns:
    """Names the things of one rulebook in one language."""

    def __init__(self, rulebook: Rulebook, grammar: Grammar) -> None:
        self.rulebook = rulebook
        self.grammar = grammar

    def noun(self, node: Expr, scope: Scope) -> Noun | None:
        """Return what an expression is called, or None where it has no title."""
        match node:
            case Fact(record=record, name=name):
                return self._of(record, self._fact_title(record, name), scope)
            case FigureUse(name=name, subject=subject):
                return self._figure(name, subject, scope)
            case Parameter(name=name):
                return Noun(self._title(self.rulebook.parameters, name))
            case TableCell(name=name):
                return Noun(self._title(self.rulebook.tables, name))
            case Named(kind="figure", name=name, subject=subject):
                return self._figure(name.rsplit("/", 1)[-1], subject, scope)
            case Named(kind=kind, name=name):
                source = self.rulebook.tables if kind == "table" else self.rulebook.parameters
                return Noun(self._title(source, name))
            case _:
                return None

    def text(self, noun: Noun, scope: Scope) -> str:
        """Return a noun as it stands in a sentence."""
        grammar = self.grammar
        if noun.row and not scope.tests:
            return grammar.name(noun.title)
        if noun.row:
            return grammar.definite(noun.title)
        if noun.single is not None:
            text = grammar.of_single(noun.single, noun.title)
            is_bare = text == grammar.definite(noun.title)
            if is_bare and self._is_of_row_too(noun, scope):
                return grammar.of_judged(noun.single, noun.title)
            return text
        if noun.record is not None:
            return grammar.of_record(noun.record, noun.title)
        return grammar.definite(noun.title)

    def _is_of_row_too(self, noun: Noun, scope: Scope) -> bool:
        """Tell whether the row that is spoken of has something of that title as well."""
        entity = self.rulebook.vocabulary.entities.get(scope.entity or "")
        titles = (
            () if entity is None else (f.title.of(self.grammar.id) for f in entity.facts.values())
        )
        return noun.title in titles

    def record(self, node: Expr, scope: Scope) -> str:
        """Return the words for a record."""
        match node:
            case Root(entity=entity):
                return self.grammar.record(self.entity_title(entity))
            case Variable(name=name) if name == scope.row:
                return self.grammar.phrases["row"]
            case Variable(name=name):
                return self.grammar.record(scope.named.get(name, name.partition("#")[0]))
            case Row(type=Record(entity=entity), key=key):
                return self.grammar.record(f"{self.entity_title(entity)} {shown_key(key)}")
            case _:
                noun = self.noun(node, scope)
                if noun is None:
                    return self.grammar.phrases["row"]
                return self.text(noun, scope.of_tests())

    def entity_title(self, entity: str) -> str:
        """Return the title of an entity."""
        return self.rulebook.vocabulary.entities[entity].title.of(self.grammar.id)

    def record_of_key(self, node: Expr) -> Expr:
        """Return the record itself where an expression is the key of a record."""
        if isinstance(node, Fact):
            holder = without_none(node.record.type)
            entities = self.rulebook.vocabulary.entities
            if isinstance(holder, Record) and entities[holder.entity].key == node.name:
                return node.record
        return node

    def column(self, node: TableCell) -> str | None:
        """Return the title of the column that a cell stands in, or None where it has none."""
        table = self.rulebook.tables.get(node.name)
        title = None if table is None else table.column_titles.get(node.column)
        return None if title is None else self.grammar.definite(title.of(self.grammar.id))

    def _figure(self, name: str, subject: Expr | None, scope: Scope) -> Noun:
        title = self._title({**self.rulebook.declared, **self.rulebook.figures}, name)
        return Noun(title) if subject is None else self._of(subject, title, scope)

    def _of(self, record: Expr, title: str, scope: Scope) -> Noun:
        match record:
            case Root(entity=entity):
                return Noun(title, single=self.entity_title(entity))
            case Variable(name=name) if name != scope.row and name in scope.named:
                return Noun(title, single=scope.named[name])
        inner: Expr = record
        while isinstance(inner, Fact):
            inner = inner.record
        if isinstance(inner, Variable) and inner.name == scope.row:
            return Noun(title, self.record(record, scope), row=True)
        return Noun(title, self.record(record, scope))

    def _fact_title(self, record: Expr, name: str) -> str:
        holder = without_none(record.type)
        assert isinstance(holder, Record)
        declared = self.rulebook.vocabulary.fact(holder.entity, name)
        return name if declared is None else declared.title.of(self.grammar.id)

    def _title(self, source: Mapping[str, object], name: str) -> str:
        found = source.get(name)
        title = found if isinstance(found, Bilingual) else getattr(found, "title", None)
        return title.of(self.grammar.id) if isinstance(title, Bilingual) else name.replace("_", " ")


def same_thing(left: Expr, right: Expr) -> bool:
    """Tell whether two expressions name the same fact, figure, parameter or record."""
    match left, right:
        case (Root(entity=a), Root(entity=b)):
            return a == b
        case (Variable(name=a), Variable(name=b)) | (Parameter(name=a), Parameter(name=b)):
            return a == b
        case (Fact(record=r, name=a), Fact(record=s, name=b)):
            return a == b and same_thing(r, s)
        case (FigureUse(name=a, subject=r), FigureUse(name=b, subject=s)):
            if r is None or s is None:
                return a == b and r is s
            return a == b and same_thing(r, s)
        case _:
            return False
