"""Rulebooks made to exhaust the engine: refused with a finding, or loaded and decided in bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuzz.hostile_texts import CHAPTER, DEEP, GROWING, LONG, SMALL
from tests.fuzz.shelves import loaded
from tests.fuzz.steps import at_most
from tests.fuzz.test_mutated_rulebooks import (
    DOCUMENTS,
    check_decisions,
    check_findings,
    small_shelf,
)

from creditgate.admit.admission import admit
from creditgate.base.codes import Code
from creditgate.check.load import Catalogue
from creditgate.load.rulebook_files import Shelf

MOST = 20_000_000
TOO_MUCH = {
    Code.NESTED_TOO_DEEP, Code.TOO_DEEP, Code.FILE_TOO_LARGE, Code.SYNTAX_ERROR, Code.BAD_LITERAL,
}  # fmt: skip


def steps_of(text: str) -> int:
    """Load a chapter, decide under it where it loads, and return the calls that loading took."""
    with at_most(MOST) as steps:
        whole, checked = loaded(small_shelf(), "market/base", CHAPTER, text.encode())
    check_findings(whole.collector.diagnostics, is_loaded=checked is not None)
    if checked is not None:
        check_decisions(whole, checked, DOCUMENTS[:2])
    return steps.made


@pytest.mark.parametrize("what", DEEP)
def test_what_is_nested_too_deep_or_too_long_is_refused(what: str) -> None:
    with at_most(MOST):
        whole, checked = loaded(small_shelf(), "market/base", CHAPTER, DEEP[what].encode())
    assert checked is None
    check_findings(whole.collector.diagnostics, is_loaded=False)
    assert {item.code for item in whole.collector.diagnostics} <= TOO_MUCH


@pytest.mark.parametrize("what", LONG)
def test_what_is_merely_long_is_read_and_decided(what: str) -> None:
    assert steps_of(LONG[what]) < MOST


@pytest.mark.parametrize("what", GROWING)
def test_work_grows_no_faster_than_the_text(what: str) -> None:
    steps_of(GROWING[what](1))  # what is made once, such as the parser, is made here
    usual = steps_of(GROWING[what](1))
    small, large = steps_of(GROWING[what](200)), steps_of(GROWING[what](800))
    # Four times the text is at most about four times the work on it.
    assert large - usual < 6 * max(small - usual, usual)


def test_figures_that_double_at_the_deepest_level_allowed_are_decided_in_bounds() -> None:
    for depth in (10, 15, 20, 25, 30):
        for what in (
            "figures that use the one before twice",
            "figures that ask the one before five times",
        ):
            with at_most(MOST):
                text = GROWING[what](depth).encode()
                whole, checked = loaded(small_shelf(), "market/base", CHAPTER, text)
                if checked is not None:
                    check_decisions(whole, checked, DOCUMENTS)


def _write_chain(root: Path, length: int, *, last: str) -> None:
    text = (SMALL / "house" / "desk" / "rulebook.yaml").read_text("utf-8")
    for number in range(length):
        folder = root / "chain" / f"r{number}"
        folder.mkdir(parents=True)
        base = f"chain/r{number + 1}" if number + 1 < length else last
        own = text.replace("house/desk", f"chain/r{number}").replace("market/base", base)
        (folder / "rulebook.yaml").write_text(own, "utf-8")


@pytest.mark.parametrize("last", ["chain/r0", "chain/missing", "market/base"])
def test_a_long_chain_of_rulebooks_gives_findings(tmp_path: Path, last: str) -> None:
    _write_chain(tmp_path, 1_200, last=last)
    whole = Catalogue(Shelf((tmp_path, SMALL)), admit)
    with at_most(MOST):
        checked = whole.checked("chain/r0")
    assert checked is None
    assert whole.collector.has_errors


def test_a_rulebook_that_extends_itself_is_refused(tmp_path: Path) -> None:
    _write_chain(tmp_path, 1, last="chain/r0")
    whole = Catalogue(Shelf((tmp_path, SMALL)), admit)
    assert whole.checked("chain/r0") is None
    assert [item.code for item in whole.collector.diagnostics] == [Code.CYCLE]
