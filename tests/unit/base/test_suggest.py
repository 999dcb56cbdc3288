"""Did you mean."""

from __future__ import annotations

import pytest

from creditgate.base.suggest import nearest, nearest_all

KEYS = ["require", "forbid", "reason", "remedy", "in_force", "margin_ratio", "on", "of"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("requier", "require", id="two letters are swapped"),
        pytest.param("require", "require", id="the name itself is the nearest"),
        pytest.param("REQUIRE", "require", id="case does not count"),
        pytest.param("in-force", "in_force", id="a hyphen counts as an underscore"),
        pytest.param("in force", "in_force", id="a space counts as an underscore"),
        pytest.param("ratio_margin", "margin_ratio", id="words in another order are near"),
        pytest.param("reasn", "reason", id="a letter is left out"),
        pytest.param("margins_ratios", "margin_ratio", id="a long name may hold two slips"),
        pytest.param("onn", "on", id="a short name may hold one slip"),
        pytest.param("xyz", None, id="nothing is near, and none is better than a guess"),
        pytest.param("", None, id="an empty name is near to nothing"),
        pytest.param("a" * 10_000, None, id="an endless name is near to nothing"),
        pytest.param("融资", None, id="a Chinese name is near to no Latin one"),
    ],
)
def test_nearest(written: str, meant: str | None) -> None:
    assert nearest(written, KEYS) == meant


def test_nearest_of_nothing_is_none() -> None:
    assert nearest("require", []) is None


def test_nearest_all_gives_the_closest_first_and_no_more_than_asked() -> None:
    names = ["margin_required", "margin_require", "margin_requires", "cash"]
    assert nearest_all("margin_requir", names, limit=2) == ("margin_require", "margin_required")


def test_equally_near_names_come_in_alphabetical_order() -> None:
    assert nearest_all("rule_x", ["rule_c", "rule_a", "rule_b"]) == ("rule_a", "rule_b", "rule_c")


def test_chinese_names_are_compared_by_their_characters() -> None:
    assert nearest("融资买如", ["融资买入", "融券卖出"]) == "融资买入"
