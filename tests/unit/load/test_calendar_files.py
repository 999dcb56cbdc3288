"""Shipped calendar files: sealed by a checksum, refused when a single day or hour is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.sealed_calendars import calendar_of, resealed

from creditgate.base.codes import Code
from creditgate.base.spans import NOWHERE
from creditgate.check.load import Catalogue
from creditgate.domain.calendar import Calendar
from creditgate.load.rulebook_files import Shelf
from creditgate.pipeline import catalogue, shipped_rulebooks

FOLDER = shipped_rulebooks() / "calendars"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def loaded(root: Path, name: str, text: str) -> tuple[Calendar | None, set[Code]]:
    """Return the calendar of a text as the shelf loads it, and what was found."""
    (root / "calendars").mkdir()
    (root / "calendars" / f"{name}.yaml").write_text(text, encoding="utf-8")
    shelf = Catalogue(Shelf((root,)), lambda below, above, collector: None)
    calendar = shelf.calendar(name, NOWHERE, shelf.collector)
    return calendar, {found.code for found in shelf.collector.diagnostics}


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_calendar_fits_its_checksum(name: str) -> None:
    shelf = catalogue()
    calendar = shelf.calendar(name, NOWHERE, shelf.collector)
    assert shelf.collector.diagnostics == ()
    assert calendar is not None
    assert f"checksum: {calendar_of(text_of(name)).checksum}" in text_of(name)
    assert calendar.checksum == calendar_of(text_of(name)).checksum


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_calendar_names_its_sources_and_who_bears_witness(name: str) -> None:
    text = text_of(name)
    assert text.count("use: days") == 1
    assert "use: witness" in text
    assert text.count("  - title: ") == text.count("    retrieved: ") >= 3


TAMPERED = {
    "a closure is left out": ("BJSE", "2024-02-09, ", ""),
    "a session becomes a closure": ("BJSE", "2024-02-09, ", "2024-02-08, 2024-02-09, "),
    "a closure moves to the day after": ("XSHG", "2025-04-04", "2025-04-03"),
    "a half day becomes a whole one": ("XNYS", ' 2024-11-29: "13:00",', ""),
    "a half day closes later": ("XNYS", '2024-11-29: "13:00"', '2024-11-29: "14:00"'),
    "the exchange closes later": ("XSHE", 'close: "15:00"', 'close: "15:30"'),
    "a year is invented": ("XSHG", "official_until: 2026-12-31", "official_until: 2027-12-31"),
    "the zone is another": ("US_SETTLEMENT", "America/New_York", "America/Chicago"),
    "a weekend has one day": ("XSHE", "[saturday, sunday]", "[sunday]"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_calendar_is_refused_in_which(what: str, tmp_path: Path) -> None:
    name, old, new = TAMPERED[what]
    text = text_of(name)
    assert text.count(old) >= 1
    calendar, codes = loaded(tmp_path, name, text.replace(old, new, 1))
    assert calendar is None
    assert codes == {Code.CHECKSUM_DIFFERS, Code.UNKNOWN_CALENDAR}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_same_change_loads_once_it_is_sealed(what: str, tmp_path: Path) -> None:
    name, old, new = TAMPERED[what]
    calendar, codes = loaded(tmp_path, name, resealed(text_of(name).replace(old, new, 1)))
    assert calendar is not None
    assert codes == set()


def test_words_and_sources_are_not_sealed(tmp_path: Path) -> None:
    text = text_of("XNYS").replace("New York Stock Exchange", "Big Board")
    assert loaded(tmp_path, "XNYS", text)[0] is not None
