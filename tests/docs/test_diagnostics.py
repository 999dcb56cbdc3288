"""The page on diagnostics explains every code, and no other."""

from __future__ import annotations

import re

import pytest
from tests.docs.pages import ROOT

from creditgate.base.codes import Code

PAGE = (ROOT / "docs" / "diagnostics.md").read_text("utf-8")
ROWS = {
    match[1]: [cell.strip() for cell in match[0].strip("|").split(" | ")]
    for match in re.finditer(r"^\| `(CG\d{4})` .*\|$", PAGE, re.MULTILINE)
}


@pytest.mark.parametrize("code", Code, ids=lambda code: code.number)
def test_a_code_is_explained(code: Code) -> None:
    assert code.number in ROWS, f"{code.number} {code.slug}: {code.title}"
    _, slug, meaning, action = ROWS[code.number]
    assert slug == code.slug
    assert meaning
    assert action


def test_no_code_is_explained_that_there_is_not() -> None:
    assert ROWS.keys() == {code.number for code in Code}


def test_codes_stand_in_order() -> None:
    assert list(ROWS) == sorted(ROWS)
