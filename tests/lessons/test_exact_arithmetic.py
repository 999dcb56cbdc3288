"""Other systems compared binary fractions; here the limit itself is decided as the law says."""

from __future__ import annotations

import copy
import json
from decimal import ROUND_UP, Decimal
from pathlib import Path
from random import Random

import pytest
from tests.bad_input.house_rulebooks import requiring, write
from tests.fuzz.answers import subject
from tests.lessons.orders import (
    by_sse,
    cn,
    codes,
    financing_contract,
    gate,
    short_contract,
    short_names,
)

from creditgate import Gate
from creditgate.base.failures import RulebookRejected

CENT = Decimal("0.01")
COVERED = "margin_covers_order"
# The lowest margin ratios for margin buys, on a day on which each was in force.
RATIOS = (("2011-03-01", "0.5"), ("2016-03-01", "1"), ("2024-03-01", "0.8"), ("2026-01-20", "1"))


def test_margin_equal_to_the_requirement_is_enough_and_one_cent_less_is_not() -> None:
    random = Random("exactly at the limit")
    for _ in range(1_500):
        day, ratio = random.choice(RATIOS)
        quantity = 100 * random.randint(1, 20_000)
        price = Decimal(random.randint(1, 100_000)) / 100
        required = quantity * price * Decimal(ratio)
        assert required == required.quantize(CENT)
        order = {"quantity": quantity, "price": str(price), "trade_date": day}
        account = {"credit_line": "1000000000000.00"}
        exactly = by_sse(cn(order=order, account={**account, "cash": str(required)}))
        assert exactly.is_approved, (day, price, quantity)
        short = by_sse(cn(order=order, account={**account, "cash": str(required - CENT)}))
        assert short_names(short.breached) == {COVERED}, (day, price, quantity)


def test_a_requirement_between_two_cents_is_covered_by_the_upper_one_only() -> None:
    """Ratios of a house with six decimals: nothing is rounded on the way."""
    random = Random("between two cents")
    member = gate("brokers/example_cn_member")
    between = 0
    for _ in range(400):
        haircut = Decimal(random.randint(0, 600_000)).scaleb(-6)
        ratio = Decimal(1) + (1 - haircut)
        quantity = 100 * random.randint(1, 300)
        price = Decimal(random.randint(1, 1_000_000)).scaleb(-4)
        required = quantity * price * ratio
        upper = required.quantize(CENT, ROUND_UP)
        between += upper != required
        security = {"member_haircut": str(haircut)}
        order = {"quantity": quantity, "price": str(price)}
        for cash, is_covered in ((upper, True), (upper - CENT, False)):
            document = cn(order=order, account={"cash": str(cash)}, security=security)
            decision = member.decide(document, figures=("margin_required",))
            assert Decimal(decision.core.figures["margin_required"].value or "") == required
            assert (COVERED not in short_names(decision.breached)) is is_covered
    assert between > 300


def _status(cash: Decimal, debt: Decimal) -> str | None:
    """Return the maintenance status of an account with cash only, lines at 130 and 150 per cent."""
    document = {
        "event": "account_close_of_day",
        "account": {
            "id": "A1", "exchange": "SSE", "type": "credit", "cash": str(cash), "collateral": [],
            "financing_contracts": [financing_contract(quantity=0, financed_amount=str(debt))],
            "short_contracts": [], "accrued_interest_and_fees": "0", "other_collateral_value": "0",
            "minimum_line": "1.3", "top_up_line": "1.5", "top_up_term": 2, "call_made_on": None,
            "call_notified": False, "valued_on": "2026-01-20",
        },
        "securities": cn()["securities"],
    }  # fmt: skip
    return by_sse(document).core.determinations["maintenance_status"].value


def test_exactly_130_per_cent_is_no_call_and_a_cent_less_is_one() -> None:
    random = Random("130 per cent")
    for _ in range(300):
        debt = Decimal(random.randint(1, 10**9)) / 10  # thirteen tenths of it are whole cents
        line = debt * Decimal("1.3")
        assert _status(line, debt) == "normal", debt
        assert _status(line - CENT, debt) == "call", debt


def test_exactly_300_per_cent_is_not_above_the_withdrawal_line() -> None:
    random = Random("300 per cent")
    for _ in range(100):
        debt = Decimal(random.randint(1, 10**9)) / 100
        assert _status(3 * debt, debt) == "normal", debt
        assert _status(3 * debt + CENT, debt) == "above_withdrawal_line", debt


def test_figures_are_exact_where_others_were_off_by_less_than_a_cent() -> None:
    order = {"quantity": 300, "price": "33.3333", "trade_date": "2024-03-01"}
    decision = by_sse(cn(order=order), figures=("margin_required", "order_ratio"))
    assert decision.core.figures["margin_required"].value == "7999.992"
    assert decision.core.figures["order_ratio"].value == "0.8"


def test_proceeds_of_a_short_sale_buy_nothing_and_each_short_sale_leaves_less_margin() -> None:
    """100,000 in cash, all of it from shares sold short: none of it may be spent."""
    proceeds = {"cash": "100000.00", "collateral": [{"security": "600036", "quantity": 10_000}],
                "short_contracts": [short_contract(quantity_owed=10_000)]}  # fmt: skip
    bought = by_sse(cn(order={"action": "collateral_buy"}, account=proceeds))
    assert short_names(bought.breached) == {"short_proceeds_stay_locked"}
    figures = ("margin_available", "usable_cash")
    margins = []
    for number in range(4):
        contracts = [short_contract(id=f"S{n}", quantity_owed=1000) for n in range(number)]
        cash = str(100_000 + 10_000 * number)  # what each sale brought is in the account
        document = cn(account={"cash": cash, "short_contracts": contracts})
        core = by_sse(document, figures=figures).core
        assert core.figures["usable_cash"].value == "100000"
        margins.append(Decimal(core.figures["margin_available"].value or ""))
    assert margins == [100_000, 90_000, 80_000, 70_000]


def test_one_short_sale_after_another_ends_when_the_margin_is_used_up() -> None:
    contracts: list[dict[str, object]] = []
    cash = Decimal("25000.00")
    for number in range(10):
        order = {"action": "short_sell", "quantity": 1000}
        decision = by_sse(
            cn(order=order, account={"cash": str(cash), "short_contracts": contracts})
        )
        if not decision.is_approved:
            break
        contracts.append(short_contract(id=f"S{number}"))
        cash += 10_000
    assert len(contracts) == 2
    assert short_names(decision.breached) == {COVERED}


@pytest.mark.parametrize(
    ("action", "day", "kind", "margin"),
    [
        ("short_sell", "2011-03-01", "other", "5000"), ("short_sell", "2024-03-01", "other", "8000"),
        ("short_sell", "2026-01-20", "other", "10000"),
        ("short_sell", "2024-03-01", "private_securities_fund", "10000"),
        ("short_sell", "2026-01-20", "private_securities_fund", "12000"),
        ("margin_buy", "2011-03-01", "other", "5000"), ("margin_buy", "2016-03-01", "other", "10000"),
        ("margin_buy", "2024-03-01", "other", "8000"), ("margin_buy", "2026-01-20", "other", "10000"),
    ],
)  # fmt: skip
def test_the_margin_of_ten_thousand_yuan_is_what_the_ratio_of_the_day_says(
    action: str, day: str, kind: str, margin: str
) -> None:
    document = cn(order={"action": action, "trade_date": day}, client={"kind": kind})
    decision = by_sse(document, figures=("margin_required",))
    assert decision.core.figures["margin_required"].value == margin


def test_shares_are_never_compared_with_money(tmp_path: Path) -> None:
    folder = write(tmp_path, "mixed", requiring("order.quantity <= account.cash"))
    with pytest.raises(RulebookRejected, match="CG5003"):
        Gate.load([folder])
    assert codes(by_sse(cn(order={"quantity": "10000 CNY"}))) == {"CG9006"}


def test_no_order_goes_beyond_what_the_ratio_lends() -> None:
    random = Random("leverage")
    for _ in range(200):
        day, _ = random.choice(RATIOS)
        cash = str(Decimal(random.randint(10**5, 10**8)) / 100)
        order = {"trade_date": day, "price": str(Decimal(random.randint(100, 9_999)) / 100)}
        account = {"cash": cash, "credit_line": "1000000000000.00"}
        asked = by_sse(cn(order=order, account=account), figures=("largest_quantity",))
        largest = int(asked.core.figures["largest_quantity"].value or "")
        if largest:
            assert by_sse(cn(order={**order, "quantity": largest}, account=account)).is_approved
        more = by_sse(cn(order={**order, "quantity": largest + 100}, account=account))
        assert short_names(more.breached) == {COVERED}


@pytest.mark.parametrize("text", ["1.233", "0.1", "10.10", "1.0001", "9999.9999", "33.3333"])
def test_a_number_in_json_is_taken_as_written(text: str) -> None:
    before = cn(order={"price": "PRICE"}, market={"limit_up": None})
    data = _json(before).replace('"PRICE"', text)
    figure = by_sse_json(data, "valuation_price")
    assert figure == (text.rstrip("0") if "." in text else text)
    assert by_sse_json(_json(before).replace("PRICE", text), "valuation_price") == figure


def by_sse_json(data: str, figure: str) -> str | None:
    return gate("cn/sse").decide(data.encode(), figures=(figure,)).core.figures[figure].value


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False)


def test_a_ratio_written_as_a_percentage_is_refused_or_the_stricter_side() -> None:
    assert codes(by_sse(cn(security={"member_haircut": 65}))) == {"CG9004"}
    assert codes(by_sse(cn(security={"member_haircut": "65%"}))) == {"CG9006"}
    margins = []
    for agreed in ("0.2", "1", "1.2", "20"):
        contracts = {"short_contracts": [short_contract(agreed_ratio=agreed)]}
        decision = by_sse(cn(account=contracts), figures=("margin_available",))
        margins.append(Decimal(decision.core.figures["margin_available"].value or ""))
    # 0.2 lies below the floor of the law and changes nothing; 20 is two thousand per cent.
    assert margins[0] == margins[1] > margins[2] > margins[3]


def test_a_number_given_as_text_is_the_number_that_it_says() -> None:
    same = {
        by_sse(cn(order={"quantity": value})).core_bytes() for value in (1000, "1000", "1000.0")
    }
    assert len(same) == 1
    ten = by_sse(cn(order={"quantity": "10"}))
    assert short_names(ten.breached) == {"whole_lots"}


def test_the_order_of_positions_and_of_keys_has_no_influence() -> None:
    random = Random("order of positions")
    for rulebook in ("cn/sse", "us/reg_sho", "brokers/example_cn_member"):
        found = subject(rulebook)
        for document in found.documents:
            mixed = _mixed(copy.deepcopy(dict(document)), random)
            assert found.gate.decide(mixed).core_bytes() == found.gate.decide(document).core_bytes()


def _mixed(value: object, random: Random) -> dict[str, object]:
    def mix(part: object) -> object:
        if isinstance(part, dict):
            keys = list(part)
            random.shuffle(keys)
            return {key: mix(part[key]) for key in keys}
        if isinstance(part, list):
            rows = [mix(item) for item in part]
            random.shuffle(rows)
            return rows
        return part

    result = mix(value)
    assert isinstance(result, dict)
    return result
