"""Figures: named formulas with their versions."""

from __future__ import annotations

from dataclasses import replace

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.suggest import nearest
from creditgate.check.context import fresh
from creditgate.check.environment import FigureSignature, Names, Scope
from creditgate.check.parameters import check_order
from creditgate.check.phrases import formula
from creditgate.check.publication import ALWAYS, NOTHING_KNOWN
from creditgate.check.types import type_from_words
from creditgate.domain.citation import Bilingual, Source
from creditgate.domain.dsl_types import FAILED, Record
from creditgate.domain.timeline import Timeline
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Unpublished, Variable
from creditgate.ir.rulebook import FigureDefinition, FigureVersion
from creditgate.load.located import Map, Node, Text
from creditgate.load.reading import (
    bilingual_at,
    day_at,
    map_at,
    maps_at,
    source_at,
    span_of,
    text_at,
)


def figure_signature(
    node: Map, declared: FigureSignature | None, currency: str, vocabulary: Vocabulary,
    collector: Collector,
) -> FigureSignature:  # fmt: skip
    """Return the type and the entity of a figure, stated or inherited."""
    words = text_at(node, "unit")
    if not words and declared is not None:
        return declared
    kind = type_from_words(words, currency, vocabulary)
    if kind is None:
        collector.add(error(Code.TYPE_MISMATCH, f"`{words}` is not a type", span_of(node, "unit")))
        kind = FAILED
    of = text_at(node, "of") or (declared.of if declared else None) or None
    if of is not None and of not in vocabulary.entities:
        near = nearest(of, vocabulary.entities)
        hint = f"did you mean `{near}`?" if near else "entities stand in the vocabulary"
        message = f"there is no entity `{of}`"
        collector.add(error(Code.UNKNOWN_NAME, message, span_of(node, "of"), hint=hint))
        of = None
    return FigureSignature(kind, of)


def figure_from_map(
    name: str, node: Map, chapter: Bilingual, origin: str, signature: FigureSignature,
    inherited: FigureDefinition | None, names: Names, collector: Collector,
) -> FigureDefinition:  # fmt: skip
    """Return a figure with its formulas typed."""
    scope = Scope(names)
    variable = None
    if signature.of is not None:
        word = text_at(node, "as", signature.of)
        variable = fresh(word)
        scope = scope.binding(word, Variable(Record(signature.of), variable), signature.of)
    if inherited is not None:
        scope = replace(scope, base_type=signature.type)
    whole = source_at(node, collector)
    versions: list[tuple[int, FigureVersion]] = []
    for entry in maps_at(node, "versions"):
        day = day_at(entry, "from", collector)
        if day is not None:
            text = entry.get("formula")
            source = names.publication.source(entry, day, collector, otherwise=whole)
            versions.append((day, _version(text, signature, scope, source, collector)))
    check_order([(day, version.span) for day, version in versions], collector)
    versions = names.publication.known(
        versions,
        lambda day: FigureVersion(Unpublished(signature.type, name, day), "", NOTHING_KNOWN),
    )
    if node.get("formula") is not None:
        text = node.get("formula")  # without versions: it holds for as long as its rulebook
        versions = [(ALWAYS, _version(text, signature, scope, whole, collector))]
    title = bilingual_at(node) if map_at(node, "title").entries else None
    return FigureDefinition(
        name,
        origin,
        inherited.chapter if inherited else chapter,
        title or (inherited.title if inherited else Bilingual(name, name)),
        signature.type,
        signature.of,
        variable,
        text_at(node, "stricter") or (inherited.stricter if inherited else None),
        Timeline(tuple(versions)),
        inherited,
        node.span,
    )


def _version(
    text: Node | None, signature: FigureSignature, scope: Scope, source: Source,
    collector: Collector,
) -> FigureVersion:  # fmt: skip
    value = formula(text, signature.type, scope, collector)
    assert isinstance(text, Text)
    return FigureVersion(value, text.value, source, text.span)
