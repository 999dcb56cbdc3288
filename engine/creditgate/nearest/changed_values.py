"""Values of changed facts in the words, the currency and the zone of the rulebook that governs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from creditgate.check.types import in_currency
from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import DAYS, SECONDS, Date, Instant, Time, Type
from creditgate.domain.instants import EPOCH, MICROSECOND, local_time, time_zone_of
from creditgate.explain.shown_values import ShownValue, Speech
from creditgate.nearest.answers import ChangedFact
from creditgate.nearest.decided_events import formula_value
from creditgate.nearest.moves import ChangeableFact

MICROSECONDS_IN_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """What is needed to say a value: the speech and the currency of a rulebook."""

    speech: Speech
    currency: str

    @classmethod
    def of(cls, decision: Decision, engines: Sequence[Engine]) -> Words:
        """Return the words of the first rulebook that governs, or may, as a decision has it."""
        governing = zip(engines, decision.core.rulebooks, strict=False)
        found = [engine for engine, item in governing if item.governs != "no"]
        engine = (found or list(engines))[0]
        return cls(Speech.of(engine.rulebook), engine.currency)

    def changed(
        self, fact: ChangeableFact, sign: int, value: int, step: int, nearer: int
    ) -> ChangedFact:
        """Return a fact with its value as given and another one, as held."""
        given = fact.given or 0
        kind = in_currency(fact.type, self.currency)
        distance = self._distance(fact, kind, abs(value - given))
        is_plain = step == fact.smallest or isinstance(kind, Date)
        return ChangedFact(
            fact.path, fact.title, fact.declared.kind, self.direction(fact, sign),
            self._value(fact, kind, given), self._value(fact, kind, value), distance,
            None if is_plain else self._distance(fact, kind, step),
            self._value(fact, kind, nearer),
        )  # fmt: skip

    def direction(self, fact: ChangeableFact, sign: int) -> str:
        """Return the word for a direction of a fact."""
        if fact.declared.kind in {"date", "time", "instant"}:
            return "later" if sign > 0 else "earlier"
        return "higher" if sign > 0 else "lower"

    def day(self, day: int) -> str:
        """Return a day."""
        return date.fromordinal(day).isoformat()

    def until(self, fact: ChangeableFact, held: int) -> str | None:
        """Return the day of a date or an instant; None of what has no day."""
        match fact.type:
            case Date():
                return self.day(held)
            case Instant():
                return local_time(held, self.speech.zone)[0].date().isoformat()
            case _:
                return None

    def ends(self, fact: ChangeableFact, given: int, horizon_days: int) -> tuple[int, int]:
        """Return the lowest and the highest value that a fact may have, as held.

        An instant stays on its own day in the zone of the market: the day is a fact of its own.
        """
        if not isinstance(fact.type, Instant):
            return fact.ends(given, horizon_days)
        zone = time_zone_of(self.speech.zone)
        today = local_time(given, self.speech.zone)[0].date()
        midnights = [
            (datetime.combine(day, time(), zone) - EPOCH) // MICROSECOND
            for day in (today, today + timedelta(days=1))
        ]
        return midnights[0], midnights[1] - 1

    def _value(self, fact: ChangeableFact, kind: Type, held: int) -> ShownValue:
        return self.speech.value(formula_value(fact, held), kind)

    def _distance(self, fact: ChangeableFact, kind: Type, held: int) -> ShownValue:
        match kind:
            case Date():
                days = self.speech.value(held, DAYS)
                one = Bilingual("1 day", days.words.zh)
                return replace(days, words=one) if held == 1 else days
            case Instant():
                return self.speech.value(held, SECONDS)
            case Time():
                return self.speech.value(held * MICROSECONDS_IN_MINUTE, SECONDS)
            case _:
                return self._value(fact, kind, held)
