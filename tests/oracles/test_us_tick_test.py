"""The tick test equals that worked out from a tape of sales, order by order."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import pytest
from tests.oracles.tick_test import Sale, TapeState, may_be_sold_short, tick_of

from creditgate import Decision, Gate

SEEDS = range(6)
SALES_A_SEED = 150
RULE = "us/rule_10a1/tick_test"
# Without a different price there is no direction; that ends with the first change of price.
OFTEN_MET = ("no_price", "plus", "minus", "zero_plus", "zero_minus")
Document = dict[str, Any]

# A customer to whom no exception applies.
ORDER: Document = {
    "id": "1", "action": "short_sell", "security": "XYZ", "quantity": 100, "seller_kind": "customer",
    "mark": "short", "trade_date": "2004-06-01", "seller_deemed_to_own": False,
    "odd_lot_dealer": False, "offsets_customer_odd_lot": False, "liquidates_odd_lot": False,
    "odd_lot_position_change": 0, "good_faith_account": False, "owns_acquisition_right": False,
    "acquirable_quantity": 0, "profits_from_price_difference": False,
    "foreign_security_is_the_same": False, "foreign_offer_covers_at_once": False,
    "underwriter_or_syndicate_member": False, "over_allotment": False, "lay_off_sale": False,
    "rights_or_standby_commitment": False, "equalizes_price": False,
}  # fmt: skip
SECURITY: Document = {
    "id": "XYZ", "exchange": "NYSE", "class": "stock", "equity_security": True, "round_lot": 100,
}  # fmt: skip


@cache
def rule_10a1() -> Gate:
    return Gate.load(["us/rule_10a1"])


def dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def price_of(sale: Sale | None) -> str | None:
    return None if sale is None else dollars(sale.price)


def decide(price: int | None, state: TapeState) -> Decision:
    order = {**ORDER, "type": "market" if price is None else "limit"}
    order["price"] = None if price is None else dollars(price)
    last, different = state.last, state.last_different
    market = {
        "exchange_elects_own_last_sale": False, "price_tick": "0.01", "pilot_exempt": False,
        "last_sale_price": price_of(last), "last_different_price": price_of(different),
        "distribution_per_share": dollars(state.distribution) if state.distribution else None,
        "last_sale_before_ex_date": last is not None and last.before_ex_date,
        "last_different_before_ex_date": different is not None and different.before_ex_date,
    }  # fmt: skip
    document = {"event": "order", "order": order, "market": market, "securities": [SECURITY]}
    return rule_10a1().decide(json.dumps(document), figures=("tick", "lowest_short_price"))


def random_tape(random: Random, distribution: int) -> list[Sale]:
    """Return sales that repeat a price often, some not regular way, the first ones before the ex-date."""
    price, tape = 2000, []
    ex = random.randrange(SALES_A_SEED) if distribution else 0
    for number in range(SALES_A_SEED):
        if number == ex:
            price -= distribution
        price += random.choice((0, 0, 0, 1, -1, 5, -5))
        tape.append(Sale(price, random.random() < 0.85, number < ex))
    return tape


@pytest.mark.parametrize("distribution", [0, 50])
@pytest.mark.parametrize("seed", SEEDS)
def test_short_sales_after_each_sale_of_a_random_tape(seed: int, distribution: int) -> None:
    random = Random(f"tape {seed} {distribution}")
    tape = random_tape(random, distribution)
    state = TapeState(distribution)
    met: Counter[str] = Counter()
    for number in range(len(tape) + 1):
        seen = tape[:number]
        near = seen[-1].counted(distribution) if seen else 2000
        price = None if random.random() < 0.1 else near + random.choice((-1, 0, 0, 0, 1))
        decision = decide(price, state)
        tick = tick_of(price, seen, distribution)
        met[tick] += 1
        assert decision.core.determinations["tick"].value == tick, (price, seen)
        if may_be_sold_short(price, seen, distribution):
            assert decision.is_approved, (price, seen)
        else:
            assert decision.breached == (RULE,), (price, seen)
        lowest = decision.core.figures["lowest_short_price"].value
        if state.last is None:
            assert lowest is None
        else:
            cents = int(Decimal(str(lowest)) * 100)
            assert may_be_sold_short(cents, seen, distribution)
            assert not may_be_sold_short(cents - 1, seen, distribution)
        if number < len(tape):
            state.report(tape[number])
    assert min(met[tick] for tick in OFTEN_MET) > 5, met


@pytest.mark.parametrize(
    ("prices", "price", "tick"),
    [
        ([], 2000, "no_price"),
        ([2000], 2000, "zero_without_direction"),
        ([1995, 2000], 2000, "zero_plus"),
        # The trade before the last one is at the last price: the different price is what counts.
        ([1995, 2000, 2000, 2000], 2000, "zero_plus"),
        ([2005, 2000, 2000, 2000], 2000, "zero_minus"),
        ([1995, 2005, 2000], 2000, "zero_minus"),
        ([1995, 2005, 2000], 2001, "plus"),
        ([1995, 2000], 1999, "minus"),
    ],
)
def test_tapes_read_by_hand(prices: list[int], price: int, tick: str) -> None:
    tape, state = [Sale(value) for value in prices], TapeState()
    for sale in tape:
        state.report(sale)
    assert tick_of(price, tape) == tick
    assert decide(price, state).core.determinations["tick"].value == tick
