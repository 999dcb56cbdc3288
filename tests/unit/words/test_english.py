"""The little English grammar that titles need."""

from __future__ import annotations

import pytest

from creditgate.backends.words.english import English, is_class, is_clause, is_plural, is_state

ENGLISH = English()


@pytest.mark.parametrize(
    "title",
    [
        "Shares of the security that the client is short",
        "Cash and securities in the credit account",
        "Shares sold long by orders entered together with this one",
        "Securities transferred out",
        "Unpaid interest and fees",
        "Purposes for which a credit account may buy",
    ],
)
def test_titles_of_several_things_take_are(title: str) -> None:
    assert is_plural(title)


@pytest.mark.parametrize(
    "title",
    [
        "Margin available",
        "Price at first display",
        "Net position less unexecuted sell orders marked long",
        "Ease of borrowing",
        "What the open contracts add to the margin",
        "Previous close",
    ],
)
def test_titles_of_one_thing_take_is(title: str) -> None:
    assert not is_plural(title)


def test_a_clause_is_told_from_a_noun() -> None:
    assert is_clause("The client was notified of the call")
    assert is_clause("Written policies are in place")
    assert not is_clause("On the list of the order that bans short sales")
    assert not is_clause("Constituent of the index")


def test_a_state_is_told_from_a_noun() -> None:
    assert is_state("Irrevocably bound to receive the shares")
    assert is_state("Frozen")
    assert not is_state("Acquired the security as block positioner")


def test_a_class_is_told_from_what_was_done() -> None:
    assert is_class("Equity security")
    assert is_class("Registered broker or dealer")
    assert not is_class("Acquired the security as block positioner")
    assert not is_class("Restricted shares")


@pytest.mark.parametrize(
    ("title", "subject", "single", "words"),
    [
        ("The order is marked long", None, False, "the order is not marked long"),
        ("Under risk warning", "the security", False, "the security is not under risk warning"),
        (
            "Constituent of the index",
            "the security",
            False,
            "the security is not a constituent of the index",
        ),
        (
            "Trading suspended",
            "the security",
            False,
            "“trading suspended” does not hold for the security",
        ),
        (
            "The client has an account",
            "the client",
            True,
            "the client does not have an account",
        ),
        (
            "Restricted shares may be lent",
            None,
            False,
            "restricted shares may not be lent",
        ),
        (
            "The client can trade",
            None,
            False,
            "the client cannot trade",
        ),
        (
            "Lent by a strategic investor",
            "the source of shares",
            False,
            "the source of shares is not lent by a strategic investor",
        ),
        (
            "The order carries the flag of a credit trade",
            "the order",
            True,
            "it is not true that the order carries the flag of a credit trade",
        ),
        (
            "The seller is deemed to own the shares but their delivery is restricted",
            "the order",
            True,
            "it is not true that the seller is deemed to own the shares but their delivery is "
            "restricted",
        ),
    ],
)
def test_a_statement_is_denied_as_a_whole(
    title: str, subject: str | None, single: bool, words: str
) -> None:
    assert ENGLISH.statement(title, subject, single, False) == words


def test_possession_goes_by_the_length_of_the_title() -> None:
    assert ENGLISH.of_single("Order", "Limit price") == "the order's limit price"
    assert ENGLISH.of_single("Order", "Order type") == "the order type"
    assert ENGLISH.of_single("Account", "Level to reach after a call") == (
        "the level to reach after a call"
    )


def test_a_title_with_a_comma_stands_in_quotes() -> None:
    assert ENGLISH.name("Last trade price, or the close") == "“last trade price, or the close”"


def test_existence_takes_the_right_article() -> None:
    assert ENGLISH.existence("Upper price limit", None, True) == "there is an upper price limit"
    assert ENGLISH.existence("Shares on loan", None, True) == "there are shares on loan"
    assert ENGLISH.existence("Cash repaid", None, True) == "there is cash repaid"
    assert ENGLISH.existence("Best bid", None, False) == "there is no best bid"
