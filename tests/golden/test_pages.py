"""A rulebook in words reads like the law of its day: all that is in force on it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from functools import cache
from typing import Final

import pytest
from tests.golden.pages import FOLDER, PAGES, Page, book_of, day_of, printed, shown

from creditgate.domain.citation import Bilingual
from creditgate.explain.show_parts import Period, ShownChapter, ShownFigure, ShownParameter
from creditgate.explain.show_terms import evidence_text
from creditgate.ir.specialise import in_force

EARLY, LATE = PAGES
CHINESE = re.compile("[\u4e00-\u9fff]+")
LATIN = re.compile("[A-Za-z]+")
CODE = re.compile(r"\w_\w|\w\.\w+\.\w|\w\[|[{}<>*#]|==\s|[<>]=|\b(?:True|False|null|as_of)\b")
#: Constants that stand in the rulebook on the day though nothing in force on it reads them.
READ_BY_NOTHING: Final = {
    EARLY: {"agreement_may_reset_financing_ratio"},
    LATE: {"risk_provision_share", "etf_components_min", "etf_index_value_min"},
}
#: What is not law of a day: notes to data, practice, and a rule that may have outlived its text.
UNDATED: Final = {"exchange_data_page", "member_practice", "pilot_2006"}
#: The texts that were law on the day.
TEXTS: Final = {
    EARLY: {
        "csrc_measures_2011",
        "notice_2013_03_18",
        "risk_indicators_2006",
        "sse_notice_2012_05_22",
        "sse_rules_2011",
    },
    LATE: {
        "csrc_2024_01_28",
        "csrc_2024_07_10",
        "csrc_measures_2015",
        "member_notice_2022_08_12",
        "notice_2013_03_18",
        "notice_2023_08_27",
        "notice_2023_10_14",
        "notice_2024_07_10",
        "notice_2026_01_14",
        "risk_indicators_2006",
        "sse_guideline_1",
        "sse_rules_2023",
    },
}
#: Words that stand on a page in the letters of the other language.
FOREIGN: Final = {EARLY: {"cn", "sse", "A", "V"}, LATE: {"降低至", "以下"}}


@cache
def text_of(page: Page) -> str:
    """Return a page as it is printed."""
    return printed(page)


def periods(page: Page) -> Iterator[tuple[str, Period]]:
    """Yield what is on a page with the days and the text of it, exemptions too."""
    for chapter in shown(page).chapters:
        for rule in chapter.rules:
            yield rule.name, rule.in_force
            yield from ((f"{rule.name}.{one.id}", one.in_force) for one in rule.exemptions)
        yield from ((item.name, item.in_force) for item in chapter.determinations)
        valued: tuple[ShownParameter | ShownFigure, ...] = (*chapter.parameters, *chapter.figures)
        for item in valued:
            assert item.in_force is not None, item.name
            yield item.name, item.in_force
        for table in chapter.tables:
            assert table.sheet is not None, table.name
            yield table.name, table.sheet.in_force


def titles(page: Page) -> tuple[dict[str, str], dict[str, str]]:
    """Return the titles of what the rulebook has in force on the day of a page, and of the rest."""
    book, day = book_of(page), day_of(page)
    lasting = {
        **{name: in_force(item.in_force, day) for name, item in book.rules.items()},
        **{name: in_force(item.in_force, day) for name, item in book.determinations.items()},
        **{name: item.history.at(day) for name, item in book.parameters.items()},
        **{name: item.history.at(day) for name, item in book.tables.items()},
        **{name: item.versions.at(day) for name, item in book.figures.items()},
    }
    named: dict[str, Bilingual] = {
        **{name: item.title for name, item in book.rules.items()},
        **{name: item.title for name, item in book.determinations.items()},
        **{name: item.title for name, item in book.parameters.items()},
        **{name: item.title for name, item in book.tables.items()},
        **{name: item.title for name, item in book.figures.items()},
    }
    held = {name for name, period in lasting.items() if period is not None}
    held -= READ_BY_NOTHING[page]
    said = {name: title.of(page.language) for name, title in named.items()}
    present = {name: title for name, title in said.items() if name in held}
    return present, {name: title for name, title in said.items() if name not in held}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_is_what_was_written_down(page: Page) -> None:
    written = page.file.read_text("utf-8").splitlines()
    differing = list(
        unified_diff(written, text_of(page).splitlines(), "written", "printed", lineterm="", n=1)
    )
    assert not differing, "\n".join((*differing, "if this is meant: make golden"))


def test_no_other_page_lies_there() -> None:
    assert {page.file for page in PAGES} == set(FOLDER.iterdir())


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_all_that_is_in_force_is_on_the_page(page: Page) -> None:
    lines = text_of(page).splitlines()
    present, _ = titles(page)
    assert not {name for name, title in present.items() if title not in lines}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_nothing_that_is_not_in_force_is_on_the_page(page: Page) -> None:
    lines = text_of(page).splitlines()
    present, absent = titles(page)
    absent = {name: title for name, title in absent.items() if title not in present.values()}
    assert absent
    assert not {name for name, title in absent.items() if title in lines}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_each_thing_stands_once(page: Page) -> None:
    present, _ = titles(page)
    names = [name for name, _ in periods(page) if "." not in name]
    assert sorted(names) == sorted(present)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_each_thing_cites_a_text_of_the_day_and_says_how_well_it_is_known(page: Page) -> None:
    cited = {name: period.source.instrument for name, period in periods(page)}
    assert set(cited.values()) == TEXTS[page] | UNDATED
    text = " ".join(text_of(page).split())
    for name, period in periods(page):
        assert evidence_text(period.source.evidence, page.language) in text, name
        assert period.since is None or period.since <= page.on, name


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_each_thing_has_a_line_with_its_authority(page: Page) -> None:
    label = {"en": "    Source  ", "zh": "    依据  "}[page.language]
    lines = [line for line in text_of(page).splitlines() if line.startswith(label)]
    assert len(lines) == sum("." not in name for name, _ in periods(page))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_name_of_the_language_stands_where_a_reader_expects_words(page: Page) -> None:
    for line in text_of(page).splitlines():
        assert not CODE.search(line), line


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_is_in_one_language(page: Page) -> None:
    other = LATIN if page.language == "zh" else CHINESE
    assert set(other.findall(text_of(page))) == FOREIGN[page]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_chapter_is_empty(page: Page) -> None:
    def things(chapter: ShownChapter) -> int:
        parts = (chapter.rules, chapter.determinations, chapter.parameters, chapter.tables)
        return sum(len(part) for part in (*parts, chapter.figures))

    assert all(things(chapter) for chapter in shown(page).chapters)


def test_the_numbers_of_the_day_are_those_of_its_law() -> None:
    early, late = (" ".join(text_of(page).split()) for page in PAGES)
    assert "融资保证金比例下限 取值 50%" in early
    assert "融券保证金比例下限 投资者类别 取值 全部 50%" in early
    assert "最低维持担保比例 取值 130%" in early
    assert "追加担保物后应达到的维持担保比例 取值 150%" in early
    assert "追加担保物的期限 取值 2个交易日" in early
    assert "Lowest financing margin ratio Value 100%" in late
    assert "Private securities investment fund 120% Other investor 100%" in late
    assert "Minimum maintenance ratio Value as agreed" in late
    assert "Withdrawal line Value 300%" in late
