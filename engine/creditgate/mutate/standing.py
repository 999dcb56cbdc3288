"""A scenario's case with its facts read once, judged by the rulebook as it is and as changed."""

from __future__ import annotations

from dataclasses import dataclass

from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.decide.decision import APPROVED, OUT_OF_SCOPE, PENDING, REJECTED, UNDECIDED
from creditgate.decide.read import FactsReader, FactsRefused
from creditgate.decide.reasons import due_of
from creditgate.domain.outcomes import BREACHED
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import EpochRule
from creditgate.mutate.law import Law, is_same
from creditgate.mutate.reach import Reached, names_in
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import determine, judge
from creditgate.scenarios.case import Case
from creditgate.scenarios.run import shown_value

_UNKNOWN = "unknown"
_NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Came:
    """What came out of a case, as far as the case expects anything of it."""

    decision: str | None = None
    outcome: str | None = None
    due: str | None = None
    value: str | None = None


class Standing:
    """A case, ready to be judged many times.

    `asked` holds the expressions that figures are asked for by, for each rulebook and text.
    """

    def __init__(
        self, case: Case, day: int, law: Law, reader: FactsReader,
        asked: dict[tuple[str, str], Expr | None],
    ) -> None:  # fmt: skip
        self.case = case
        self.day = day
        self.law = law
        self._reader = reader
        self._evaluation: Evaluation | None = None
        self.names = frozenset(names_in(case.subject))
        self._asked = asked
        self._outcomes: dict[str, tuple[EpochRule | None, str]] | None = None
        self._scope: str | None = None
        self._came: Came | None = None

    @property
    def evaluation(self) -> Evaluation:
        """Return the facts, read when they are first asked for.

        Errors: FactsRefused where they cannot be read.
        """
        if self._evaluation is None:
            facts = self._reader.from_plain(dict(self.case.facts))
            self._evaluation = Evaluation(facts, self.day, self.law.book.calendars)
        return self._evaluation

    @property
    def came(self) -> Came:
        """Return what comes out by the rulebook as it is."""
        if self._came is None:
            self._came = self.judged(self.law, None)
        return self._came

    def passes(self) -> bool:
        """Tell whether the rulebook as it is decides as the case expects."""
        try:
            case, came = self.case, self.came
        except FactsRefused:
            return False
        if case.kind == "figure" and case.value is not None and came.value is None:
            return False
        is_unknown = (case.value == _UNKNOWN) == (came.value == _UNKNOWN)
        return case.decision == came.decision and case.outcome == came.outcome and is_unknown

    def tells(self, changed: Law, reached: Reached) -> bool:
        """Tell whether a change makes the case fail; what has no version any more does."""
        try:
            return self.judged(changed, reached) != self.came
        except KeyError:
            return True

    def concerns(self, reached: Reached) -> bool:
        """Tell whether the thing that the case is about is reached."""
        subject = self.case.subject
        match self.case.kind:
            case "rule":
                return subject in reached.rules
            case "determination":
                return subject in reached.determinations
            case _:
                return not self.names.isdisjoint(reached.figures)

    def judged(self, law: Law, reached: Reached | None) -> Came:
        """Return what comes out by a law, of which nothing but `reached` differs from the usual one."""
        case = self.case
        start = law.start(self.day)
        decision = due = outcome = value = None
        if case.decision is not None:
            decision = self._decision(law, start, reached)
        if case.kind == "rule":
            if case.outcome is not None or case.due is not None:
                outcome, due = self._outcome(law, start)
                outcome = outcome if case.outcome is not None else None
                due = due if case.due is not None else None
        elif case.value is not None:
            value = self._value(law, start)
        return Came(decision, outcome, due, value)

    def _outcome(self, law: Law, start: int | None) -> tuple[str, str | None]:
        if start is None or self._governed(law, start) is False:
            return OUT_OF_SCOPE, None
        if self.case.subject not in law.book.rules:
            return "no such rule", None
        rule = law.rule(self.case.subject, start)
        if rule is None:
            return _NOT_IN_FORCE, None
        judged = judge(self.evaluation, rule)
        return judged.outcome, due_of(judged, rule, law.book)

    def _governed(self, law: Law, start: int) -> bool | Unknown:
        node = law.governs(self.case.event, start)
        governed: bool | Unknown = False if node is None else self.evaluation.known(node)
        return governed

    def _decision(self, law: Law, start: int | None, reached: Reached | None) -> str:
        governed = False if start is None else self._governed(law, start)
        if start is None or governed is False:
            return OUT_OF_SCOPE
        outcomes = dict(self._usual())
        rules = outcomes.keys() if reached is None else self._of_event(reached)
        for name in rules if law is not self.law else ():
            rule = law.rule(name, start)
            usual = outcomes.get(name, (None, ""))
            if is_same(usual[0], rule):
                continue
            outcomes[name] = (rule, "" if rule is None else judge(self.evaluation, rule).outcome)
        found = {
            outcome for rule, outcome in outcomes.values() if rule is not None and rule.effect != "warn"
        }  # fmt: skip
        if isinstance(governed, Unknown):
            return UNDECIDED
        if BREACHED in found:
            return REJECTED
        return UNDECIDED if UNDECIDED in found else PENDING if PENDING in found else APPROVED

    def _of_event(self, reached: Reached) -> list[str]:
        rules = self.law.book.rules
        return [n for n in reached.rules if n in rules and rules[n].event == self.case.event]

    def _usual(self) -> dict[str, tuple[EpochRule | None, str]]:
        """Return each rule on the event with its outcome by the rulebook as it is."""
        if self._outcomes is None:
            self._outcomes = {}
            start = self.law.start(self.day)
            for name, definition in self.law.book.rules.items() if start is not None else ():
                if definition.event == self.case.event and start is not None:
                    rule = self.law.rule(name, start)
                    outcome = "" if rule is None else judge(self.evaluation, rule).outcome
                    self._outcomes[name] = (rule, outcome)
        return self._outcomes

    def _value(self, law: Law, start: int | None) -> str:
        case = self.case
        if start is None:
            return _UNKNOWN
        if case.kind == "determination":
            item = law.determination(case.subject, start)
            if item is None:
                return _NOT_IN_FORCE
            status = determine(self.evaluation, item)
            return _UNKNOWN if isinstance(status, Unknown) else status
        key = law.book.id, case.subject
        if key not in self._asked:
            self._asked[key] = asked_expression(law.book, case.subject, Collector())
        asked = self._asked[key]
        if asked is None:
            return "no such figure"
        try:
            value = self.evaluation.value(law.closer(start).close(asked))
        except KeyError:
            value = Unknown()
        return shown_value(value, asked.type)
