"""No rule, figure or determination that is shipped reads like code, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest

from creditgate.backends.words.passages import Passage
from creditgate.explain import show
from creditgate.explain.show_layout import set_out
from creditgate.explain.show_parts import Shown, ShownDetermination, ShownFigure, ShownRule
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue

#: Names with underscores, paths, placeholders, operators and constants of code.
CODE: Final = re.compile(
    r"\w_\w|[a-z]\.[a-z]|#[0-9]|[{}\[\]<>=*|&]|\s[/-]\s|\b(?:None|True|False|as_of)\b"
)
LATIN: Final = re.compile(r"[A-Za-z]+")
#: What Chinese texts of the field write in Latin letters: classes of products and of ratings, names
#: of markets, associations and regulations, paragraphs of the United States' code.
PROPER: Final = {"A", "AA", "AAA", "Arca", "ETF", "FINRA", "T", "c", "d"}
#: Words by which the renderer says that it found no better ones.
LAST_RESORTS: Final = {"en": re.compile("” (?:holds|does not hold)"), "zh": re.compile("$^")}
BRACKETS: Final = {"en": "()", "zh": "（）"}
STOPS: Final = {"en": ".", "zh": "。"}
#: Brackets around a value or within a title stand in those of a formula, and nothing deeper.
DEEPEST: Final = 2


@cache
def rulebooks() -> dict[str, Rulebook]:
    """Load every shipped rulebook."""
    shelf = catalogue()
    found = {name: shelf.checked(name) for name in shelf.shelf.ids()}
    return {name: checked.rulebook for name, checked in found.items() if checked is not None}


@cache
def told(name: str, language: str) -> dict[str, Shown]:
    """Return every rule, figure and determination of a rulebook as it is shown."""
    book = rulebooks()[name]
    day = show.latest_day(book)
    found = {item: show.one(book, item, language, day) for item in show.names_of(book)}
    kinds = (ShownRule, ShownFigure, ShownDetermination)
    return {item: shown for item, shown in found.items() if isinstance(shown, kinds)}


def passages(item: Shown) -> Iterator[Passage]:
    """Yield what is said of a thing."""
    if isinstance(item, ShownRule):
        yield from (*item.applies, *item.requires)
        yield from (when for exemption in item.exemptions for when in exemption.when)
        if item.due is not None:
            yield item.due
    elif isinstance(item, ShownFigure):
        for branch in item.formula:
            yield branch.value
            yield from [] if branch.when is None else [branch.when]
    elif isinstance(item, ShownDetermination):
        yield from (case.when for case in item.cases if case.when is not None)


def depth(text: str, brackets: str) -> int:
    """Return how deep brackets nest; they must close."""
    inside = deepest = 0
    for character in text:
        inside += (character == brackets[0]) - (character == brackets[1])
        assert inside >= 0, text
        deepest = max(deepest, inside)
    assert inside == 0, text
    return deepest


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", catalogue().shelf.ids())
def test_every_sentence_is_plain_language(name: str, language: str) -> None:
    for owner, item in told(name, language).items():
        for passage in passages(item):
            for line in set_out(passage, "", "", language):
                words = line.strip().removeprefix("- ")
                assert not CODE.search(words), f"{owner}: {line}"
                assert not LAST_RESORTS[language].search(line), f"{owner}: {line}"
            assert "  " not in passage.strip(), f"{owner}: {passage}"
            assert depth(passage.lead, BRACKETS[language]) <= DEEPEST, f"{owner}: {passage.lead}"
            if language == "zh":
                foreign = set(LATIN.findall(passage)) - PROPER
                assert not foreign, f"{owner}: {passage}"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", catalogue().shelf.ids())
def test_every_sentence_ends(name: str, language: str) -> None:
    stop = STOPS[language]
    for owner, item in told(name, language).items():
        for passage in passages(item):
            text = "".join(set_out(passage, "", "", language))
            assert text.endswith(stop), f"{owner}: {text}"
        if isinstance(item, ShownRule):
            assert item.sentence.endswith(stop), f"{owner}: {item.sentence}"
            assert not CODE.search(item.sentence), f"{owner}: {item.sentence}"
            depth(item.sentence, BRACKETS[language])


@pytest.mark.parametrize("name", catalogue().shelf.ids())
def test_what_is_shown_in_both_languages_has_the_same_parts(name: str) -> None:
    for owner, english in told(name, "en").items():
        chinese = told(name, "zh")[owner]
        assert len(list(passages(english))) == len(list(passages(chinese))), owner
