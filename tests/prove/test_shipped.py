"""What the shipped rulebooks answer, and that concrete orders are decided as is said."""

from __future__ import annotations

from functools import cache
from typing import Final

from creditgate.cli.prove import USUAL
from creditgate.load.rulebook_files import Shelf
from creditgate.pipeline import Gate, shipped_rulebooks
from creditgate.prove.answers import NOT_DECIDED, YES, Answer
from creditgate.prove.every_rulebook import Task, every_answer
from creditgate.prove.questions import QUESTIONS, Asked
from creditgate.prove.rulebooks import Library

RULEBOOKS: Final = shipped_rulebooks()
SECONDS: Final = 5.0
# What is as it should be, and why.
EXPECTED: Final = {
    # The orders that could breach it are those that the rulebook does not govern; it says so.
    ("never_fires", "us/emergency_orders_2008/action_of_this_market"),
    ("never_binds", "us/emergency_orders_2008/action_of_this_market"),
    # It says why: without a reference the collar refuses the order as well.
    ("never_binds", "us/market_access/reference_price_known"),
    # Where all margin is posted, an account below the line has none left for an order.
    ("never_binds", "brokers/example_cn_member/opening_above_warning_line"),
}
REPLAYED: Final = 16


@cache
def answers() -> tuple[Answer, ...]:
    """Return the answers to the usual questions about every shipped rulebook."""
    tasks = [Task((RULEBOOKS,), name, USUAL, SECONDS) for name in Shelf((RULEBOOKS,)).ids()]
    found = list(every_answer(tasks))
    assert not [done for done in found if done.diagnostics]
    return tuple(answer for done in found for answer in done.answers)


def test_every_house_rulebook_only_tightens() -> None:
    found = [answer for answer in answers() if answer.question == "only_tightens"]
    assert found
    assert {answer.verdict for answer in found} == {YES}


def test_nothing_is_to_look_at_but_what_is_expected() -> None:
    found = {(answer.question, answer.subject) for answer in answers() if answer.is_finding}
    assert found == EXPECTED


def test_nothing_is_left_undecided() -> None:
    assert not [answer for answer in answers() if answer.verdict == NOT_DECIDED]


def test_no_order_without_its_action_is_approved() -> None:
    found = [a for a in answers() if a.question == "approves_without"]
    assert found
    assert {answer.verdict for answer in found} == {"no"}


def test_concrete_orders_are_decided_by_a_gate_as_is_said() -> None:
    """The fast path decides the solver's orders as the reference does."""
    shown = [answer for answer in answers() if answer.order]
    gates: dict[str, Gate] = {}
    for answer in shown[:: max(1, len(shown) // REPLAYED)]:
        gate = gates.setdefault(answer.rulebook, Gate.load([answer.rulebook]))
        for order in answer.order:
            core = gate.decide(order.document).core
            (said,) = [each for each in order.decisions if each.rulebook == answer.rulebook]
            assert core.decision == said.decision, (answer, core)
            assert tuple(each.rule for each in core.breached) == said.breached


def test_sse_and_szse_differ_only_where_they_say() -> None:
    library = Library((RULEBOOKS,))
    one, other = library.subject("cn/sse"), library.subject("cn/szse")
    assert one is not None
    assert other is not None
    found = list(QUESTIONS["agrees"](Asked(one, SECONDS, None, other)))
    assert {answer.subject for answer in found if answer.verdict != YES} == {
        "cn/szse/auction_trading_only",
        "cn/margin_trading/margin_covers_order",
        "cn/margin_trading/withdrawal_within_margin",
    }
