"""The registry of codes."""

from __future__ import annotations

import re

from creditgate.base.codes import Code


def test_every_number_is_used_once_and_has_four_digits() -> None:
    numbers = [code.number for code in Code]
    assert len(numbers) == len(set(numbers))
    assert all(re.fullmatch(r"CG[1-9][0-9]{3}", number) for number in numbers)


def test_codes_stand_in_the_order_of_their_numbers() -> None:
    numbers = [code.number for code in Code]
    assert numbers == sorted(numbers)


def test_titles_differ_and_are_written_like_messages() -> None:
    titles = [code.title for code in Code]
    assert len(titles) == len(set(titles))
    assert all(title[0] in "`" or title[0].islower() for title in titles)
    assert not any(title.endswith(".") for title in titles)


def test_the_slug_is_the_name_as_in_an_address() -> None:
    assert (Code.DUPLICATE_KEY.number, Code.DUPLICATE_KEY.slug) == ("CG1003", "duplicate-key")
