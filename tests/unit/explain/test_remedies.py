"""Remedies: shown only where the gate approved what they propose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from creditgate.explain.remedies import OfferedRemedy, remedies_of
from creditgate.pipeline import Gate

Gates = Callable[..., Gate]
Sales = Callable[..., dict[str, Any]]


def in_short(remedy: OfferedRemedy) -> list[dict[str, str | None]]:
    """Return the changes of each part by path."""
    return [{change.path: change.value.exact for change in part} for part in remedy.parts]


def test_a_single_change_that_passes_is_offered(gate: Gates, short_sale: Sales) -> None:
    decision = gate("exchange").decide(short_sale({"order.quantity": 450}))
    (remedy,) = remedies_of(decision)
    assert in_short(remedy) == [{"order.quantity": "400"}]
    assert remedy.rules == ("exchange/whole_lots",)
    assert remedy.titles[0].zh == "向下取整"


def test_what_another_rule_still_rejects_is_changed_once_more(
    gate: Gates, short_sale: Sales
) -> None:
    decision = gate("exchange").decide(short_sale({"order.quantity": 450, "order.price": "12.46"}))
    (remedy,) = remedies_of(decision)
    assert in_short(remedy) == [{"order.quantity": "400", "order.price": "12.47"}]
    assert remedy.rules == ("exchange/whole_lots", "exchange/price_not_below_floor")


def test_nothing_is_offered_where_the_changed_order_is_rejected(
    gate: Gates, short_sale: Sales
) -> None:
    poor = short_sale({"order.quantity": 450, "account.cash": "0.00", "account.collateral": []})
    assert remedies_of(gate("exchange").decide(poor)) == ()


def test_nothing_is_offered_where_the_changed_order_is_undecided(
    gate: Gates, short_sale: Sales
) -> None:
    unknown = short_sale({"order.quantity": 450, "account.cash": None})
    assert remedies_of(gate("exchange").decide(unknown)) == ()


def test_a_quantity_of_zero_is_no_remedy(gate: Gates, short_sale: Sales) -> None:
    assert remedies_of(gate("exchange").decide(short_sale({"order.quantity": 50}))) == ()


def test_every_part_of_a_split_is_approved(gate: Gates, short_sale: Sales) -> None:
    rich = short_sale({"order.quantity": 9000, "account.cash": "1000000.00"})
    (remedy,) = remedies_of(gate("exchange").decide(rich))
    assert in_short(remedy) == [{"order.quantity": "5000"}, {"order.quantity": "4000"}]


def test_a_split_with_one_rejected_part_is_not_offered(gate: Gates, short_sale: Sales) -> None:
    odd = short_sale({"order.quantity": 9050, "account.cash": "1000000.00"})
    offered = remedies_of(gate("exchange").decide(odd))
    assert [remedy.rules for remedy in offered] == []


def test_remedies_are_decided_by_the_day_that_was_asked_for(gate: Gates, short_sale: Sales) -> None:
    decision = gate("exchange").decide(short_sale({"order.quantity": 455}), on=date(2020, 5, 29))
    (remedy,) = remedies_of(decision)
    assert in_short(remedy) == [{"order.quantity": "450"}]


def test_the_document_of_the_caller_is_left_alone(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"order.quantity": 450})
    decision = gate("exchange").decide(sale)
    sale["order"]["quantity"] = 1
    (remedy,) = remedies_of(decision)
    assert in_short(remedy) == [{"order.quantity": "400"}]
    assert sale["order"]["quantity"] == 1


def test_approved_orders_have_no_remedies(gate: Gates, short_sale: Sales) -> None:
    assert remedies_of(gate("exchange").decide(short_sale())) == ()
