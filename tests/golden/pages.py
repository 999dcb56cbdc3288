"""The golden pages: whole rulebooks in words, as of days on which much differed."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from creditgate.explain import show
from creditgate.explain.show_page import LawPage
from creditgate.explain.show_parts import ShownPage
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue

FOLDER: Final = Path(__file__).with_name("show")


class Page(NamedTuple):
    """A rulebook as of a day in a language."""

    rulebook: str
    on: str
    language: str

    @property
    def file(self) -> Path:
        """Return where the page is kept."""
        return FOLDER / f"{self.rulebook.replace('/', '_')}_{self.on}_{self.language}.txt"


PAGES: Final = (Page("cn/sse", "2014-06-03", "zh"), Page("cn/sse", "2026-01-19", "en"))


@cache
def book_of(page: Page) -> Rulebook:
    """Return the rulebook of a page."""
    shelf = catalogue()
    checked = shelf.checked(page.rulebook)
    assert checked is not None, shelf.collector.diagnostics
    return checked.rulebook


@cache
def shown(page: Page) -> ShownPage:
    """Return a page as records."""
    return show.page(book_of(page), page.language, day_of(page), history=False)


def printed(page: Page) -> str:
    """Return a page as `creditgate show` prints it."""
    return "\n".join((*LawPage(page.language).page(shown(page)), ""))


def day_of(page: Page) -> int:
    """Return the day of a page as a number of days."""
    return date.fromisoformat(page.on).toordinal()
