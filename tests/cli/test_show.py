"""`creditgate show`: dates, citations, grades, languages, formats."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

import pytest
from click.testing import CliRunner

from creditgate.cli.main import group
from creditgate.explain import show
from creditgate.explain.show_page import LawPage
from creditgate.pipeline import catalogue

#: What is shipped, each rulebook read once however many pages are made of it.
SHELF: Final = catalogue()


@cache
def run(*arguments: str) -> tuple[int, str]:
    """Run the command and return its status and what it printed."""
    result = CliRunner().invoke(group, ["show", *arguments], standalone_mode=False)
    if result.exception is not None:
        return 2, str(result.exception)
    return int(result.return_value), result.output


def shown(*arguments: str) -> Any:
    """Return what the command prints as JSON."""
    status, output = run(*arguments, "--lang", "en", "--format", "json")
    assert status == 0, output
    return json.loads(output)


def unwrapped(text: str) -> str:
    """Return text with its line breaks taken out."""
    return " ".join(text.split())


def test_a_rule_tells_whom_it_binds_what_it_requires_and_on_what_authority() -> None:
    status, output = run("cn/sse", "short_price_not_below_last", "--lang", "en")
    text = unwrapped(output)
    assert status == 0
    assert "A short sale may not be priced below the last trade" in text
    assert "the order's credit action is Short sale" in text
    assert "the order's limit price is at least the last trade price (the previous close" in text
    assert "2023 revision), article 12" in text
    assert "secondary: known from a secondary source" in text
    assert "order.price >= reference_price" in text


def test_a_deadline_is_shown_in_words_and_as_written() -> None:
    rule = "call_met_in_time"
    status, output = run("cn/sse", rule, "--lang", "en")
    assert status == 0
    assert "    Due by       the " in output
    assert "- due: account.call_made_on + (top_up_term at account.call_made_on)" in output
    assert "    期限     " in run("cn/sse", rule, "--lang", "zh")[1]
    assert shown("cn/sse", rule)["due"].startswith("the ")
    assert shown("cn/sse", "short_price_not_below_last")["due"] is None


def test_an_exemption_is_shown_only_while_it_is_in_force() -> None:
    page = shown("cn/sse", "--on", "2015-06-30")
    rule = next(
        rule
        for chapter in page["chapters"]
        for rule in chapter["rules"]
        if rule["name"] == "short_price_not_below_last"
    )
    assert rule["exemptions"] == []
    assert rule["in_force"]["source"]["article"] == "11"


def test_a_parameter_has_the_value_of_the_day_and_its_whole_history() -> None:
    before = shown("cn/sse", "financing_ratio_floor", "--on", "2026-01-18")
    after = shown("cn/sse", "financing_ratio_floor", "--on", "2026-01-19")
    assert (before["value"], after["value"]) == ("80%", "100%")
    assert [entry["value"] for entry in after["history"]] == ["50%", "100%", "80%", "100%"]
    assert after["in_force"]["source"]["evidence"] == "official"


def test_an_open_value_says_what_is_read_instead() -> None:
    assert shown("cn/sse", "minimum_line")["value"] == (
        "as agreed: the minimum maintenance ratio by agreement"
    )


def test_a_table_joins_members_whose_cells_are_equal() -> None:
    table = shown("brokers/example_cn_member", "concentration_cap")
    assert ["below 180%", "all others", "40%"] in table["sheet"]["rows"]


def test_an_overlay_cites_its_own_text_for_what_it_replaces() -> None:
    figure = shown("brokers/example_cn_member", "haircut")
    assert figure["in_force"]["source"]["instrument"] == "house_rules_2015"
    assert figure["replaces"][0].startswith("cn/margin_trading: ")


def test_a_determination_tells_its_cases_in_order() -> None:
    cases = shown("cn/sse", "maintenance_status")["cases"]
    assert cases[0] == {"when": "there is no maintenance ratio", "value": "No debt"}
    assert cases[-1] == {"when": None, "value": "Normal"}


def test_what_is_not_in_force_is_named() -> None:
    page = shown("cn/sse", "--on", "2024-01-02")
    assert "no_extension" in page["resting"]


def test_chapters_follow_the_articles_of_the_law() -> None:
    titles = [chapter["title"] for chapter in shown("us/reg_sho")["chapters"]]
    # The shared terms of the rulebook below come first; a chapter without a rule, as that on the
    # trigger of Rule 201, stands behind those with one.
    assert list(dict.fromkeys(title.split(":")[0] for title in titles)) == [
        "Fails",
        "Orders",
        "Rule 200",
        "Rule 201",
        "Rule 203",
        "Rule 204",
        "FINRA Rule 4320",
    ]


@cache
def page_with_history(name: str, language: str) -> str:
    """Return the page of a rulebook as it is put together for the command."""
    checked = SHELF.checked(name)
    assert checked is not None, SHELF.collector.diagnostics
    book = checked.rulebook
    page = show.page(book, language, show.latest_day(book), history=True)
    return "\n".join((*LawPage(language, detailed=True).page(page), ""))


@pytest.mark.parametrize("name", SHELF.shelf.ids())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shipped_rulebook_can_be_shown_with_its_history(name: str, language: str) -> None:
    assert name in page_with_history(name, language)


@pytest.mark.parametrize("name", ["cn/margin_trading", "us/reg_sho", "brokers/futu_us/margin"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_command_prints_that_page(name: str, language: str) -> None:
    assert run(name, "--history", "--lang", language) == (0, page_with_history(name, language))


def test_chinese_output_has_chinese_labels() -> None:
    _, output = run("cn/sse", "short_price_not_below_last", "--lang", "zh")
    assert "适用" in output
    assert "第12条" in output


def test_an_unknown_name_is_met_with_a_near_one() -> None:
    status, output = run("cn/sse", "short_price_not_below")
    assert status == 2
    assert "short_price_not_below_last" in output


def test_a_day_before_the_rulebook_is_refused() -> None:
    status, output = run("cn/sse", "--on", "2010-03-30")
    assert status == 2
    assert "cn/sse begins on 2010-03-31" in output


def test_an_unknown_rulebook_is_bad_input() -> None:
    assert run("cn/ssee")[0] == 2
