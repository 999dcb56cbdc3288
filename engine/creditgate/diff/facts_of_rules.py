"""Which facts rules read, whichever record they are of."""

from __future__ import annotations

from collections.abc import Iterable

from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary
from creditgate.lowered.terms import Op, Reading, Term, reachable


def facts_read(vocabulary: Vocabulary, roots: Iterable[Term]) -> frozenset[str]:
    """Return the facts that terms read, as `entity.fact`.

    Whose fact it is, is known by where the record comes from: the root of an entity, what a
    reference points to, a row of a list.
    """
    named = {attribute(name): name for name in vocabulary.entities}
    entities: dict[int, str] = {}
    found = set()
    for term in reachable(roots):
        match term.op, term.own:
            case Op.ROOT, own:
                entities[term.index] = named.get(str(own), "")
            case Op.ROW, (_, str(label)):
                entities[term.index] = label
            case ((Op.RECORD | Op.READ), own):
                holder = entities.get(term.parts[0].index, "")
                name = own.attribute if isinstance(own, Reading) else str(own)
                fact = _fact(vocabulary, holder, name)
                if fact is not None:
                    found.add(f"{holder}.{fact.name}")
                    entities[term.index] = fact.target or ""
            case _:
                pass
    return frozenset(found)


def _fact(vocabulary: Vocabulary, entity: str, name: str) -> FactDeclaration | None:
    declared = vocabulary.entities.get(entity)
    for fact in () if declared is None else declared.facts.values():
        if name in (attribute(fact.name), record_attribute(fact.name)):
            return fact
    return None
