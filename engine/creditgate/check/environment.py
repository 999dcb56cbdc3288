"""What names mean while an expression is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from creditgate.check.publication import Publication
from creditgate.domain.dsl_types import Type
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Expr


@dataclass(frozen=True, slots=True)
class FigureSignature:
    """What is known of a figure before its formula is read."""

    type: Type
    of: str | None


@dataclass(frozen=True, slots=True)
class TableSignature:
    """What is known of a table before its rows are read."""

    keys: tuple[Type, ...]
    columns: Mapping[str, Type]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one resolved rulebook."""

    vocabulary: Vocabulary
    currency: str
    trading_calendar: str
    settlement_calendar: str
    parameters: Mapping[str, Type]
    tables: Mapping[str, TableSignature]
    figures: Mapping[str, FigureSignature]
    publication: Publication = field(default_factory=Publication)

    def knows(self, name: str) -> bool:
        """Tell whether a single word is a parameter, a table, a figure or an entity."""
        entity = self.vocabulary.entities.get(name)
        return (
            name in self.parameters
            or name in self.tables
            or (name in self.figures and self.figures[name].of is None)
            or (entity is not None and entity.kind == "single")
        )


@dataclass(frozen=True, slots=True)
class Guards:
    """What is certain where an expression stands.

    `present` are paths (as text) that are not none; `members` the members an enum path can have.
    """

    present: frozenset[str] = frozenset()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def both(self, other: Guards) -> Guards:
        """Return what is certain when both are."""
        merged = dict(self.members)
        for path, members in other.members.items():
            merged[path] = merged[path] & members if path in merged else members
        return Guards(self.present | other.present, merged)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: names, bound variables, guards, what is allowed."""

    names: Names
    variables: Mapping[str, tuple[Expr, str]] = field(default_factory=dict)
    guards: Guards = Guards()
    claims_allowed: bool = False
    base_type: Type | None = None
    subjects: tuple[str, ...] | None = None

    def assuming(self, guards: Guards) -> Scope:
        """Return the scope with more that is certain."""
        return replace(self, guards=self.guards.both(guards))

    def without_claims(self) -> Scope:
        """Return the scope in which claims may not stand."""
        return replace(self, claims_allowed=False) if self.claims_allowed else self

    def binding(self, name: str, record: Expr, entity: str) -> Scope:
        """Return the scope with one more variable."""
        return replace(self, variables={**self.variables, name: (record, entity)})
