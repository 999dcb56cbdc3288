"""Look for facts that show an obligation of a rule, or prove that there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.found_facts import found_facts
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.outcomes import outcome
from creditgate.backends.solver.pieces import Formula, NotEncodable
from creditgate.backends.solver.steady_asking import SteadyAsking
from creditgate.domain.facts import Facts
from creditgate.domain.outcomes import UNDECIDED
from creditgate.generate.facts_read import GIVEN
from creditgate.generate.fewest_facts import fewest_facts
from creditgate.generate.missing_fact import without_fact
from creditgate.generate.obligations import (
    MISSING,
    Obligation,
    Shown,
    shown_by,
    still_shows,
)
from creditgate.generate.plain_names import with_plain_names
from creditgate.generate.rule_versions import Taken
from creditgate.generate.usual_values import Usual
from creditgate.generate.wanted_facts import WantedFacts
from creditgate.lowered.recursion import room_to_recurse
from creditgate.prove.documents import document
from creditgate.prove.search import DISAGREES, LISTS, NOT_ENCODABLE, Days, Search

EFFORT: Final = 3_000_000
MOST_ROWS: Final = 2
NO_PAIR: Final = "no_pair"
Verdict = Literal["found", "infeasible", "not_decided"]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: facts and what they show, that there are none, or neither and why."""

    verdict: Verdict
    document: Mapping[str, Any] | None = None
    day: int = 0
    shown: Shown | None = None
    why: str = ""
    about: str = ""


class Finding:
    """The search for facts about one version of a rule."""

    def __init__(self, search: Search, taken: Taken, effort: int = EFFORT) -> None:
        self.search = search
        self.taken = taken
        self._formulas = WantedFacts(taken)
        self._effort = effort
        book = taken.version.book
        self._event = book.vocabulary.events[search.event]
        self._lists = ListedRows(MOST_ROWS)
        self._encoding = Encoding(book.vocabulary, book.calendars, self._lists)
        self._asking = SteadyAsking(self._encoding, effort)
        self._usual = Usual(self._encoding, self._lists, taken.version.day)
        self._decided: list[tuple[Mapping[str, Any], int]] | None = None

    def find(self, obligation: Obligation, unlike: Iterable[str] = ()) -> Found:
        """Look for facts that meet an obligation where the outcome is none of `unlike`."""
        barred = tuple(unlike)
        found = self._find(obligation, barred)
        if (
            found.verdict == "infeasible"
            and barred
            and self._find(obligation, ()).verdict != "infeasible"
        ):
            return Found("not_decided", why=NO_PAIR)
        return found

    def _find(self, obligation: Obligation, barred: tuple[str, ...]) -> Found:

        def wanted(encoding: Encoding) -> list[Formula]:
            return self._formulas.formulas(encoding, obligation, barred)

        with room_to_recurse():
            try:
                made = self._from_decided(obligation) if obligation.kind == MISSING else None
                return self._found(obligation, wanted) if made is None else made
            except NotEncodable as problem:
                return Found("not_decided", why=NOT_ENCODABLE, about=str(problem))

    def _found(self, obligation: Obligation, wanted: Callable[[Encoding], list[Formula]]) -> Found:
        encoding, days = self._encoding, self.taken.version.wanted
        conditions = [*self.search.on(encoding, days), *wanted(encoding)]
        reply = self._asking.ask_usual(conditions, self._usual.wishes())
        if reply.found == "some":
            return self._confirmed(obligation, reply.model)
        if reply.found == "unknown":
            return Found("not_decided", why=reply.why)
        if not self._lists.lists or self._is_refuted(wanted, days):
            return Found("infeasible")
        return Found("not_decided", why=LISTS)

    def _is_refuted(self, wanted: Callable[[Encoding], list[Formula]], days: Days) -> bool:
        reply = self.search.refuted(wanted, days, quickly=False, effort=self._effort)
        return reply.found == "none"

    def _confirmed(self, obligation: Obligation, model: Any) -> Found:
        """Return the facts of a model, if the reference says of them what the solver does."""
        if obligation.kind == MISSING:
            # What the model would have in its place makes it a decided one.
            lacking = self._lacking(obligation, *self._document(model, GIVEN))
            if lacking is not None:
                return lacking
        made, day = self._document(model)
        shown = self.shown(made, day)
        if shown is None or obligation not in shown.met:
            return Found("not_decided", why=DISAGREES)
        if obligation.kind == MISSING:
            return Found("found", self._named(made), day, shown)
        return self._fewest(made, day, shown)

    def _fewest(self, made: Mapping[str, Any], day: int, shown: Shown) -> Found:
        """Return facts with those left out without which all is shown just the same."""

        def keeps(smaller: Mapping[str, Any]) -> bool:
            facts = self.read(smaller)
            return facts is not None and still_shows(self.taken, facts, day, shown)

        fewest = fewest_facts(made, self.search.vocabulary, keeps)
        return Found("found", self._named(fewest), day, shown)

    def _from_decided(self, obligation: Obligation) -> Found | None:
        """Return facts that decide the rule without the one that has to be missing."""
        if obligation.which == ".".join(self._event.dated_by):
            return None  # without its day there is no event to be judged
        for made, day in self._bases():
            found = self._lacking(obligation, made, day)
            if found is not None:
                return found
        return None

    def _lacking(self, obligation: Obligation, made: Mapping[str, Any], day: int) -> Found | None:
        """Return facts that decide the rule, the fewest of them, without one.

        None where that does not leave the rule undecided for want of this one alone.
        """
        decided = self.shown(made, day)
        lacking = self._without(obligation, made, day)
        if decided is None or decided.outcome == UNDECIDED or lacking is None:
            return None
        plain = Shown(decided.outcome, {})

        def keeps(smaller: Mapping[str, Any]) -> bool:
            facts = self.read(smaller)
            if facts is None or not still_shows(self.taken, facts, day, plain):
                return False
            return self._without(obligation, smaller, day) is not None

        fewest = fewest_facts(made, self.search.vocabulary, keeps)
        found = self._without(obligation, fewest, day)
        return None if found is None else Found("found", self._named(found[0]), day, found[1])

    def _without(
        self, obligation: Obligation, made: Mapping[str, Any], day: int
    ) -> tuple[Mapping[str, Any], Shown] | None:
        smaller = without_fact(made, obligation.which, self.search.vocabulary)
        facts = None if smaller is None else self.read(smaller)
        alone = Shown(UNDECIDED, {obligation: None})
        if smaller is None or facts is None or not still_shows(self.taken, facts, day, alone):
            return None
        return smaller, alone

    def _bases(self) -> list[tuple[Mapping[str, Any], int]]:
        """Return facts that decide the rule: with lists that are empty, and with a row in each."""
        if self._decided is None:
            self._decided = []
            for rows in (0, 1):
                found = self._base(rows)
                if found is not None:
                    self._decided.append(found)
                if not self._lists.lists:
                    break
        return self._decided

    def _base(self, rows: int) -> tuple[Mapping[str, Any], int] | None:
        encoding, version = self._encoding, self.taken.version
        now = outcome(encoding, version.rule)
        governs = encoding.piece(version.event.governs).holds
        wanted = [*self.search.on(encoding, version.wanted), governs]
        sizes = [size == rows for _, size, _ in self._lists.lists.values()]
        for decided in (now.breached, now.satisfied):
            reply = self._asking.ask_usual([*wanted, decided], [*sizes, *self._usual.wishes()])
            if reply.found == "some":
                return self._document(reply.model)
        return None

    def _document(self, model: Any, *variants: str) -> tuple[dict[str, Any], int]:
        """Return the facts of a model as a document, and their day."""
        vocabulary = self.search.vocabulary
        facts = found_facts(self._encoding, self._lists, model, frozenset(variants))
        day = self.search.day_of(self._encoding, model)
        return document(facts, vocabulary, self.search.event, day), day

    def _named(self, made: Mapping[str, Any]) -> dict[str, Any]:
        return with_plain_names(made, self.search.vocabulary, self._encoding)

    def read(self, made: Mapping[str, Any]) -> Facts | None:
        """Return the facts of a document; None where it is none that may be handed in."""
        return self.search.reference.read(made)

    def shown(self, made: Mapping[str, Any], day: int) -> Shown | None:
        """Return what a document shows of the version, by the reference."""
        facts = self.read(made)
        return None if facts is None else shown_by(self.taken, facts, day)
