"""Look for an order for which something holds, or prove that there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from creditgate.backends.solver.asking import TIME, Asking, Reply, is_contradiction
from creditgate.backends.solver.compared_rows import ComparedRows
from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.fixed_factors import fixed_factors
from creditgate.backends.solver.found_facts import FoundFacts, found_facts
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.outcomes import EventTerms, event_terms
from creditgate.backends.solver.pieces import Formula, NotEncodable, both, opposite, same
from creditgate.backends.solver.steady_asking import SteadyAsking
from creditgate.backends.solver.symbols import Handle
from creditgate.ir.rulebook import Epoch, Rulebook
from creditgate.ir.specialise import epoch_bounds, specialise
from creditgate.lowered.recursion import room_to_recurse
from creditgate.lowered.terms import Terms
from creditgate.prove.answers import Order
from creditgate.prove.documents import document
from creditgate.prove.reference_runs import Reference, Run

MOST_ROWS: Final = 2
SECONDS: Final = 5.0
LISTS: Final = "lists"
DISAGREES: Final = "disagrees"
NOT_ENCODABLE: Final = "not_encodable"

Wanted = Callable[[Encoding], Iterable[Formula]]
Confirm = Callable[[Sequence[Run]], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: nothing because there is nothing, an order, or neither."""

    found: Literal["none", "some", "unknown"]
    orders: tuple[Order, ...] = ()
    runs: tuple[Run, ...] = ()
    why: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` up to and including `last` (None: without end)."""

    first: int
    last: int | None


class Epochs:
    """The epochs of rulebooks, each closed once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Epoch] = {}

    def of(self, book: Rulebook, day: int) -> Epoch | None:
        """Return the epoch of a day; None on a day that the rulebook does not cover."""
        bounds = epoch_bounds(book, day)
        if bounds is None:
            return None
        key = book.id, bounds[0]
        if key not in self._found:
            epoch = specialise(book, day)
            assert epoch is not None
            self._found[key] = epoch
        return self._found[key]


class Search:
    """Questions about one event under some rulebooks, whose equal parts are encoded once.

    `seconds` is the time limit of a question; `epochs` may be shared with other searches.
    """

    def __init__(
        self, books: Sequence[Rulebook], event: str, seconds: float = SECONDS,
        epochs: Epochs | None = None,
    ) -> None:  # fmt: skip
        self._epochs = epochs or Epochs()
        self.books = tuple(books)
        self.event = event
        self.seconds = seconds
        self.terms = Terms()
        self.vocabulary = books[0].vocabulary
        self.reference = Reference(self.vocabulary)
        self._calendars = {name: c for book in books for name, c in book.calendars.items()}
        self._events: dict[tuple[str, int], EventTerms] = {}
        self._lists = ListedRows(MOST_ROWS)
        self._exact = Encoding(self.vocabulary, self._calendars, self._lists)
        self._asking = Asking(self._exact)
        self._simple_of = (-1, -1, -1)
        self._simple_ones: list[Formula] = []

    def rules(self, book: Rulebook, day: int) -> EventTerms | None:
        """Return what a rulebook says of the event on a day; None where it says nothing."""
        epoch = self._epochs.of(book, day) if self.event in book.governs else None
        if epoch is None:
            return None
        key = book.id, epoch.start
        if key not in self._events:
            with room_to_recurse():
                self._events[key] = event_terms(self.terms, epoch, self.event)
        return self._events[key]

    def find(
        self, wanted: Wanted, days: Days, judged: Sequence[EventTerms], confirm: Confirm,
        preferred: Wanted | None = None, *, doubted: bool = False, proved: bool = True,
    ) -> Found:  # fmt: skip
        """Look for an order on some days for which all that is wanted holds.

        Where it is `doubted` that there is one, a proof is tried first. Without `proved` lists
        longer than a few rows are left out of account: "none" is then no proof.

        It is judged under `judged` by the reference, and `confirm` says whether that came out as
        wanted; an order that does not is never returned.
        """
        with room_to_recurse():
            try:
                return self._find(
                    wanted, days, judged, confirm, preferred, doubted=doubted, proved=proved
                )
            except NotEncodable as problem:
                return Found("unknown", why=NOT_ENCODABLE, about=str(problem))

    def _find(
        self, wanted: Wanted, days: Days, judged: Sequence[EventTerms], confirm: Confirm,
        preferred: Wanted | None, *, doubted: bool,
        shown: Callable[[Reply], Found] | None = None, proved: bool = True,
    ) -> Found:  # fmt: skip
        if doubted and self.refuted(wanted, days, quickly=True).found == "none":
            return Found("none")
        exact = self._exact
        conditions = [*self.on(exact, days), *wanted(exact)]
        simple = [*self._simple(), *([] if preferred is None else preferred(exact))]
        # What is simple is found sooner, and reads better.
        reply = self._asking.ask([*conditions, *simple], self.seconds / 4)
        if reply.found != "some":
            reply = self._asking.ask(conditions, self.seconds, simple)
        if reply.found == "unknown":
            fixed = fixed_factors(exact.symbols, conditions)
            easier = self._asking.ask([*conditions, *fixed], self.seconds)
            reply = easier if easier.found == "some" else reply
        if reply.found == "some":
            return self._shown(reply, judged, confirm) if shown is None else shown(reply)
        if reply.found == "none" and not (proved and self._lists.lists):
            return Found("none")
        if not proved:
            return Found("unknown", why=reply.why)
        needed = self._asking.needed(conditions, self.seconds) if reply.found == "none" else None
        refuted = self.refuted(wanted, days, quickly=False, needed=needed)
        if refuted.found == "none":
            return Found("none")
        why = reply.why if reply.found == "unknown" else LISTS
        return Found("unknown", why=refuted.why or why)

    def find_two(
        self, wanted: Wanted, days: Days, judged: EventTerms,
        variant: Mapping[tuple[str, str], str],
    ) -> Found:  # fmt: skip
        """Look for two orders that differ in facts of a variant alone: one approved, one not."""

        def confirm(runs: Sequence[Run]) -> bool:
            return runs[0].decided.decision == "approved"

        def shown(reply: Reply) -> Found:
            one = self._shown(reply, [judged], confirm)
            facts = found_facts(self._exact, self._lists, reply.model, set(variant.values()))
            order, runs = self.order(facts, [judged], self.day(reply.model))
            if one.found != "some" or order is None or confirm(runs):
                return Found("unknown", why=DISAGREES)
            return Found("some", (*one.orders, order), (*one.runs, *runs))

        with room_to_recurse():
            try:
                return self._find(wanted, days, [judged], confirm, None, doubted=True, shown=shown)
            except NotEncodable as problem:
                return Found("unknown", why=NOT_ENCODABLE, about=str(problem))

    def refuted(
        self, wanted: Wanted, days: Days, *, quickly: bool, needed: frozenset[int] | None = None,
        effort: int | None = None,
    ) -> Reply:  # fmt: skip
        """Try to prove, for lists of any length, that there is no such order.

        Errors: NotEncodable. With `effort` the solver's limit is a number of steps, not a time, so
        that the answer is always the same. `needed` are the places of the conditions that exclude each other for short lists.
        """
        lists = ComparedRows()
        encoding = Encoding(self.vocabulary, self._calendars, lists)
        conditions = [*self.on(encoding, days), *wanted(encoding)]
        if needed is not None:
            conditions = [each for place, each in enumerate(conditions) if place in needed]
        # What contradicts whatever lists may hold needs no comparison.
        if is_contradiction([*conditions, *encoding.axioms], self.seconds / 2, effort):
            return Reply("none")
        if not lists.settle(encoding, conditions, self.seconds):
            return Reply("unknown", why=TIME)
        if is_contradiction([*conditions, *encoding.axioms], self.seconds / 2, effort):
            return Reply("none")
        if quickly:
            return Reply("unknown")
        if effort is not None:
            return SteadyAsking(encoding, effort).ask_usual(conditions, ())
        return Asking(encoding).ask(conditions, self.seconds)

    def on(self, encoding: Encoding, days: Days) -> list[Formula]:
        """Return the condition that an order is of some days."""
        day = encoding.as_of.value
        entity, name = self.vocabulary.events[self.event].dated_by
        dated = encoding.symbols.of(Handle(entity, entity), encoding.fact(entity, name))
        last = True if days.last is None else day <= days.last
        return [day >= days.first, last, dated.known, same(dated.value, day)]

    def _simple(self) -> list[Formula]:
        """Return what makes an order easy to read: everything known, no claims, short lists."""
        symbols = self._exact.symbols
        size = len(symbols.found), len(symbols.claims), len(self._lists.lists)
        if size == self._simple_of:
            return self._simple_ones
        ends = [book.calendars[book.trading_calendar].last_day for book in self.books]
        day = self._exact.as_of.value
        known = both(*[opposite(symbol.unknown) for symbol in symbols.found.values()])
        unclaimed = both(*[opposite(made) for made in symbols.claims.values()])
        empty = both(*[size == 0 for _, size, _ in self._lists.lists.values()])
        self._simple_of = size
        self._simple_ones = [
            day <= min(ends), known, unclaimed, empty, symbols.plain_texts()
        ]  # fmt: skip
        return self._simple_ones

    def _shown(self, reply: Reply, judged: Sequence[EventTerms], confirm: Confirm) -> Found:
        facts = found_facts(self._exact, self._lists, reply.model)
        order, runs = self.order(facts, judged, self.day(reply.model))
        if order is None or not confirm(runs):
            return Found("unknown", why=DISAGREES, about=str(order))
        return Found("some", (order,), tuple(runs))

    def day(self, model: Any) -> int:
        """Return the day of a model."""
        return self.day_of(self._exact, model)

    @staticmethod
    def day_of(encoding: Encoding, model: Any) -> int:
        """Return the day of a model of an encoding."""
        return int(model.eval(encoding.as_of.value, model_completion=True).as_long())

    def order(
        self, facts: FoundFacts, judged: Sequence[EventTerms], day: int
    ) -> tuple[Order | None, list[Run]]:
        """Return facts as an order with what the reference decides; None where it cannot be one."""
        made = document(facts, self.vocabulary, self.event, day)
        read = self.reference.read(made)
        if read is None:
            return None, []
        # A rule stands alike in several epochs: each order is judged by that of its own day.
        stands = [self.rules(each.epoch.rulebook, day) for each in judged]
        runs = [None if each is None else self.reference.run(each.epoch, read) for each in stands]
        if any(run is None for run in runs):
            return None, []
        known = [run for run in runs if run is not None]
        return Order(made, tuple(run.decided for run in known)), known
