"""`creditgate facts`: what a rulebook reads, and what it means."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from click.testing import CliRunner

from creditgate.cli.main import group
from creditgate.pipeline import Gate, catalogue


@cache
def run(*arguments: str) -> str:
    """Return what the command prints."""
    result = CliRunner().invoke(group, ["facts", *arguments], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.output


def listed(*arguments: str) -> Any:
    """Return what the command prints as JSON."""
    return json.loads(run(*arguments, "--lang", "en", "--format", "json"))


def names(listing: Any) -> set[str]:
    """Return the paths of the facts listed."""
    return {f"{e['name']}.{f['name']}" for e in listing["entities"] for f in e["facts"]}


def fact(listing: Any, path: str) -> Any:
    """Return one fact of a listing."""
    entity, _, name = path.partition(".")
    found = next(item for item in listing["entities"] if item["name"] == entity)
    return next(item for item in found["facts"] if item["name"] == name)


def test_a_fact_stands_with_meaning_type_bounds_and_aliases() -> None:
    price = fact(listed("cn/sse"), "order.price")
    assert price["meaning"] == "Limit price"
    assert price["described"] == "price in CNY"
    assert price["none_when"] == {"fact": "type", "in": ["market", "stop"]}
    assert price["aliases"]["fix"] == "Price(44)"
    text = " ".join(run("cn/sse", "--lang", "en").split())
    assert "price Limit price price in CNY, 0.0001 to 10,000,000, 4 decimals at most" in text
    assert "none when type is market / stop" in text


def test_only_facts_that_are_read_are_listed() -> None:
    listing = listed("us/reg_sho")
    assert "seller.title_quantity" in names(listing)
    assert "account.cash" not in names(listing)
    assert [event["name"] for event in listing["events"]] == list(
        Gate.load(["us/reg_sho"]).engines[0].rulebook.governs
    )


def test_a_day_narrows_the_list_to_what_is_read_on_it() -> None:
    before, after = listed("cn/sse", "--on", "2010-03-31"), listed("cn/sse", "--on", "2020-01-02")
    assert "account.minimum_line" in names(after) - names(before)


def test_claims_are_those_that_some_exemption_names() -> None:
    assert "bona_fide_hedge" in {claim["name"] for claim in listed("us/reg_sho")["claims"]}
    assert listed("cn/sse")["claims"] == []


def test_without_a_rulebook_the_whole_vocabulary_is_listed() -> None:
    listing = listed()
    vocabulary = catalogue().vocabulary()
    assert names(listing) == {
        f"{entity.name}.{name}" for entity in vocabulary.entities.values() for name in entity.facts
    }
    assert fact(listing, "account.cash")["described"] == "money in the currency of the rulebook"


def test_the_list_is_there_in_chinese() -> None:
    assert "委托价格" in run("cn/sse", "--lang", "zh")
    assert "声明" in run("us/reg_sho", "--lang", "zh")


def test_a_day_without_a_rulebook_is_bad_usage() -> None:
    result = CliRunner().invoke(group, ["facts", "--on", "2020-01-02"], standalone_mode=False)
    assert "needs a rulebook" in str(result.exception)


def test_an_unknown_rulebook_is_bad_input() -> None:
    result = CliRunner().invoke(group, ["facts", "cn/ssee"], standalone_mode=False)
    assert result.return_value == 2
