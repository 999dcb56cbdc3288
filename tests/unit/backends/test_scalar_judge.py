"""The verdict on an event: what governs, what is breached, what only warns."""

from __future__ import annotations

from typing import Any

import pytest
from tests.differential.world import epoch, record, root, rule

from creditgate.backends.scalar.compile import compile_event
from creditgate.backends.scalar.runtime import GOVERNED, NOT_GOVERNED
from creditgate.domain.dsl_types import BOOLEAN, COUNT, Enum, Optional, Record, SetOf
from creditgate.domain.facts import MISSING
from creditgate.ir.nodes import And, Apply, Expr, Fact, Literal, Or, Root
from creditgate.ir.rulebook import EpochRule

ORDER = Root(Record("order"), "order")
ACTION = Fact(Enum("action"), ORDER, "action")
FLAG = Fact(BOOLEAN, ORDER, "flag")
KIND = Fact(Optional(Enum("order_type")), ORDER, "kind")
YES, NO = Literal(BOOLEAN, True), Literal(BOOLEAN, False)
ACTIONS = ("buy", "sell", "short", "cover")


def action_is(word: str) -> Expr:
    return Apply(BOOLEAN, "equal", (ACTION, Literal(ACTION.type, word)))


def action_in(*words: str) -> Expr:
    members = Literal(SetOf(ACTION.type), frozenset(words))
    return Apply(BOOLEAN, "member", (ACTION, members))


def judged(governs: Expr | None, *rules: EpochRule, **facts: Any) -> tuple[Any, ...]:
    compiled = compile_event(epoch(governs, rules), "order")
    return compiled.judge(root(order=record("order", **facts)), (), None)


def test_a_governed_order_with_nothing_against_it_gets_the_constant_verdict() -> None:
    rules = (rule("flagged", None, (), FLAG), rule("never", NO, (), NO))
    assert judged(YES, *rules, flag=True) is GOVERNED


@pytest.mark.parametrize("governs", [NO, None])
def test_what_is_not_governed_is_not_judged(governs: Expr | None) -> None:
    assert judged(governs, rule("impossible", None, (), NO)) is NOT_GOVERNED


def test_an_order_that_may_be_governed_is_judged() -> None:
    found = judged(FLAG, rule("impossible", None, (), NO))
    assert found == (MISSING, (0,), (), (), ())


def test_warnings_stand_apart_and_keep_their_place_among_the_rules() -> None:
    rules = (
        rule("impossible", None, (), NO),
        rule("advice", None, (), NO, "warn"),
        rule("flagged", None, (), FLAG),
        rule("advice_on_flag", None, (), FLAG, "warn"),
    )
    assert judged(YES, *rules) == (True, (0,), (2,), (1,), (3,))


def _rules() -> tuple[EpochRule, ...]:
    limit = Apply(BOOLEAN, "equal", (KIND, Literal(Enum("order_type"), "limit")))
    return (
        rule("on_buying", action_is("buy"), (), NO),
        rule("on_buying_and_selling", action_in("buy", "sell"), (), NO),
        rule("on_all", None, (), FLAG),
        rule("on_flagged_shorts", And(BOOLEAN, (FLAG, action_is("short"))), (), NO),
        rule("on_limits_or_sales", Or(BOOLEAN, (action_is("sell"), limit)), (), NO),
        rule("on_short_limits", And(BOOLEAN, (action_is("short"), limit)), (), NO),
    )


@pytest.mark.parametrize("kind", ["limit", "market", None, MISSING])
@pytest.mark.parametrize("action", [*ACTIONS, MISSING])
def test_rules_chosen_by_the_action_are_those_that_may_apply(action: Any, kind: Any) -> None:
    def equal(value: Any, word: str) -> Any:
        return MISSING if value in (None, MISSING) else value == word

    def one(*values: Any) -> Any:
        return True if True in values else MISSING if MISSING in values else False

    def both(*values: Any) -> Any:
        return False if False in values else MISSING if MISSING in values else True

    applies = (
        equal(action, "buy"),
        one(equal(action, "buy"), equal(action, "sell")),
        False,
        both(True, equal(action, "short")),
        one(equal(action, "sell"), equal(kind, "limit")),
        both(equal(action, "short"), equal(kind, "limit")),
    )
    breached = tuple(index for index, value in enumerate(applies) if value is True)
    undecided = tuple(index for index, value in enumerate(applies) if value is MISSING)
    found = judged(YES, *_rules(), action=action, kind=kind, flag=True)
    assert found == (True, breached, undecided, (), ())


def test_a_word_in_a_set_of_facts_is_nothing_to_choose_rules_by() -> None:
    venues = Fact(SetOf(Enum("security_class")), ORDER, "venues")
    etf = Literal(Enum("security_class"), "etf")
    traded = Apply(BOOLEAN, "member", (etf, venues))
    rules = [rule(f"rule_{n}", traded, (), NO) for n in range(3)]
    assert judged(YES, *rules, venues=frozenset({"etf"})) == (True, (0, 1, 2), (), (), ())
    assert judged(YES, *rules, venues=frozenset()) is GOVERNED
    assert judged(YES, *rules) == (True, (), (0, 1, 2), (), ())


def test_many_rules_are_chosen_by_one_fact_within_those_chosen_by_another() -> None:
    members = {"action": ACTIONS, "kind": ("limit", "market", "stop")}
    rules = [
        rule(
            f"{action}_{kind}_{number}",
            And(
                BOOLEAN,
                (action_is(action), Apply(BOOLEAN, "equal", (KIND, Literal(KIND.type, kind)))),
            ),
            (),
            Apply(BOOLEAN, "less", (Fact(COUNT, ORDER, "quantity"), Literal(COUNT, number))),
        )
        for action in members["action"]
        for kind in members["kind"]
        for number in range(30)
    ]
    free = [rule(f"free_{number}", None, (), FLAG) for number in range(150)]
    compiled = compile_event(epoch(YES, (*free, *rules)), "order")
    facts = record("order", action="short", kind="market", quantity=28, flag=False)
    verdict = compiled.judge(root(order=facts), (), None)
    short_market = 150 + 30 * (3 * 2 + 1)
    assert verdict[1] == (*range(150), *range(short_market, short_market + 29))
    assert verdict[2] == ()
    unknown = record("order", action="short", kind=None, quantity=28, flag=True)
    undecided = [150 + 30 * (3 * 2 + kind) + number for kind in range(3) for number in range(29)]
    assert compiled.judge(root(order=unknown), (), None)[2] == tuple(undecided)
