"""`creditgate calendar update`: days from one library, compared with another, or nothing written.

Most cases run with two small stand-ins for the libraries, which know one invented market; the last
one runs with the libraries themselves where they are installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from tests.bad_input.processes import Finished, creditgate
from tests.cases.sealed_calendars import calendar_of

from creditgate.pipeline import shipped_rulebooks

LIBRARIES: Final = Path(__file__).parent / "libraries"
HEAD: Final = """\
# The hours are those of the dome.
calendar: XMARS
title: {en: Exchange of Mars, zh: 火星交易所}
time_zone: Asia/Shanghai
sessions: {open: "09:30", close: "15:00"}
weekend: [saturday, sunday]
from: 2024-12-23
official_until: 2025-01-03
sources:
  - title: Sessions of Mars
    library: exchange_calendars
    market: XMARS
    version: "1.0"
    use: days
    retrieved: 2024-01-02
  - title: Announcement of the exchange
    retrieved: 2024-01-02
  - title: Closures of Mars
    library: holidays
    market: XMARS
    version: "2.0"
    use: witness
    retrieved: 2024-01-02
"""
TAIL: Final = f"""\
closures: []
checksum: sha256:{"0" * 64}
"""
BANKS: Final = """\
  - title: Banks of Mars
    library: holidays
    market: BANKS
    version: "2.0"
    use: open_too
    retrieved: 2024-01-02
"""
AGREED: Final = {"closed": ["2024-12-25", "2025-01-01"], "half_days": {"2024-12-24": "13:00"}}
WITNESS: Final = {"XMARS": ["2024-12-25", "2025-01-01"], "half_days": {"2024-12-24": "1:00"}}


def updated(
    folder: Path, *arguments: str, head: str = HEAD, market: Any = AGREED, witness: Any = WITNESS
) -> Finished:
    """Run the update over a folder with one file, under what the stand-ins are made to say."""
    path = folder / "XMARS.yaml"
    if not path.exists():
        path.write_text(head + TAIL, encoding="utf-8")
    known = os.environ.get("PYTHONPATH", "")
    return creditgate(
        "calendar", "update", "--folder", folder, *arguments,
        environment={
            "PYTHONPATH": os.pathsep.join([str(LIBRARIES), *([known] if known else [])]),
            "MARKET_SAYS": json.dumps(market),
            "WITNESS_SAYS": json.dumps(witness),
        },
    )  # fmt: skip


@cache
def libraries_installed() -> bool:
    """Tell whether a process of its own finds the libraries: the stand-ins are in this one."""
    asked = [sys.executable, "-c", "import exchange_calendars, holidays"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder of calendars."""
    made = tmp_path / "calendars"
    made.mkdir()
    return made


def text_in(folder: Path) -> str:
    return (folder / "XMARS.yaml").read_text(encoding="utf-8")


def test_days_half_days_and_checksum_are_written_below_the_head(folder: Path) -> None:
    done = updated(folder)
    assert (done.status, done.out) == (0, "XMARS.yaml: written\n"), done.said
    text = text_in(folder)
    assert text.startswith(HEAD)
    assert "    2024-12-25,\n    2025-01-01,\n" in text
    assert '    2024-12-24: "13:00",\n' in text
    assert text.rstrip().endswith(f"checksum: {calendar_of(text).checksum}")


def test_what_was_written_agrees_and_is_written_the_same_again(folder: Path) -> None:
    updated(folder)
    before = text_in(folder)
    assert updated(folder, "--check").out == "XMARS.yaml: agrees\n"
    assert updated(folder).status == 0
    assert text_in(folder) == before


def test_a_check_writes_nothing_and_says_what_would_change(folder: Path) -> None:
    done = updated(folder, "--check")
    assert done.status == 1
    assert "XMARS.yaml: would go: closures: []" in done.out
    assert "XMARS.yaml: would come: 2025-01-01," in done.out
    assert text_in(folder) == HEAD + TAIL


DIFFERENCES: Final = {
    "a closure that the witness does not know": (
        {"XMARS": ["2025-01-01"], "half_days": {"2024-12-24": "1:00"}},
        "2024-12-25 is a session there and not here",
    ),
    "a closure that only the witness knows": (
        {"XMARS": ["2024-12-25", "2024-12-26", "2025-01-01"], "half_days": {"2024-12-24": "1:00"}},
        "2024-12-26 is closed there and not here",
    ),
    "a half day that the witness does not know": (
        {"XMARS": ["2024-12-25", "2025-01-01"]},
        "2024-12-24 closes at the usual hour there, here at 13:00",
    ),
    "a half day that closes at another hour": (
        {"XMARS": ["2024-12-25", "2025-01-01"], "half_days": {"2024-12-24": "2:00"}},
        "2024-12-24 closes at 14:00 there, here at 13:00",
    ),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_nothing_is_written_over(what: str, folder: Path) -> None:
    witness, said = DIFFERENCES[what]
    done = updated(folder, witness=witness)
    assert done.status == 1
    assert f"XMARS.yaml: holidays XMARS: {said}" in done.out
    assert "nothing was written" in done.out
    assert text_in(folder) == HEAD + TAIL


def test_a_difference_may_be_settled_with_its_reason(folder: Path) -> None:
    head = HEAD + "    differs: {days: [2024-12-25], because: The library forgot it.}\n"
    witness = {**WITNESS, "XMARS": ["2025-01-01"]}
    assert updated(folder, head=head, witness=witness).status == 0
    assert "2024-12-25" in text_in(folder).partition("closures:")[2]


def test_a_settled_difference_that_is_none_any_more_is_said(folder: Path) -> None:
    head = HEAD + "    differs: {days: [2024-12-25], because: The library forgot it.}\n"
    done = updated(folder, head=head)
    assert done.status == 1
    assert "2024-12-25 is excused by `differs`, and both agree on it" in done.out


def test_a_settlement_day_is_one_on_which_the_banks_are_open_as_well(folder: Path) -> None:
    witness = {**WITNESS, "BANKS": ["2024-12-24", "2024-12-31"]}
    assert updated(folder, head=HEAD + BANKS, witness=witness).status == 0
    tail = text_in(folder).partition("closures:")[2]
    assert "2024-12-24, 2024-12-25, 2024-12-31,\n    2025-01-01,\n" in tail
    assert "early_closes: {}" in tail


def test_days_that_the_library_does_not_know_are_never_invented(folder: Path) -> None:
    done = updated(folder, market={**AGREED, "knows_until": "2024-12-31"})
    assert done.status == 2
    assert "the library knows no days after 2024-12-31" in done.err
    assert text_in(folder) == HEAD + TAIL


def test_the_horizon_stays_where_the_file_says_however_far_a_library_guesses(folder: Path) -> None:
    updated(folder, market={**AGREED, "knows_until": "2099-12-31"})
    assert "official_until: 2025-01-03\n" in text_in(folder)


def test_a_new_version_of_a_library_needs_the_day_on_which_it_is_read(folder: Path) -> None:
    newer = {**AGREED, "version": "1.1"}
    done = updated(folder, market=newer)
    assert done.status == 1
    assert "built from exchange_calendars 1.0, 1.1 is installed" in done.out
    assert updated(folder, "--on", "2025-01-06", market=newer).status == 0
    text = text_in(folder)
    assert 'version: "1.1"\n    use: days\n    retrieved: 2025-01-06\n' in text
    assert 'version: "2.0"\n    use: witness\n    retrieved: 2025-01-06\n' in text
    assert "Announcement of the exchange\n    retrieved: 2024-01-02\n" in text


REFUSED: Final = {
    "a market that the library does not know": (
        HEAD.replace("market: XMARS", "market: XVENUS"),
        "no calendar is named XVENUS",
    ),
    "a library that is not read": (
        HEAD.replace("library: holidays", "library: astrology"),
        "`astrology` is not a library that is read here",
    ),
    "a file without a witness": (
        HEAD.partition("  - title: Closures of Mars")[0],
        "at least one `use: witness`",
    ),
    "hours that the sessions do not keep": (
        HEAD.replace('open: "09:30"', 'open: "10:00"'),
        "2024-12-23 is unusual, 09:30 to 15:00",
    ),
    "a file that has another name": (
        HEAD.replace("calendar: XMARS", "calendar: XVENUS"),
        "the file calls itself `XVENUS`",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_update_refuses(what: str, folder: Path) -> None:
    head, said = REFUSED[what]
    done = updated(folder, head=head)
    assert done.status == 2
    assert said in done.err
    assert text_in(folder) == head + TAIL


def test_without_the_libraries_it_says_which_extra_to_install(folder: Path) -> None:
    if libraries_installed():
        pytest.skip("the libraries are installed")
    (folder / "XMARS.yaml").write_text(HEAD + TAIL, encoding="utf-8")
    done = creditgate("calendar", "update", "--folder", folder)
    assert done.status == 2
    assert "`exchange_calendars` is not installed" in done.err
    assert "pip install 'creditgate[calendars]'" in done.err


def test_a_folder_belongs_to_the_update_alone(folder: Path) -> None:
    assert creditgate("calendar", "XNYS", "--folder", folder).status == 2
    assert creditgate("calendar", "update", "2024-12-24").status == 2


def test_the_shipped_calendars_agree_with_the_libraries_themselves() -> None:
    if not libraries_installed():
        pytest.skip("needs the extra `calendars`")
    names = sorted(path.name for path in (shipped_rulebooks() / "calendars").glob("*.yaml"))
    done = creditgate("calendar", "update", "--check")
    assert done.out.splitlines() == [f"{name}: agrees" for name in names], done.said
