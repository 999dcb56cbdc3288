"""The tables of words: both languages say everything, with the same operands."""

from __future__ import annotations

import re

import pytest

from creditgate.backends.words.phrases import CHINESE, ENGLISH
from creditgate.ir.operators import OPERATORS

SLOT = re.compile(r"\{([0-9]+)\}")
AGREEING = {"{be}"}


def test_both_languages_have_the_same_entries() -> None:
    assert ENGLISH.keys() == CHINESE.keys()


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_has_words(operator: str) -> None:
    assert any(key == operator or key.startswith(f"{operator}.") for key in ENGLISH)


@pytest.mark.parametrize("key", ENGLISH)
def test_an_entry_names_the_same_operands_in_both_languages(key: str) -> None:
    assert set(SLOT.findall(ENGLISH[key])) == set(SLOT.findall(CHINESE[key]))


@pytest.mark.parametrize("key", CHINESE)
def test_chinese_words_hold_no_english(key: str) -> None:
    text = re.sub(r"\{[0-9a-z]+\}", "", CHINESE[key])
    assert not re.search("[A-Za-z]", text)
