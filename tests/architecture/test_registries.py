"""What has a name in a registry has it once, is titled, and is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from creditgate.base.codes import Code
from creditgate.ir.operators import OPERATORS
from creditgate.reference.operators import PLAIN, WITH_CALENDAR

ENGINE: Final = Path(__file__).parents[2] / "engine" / "creditgate"
# Codes that nothing says yet: their numbers are kept for the meanings they have.
NOT_SAID_YET: Final = {
    Code.UNREADABLE_FILE, Code.MISSING_FILE, Code.MISPLACED_FILE, Code.QUOTED_EXPRESSION,
    Code.NO_DATE, Code.CURRENCY_MISMATCH, Code.RECORD_DIFFERS,
}  # fmt: skip


def codes_named() -> set[str]:
    """Return the names of codes that some module other than the registry uses."""
    found: set[str] = set()
    for path in ENGINE.rglob("*.py"):
        if path == ENGINE / "base" / "codes.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id="Code"), attr=name):
                    found.add(name)
    return found


def test_numbers_slugs_and_titles_of_codes_are_unique() -> None:
    for values in ([c.number for c in Code], [c.slug for c in Code], [c.title for c in Code]):
        assert len(values) == len(set(values))
    assert all(re.fullmatch(r"CG[1-9]\d{3}", code.number) for code in Code)
    assert all(code.title for code in Code)


def test_every_code_is_said_somewhere() -> None:
    assert set(Code.__members__) - codes_named() == {code.name for code in NOT_SAID_YET}


def test_a_code_stands_in_the_range_of_its_stage() -> None:
    numbers = [code.number for code in Code]
    assert numbers == sorted(numbers)
    assert {number[2] for number in numbers} <= set("123456789")


def test_the_reference_computes_every_operator() -> None:
    assert PLAIN.keys() | WITH_CALENDAR.keys() == OPERATORS.keys()
    assert not PLAIN.keys() & WITH_CALENDAR.keys()


def test_every_operator_is_written_down_for_the_manual() -> None:
    for name, operator in OPERATORS.items():
        assert operator.id == name
        assert all((operator.symbol, operator.arguments, operator.result, operator.meaning))
        assert operator.example
