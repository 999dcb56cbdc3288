"""Records: stable bytes, decided anew, and whatever was changed since is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from creditgate.decide.decision import Core, Decision
from creditgate.explain.again import RecordRefused, again
from creditgate.explain.documents import document_of, stable_bytes
from creditgate.explain.record import checksum_of, compared_bytes, record, record_bytes
from creditgate.pipeline import Gate

Gates = Callable[..., Gate]
Sales = Callable[..., dict[str, Any]]
Change = Callable[[dict[str, Any]], Any]
BOOKS = Path(__file__).parent / "books"


def read_back(made: dict[str, Any]) -> dict[str, Any]:
    """Return a record as a file gives it back."""
    found: dict[str, Any] = json.loads(record_bytes(made), parse_float=Decimal)
    return found


def test_a_record_holds_everything_in_the_order_of_the_law(gate: Gates, short_sale: Sales) -> None:
    claim = {"claim": "bona_fide_market_making", "by": "desk 7", "at": "2020-07-01T09:00:00+08:00"}
    sale = short_sale({"order.price": "12.00", "claims": [claim]})
    made = read_back(record(gate("venue").decide(sale, figures=["margin_required", "size"])))
    (book,) = made["outcomes"]
    assert [rule["rule"] for rule in book["rules"]][:2] == [
        "exchange/known_actions",
        "exchange/whole_lots",
    ]
    assert made["as_of"] == "2020-07-01"
    assert made["core"]["claims"] == ["bona_fide_market_making"]
    assert made["claims"][0]["by"] == "desk 7"
    assert made["claims"][0]["relied_on"] is True
    assert made["figures"]["margin_required"]["value"]["value"] == "3117.5"
    assert made["figures"]["margin_required"]["title"]["zh"] == "所需保证金"
    assert made["determinations"]["size"]["status"] == {"en": "Small", "zh": "小额"}
    assert made["determinations"]["size"]["authority"]["article"] == "3"
    (rulebook,) = made["rulebooks"]
    assert (rulebook["id"], rulebook["lineage"]) == ("venue", ["exchange", "venue"])
    assert len(rulebook["digest"]) == len(rulebook["text_digest"]) == 64
    assert [calendar["id"] for calendar in made["calendars"]] == ["XSHG"]
    assert made["calendars"][0]["horizon"] > "2026"
    assert set(made["envelope"]) == {"creditgate", "python"}


def test_facts_stand_in_a_record_as_they_were_given(gate: Gates, short_sale: Sales) -> None:
    text = json.dumps(short_sale(), default=str).replace('"12.47"', "12.4700", 1)
    made = record(gate("exchange").decide(text))
    assert b'"price":12.4700' in record_bytes(made)
    assert made["facts"]["order"]["entered_at"] == "2020-07-01T10:31:00+08:00"


def test_the_order_of_keys_changes_no_byte(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale()
    turned = {key: sale[key] for key in reversed(sale)}
    turned["order"] = {key: sale["order"][key] for key in reversed(sale["order"])}
    board = gate("exchange")
    assert record_bytes(record(board.decide(sale))) == record_bytes(record(board.decide(turned)))


def test_the_envelope_is_not_compared(gate: Gates, short_sale: Sales) -> None:
    made = record(gate("exchange").decide(short_sale()))
    other = {**made, "envelope": {"creditgate": "9", "python": "9"}}
    assert compared_bytes(made) == compared_bytes(other)
    assert again(other, gate("exchange")).verdict == "same"


@pytest.mark.parametrize(
    "changes",
    [{}, {"order.price": "12.46"}, {"market.last_price": None}, {"order.trade_date": None}],
    ids=["approved", "rejected", "undecided", "undated"],
)
def test_a_record_decided_anew_is_the_same_byte_for_byte(
    gate: Gates, short_sale: Sales, changes: dict[str, Any]
) -> None:
    board = gate("venue", "member")
    decision = board.decide(short_sale(changes), figures=["margin_required"])
    compared = again(read_back(record(decision)), board)
    assert (compared.verdict, compared.intact, compared.differences) == ("same", True, ())
    assert compared.was == decision.outcome


def test_the_day_that_was_asked_for_is_asked_for_again(gate: Gates, short_sale: Sales) -> None:
    board = gate("exchange")
    decision = board.decide(short_sale({"order.quantity": 450}), on=date(2020, 5, 29))
    assert decision.is_approved
    assert again(read_back(record(decision)), board).verdict == "same"


@pytest.mark.parametrize(
    "given", ["[]", "{", b"\xff", '{"order": {"id": "\\ud800"}}', '{"a": 1, "a": 2}']
)
def test_what_could_not_be_read_is_refused_again(gate: Gates, given: str | bytes) -> None:
    board = gate("exchange")
    made = read_back(record(board.decide(given)))
    assert isinstance(made["facts"], str)
    assert again(made, board).verdict == "same"


def _with_checksum(made: dict[str, Any]) -> None:
    made["checksum"] = checksum_of(made)


def _cheaper(made: dict[str, Any]) -> None:
    made["facts"]["order"]["price"] = Decimal("12.40")


def _approved(made: dict[str, Any]) -> None:
    made["core"]["decision"] = "approved"


def _renamed(made: dict[str, Any]) -> None:
    made["facts"]["order"]["id"] = "18"


def _milder(made: dict[str, Any]) -> None:
    made["outcomes"][0]["rules"][0]["outcome"] = "satisfied"


@pytest.mark.parametrize("change", [_cheaper, _approved, _renamed, _milder])
def test_whatever_is_changed_in_a_record_is_noticed(
    gate: Gates, short_sale: Sales, change: Change
) -> None:
    board = gate("exchange")
    made = read_back(record(board.decide(short_sale({"order.action": "buy"}))))
    change(made)
    compared = again(made, board)
    assert (compared.verdict, compared.intact) == ("record altered", False)


@pytest.mark.parametrize(
    ("change", "differs"),
    [(_cheaper, "breached: none then, exchange/price_not_below_floor now"),
     (_approved, "decision: approved then, rejected now")],
)  # fmt: skip
def test_a_change_with_a_new_checksum_does_not_reproduce(
    gate: Gates, short_sale: Sales, change: Change, differs: str
) -> None:
    board = gate("exchange")
    rejected = change is _approved
    sale = short_sale({"order.price": "12.40"} if rejected else {})
    made = read_back(record(board.decide(sale)))
    change(made)
    _with_checksum(made)
    compared = again(made, board)
    assert (compared.verdict, compared.intact) == ("not reproduced", True)
    assert differs in compared.differences


def _copied(root: Path, old: str, new: str) -> Path:
    """Copy the made-up exchange with a text replaced; return its folder."""
    folder = root / "exchange"
    folder.mkdir(parents=True)
    for file in (BOOKS / "exchange").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    return folder


def test_a_rulebook_changed_since_is_named_and_the_answers_compared(
    gate: Gates, short_sale: Sales, tmp_path: Path
) -> None:
    small = read_back(record(gate("exchange").decide(short_sale({"order.quantity": 100}))))
    large = read_back(record(gate("exchange").decide(short_sale())))
    now = Gate.load([_copied(tmp_path, "value: 100 shares", "value: 200 shares")])
    compared = again(small, now)
    assert compared.verdict == "rulebook changed, other answer"
    assert (compared.was, compared.now) == ("approved", "rejected")
    (changed,) = compared.rulebooks_changed
    assert (changed.id, changed.was) == ("exchange", gate("exchange").engines[0].digest)
    rejected = again(large, now)
    assert rejected.verdict == "rulebook changed, other answer"
    even = read_back(record(gate("exchange").decide(short_sale({"order.quantity": 200}))))
    assert again(even, now).verdict == "rulebook changed, same answer"


def test_other_words_alone_change_no_answer(gate: Gates, short_sale: Sales, tmp_path: Path) -> None:
    made = read_back(record(gate("exchange").decide(short_sale())))
    now = Gate.load([_copied(tmp_path, "Trading Act", "Act on Trading")])
    compared = again(made, now)
    assert (compared.verdict, compared.text_changed) == ("same", ("exchange",))


def test_other_rulebooks_are_said_to_be_others(gate: Gates, short_sale: Sales) -> None:
    made = read_back(record(gate("exchange").decide(short_sale())))
    compared = again(made, gate("venue"))
    assert compared.verdict == "other rulebooks"
    assert compared.rulebooks_changed[0].now is None


@pytest.mark.parametrize(
    "made",
    [
        {},
        {"format": "another"},
        {"format": "creditgate decision record, version 1"},
        {"format": "creditgate decision record, version 1", "facts": None},
        {"format": "creditgate decision record, version 1", "asked": {}, "facts": {},
         "rulebooks": [], "core": {"decision": 1}},
        {"format": "creditgate decision record, version 1", "asked": {}, "facts": {},
         "rulebooks": [1], "core": {}},
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused_with_a_reason(gate: Gates, made: dict[str, Any]) -> None:
    with pytest.raises(RecordRefused):
        again(made, gate("exchange"))


def test_a_decision_of_no_gate_has_no_record() -> None:
    with pytest.raises(ValueError, match="a gate"):
        record(Decision(Core("approved", "order", None, ())))


def test_the_checksum_is_of_all_but_itself_and_the_envelope(gate: Gates, short_sale: Sales) -> None:
    made = record(gate("exchange").decide(short_sale()))
    rest = {key: made[key] for key in made if key not in {"checksum", "envelope"}}
    assert made["checksum"] == hashlib.sha256(stable_bytes(rest)).hexdigest()


def test_a_document_is_given_back_with_its_numbers_as_written(gate: Gates) -> None:
    decision = gate("exchange").decide('{"order": {"price": 1.50, "quantity": 1e3}}')
    assert decision.source is not None
    document = document_of(decision.source)
    assert stable_bytes(document) == b'{"order":{"price":1.50,"quantity":1E+3}}'
