"""One order, decided four ways: generated code, reference, by hand, and from JSON to reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.perf import by_hand
from tests.perf.workload import DAY, RULEBOOK, Document, json_bytes

from creditgate import Gate
from creditgate.check.actions import members_met
from creditgate.domain.facts import Facts
from creditgate.domain.outcomes import BREACHED, UNDECIDED
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge


@dataclass(frozen=True, slots=True)
class Answer:
    """The rules breached, those that cannot be decided, and those that warn; sorted."""

    breached: tuple[str, ...]
    undecided: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


class Contestants:
    """A gate with the example member, and every way to ask it about one order."""

    def __init__(self, day: date = DAY) -> None:
        self.gate = Gate.load([RULEBOOK])
        engine = self.gate.engines[0]
        compiled = engine.compiled(day.toordinal(), "order")
        assert compiled is not None
        assert compiled.event is not None
        self.day = day.toordinal()
        self.epoch = compiled.epoch
        self.code = compiled.event
        self.calendars = engine.rulebook.calendars
        self.rules = tuple(rule for rule in self.epoch.rules if rule.event == "order")

    def read(self, document: Document) -> Facts:
        """Return the decoded facts of a document."""
        return self.gate.read(json_bytes(document))

    def rules_on(self, action: str) -> set[str]:
        """Return the ids of the rules that look at an action."""
        vocabulary = self.gate.vocabulary
        order = vocabulary.events["order"]
        return {
            rule.id
            for rule in self.rules
            if rule.definition.when is not None
            and action in (members_met(rule.definition.when, order, vocabulary) or ())
        }

    def by_reference(self, facts: Facts) -> list[str]:
        """Judge every rule on the reference; return the outcomes in the order of the law."""
        evaluation = Evaluation(facts, self.day, self.calendars)
        evaluation.value(self.epoch.governs["order"])
        return [judge(evaluation, rule).outcome for rule in self.rules]

    def ways(self, document: Document) -> dict[str, Callable[[], Any]]:
        """Return each way to decide a document, ready to be called without arguments."""
        facts = self.read(document)
        root, claims, day = facts.root, facts.claims, self.day
        raw = json_bytes(document)
        gate, judge_generated = self.gate, self.code.judge
        return {
            "generated": lambda: judge_generated(root, claims, day),
            "by hand": lambda: by_hand.decide(root, claims, day),
            "reference": lambda: self.by_reference(facts),
            "decision": lambda: gate.decide(facts),
            "reply": lambda: gate.decide(raw).core_bytes(),
        }

    def answers(self, document: Document) -> dict[str, Answer]:
        """Return what each way answers on a document."""
        facts = self.read(document)
        root, claims, day = facts.root, facts.claims, self.day
        governs, *found = self.code.judge(root, claims, day)
        assert governs is True
        names = [tuple(sorted(self.code.rules[place].id for place in places)) for places in found]
        breached, warned = by_hand.decide(root, claims, day)
        outcomes = list(zip(self.rules, self.by_reference(facts), strict=True))
        reply = json.loads(self.gate.decide(json_bytes(document)).core_bytes())
        return {
            "generated": Answer(names[0], names[1], tuple(sorted((*names[2], *names[3])))),
            "by hand": Answer(tuple(sorted(breached)), (), tuple(sorted(warned))),
            "reference": Answer(
                tuple(sorted(r.id for r, o in outcomes if o == BREACHED and r.effect == "reject")),
                tuple(sorted(r.id for r, o in outcomes if o == UNDECIDED and r.effect == "reject")),
                tuple(
                    sorted(
                        r.id
                        for r, o in outcomes
                        if o in {BREACHED, UNDECIDED} and r.effect == "warn"
                    )
                ),
            ),
            "reply": Answer(
                tuple(sorted(item["rule"] for item in reply["breached"])),
                tuple(sorted(item["rule"] for item in reply["undecided"])),
                tuple(sorted(item["rule"] for item in reply["warnings"])),
            ),
        }
