"""Proofs that a formula is never looser than the meaning it replaces, one formula at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.small_rulebooks import load

from creditgate.admit.local_proof import mentions_base, never_looser
from creditgate.ir.bounds import Bounds
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Rulebook

ACT = "chapter: {{en: Chapter, zh: 章}}\nfigures: {{needed: {{<title>, unit: ratio, formula: {base}}}}}\n"
OVER = "chapter: {{en: Chapter, zh: 章}}\nfigures: {{needed: {{replaces: yes, formula: >-\n  {formula}}}}}\n"


def replaced(root: Path, formula: str, base: str) -> tuple[Rulebook, Expr]:
    over = OVER.format(formula=formula).replace(">-\n  ", '"').replace("}}\n", '"}}\n')
    files = {"act/chapter.yaml": ACT.format(base=base), "exchange/chapter.yaml": over}
    book = load(root, files).accepted("exchange").rulebook
    return book, book.figures["needed"].versions.entries[0][1].formula


def proved(root: Path, formula: str, stricter: str, base: str = "account.agreed_ratio") -> bool:
    book, node = replaced(root, formula, base)
    bounds = Bounds(book)
    return never_looser(node, stricter, bounds, bounds.knowing_base(book.figures["needed"]))


@pytest.mark.parametrize(
    ("formula", "higher", "lower"),
    [
        ("base", True, True),
        ("base + 0%", True, True),
        ("base + 10%", True, False),
        ("10% + base", True, False),
        ("base - 10%", False, True),
        ("10% - base", False, False),
        ("base + account.other_ratio", True, False),
        ("base - account.other_ratio", False, True),
        ("base + account.score", False, False),
        ("base + account.other_ratio - 10%", False, False),
        ("base + account.other_ratio + 10%", True, False),
        ("base - (account.score - 100%)", True, False),
        ("max(base, account.score)", True, False),
        ("min(base, account.score)", False, True),
        ("max(base, base + 10%)", True, False),
        ("min(base + 5%, base + 10%)", True, False),
        ("max(base - 5%, base - 10%)", False, True),
        ("min(max(base, 50%), 90%)", False, False),
        ("max(min(base, 50%), 90%)", False, False),
        ("max(min(base, 50%), base)", True, True),
        ("base * 110%", True, False),
        ("110% * base", True, False),
        ("base * 90%", False, True),
        ("base * 100%", True, True),
        ("base * 0%", False, True),
        ("base * -1", False, False),
        ("base * account.score", False, False),
        ("base * (100% + account.other_ratio)", True, False),
        ("base * (100% - order.security.haircut)", False, True),
        ("base * 2 + account.score", False, False),
        ("base * base", False, False),
        ("-base", False, False),
        ("base / 50%", False, False),
        ("if order.urgent then base else base + 10%", True, False),
        ("if order.urgent then base else base - 10%", False, True),
        ("if order.urgent then base + 10% else base - 10%", False, False),
        ("if account.score >= 0% then base + account.score else base", True, False),
        ("if account.score < 0% then base + account.score else base", False, True),
        ("if account.score <= 20% then base else base + account.score", True, False),
        ("if account.score > -20% then base else base + account.score", False, True),
        ("if base > 50% then 60% else base", False, False),
        ("account.score", False, False),
        ("10_000%", False, False),
    ],
)
def test_a_formula_is_proved_or_not(
    tmp_path: Path, formula: str, higher: bool, lower: bool
) -> None:
    assert proved(tmp_path / "higher", formula, "higher") is higher
    assert proved(tmp_path / "lower", formula, "lower") is lower


@pytest.mark.parametrize(
    ("base", "proof"), [("account.agreed_ratio", True), ("account.score", False)]
)
def test_a_factor_proves_only_where_base_is_never_negative(
    tmp_path: Path, base: str, proof: bool
) -> None:
    assert proved(tmp_path, "base * 110%", "higher", base) is proof


def test_a_formula_that_builds_on_base_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    assert mentions_base(replaced(tmp_path / "1", "base + 10%", "50%")[1])
    assert not mentions_base(replaced(tmp_path / "2", "60%", "50%")[1])
