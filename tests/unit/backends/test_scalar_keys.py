"""Rules that name a key are found by it: by this one, by one of several, or by none that is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.differential.world import CALENDARS, epoch, record, root, rule

from creditgate.backends.scalar import generated
from creditgate.backends.scalar.compile import CompiledEvent, compile_event
from creditgate.domain.dsl_types import BOOLEAN, COUNT, TEXT, Enum, Optional, Record, SetOf
from creditgate.domain.facts import MISSING, Facts
from creditgate.ir.nodes import And, Apply, Expr, Fact, Literal, Or, Root
from creditgate.ir.rulebook import EpochRule
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge

YES = Literal(BOOLEAN, True)
ORDER = Root(Record("order"), "order")
SECURITY = Fact(Record("security"), ORDER, "security")
OTHER = Fact(Optional(Record("security")), ORDER, "other")
LABEL = Fact(TEXT, ORDER, "label")
CODE = Fact(Optional(TEXT), ORDER, "code")
ACTION = Fact(Enum("action"), ORDER, "action")
SMALL = Apply(BOOLEAN, "less", (Fact(COUNT, ORDER, "quantity"), Literal(COUNT, 0)))
ODD = ("6", "60", "600000", "600000 ", "it's", '"', "\\", "证券", "None", "MISSING", "", "a\nb")


def one(fact: Expr, key: str) -> Expr:
    return Apply(BOOLEAN, "equal", (fact, Literal(TEXT, key)))


def among(fact: Expr, *keys: str) -> Expr:
    return Apply(BOOLEAN, "member", (fact, Literal(SetOf(TEXT), frozenset(keys))))


def both(*conditions: Expr) -> Expr:
    return And(BOOLEAN, conditions)


def compiled(conditions: Sequence[Expr | None]) -> tuple[tuple[EpochRule, ...], CompiledEvent]:
    """Return rules of which every one that applies is breached, and their code."""
    rules = tuple(rule(f"rule_{n}", when, (), SMALL) for n, when in enumerate(conditions))
    return rules, compile_event(epoch(YES, rules), "order")


def facts(**order: Any) -> Facts:
    return Facts("order", root(order=record("order", quantity=1, **order)), {})


def agree(rules: Sequence[EpochRule], code: CompiledEvent, given: Facts) -> tuple[str, ...]:
    """Return the outcomes on which the reference and generated code agree."""
    evaluation = Evaluation(given, None, CALENDARS)
    outcomes = tuple(judge(evaluation, each).outcome for each in rules)
    for _ in range(2):  # the second time what was left for later stands in its place
        assert code.outcomes(given.root, given.claims, None) == outcomes
        verdict = code.judge(given.root, given.claims, None)
        for found, word in zip(verdict[1:3], ("breached", "undecided"), strict=True):
            assert found == tuple(n for n, outcome in enumerate(outcomes) if outcome == word)
    return outcomes


@pytest.mark.parametrize(
    ("fact", "name"), [(SECURITY, "security"), (OTHER, "other"), (LABEL, "label"), (CODE, "code")]
)
def test_a_key_finds_its_rules_alone_whatever_it_looks_like(fact: Expr, name: str) -> None:
    rules, code = compiled([one(fact, key) for key in ODD])
    for place, key in enumerate(ODD):
        outcomes = agree(rules, code, facts(**{name: key}))
        assert [n for n, word in enumerate(outcomes) if word == "breached"] == [place]
    assert set(agree(rules, code, facts(**{name: "600"}))) == {"not_applicable"}
    assert set(agree(rules, code, facts(**{name: MISSING}))) == {"undecided"}
    assert set(agree(rules, code, Facts("order", root(), {}))) == {"undecided"}


@pytest.mark.parametrize(("fact", "name"), [(OTHER, "other"), (CODE, "code")])
def test_a_key_that_is_none_leaves_its_rules_undecided(fact: Expr, name: str) -> None:
    rules, code = compiled([one(fact, "A"), among(fact, *ODD), None])
    assert agree(rules, code, facts(**{name: None})) == ("undecided", "undecided", "breached")


def test_lists_of_few_and_of_many_keys_overlap() -> None:
    rules, code = compiled(
        [
            one(LABEL, "6"), among(LABEL, "6", "60"), among(LABEL, *ODD), among(LABEL, *ODD),
            among(LABEL, *ODD[2:]), among(LABEL), None, one(SECURITY, "S"),
            Or(BOOLEAN, (one(LABEL, "6"), one(LABEL, "B"))),
            Or(BOOLEAN, (one(LABEL, "6"), one(SECURITY, "S"))),
            both(one(LABEL, "6"), among(LABEL, "6", "60")), both(one(LABEL, "6"), one(LABEL, "60")),
        ]
    )  # fmt: skip
    keys: list[Any] = [*ODD, "B", "600", MISSING]
    for key in keys:
        for security in ("S", "T", MISSING):
            agree(rules, code, facts(label=key, security=security))


def test_action_security_and_account_are_asked_one_after_the_other() -> None:
    keys = [f"K{n}" for n in range(4)]
    conditions: list[Expr] = []
    for named in ("buy", "sell"):
        test = Apply(BOOLEAN, "equal", (ACTION, Literal(ACTION.type, named)))
        for key in keys:
            conditions += [both(test, one(SECURITY, key))] * 8
            conditions += [both(test, one(LABEL, key))] * 8
            conditions += [both(one(LABEL, key), test, one(SECURITY, other)) for other in keys * 4]
    rules, code = compiled(conditions)
    actions: list[Any] = ["buy", "cover", MISSING]
    for action in actions:
        for security in ("K0", "K3", "K", MISSING):
            for label in ("K0", "K1", MISSING):
                agree(rules, code, facts(action=action, security=security, label=label))
    outcomes = agree(rules, code, facts(action="buy", security="K0", label="K1"))
    assert outcomes.count("breached") == 8 + 8 + 4


def test_only_the_rules_of_the_keys_that_are_asked_for_are_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    run = generated.run

    def watched(written: generated.Written, *others: Any) -> dict[str, Any]:
        made.append(written.source)
        return run(written, *others)

    monkeypatch.setattr(generated, "run", watched)
    _, code = compiled([one(LABEL, f"K{n}") for n in range(2_000)])
    for n in (5, 17, 5, 5):
        assert code.judge(facts(label=f"K{n}").root, {}, None)[1] == (n,)
    assert [source.count("breached += (") for source in made] == [0, 1, 1]
