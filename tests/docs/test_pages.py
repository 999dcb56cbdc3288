"""Every example of the documentation runs and prints what the page says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from tests.docs.generate import parts
from tests.docs.pages import PAGES, ROOT, blocks_of, generated_of, run_page, with_generated

KNOWN = {"yaml", "json", "console", "python", "sh", "text", ""}


@cache
def tables() -> dict[str, str]:
    """Return every generated table by name."""
    return parts()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    run_page(page, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_a_page_is_run_or_is_a_file(page: Path) -> None:
    for block in blocks_of(page):
        assert block.language in KNOWN, f"{block.place}: {block.language}"
        if block.language in {"yaml", "json"}:
            assert block.file is not None, f"{block.place}: an example that nothing loads"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_generated_tables_are_up_to_date(page: Path) -> None:
    made = tables()
    assert generated_of(page).keys() <= made.keys()
    assert with_generated(page, made) == page.read_text("utf-8"), (
        "run `python -m tests.docs.generate`"
    )


def test_every_generated_table_stands_on_a_page() -> None:
    used = {name for page in PAGES for name in generated_of(page)}
    assert used == tables().keys()


def test_every_make_target_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in PAGES:
        for target in re.findall(r"\bmake ([a-z][a-z-]*)`", page.read_text("utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


def test_every_command_named_exists() -> None:
    from creditgate.cli.main import COMMANDS

    for page in PAGES:
        for name in re.findall(r"`creditgate ([a-z]+)", page.read_text("utf-8")):
            assert name in COMMANDS, f"{page}: creditgate {name}"


def test_every_page_linked_exists() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)[^)]*\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"
