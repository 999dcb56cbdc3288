"""No rule that is shipped reads like code, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from creditgate.backends.words.sentences import Words
from creditgate.explain import show
from creditgate.explain.show_parts import ShownPage
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue

CODE = re.compile(r"\w_\w|\w\.\w+\.\w|#[0-9]|[{}\[\]<>=*]|\b(?:None|True|False)\b")
CHINESE = re.compile("[\u4e00-\u9fff]")


@cache
def rulebooks() -> dict[str, Rulebook]:
    """Load every shipped rulebook."""
    shelf = catalogue()
    found = {name: shelf.checked(name) for name in shelf.shelf.ids()}
    return {name: checked.rulebook for name, checked in found.items() if checked is not None}


def said(page: ShownPage) -> Iterator[tuple[str, str]]:
    """Yield each sentence of a page with the name of what it is said of."""
    for chapter in page.chapters:
        for rule in chapter.rules:
            for text in (*rule.applies, *rule.requires):
                yield rule.name, text
            for item in rule.exemptions:
                yield from ((f"{rule.name}.{item.id}", text) for text in item.when)
        for figure in chapter.figures:
            for branch in figure.formula:
                yield figure.name, f"{branch.when or ''} {branch.value}"
        for determination in chapter.determinations:
            for case in determination.cases:
                yield determination.name, case.when or ""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", catalogue().shelf.ids())
def test_no_sentence_reads_like_code(name: str, language: str) -> None:
    book = rulebooks()[name]
    page = show.page(book, language, show.latest_day(book), history=False)
    for owner, text in said(page):
        assert not CODE.search(text), f"{owner}: {text}"
        assert "  " not in text.strip(), f"{owner}: {text}"
        assert text.count("(") == text.count(")"), f"{owner}: {text}"
        assert text.count("（") == text.count("）"), f"{owner}: {text}"


@pytest.mark.parametrize("name", catalogue().shelf.ids())
def test_every_chinese_sentence_is_chinese(name: str) -> None:
    book = rulebooks()[name]
    words = Words(book, "zh")
    for rule in book.rules.values():
        assert CHINESE.search(words.value(rule.require)), rule.name
