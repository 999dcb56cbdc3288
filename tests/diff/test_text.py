"""What is written otherwise: added, removed, changed, moved, renamed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.diff.two_books import LIMIT, Books, chapter

Make = Callable[..., Books]
Run = Callable[..., Any]


def text_of(creditgate: Run, made: Books) -> list[dict[str, Any]]:
    done = creditgate("diff", *made.sides, "--text-only", "--format", "json")
    assert (done.status, done.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.out)["text"]
    return found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("500 shares", "400 shares", [("history[2020-01-02].value", "500 shares", "400 shares", "value")]),
        ('"3"', '"4"', [("history[2020-01-02].cite.article", "3", "4", "source")]),
        ("Most shares", "At most", [("title.en", "Most shares", "At most", "words")]),
        ("quantity <=", "quantity  <=", []),
        ("    type: quantity\n    stricter: lower\n", "    stricter: lower\n    type: quantity\n", []),
        ("parameters:", "# a comment\nparameters:", []),
    ],
)  # fmt: skip
def test_a_text_is_told_with_its_place_and_kind(
    creditgate: Run, books: Make, old: str, new: str, expected: list[tuple[str, ...]]
) -> None:
    changes = text_of(creditgate, books(LIMIT, LIMIT.replace(old, new)))
    found = [
        (text["place"], text["before"], text["after"], text["sort"])
        for change in changes for text in change["texts"]
    ]  # fmt: skip
    assert found == expected


def test_an_entry_of_a_history_is_added(creditgate: Run, books: Make) -> None:
    entry = "      - {from: 2021-03-01, value: 300 shares, cite: {instrument: act}, evidence: official}\n"
    (change,) = text_of(creditgate, books(LIMIT, LIMIT.replace("rules:", entry + "rules:", 1)))
    places = {text["place"]: text["after"] for text in change["texts"]}
    assert places["history[2021-03-01].value"] == "300 shares"
    assert {text["before"] for text in change["texts"]} == {None}


def test_a_parameter_under_another_name_is_renamed_and_so_are_its_uses(
    creditgate: Run, books: Make
) -> None:
    changes = text_of(creditgate, books(LIMIT, LIMIT.replace("most", "largest_order")))
    (named,) = [change for change in changes if change["kind"] == "parameter"]
    assert (named["what"], named["name_before"], named["name"]) == (
        "renamed", "most", "largest_order",
    )  # fmt: skip
    (use,) = [change for change in changes if change["kind"] == "rule"]
    assert [text["sort"] for text in use["texts"]] == ["name"]


def test_a_rule_in_another_file_is_moved(creditgate: Run, books: Make) -> None:
    parameters, rules = LIMIT.split("rules:\n")
    made = books(LIMIT, parameters, files_after={"act/orders.yaml": chapter("rules:\n" + rules)})
    changes = text_of(creditgate, made)
    moved = {
        c["name"]: (c["what"], c["file_before"], c["file"]) for c in changes if c["kind"] == "rule"
    }
    assert moved == dict.fromkeys(("small", "all_orders"), ("moved", "rules.yaml", "orders.yaml"))


def test_things_come_and_go(creditgate: Run, books: Make) -> None:
    more = LIMIT.replace(
        "rules:\n",
        "rules:\n  listed:\n    {<rule>, when: order.action is open_long, require: order.urgent}\n",
        1,
    )
    there = text_of(creditgate, books(LIMIT, more))
    assert [(c["what"], c["kind"], c["name"]) for c in there] == [("added", "rule", "listed")]


def test_between_two_days_only_what_took_effect_is_told(creditgate: Run) -> None:
    done = creditgate("diff", "cn/sse@2026-01-16", "@2026-01-19", "--text-only", "--format", "json")
    changes = {(c["kind"], c["name"]): c for c in json.loads(done.out)["text"]}
    texts = {
        t["place"]: (t["before"], t["after"])
        for t in changes["parameter", "financing_ratio_floor"]["texts"]
    }
    assert texts["history.value"] == ("80%", "100%")
    assert texts["history.from"] == ("2023-09-11", "2026-01-19")
    assert {kind for kind, _ in changes} == {"parameter", "citation"}
