"""The example decides the beginning of the recorded day and says why."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from docs.examples.sse_600000 import demo


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "en",
            (
                "Made for the example",
                "(cn/sse)",
                "(brokers/example_cn_member)",
                "A short sale may not be priced below the last trade",
                "orders a second",
                "APPROVED",
                "REJECTED",
                "UNDECIDED",
                "missing unpaid interest and fees (account.accrued_interest_and_fees)",
            ),
        ),
        ("zh", ("为演示而虚构", "融券卖出的申报价格不得低于该证券的最近成交价", "无法判定")),
    ],
)
def test_the_demo_counts_and_explains(
    language: str, wanted: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    demo.main(["--orders", "400", "--lang", language])
    printed = capsys.readouterr().out
    for words in wanted:
        assert words in printed, words


def test_the_page_of_the_example_does_what_it_says() -> None:
    page = Path(demo.__file__).with_name("README.md")
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.attempted
    assert not result.failed
