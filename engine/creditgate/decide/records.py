"""Record types for facts, made from the vocabulary; JSON is decoded straight into them."""

from __future__ import annotations

from collections.abc import Mapping, Set
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
    a Decimal, or a float (a number written as text stays text until then). No document can hold
    facts that only `asked` declares: whoever asks records for them finds that they are missing.
    Without a fact that is `always` given a record is refused.
    """

    def __init__(
        self, vocabulary: Vocabulary, carrier: type = Decimal, asked: Vocabulary | None = None,
        always: Set[tuple[str, str]] = frozenset(),
    ) -> None:  # fmt: skip
        self.vocabulary = vocabulary
        self._carrier = carrier
        self._asked, self._always = asked or vocabulary, always
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
            if fact.name == entity.key or (entity.name, fact.name) in self._always:
                fields.append((attribute(fact.name), annotation))  # no record without it
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
            namespace={"RECORD_KEY": entity.key, **self._never_given(entity)},
            rename=rename,
            forbid_unknown_fields=True,
            omit_defaults=True,
            kw_only=True,
            gc=False,
        )

    def _never_given(self, entity: Entity) -> dict[str, Any]:
        asked = self._asked.entities[entity.name].facts.values()
        others = [fact for fact in asked if fact.name not in entity.facts]
        names = [attribute(fact.name) for fact in others]
        names += [record_attribute(fact.name) for fact in others if fact.kind == "reference"]
        return dict.fromkeys(names, msgspec.UNSET)

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
        never_given: dict[str, Any] = {}
        for entity in self._asked.entities.values():
            name = attribute(entity.name) if entity.kind == "single" else entity.list_name
            kind: Any = self.classes.get(entity.name)
            if name is None:
                continue
            if kind is None:
                never_given[name] = msgspec.UNSET
                continue
            kind = kind if entity.kind == "single" else GenericAlias(list, (kind,))
            fields.append((name, kind | msgspec.UnsetType, msgspec.UNSET))
        fields.append(("claims", list[ClaimRecord] | msgspec.UnsetType, msgspec.UNSET))
        return msgspec.defstruct(
            "Document", fields, namespace=never_given, forbid_unknown_fields=True,
            omit_defaults=True, gc=False,
        )  # fmt: skip


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
