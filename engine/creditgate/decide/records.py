"""Record types for facts, made from the vocabulary; JSON is decoded straight into them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from types import GenericAlias
from typing import Annotated, Any, Final, Literal

import msgspec

from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

MOST_TEXT: Final = 1_000
MOST_ROWS: Final = 10_000
# A number of at most fifteen digits is got back from the nearest double exactly.
MOST_CARRIED: Final = 10**15 - 1
_NUMBERS: Final = frozenset({"count", "number", "ratio", "quantity", "money", "price"})

Text = Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]
Nothing = Annotated[int, msgspec.Meta(gt=0, lt=0)]
Author = Annotated[str, msgspec.Meta(max_length=MOST_TEXT, pattern=r"\S")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ClaimRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A claim as it stands in a facts document."""

    claim: Text
    by: Author
    at: Moment


class RecordTypes:
    """The record classes of a vocabulary, by entity, and that of a whole facts document.

    `carrier` is what a number with decimals is decoded into before it becomes a scaled integer:
    a Decimal, or a float (a number written as text stays text until then).
    """

    def __init__(self, vocabulary: Vocabulary, carrier: type = Decimal) -> None:
        self.vocabulary = vocabulary
        self._carrier = carrier
        self.classes: dict[str, type[msgspec.Struct]] = {}
        for name in _inner_first(vocabulary):
            self.classes[name] = self._entity(vocabulary.entities[name])
        self.document = self._document()

    def _entity(self, entity: Entity) -> type[msgspec.Struct]:
        fields: list[Any] = []
        rename: dict[str, str] = {}
        for fact in entity.facts.values():
            kind = self._kind(fact)
            annotation = kind | None if fact.may_be_none else kind
            if fact.name == entity.key:
                fields.append((attribute(fact.name), annotation))  # a row without its key is none
            else:
                fields.append((attribute(fact.name), annotation | msgspec.UnsetType, msgspec.UNSET))
            if attribute(fact.name) != fact.name:
                rename[attribute(fact.name)] = fact.name
            if fact.kind == "reference":
                # Set by the reader for every record; no document can write anything here.
                pointer = record_attribute(fact.name)
                fields.append((pointer, Nothing | msgspec.UnsetType, msgspec.UNSET))
                rename[pointer] = f"~{pointer}"
        return msgspec.defstruct(
            entity.name,
            fields,
            namespace={"RECORD_KEY": entity.key},
            rename=rename,
            forbid_unknown_fields=True,
            omit_defaults=True,
            kw_only=True,
            gc=False,
        )

    def _kind(self, fact: FactDeclaration) -> Any:
        match fact.kind:
            case "boolean":
                return bool
            case "date":
                return date
            case "time":
                return time
            case "instant":
                return Moment
            case "duration":
                return int
            case "enum":
                return Literal[tuple(self.vocabulary.enums[fact.target or ""].members)]
            case "set" if fact.target != "text":
                members = self.vocabulary.enums[fact.target or ""].members
                return GenericAlias(frozenset, (Literal[tuple(members)],))
            case "set":
                return frozenset[Text]
            case "list":
                return GenericAlias(list, (self.classes[fact.target or ""],))
            case kind if kind in _NUMBERS:
                return self._number(fact)
            case _:
                return Text

    def _number(self, fact: FactDeclaration) -> Any:
        if self._carrier is Decimal:
            return int | Decimal
        low, high = Fraction(fact.low or 0), Fraction(fact.high or 0)
        carried = MOST_CARRIED // 10**fact.scale
        whole = msgspec.Meta(ge=ceil(low), le=floor(high))
        broken = msgspec.Meta(ge=float(max(low, -carried)), le=float(min(high, carried)))
        return Annotated[int, whole] | Annotated[float, broken] | str

    def _document(self) -> type[msgspec.Struct]:
        fields: list[Any] = [("event", Text | msgspec.UnsetType, msgspec.UNSET)]
        for entity in self.vocabulary.entities.values():
            if entity.kind == "single":
                kind = self.classes[entity.name]
                fields.append((attribute(entity.name), kind | msgspec.UnsetType, msgspec.UNSET))
            elif entity.list_name is not None:
                rows = GenericAlias(list, (self.classes[entity.name],))
                fields.append((entity.list_name, rows | msgspec.UnsetType, msgspec.UNSET))
        fields.append(("claims", list[ClaimRecord] | msgspec.UnsetType, msgspec.UNSET))
        return msgspec.defstruct(
            "Document", fields, forbid_unknown_fields=True, omit_defaults=True, gc=False
        )


def is_number(fact: FactDeclaration) -> bool:
    """Tell whether a fact is held as a scaled number."""
    return fact.kind in _NUMBERS


def _inner_first(vocabulary: Vocabulary) -> list[str]:
    order: list[str] = []
    entities: Mapping[str, Entity] = vocabulary.entities

    def visit(name: str) -> None:
        if name in order:
            return
        for fact in entities[name].facts.values():
            if fact.kind == "list" and fact.target is not None and fact.target != name:
                visit(fact.target)
        order.append(name)

    for name in entities:
        visit(name)
    return order
