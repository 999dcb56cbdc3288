"""What daily lists may carry: each fact at most once, and none by which others are found or dated."""

from __future__ import annotations

from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Label, error
from creditgate.base.spans import Span
from creditgate.base.suggest import nearest
from creditgate.domain.vocabulary import PUBLISHED_LIST, Vocabulary
from creditgate.load.located import Map, Text
from creditgate.load.reading import items_at

# What a row of a facts document says of a list, with the kind of each fact.
STATED: Final = {"id": "text", "day": "date", "source": "text", "checksum": "text"}


def check_lists(lists: list[Map], vocabulary: Vocabulary, collector: Collector) -> None:
    """Report what the lists of a vocabulary carry that they cannot."""
    if lists:
        _check_table(vocabulary, lists[0].span, collector)
    carried: dict[str, Span] = {}
    for node in lists:
        for item in items_at(node, "carries"):
            if not isinstance(item, Text):
                continue
            if item.value in carried:
                collector.add(
                    error(
                        Code.DUPLICATE_NAME,
                        f"two lists carry `{item.value}`",
                        item.span,
                        secondary=(Label(carried[item.value], "the other list"),),
                        hint="let one of the two carry it",
                    )
                )
            carried.setdefault(item.value, item.span)
            _check_fact(item, vocabulary, collector)


def _check_table(vocabulary: Vocabulary, span: Span, collector: Collector) -> None:
    entity = vocabulary.entities.get(PUBLISHED_LIST)
    facts = {} if entity is None else {name: fact.kind for name, fact in entity.facts.items()}
    if entity is None or (entity.kind, entity.key, facts) != ("table", "id", STATED):
        words = ", ".join(f"`{name}` ({kind})" for name, kind in STATED.items())
        message = f"no table `{PUBLISHED_LIST}` says of which day lists are"
        hint = f"declare it as an entity of `kind: table` with {words}, the first being its key"
        collector.add(error(Code.UNKNOWN_NAME, message, span, hint=hint))


def _check_fact(item: Text, vocabulary: Vocabulary, collector: Collector) -> None:
    holder, _, name = item.value.partition(".")
    entity = vocabulary.entities.get(holder)
    if entity is None or name not in entity.facts:
        known = [f"{e.name}.{fact}" for e in vocabulary.entities.values() for fact in e.facts]
        near = nearest(item.value, known)
        hint = f"did you mean `{near}`?" if near else "facts are declared in the vocabulary"
        message = f"there is no fact `{item.value}`"
        collector.add(error(Code.UNKNOWN_NAME, message, item.span, hint=hint))
        return
    why = None
    if name == entity.key:
        why = "records are found by it"
    elif any((holder, name) == event.dated_by for event in vocabulary.events.values()):
        why = "it dates an event"
    elif entity.name == PUBLISHED_LIST:
        why = "it says something of a list"
    elif entity.kind == "element":
        why = "it stands in rows of another record"
    if why is not None:
        hint = "a list carries facts of single records and of tables, other than keys and dates"
        message = f"no list carries `{item.value}`: {why}"
        collector.add(error(Code.WRONG_PLACE, message, item.span, hint=hint))
