"""What a change comes to: stricter, looser, both or equal, each with an order that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.diff.two_books import LIMIT, RULE, Books, gate_of

pytest.importorskip("z3")

from creditgate import Gate

Make = Callable[..., Books]
Run = Callable[..., Any]
CASES = yaml.safe_load((Path(__file__).parent / "meanings.yaml").read_text("utf-8"))
NEW_RULE = """\
  listed_only:
    {<rule>, when: order.action is open_short, require: order.type is limit}
"""


def compared(creditgate: Run, made: Books, *more: str) -> Any:
    done = creditgate("diff", *made.sides, "--format", "json", *more)
    assert not done.err, done.err
    report = json.loads(done.out)
    assert report["status"] == done.status
    return report


def changed(change: dict[str, str]) -> str:
    text = LIMIT.replace("<rule>", RULE)
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_change_comes_to_what_it_is(creditgate: Run, books: Make, case: Any) -> None:
    report = compared(creditgate, books(LIMIT, changed(case["change"])))
    assert report["verdict"] == case["verdict"]
    assert report["status"] == (0 if case["verdict"] == "equal" else 1)
    (book,) = report["meaning"] or [{"rules": [], "effects": []}]
    found = {rule["id"]: rule["verdict"] for rule in book["rules"] if rule["verdict"] != "equal"}
    assert found == case.get("rules", {})
    effects = [f"{e['action']['name']} {e['direction']}" for e in book["effects"]]
    assert sorted(effects) == sorted(case.get("effects", []))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_gates_decide_orders_as_the_verdict_says(books: Make, case: Any) -> None:
    made = books(LIMIT, changed(case["change"]))
    before, after = gate_of(made.before), gate_of(made.after)
    ranks = {"approved": 2, "rejected": 0}
    seen = set()
    for action, quantity, urgent in product(
        ("open_long", "open_short", "close_long", "close_short", None),
        (1, 400, 401, 500, 501, 600, 601, 900_001, None), (True, False, None),
    ):  # fmt: skip
        facts = {"action": action, "quantity": quantity, "urgent": urgent}
        order = {name: value for name, value in facts.items() if value is not None}
        document = {"event": "trade", "order": {**order, "trade_date": "2021-01-04"}}
        old, new = [gate.decide(document).outcome for gate in (before, after)]
        if old in ranks and new in ranks and old != new:
            seen.add("stricter" if ranks[new] < ranks[old] else "looser")
        elif old != new:
            seen.add("facts")
    wanted = {"both": {"stricter", "looser"}, "equal": set()}
    assert seen - {"facts"} == wanted.get(case["verdict"], {case["verdict"]} - {"facts"})
    assert case["verdict"] != "equal" or not seen


@pytest.mark.parametrize("shares", [400, 600])
def test_the_smallest_order_is_one_share_over_the_lower_limit_and_gates_decide_it_so(
    creditgate: Run, books: Make, shares: int
) -> None:
    made = books(LIMIT, LIMIT.replace("500 shares", f"{shares} shares"))
    (book,) = compared(creditgate, made)["meaning"]
    for effect in book["effects"]:
        witness = effect["witness"]
        assert witness["is_smallest"]
        assert witness["document"]["order"]["quantity"] == min(shares, 500) + 1
        decided = [gate_of(root).decide(witness["document"]) for root in (made.before, made.after)]
        assert [d.outcome for d in decided] == [
            witness[side]["decision"] for side in ("before", "after")
        ]
        assert sorted(d.outcome for d in decided) == ["approved", "rejected"]
        assert [list(d.breached) for d in decided] == [
            witness[side]["breached"] for side in ("before", "after")
        ]


def test_a_new_rule_is_stricter_for_the_orders_that_it_looks_at(
    creditgate: Run, books: Make
) -> None:
    report = compared(creditgate, books(LIMIT, LIMIT + NEW_RULE))
    (book,) = report["meaning"]
    assert report["verdict"] == "stricter"
    assert [(r["id"], r["why"]) for r in book["rules"]] == [("act/listed_only", "added")]
    assert [e["action"]["name"] for e in book["effects"]] == ["open_short"]
    assert [fact["name"] for fact in book["asked"]] == ["order.type"]


def test_a_rule_taken_away_is_looser(creditgate: Run, books: Make) -> None:
    report = compared(creditgate, books(LIMIT + NEW_RULE, LIMIT))
    (book,) = report["meaning"]
    assert report["verdict"] == "looser"
    assert [(r["id"], r["why"]) for r in book["rules"]] == [("act/listed_only", "removed")]


def test_it_is_said_for_which_class_orders_are_decided_differently(
    creditgate: Run, books: Make
) -> None:
    narrow = LIMIT.replace("require: order.quantity <= most", (
        'require: "order.quantity <= (if order.security.class is fund then 300 shares else most)"'
    ))  # fmt: skip
    (book,) = compared(creditgate, books(LIMIT, narrow))["meaning"]
    for effect in book["effects"]:
        (region,) = effect["regions"]
        assert region["fact"] == "security.class"
        assert [member["name"] for member in region["met"]] == ["fund"]
        assert {member["name"] for member in region["not_met"]} == {"stock", "bond"}


def test_a_change_that_other_rules_hide_is_told_as_that(creditgate: Run, books: Make) -> None:
    tight = '  tight: {<rule>, when: "order.action in {open_long, open_short}", require: order.quantity <= 100 shares}\n'
    report = compared(
        creditgate, books(LIMIT + tight, LIMIT.replace("500 shares", "400 shares") + tight)
    )
    (book,) = report["meaning"]
    assert report["verdict"] == "stricter"
    assert [effect["why"] for effect in book["effects"]] == ["hidden", "hidden"]
    assert all(effect["witness"] is None for effect in book["effects"])


def test_an_entry_of_a_history_changes_meaning_from_its_day_on(
    creditgate: Run, books: Make
) -> None:
    later = LIMIT.replace("rules:", (
        "      - {from: 2021-03-01, value: 300 shares, cite: {instrument: act}, evidence: official}\n"
        "rules:"
    ), 1)  # fmt: skip
    (book,) = compared(creditgate, books(LIMIT, later))["meaning"]
    (rule,) = book["rules"]
    assert (rule["verdict"], rule["first"], rule["last"]) == ("stricter", "2021-03-01", None)
    for effect in book["effects"]:
        assert effect["witness"]["document"]["order"]["trade_date"] >= "2021-03-01"


def test_another_scope_is_neither_stricter_nor_looser(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, LIMIT)
    header = made.after / "act" / "rulebook.yaml"
    text = header.read_text("utf-8").replace('trade: "yes"', "trade: order.urgent")
    header.write_text(text, "utf-8")
    report = compared(creditgate, made)
    (book,) = report["meaning"]
    assert report["verdict"] == "other"
    assert [(r["kind"], r["verdict"]) for r in book["rules"]] == [("governs", "other")]


def test_a_new_fact_of_the_vocabulary_is_compared(creditgate: Run, books: Make) -> None:
    made = books(
        LIMIT, LIMIT.replace("order.quantity <= most", "order.quantity <= most and order.calm")
    )
    path = made.after / "vocabulary" / "order.yaml"
    fact = "  calm: {type: boolean, title: {en: Calm, zh: 平稳}}\n"
    path.write_text(path.read_text("utf-8") + fact, "utf-8")
    report = compared(creditgate, made)
    (book,) = report["meaning"]
    assert report["verdict"] == "stricter"
    assert [fact["name"] for fact in book["asked"]] == ["order.calm"]
    before, after = gate_of(made.before), gate_of(made.after)
    document = book["effects"][0]["witness"]["document"]
    assert after.decide(document).outcome == "rejected"
    del document["order"]["calm"]
    assert before.decide(document).outcome == "approved"


def vocabulary_changed(made: Books, old: str, new: str) -> None:
    path = made.after / "vocabulary" / "order.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_fact_of_another_type_cannot_be_compared(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, LIMIT.replace("500", "400"))
    vocabulary_changed(made, "type: quantity, min: 1,", "type: quantity, scale: 2, min: 1,")
    report = compared(creditgate, made)
    (book,) = report["meaning"]
    assert (report["verdict"], report["status"]) == ("not_decided", 2)
    assert (book["why"], book["about"]) == ("vocabularies", "order.quantity")


def test_other_bounds_of_a_fact_that_is_read_are_told(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, LIMIT)
    vocabulary_changed(made, "max: 1_000_000", "max: 2_000_000")
    report = compared(creditgate, made)
    (book,) = report["meaning"]
    assert report["verdict"] == "other"
    assert (book["why"], book["about"]) == ("bounds", "order.quantity")
    assert [(c["kind"], c["name"]) for c in report["text"]] == [("vocabulary", "order")]


def test_another_fact_that_no_rule_reads_changes_nothing(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, LIMIT)
    vocabulary_changed(made, "mark: {type: text", "mark: {type: boolean")
    assert compared(creditgate, made)["verdict"] == "equal"


def test_an_overlay_is_compared_with_its_base(creditgate: Run, books: Make) -> None:
    house = {
        "house/rulebook.yaml": (
            "rulebook: house\ntitle: {en: House rules, zh: 内部规则}\n"
            "authority: {en: A house, zh: 公司}\nextends: [act]\nmode: tightens\n"
            "instruments:\n  manual: {title: {en: The manual, zh: 手册}, issued: 2019-12-01}\n"
        ),
        "house/limits.yaml": (
            "chapter: {en: Limits, zh: 限额}\nparameters:\n  most:\n    replaces: yes\n    history:\n"
            "      - {from: 2020-01-02, value: 200 shares, cite: {instrument: manual}, evidence: official}\n"
        ),
    }
    made = books(LIMIT, LIMIT, files_after=house)
    done = creditgate("diff", made.after / "act", made.after / "house", "--format", "json")
    report = json.loads(done.out)
    assert report["verdict"] == "stricter"
    assert {change["kind"] for change in report["text"]} == {
        "header", "chapter", "instrument", "parameter",
    }  # fmt: skip
    back = creditgate("diff", made.after / "house", made.after / "act", "--format", "json")
    assert json.loads(back.out)["verdict"] == "looser"


def test_changed_law_comes_out_as_the_notices_say(creditgate: Run) -> None:
    done = creditgate(
        "diff", "cn/sse@2026-01-16", "@2026-01-19", "--format", "json", "--limit", "10"
    )
    report = json.loads(done.out)
    assert (report["verdict"], done.status) == ("stricter", 1)
    (book,) = report["meaning"]
    (rule,) = [rule for rule in book["rules"] if rule["kind"] == "rule"]
    assert rule["id"] == "cn/margin_trading/margin_covers_order"
    (effect,) = book["effects"]
    assert effect["action"]["name"] == "margin_buy"
    gate = Gate.load(["cn/sse"])
    days = [date(2026, 1, 16), date(2026, 1, 19)]
    document = effect["witness"]["document"]
    assert [gate.decide(document, on=day).outcome for day in days] == ["approved", "rejected"]
