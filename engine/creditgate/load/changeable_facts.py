"""Which facts may be marked as changeable, and by what: numbers and dates, in directions they have."""

from __future__ import annotations

from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.domain.dsl_types import Number, is_ordered, without_none
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary
from creditgate.load.located import Map
from creditgate.load.reading import map_at, span_of, text_at

OF_MOMENTS: Final = ("earlier", "later")
OF_NUMBERS: Final = ("lower", "higher")


def check_changeable(file: Map, vocabulary: Vocabulary, collector: Collector) -> None:
    """Report facts of an entity that are marked as what they cannot be."""
    entity = vocabulary.entities.get(text_at(file, "entity"))
    if entity is None:
        return
    for key, node in map_at(file, "facts").entries:
        fact = entity.facts.get(key.value)
        if isinstance(node, Map) and fact is not None and fact.changeable is not None:
            _check(entity, fact, map_at(node, "changeable"), vocabulary, collector)


def _check(
    entity: Entity, fact: FactDeclaration, node: Map, vocabulary: Vocabulary, collector: Collector
) -> None:
    assert fact.changeable is not None
    words = directions(fact)
    for word in fact.changeable.to:
        if word not in words:
            known = " or ".join(words) or "nothing: it is neither a number nor a date"
            message = f"`{entity.name}.{fact.name}` cannot become {word}"
            span = span_of(node, "to")
            collector.add(error(Code.WRONG_PLACE, message, span, hint=f"it may become {known}"))
    step = fact.changeable.step
    if step is not None:
        declared = vocabulary.fact(*step)
        single = declared is not None and vocabulary.entities[step[0]].kind == "single"
        if declared is None or not single or without_none(declared.type) != without_none(fact.type):
            message = f"`{'.'.join(step)}` is no step of `{entity.name}.{fact.name}`"
            hint = "name a fact of the same type in a single record"
            collector.add(error(Code.WRONG_PLACE, message, span_of(node, "step"), hint=hint))
    for owner, name in fact.changeable.within:
        declared = vocabulary.fact(owner, name)
        if declared is None or declared.kind != "list" or declared.target != entity.name:
            message = f"`{owner}.{name}` is no list of `{entity.name}`"
            collector.add(error(Code.UNKNOWN_NAME, message, span_of(node, "in")))
    if (entity.kind == "element") != bool(fact.changeable.within):
        message = "`in` names the lists of an element, and of nothing else"
        collector.add(error(Code.WRONG_PLACE, message, node.span))


def directions(fact: FactDeclaration) -> tuple[str, ...]:
    """Return the words for the directions in which a fact may be changed; none where it has none."""
    kind = without_none(fact.type)
    if fact.kind in {"date", "time", "instant"}:
        return OF_MOMENTS
    return OF_NUMBERS if isinstance(kind, Number) or is_ordered(kind) else ()
