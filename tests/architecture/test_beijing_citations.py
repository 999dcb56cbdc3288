"""The Beijing rulebook cites its own authority for all it takes over, and says how little is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import pytest

from creditgate import Gate
from creditgate.explain.evidence import evidence_of
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue

ID: Final = "cn/bse"
#: What is known of Beijing itself, so that a better grade than unverified is right.
KNOWN: Final = {
    "financing_rollover_resets_ratio",
    "agreement_may_reset_financing_ratio",
    "short_rollover_resets_ratio",
    "short_ratio_floor",
}


def book() -> Rulebook:
    """Load the rulebook."""
    checked = catalogue().checked(ID)
    assert checked is not None
    return checked.rulebook


def inherited(rulebook: Rulebook) -> Iterator[str]:
    """Yield the name of everything that is taken over, exemptions with their rule."""
    for section in ("rules", "determinations", "parameters", "tables", "figures"):
        for name, item in getattr(rulebook, section).items():
            if item.origin != ID:
                yield name
    for rule in rulebook.rules.values():
        yield from (f"{rule.name}.{e.id}" for e in rule.exemptions if e.origin != ID)


@pytest.mark.parametrize("name", sorted(inherited(book())))
def test_what_beijing_takes_over_is_cited_for_beijing_and_graded(name: str) -> None:
    rulebook = book()
    timeline = rulebook.recited.get(name)
    assert timeline is not None, f"rulebooks/cn/bse/rulebook.yaml cites nothing for `{name}`"
    assert timeline.first == rulebook.start
    own = {"bse_rules_2022", "bse_notice_2023_08_27", "bse_notice_2024_07_10"}
    own |= {"bse_notice_2026_01_14", "notice_2023_10_14"}
    for _, source in timeline.entries:
        assert source.citation is not None
        assert source.citation.instrument in own
        assert source.evidence == "unverified" or name in KNOWN


ORDER: Final = """
{"order": {"id": "1", "action": "margin_buy", "security": "835185", "type": "limit",
           "quantity": 1000, "price": 10.00, "trade_date": "2026-02-02",
           "purpose": "ordinary_trade"},
 "account": {"id": "A1", "type": "credit", "exchange": "BSE", "cash": 1000000.00,
             "collateral": [], "financing_contracts": [], "short_contracts": [],
             "accrued_interest_and_fees": 0, "credit_line": 1000000, "credit_used": 0},
 "client": {"id": "C1", "kind": "other", "insider_of": []},
 "securities": [{"id": "835185", "exchange": "BSE", "class": "stock", "price": 10.00,
                 "risk_warning": false, "trading_suspended": false, "financing_suspended": false,
                 "financing_target_of_exchange": true, "financing_target_of_member": true}]}
"""


def test_a_decision_in_beijing_shows_that_what_it_rests_on_is_unverified() -> None:
    decision = Gate.load([ID]).decide(json.loads(ORDER, parse_float=Decimal))
    assert decision.is_approved
    (part,) = evidence_of(decision)
    judged = [rule for rule in part.rules if rule.outcome == "satisfied"]
    assert judged
    assert {rule.grade for rule in judged} == {"unverified"}
    margin = next(rule for rule in judged if rule.rule.endswith("/margin_covers_order"))
    floor = next(item for item in margin.names if item.name == "financing_ratio_floor")
    assert floor.authority.evidence == "official"


def test_nothing_holds_in_beijing_before_its_market_opened() -> None:
    rulebook = book()
    assert rulebook.trading_calendar == "BJSE"
    assert {rule.origin for rule in rulebook.rules.values()} == {"cn/margin_trading"}
    assert rulebook.parameters["financing_ratio_floor"].history.first == rulebook.start


def test_what_is_older_elsewhere_holds_in_beijing_since_its_market_opened() -> None:
    decision = Gate.load([ID]).decide(json.loads(ORDER, parse_float=Decimal))
    (part,) = evidence_of(decision)
    assert {rule.authority.since for rule in part.rules} == {"2023-02-13"}
    lots = next(rule for rule in part.rules if rule.rule.endswith("/whole_lots"))
    assert ("lot", "2023-02-13") in [(name.name, name.authority.since) for name in lots.names]


def test_an_exemption_relied_on_in_beijing_is_cited_for_beijing() -> None:
    facts = json.loads(ORDER, parse_float=Decimal)
    facts["order"] |= {"action": "short_sell", "type": "limit", "price": Decimal("9.99")}
    facts["market"] = {"traded_today": True, "last_price": Decimal("10.00")}
    facts["securities"][0] |= {
        "short_price_exempt": True, "short_suspended": False, "short_target_of_exchange": True,
        "short_target_of_member": True,
    }  # fmt: skip
    facts["client"]["holds_restricted_shares_of"] = []
    decision = Gate.load([ID]).decide(facts)
    assert decision.is_approved
    (part,) = evidence_of(decision)
    rule = next(r for r in part.rules if r.rule.endswith("/short_price_not_below_last"))
    assert rule.exempted_by == "recognised"
    assert rule.exemptions[0].authority.instrument == "bse_rules_2022"
    assert rule.exemptions[0].authority.evidence == "unverified"
