"""Which orders a change of rules stops, and which it lets pass: by action, each with an order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms
from creditgate.backends.solver.pieces import Formula, either
from creditgate.diff.changed_rules import ChangedRule, Span
from creditgate.diff.differences import book_differs, confirms_book, rule_differs
from creditgate.diff.facts_of_rules import facts_read
from creditgate.diff.meaning_parts import Direction, Effect, Member, Region, Witness
from creditgate.diff.regions import regions
from creditgate.diff.rule_meanings import day_of, governed
from creditgate.diff.smallest import smallest
from creditgate.diff.two_sided import TwoSided
from creditgate.diff.witnesses import Gates
from creditgate.domain.dsl_types import Enum, without_none
from creditgate.prove.search import DISAGREES

HIDDEN = "hidden"


def effects(
    search: TwoSided, span: Span, rules: Sequence[ChangedRule], direction: Direction, gates: Gates
) -> Iterator[Effect]:
    """Yield what a change of some rules does in a direction, one effect an action that they meet."""
    if span.before is None or span.after is None:
        return
    asking = _Asking(search, span, span.before, span.after, rules, direction, gates)
    for action in asking.actions():
        yield asking.effect(action)


class _Asking:
    def __init__(
        self, search: TwoSided, span: Span, before: EventTerms, after: EventTerms,
        rules: Sequence[ChangedRule], direction: Direction, gates: Gates,
    ) -> None:  # fmt: skip
        self.search, self.span, self.direction, self.gates = search, span, direction, gates
        self.before, self.after, self.rules = before, after, rules
        self.named = search.vocabulary.events[span.event].rules_name

    def actions(self) -> Iterator[Member | None]:
        """Yield the actions of orders that the rules decide differently."""
        if self.named is None:
            yield None
            return
        entity, name = self.named
        symbol = self.search.fact_of(entity, name)
        kind = without_none(symbol.fact.type)
        if not isinstance(kind, Enum):
            yield None
            return

        def differ(encoding: Encoding) -> list[Formula]:
            found = [
                rule_differs(encoding, rule.before, rule.after, self.direction)
                for rule in self.rules
            ]
            return [*governed(encoding, self.before, self.after), either(*found)]

        for word, title in self.search.vocabulary.enums[kind.name].members.items():
            here = self.search.is_word(symbol, word)
            drawn = self.search.draw(differ, self.span.days, here, form="any")
            if drawn.found != "none":
                yield Member(word, title)

    def effect(self, action: Member | None) -> Effect:
        """Return the smallest order of an action that is decided differently, and for what else."""
        given = self._given(action)
        before, after, direction = self.before, self.after, self.direction

        def wanted(encoding: Encoding) -> list[Formula]:
            return [book_differs(encoding, before, after, direction), *given]

        search, days, judged = self.search, self.span.days, (before, after)
        confirm = confirms_book(direction)
        preferred = day_of(search, self.span)
        found = search.find(wanted, days, judged, confirm, preferred, proved=False)
        if found.found != "some":
            why = HIDDEN if found.found == "none" else found.why
            return self._made(action, why=why)

        def dated(encoding: Encoding) -> list[Formula]:
            return [*wanted(encoding), *preferred(encoding)]

        made = smallest(search, dated, days, judged, confirm, found.orders[0])
        witness = self.gates.witness(made.order, is_smallest=made.is_smallest)
        if witness is None:
            return self._made(action, why=DISAGREES)
        but = frozenset() if self.named is None else frozenset({".".join(self.named)})
        read = frozenset(
            path for rule in self.rules for side in (rule.before, rule.after)
            if side is not None for path in facts_read(search.vocabulary, side.parts)
        )  # fmt: skip
        where = regions(search, wanted, days, judged, confirm, but, read)
        return self._made(action, witness, where=where)

    def _given(self, action: Member | None) -> list[Formula]:
        if action is None or self.named is None:
            return []
        return self.search.is_word(self.search.fact_of(*self.named), action.name)

    def _made(
        self, action: Member | None, witness: Witness | None = None, why: str = "",
        where: tuple[Region, ...] = (),
    ) -> Effect:  # fmt: skip
        event = self.search.vocabulary.events[self.span.event]
        return Effect(
            event.name, event.title, action, self.direction, witness, why, where, self.span.first,
            self.span.days.last,
        )  # fmt: skip
