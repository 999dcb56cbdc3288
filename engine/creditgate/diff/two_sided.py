"""Look for an order that two rulebooks decide differently, or prove that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

from creditgate.backends.solver.asking import TIME, Asking, Reply, is_contradiction
from creditgate.backends.solver.compared_rows import ComparedRows
from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.found_facts import FoundFacts, found_facts
from creditgate.backends.solver.outcomes import EventTerms, event_terms
from creditgate.backends.solver.pieces import Formula, NotEncodable
from creditgate.backends.solver.symbols import Handle, Symbol
from creditgate.diff.stands import Pair, Stand
from creditgate.domain.dsl_types import Enum, without_none
from creditgate.ir.specialise import epoch_bounds
from creditgate.lowered.recursion import room_to_recurse
from creditgate.prove.answers import Order
from creditgate.prove.documents import document
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import LISTS, NOT_ENCODABLE, Confirm, Days, Found, Search, Wanted

QUICK: Final = 0.1
#: Everything known and lists empty; no words of enums as names; anything.
Form = Literal["simple", "plain", "any"]
DRAWN: Final = 0.5


class TwoSided(Search):
    """A search over one event of a pair; each side is judged by the law that it stands for."""

    def __init__(self, pair: Pair, event: str, seconds: float) -> None:
        super().__init__(list(pair.books), event, seconds)
        self.pair = pair
        self._stands = {stand.book.id: stand for stand in (pair.before, pair.after)}
        self._said: dict[tuple[str, int], EventTerms] = {}

    def stands(self, stand: Stand, day: int) -> EventTerms | None:
        """Return what a side says of the event on a day; None where it says nothing."""
        epoch = stand.epoch(self._start(stand, day)) if self.event in stand.book.governs else None
        if epoch is None:
            return None
        key = stand.book.id, epoch.start
        if key not in self._said:
            with room_to_recurse():
                self._said[key] = event_terms(self.terms, epoch, self.event)
        return self._said[key]

    @staticmethod
    def _start(stand: Stand, day: int) -> int:
        """Return the first of the days on which the law is that of a day."""
        bounds = None if stand.on is not None else epoch_bounds(stand.book, day)
        return day if bounds is None else bounds[0]

    def find(
        self, wanted: Wanted, days: Days, judged: Sequence[EventTerms], confirm: Confirm,
        preferred: Wanted | None = None, *,
        doubted: bool = False,  # noqa: ARG002  # the order of steps is the same for all
        proved: bool = True,
    ) -> Found:  # fmt: skip
        """Look for an order for which all that is wanted holds.

        A simple order is looked for first, then a proof that there is none, then any order. Without
        `proved` lists longer than a few rows are left out of account, and "none" is no proof.
        """
        with room_to_recurse():
            try:
                return self._sought(wanted, days, judged, confirm, preferred, proved=proved)
            except NotEncodable as problem:
                return Found("unknown", why=NOT_ENCODABLE, about=str(problem))

    def _sought(
        self, wanted: Wanted, days: Days, judged: Sequence[EventTerms], confirm: Confirm,
        preferred: Wanted | None, *, proved: bool,
    ) -> Found:  # fmt: skip
        exact = self._exact
        conditions = [*self.on(exact, days), *wanted(exact)]
        if any(condition is False for condition in conditions):
            return Found("none")
        simple = [*self._simple(), *([] if preferred is None else preferred(exact))]
        reply = self._asking.ask([*conditions, *simple], self.seconds / 2)
        if reply.found == "some":
            found = self._shown(reply, judged, confirm)
            if found.found == "some":
                return found
        if proved and self._refuted(wanted, days, quickly=True).found == "none":
            return Found("none")
        reply = self._asking.ask(conditions, self.seconds, simple)
        if reply.found == "some":
            return self._shown(reply, judged, confirm)
        if reply.found == "none" and not (proved and self._lists.lists):
            return Found("none")
        if proved and self._refuted(wanted, days, quickly=False).found == "none":
            return Found("none")
        return Found("unknown", why=LISTS if reply.found == "none" else reply.why)

    def _refuted(
        self, wanted: Wanted, days: Days, *, quickly: bool,
        needed: frozenset[int] | None = None,  # noqa: ARG002  # all conditions are few here
    ) -> Reply:  # fmt: skip
        """Try to prove, for lists of any length, that there is no such order."""
        lists = ComparedRows()
        encoding = Encoding(self.vocabulary, self._calendars, lists)
        conditions = [*self.on(encoding, days), *wanted(encoding)]
        if is_contradiction([*conditions, *encoding.axioms], QUICK):
            return Reply("none")
        if not lists.settle(encoding, conditions, self.seconds):
            return Reply("unknown", why=TIME)
        limit = self.seconds / 8 if quickly else self.seconds
        reply = Asking(encoding).ask(conditions, limit)
        if reply.found == "none" or quickly:
            return reply
        if is_contradiction([*conditions, *encoding.axioms], self.seconds):
            return Reply("none")
        return reply

    def order(
        self, facts: FoundFacts, judged: Sequence[EventTerms], day: int
    ) -> tuple[Order | None, list[Run]]:
        """Return facts as an order with what the reference decides on each side."""
        made = document(facts, self.vocabulary, self.event, day)
        read = self.reference.read(made)
        if read is None:
            return None, []
        runs = []
        for each in judged:
            stand = self._stands[each.epoch.rulebook.id]
            terms = self.stands(stand, day)
            if terms is None:
                return None, []
            runs.append(self.reference.run_on(terms.epoch, read, stand.day(day)))
        return Order(made, tuple(run.decided for run in runs)), runs

    # What is drawn from a found order.

    def numbers(self) -> list[Symbol]:
        """Return the quantities and amounts of single records that formulas have read."""
        return [
            symbol
            for symbol in self._exact.symbols.found.values()
            if symbol.fact.kind in {"quantity", "price", "money"} and _is_single(symbol)
        ]

    def enums(self) -> list[Symbol]:
        """Return the facts that are members of an enum, of single records and what these refer to."""
        return [
            symbol
            for symbol in self._exact.symbols.found.values()
            if symbol.fact.kind == "enum" and (_is_single(symbol) or _is_of_single(symbol))
        ]

    def draw(
        self, wanted: Wanted, days: Days, more: Iterable[Formula], seconds: float = DRAWN,
        *, form: Form = "simple",
    ) -> Reply:  # fmt: skip
        """Ask for one more order of the kind, with short lists, without judging it."""
        return self.draw_of(self.conditions(wanted, days), more, seconds, form=form)

    def conditions(self, wanted: Wanted, days: Days) -> list[Formula]:
        """Return all that an order of the kind must be, as formulas."""
        with room_to_recurse():
            return [*self.on(self._exact, days), *wanted(self._exact)]

    def draw_of(
        self, given: Iterable[Formula], more: Iterable[Formula], seconds: float, *, form: Form
    ) -> Reply:
        """Ask for one more order for which conditions hold, with short lists."""
        exact = self._exact
        with room_to_recurse():
            conditions = [*given, *more]
            if form == "simple":
                conditions += self._simple()
            elif form == "plain":
                conditions.append(exact.symbols.plain_texts())
            return self._asking.ask(conditions, seconds)

    def judged(
        self, reply: Reply, judged: Sequence[EventTerms], confirm: Confirm
    ) -> tuple[Order, list[Run]] | None:
        """Return the order of a reply, None where the reference does not confirm it."""
        facts = found_facts(self._exact, self._lists, reply.model)
        order, runs = self.order(facts, judged, self.day(reply.model))
        return None if order is None or not confirm(runs) else (order, runs)

    def value(self, reply: Reply, formula: Formula) -> int:
        """Return a number of a reply."""
        if isinstance(formula, int):
            return formula
        found: Any = reply.model.eval(formula, model_completion=True)
        return int(found.as_long())

    def fact_of(self, entity: str, name: str) -> Symbol:
        """Return a fact of a single record."""
        return self._exact.symbols.of(Handle(entity, entity), self._exact.fact(entity, name))

    def word(self, reply: Reply, formula: Formula) -> str:
        """Return a word of a reply, such as a member of an enum."""
        return self._exact.codes.word(self.value(reply, formula))

    def code(self, word: str) -> int:
        """Return the number of a word."""
        return self._exact.codes.of(word)

    def is_first(self, symbol: Symbol) -> list[Formula]:
        """Return the conditions that an enum has its first member."""
        kind = without_none(symbol.fact.type)
        assert isinstance(kind, Enum)
        return self.is_word(symbol, next(iter(self.vocabulary.enums[kind.name].members)))

    def is_word(self, symbol: Symbol, word: str) -> list[Formula]:
        """Return the conditions that a fact is a word."""
        return [symbol.known, symbol.value == self._exact.codes.of(word)]


class Drawing:
    """More orders of one kind: simple ones where there are any, else whatever there is."""

    def __init__(self, search: TwoSided, wanted: Wanted, days: Days) -> None:
        self.search = search
        self._given = search.conditions(wanted, days)
        self._form: Form = "simple"

    @property
    def is_simple(self) -> bool:
        """Tell whether the orders are simple ones: others take the solver too long to go on with."""
        return self._form == "simple"

    def first(self) -> Reply | None:
        """Return one order; None where none is found in time."""
        forms: tuple[Form, ...] = ("simple", "plain", "any")
        for form in forms:
            reply = self.search.draw_of(self._given, (), DRAWN * 4, form=form)
            if reply.found == "some":
                self._form = form
                return reply
        return None

    def more(self, conditions: Iterable[Formula]) -> Reply:
        """Ask for one for which more holds."""
        return self.search.draw_of(self._given, conditions, DRAWN, form=self._form)


def _is_single(symbol: Symbol) -> bool:
    return not symbol.holder.keys and "[" not in symbol.holder.path


def _is_of_single(symbol: Symbol) -> bool:
    """Tell whether a fact is of a record that a single record refers to, such as its security."""
    keys = symbol.holder.keys
    return len(keys) == 1 and keys[0].num_args() == 0 and "[" not in str(keys[0].decl().name())
