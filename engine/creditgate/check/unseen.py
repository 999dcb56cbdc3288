"""Nothing is approved unseen: what no known rule looks at is not known to be governed.

Every day of a rulebook has a rule for every order (`check.actions`). As known on some day it may
have none, where the rules that came later are left out; then it is unknown whether it governs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from creditgate.check.actions import Looks, all_members, looked_at, members_looked_at
from creditgate.domain.dsl_types import BOOLEAN, DATE, Record, SetOf
from creditgate.domain.vocabulary import Event, Vocabulary
from creditgate.ir.nodes import And, Apply, AsOf, Expr, Fact, Literal, Not, Or, Root, Unpublished
from creditgate.ir.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Unseen:
    """Days (ordinals) on which no known rule looks at some members, or (None) at an event."""

    start: int
    end: int | None
    members: frozenset[str] | None


def guarded(known: Rulebook, whole: Rulebook) -> Rulebook:
    """Return a rulebook as known, which governs only what a known rule looks at.

    `whole` is the rulebook with everything in it.
    """
    if known.known_on is None or not known.is_known:
        return known
    governs = {}
    for name, node in known.governs.items():
        event = known.vocabulary.events[name]
        conditions = [
            _condition(stretch, event, known.vocabulary, known.known_on)
            for stretch in _stretches(event, known, whole)
        ]
        governs[name] = And(BOOLEAN, (node, *conditions)) if conditions else node
    return replace(known, governs=governs)


def _stretches(event: Event, known: Rulebook, whole: Rulebook) -> Iterator[Unseen]:
    days = sorted({*known.change_days(), *whole.change_days()})
    following = dict(pairwise(days))
    looks = members_looked_at(known, event), members_looked_at(whole, event)
    every = all_members(event, known.vocabulary)
    for members, group in groupby(days, lambda day: _unseen(event, every, *looks, day)):
        stretch = list(group)
        if members is None or members:
            after = following.get(stretch[-1])
            yield Unseen(stretch[0], None if after is None else after - 1, members)


def _unseen(
    event: Event, every: frozenset[str], known: Looks, whole: Looks, day: int
) -> frozenset[str] | None:
    """Return the members that no known rule looks at; None for the whole event."""
    seen = looked_at(known, every, day)
    if event.rules_name is None:
        return frozenset() if seen is not None or looked_at(whole, every, day) is None else None
    return every - (seen or frozenset())


def _condition(stretch: Unseen, event: Event, vocabulary: Vocabulary, known_on: int) -> Expr:
    """Return a condition that is unknown for what is unseen, and true for everything else."""
    day, words = AsOf(DATE), event.name
    others: list[Expr] = [Apply(BOOLEAN, "less", (day, Literal(DATE, stretch.start)))]
    if stretch.end is not None:
        others.append(Apply(BOOLEAN, "greater", (day, Literal(DATE, stretch.end))))
    if stretch.members is not None and event.rules_name is not None:
        entity, name = event.rules_name
        declared = vocabulary.entities[entity].facts[name]
        fact = Fact(declared.type, Root(Record(entity), entity), name, declared.scale)
        named = Literal(SetOf(declared.type), stretch.members)
        others.append(Not(BOOLEAN, Apply(BOOLEAN, "member", (fact, named))))
        words = f"{entity}.{name} {', '.join(sorted(stretch.members))}"
    return Or(BOOLEAN, (*others, Unpublished(BOOLEAN, words, known_on)))
