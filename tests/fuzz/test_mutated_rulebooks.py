"""Spoilt rulebooks: findings with a code and a place, or a rulebook on which the evaluators agree.

Work is bounded by a count of calls, so no run depends on the speed of the machine.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.fuzz.answers import verdict_of, verdict_of_reference
from tests.fuzz.rulebook_mutations import spoilt
from tests.fuzz.shelves import loaded
from tests.fuzz.steps import at_most

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.render import render_json, render_text
from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.decide.engine import Engine
from creditgate.load.rulebook_files import Shelf
from creditgate.pipeline import Gate, catalogue, shipped_rulebooks

SMALL = Path(__file__).parent / "small_market"
# Findings about what was asked for, not about a file.
WITHOUT_PLACE = frozenset({Code.UNKNOWN_RULEBOOK, Code.CYCLE, Code.MORE_FINDINGS})
STEPS = 3_000_000
SMALL_MUTANTS = 340

ORDER = {
    "action": "short", "type": "limit", "quantity": 200, "price": "12.48", "security": "600000",
    "trade_date": "2024-06-03", "entered_at": "2024-06-03T10:00:00+08:00",
}  # fmt: skip
ACCOUNT: dict[str, Any] = {
    "cash": "100000.00", "level": "1.30", "approved": True, "day": "2024-06-03", "waiting": 5,
    "seen_at": "2024-06-03T15:30:00+08:00", "called_on": "2024-05-31",
    "classes": ["stock"], "holdings": [
        {"security": "600000", "quantity": 100, "value": "1248.00"},
        {"security": "510300", "quantity": 0, "value": "0.00"},
    ],
}  # fmt: skip
SECURITY = {"id": "600000", "class": "stock", "price": "12.40", "listed_on": "2023-01-04"}
CLAIM = {"claim": "hedged", "by": "desk 7", "at": "2024-06-03T09:00:00+08:00"}
DOCUMENTS: tuple[dict[str, Any], ...] = (
    {"order": ORDER, "account": ACCOUNT, "securities": [SECURITY]},
    {"order": {**ORDER, "action": "buy", "type": "market", "price": None}, "account": ACCOUNT,
     "securities": [{**SECURITY, "class": "bond", "listed_on": None}]},
    {"order": {**ORDER, "trade_date": "2024-02-29", "action": "buy"}, "claims": [CLAIM],
     "account": {**ACCOUNT, "level": None, "holdings": [], "cash": "0.00"}, "securities": [SECURITY]},
    {"order": {**ORDER, "trade_date": "2026-12-31", "action": "sell"}, "account": {},
     "securities": [{"id": "600000", "class": "fund"}]},
    {"order": {**ORDER, "security": "nowhere"}, "account": ACCOUNT, "securities": []},
    {"event": "close", "account": ACCOUNT},
    {"event": "close", "account": {**ACCOUNT, "cash": "-1.00", "level": "1.00"}},
    {"event": "close", "account": {**ACCOUNT, "cash": "-1.00", "waiting": 1, "seen_at": "2024-06-04T09:30:00+08:00"}},
)  # fmt: skip


@cache
def small_shelf() -> Shelf:
    shelf = Shelf((SMALL,))
    whole = Catalogue(shelf, catalogue().admission)
    assert whole.checked("house/desk") is not None, render_text(whole.collector.diagnostics)
    return shelf


@cache
def shipped_shelf(rulebook: str) -> Shelf:
    whole = catalogue()
    assert whole.checked(rulebook) is not None
    return whole.shelf


def check_findings(found: tuple[Diagnostic, ...], *, is_loaded: bool) -> None:
    errors = [item for item in found if item.severity.value == "error"]
    assert bool(errors) is not is_loaded
    for item in found:
        span = item.primary.span
        if span.file is None:
            assert item.code in WITHOUT_PLACE, item
        else:
            assert span.file.path.endswith(".yaml")
            assert 0 <= span.start <= span.end <= len(span.file.text), item
        assert item.message
        assert "Traceback" not in item.message
    text = render_text(found)
    assert all(item.code.number in text for item in errors)
    assert len(render_json(found)) == len(found)


def check_decisions(whole: Catalogue, checked: Checked, documents: tuple[Any, ...]) -> Counter[str]:
    gate = Gate([Engine(checked.rulebook)], whole.vocabulary())
    found: Counter[str] = Counter()
    for document in documents:
        decision = gate.decide(document)
        assert decision.core_bytes() == gate.decide(document).core_bytes()
        if not decision.core.refusals:
            assert verdict_of(decision) == verdict_of_reference(gate, gate.read(document))
        found[decision.outcome] += 1
    return found


def _is_of_rulebook(path: Path) -> bool:
    return path.parent.name in {"base", "desk"}


@pytest.mark.parametrize("seed", range(6))
def test_a_spoilt_small_rulebook_gives_findings_or_a_rulebook(seed: int) -> None:
    """Half are mutants of the rulebook files, half of any file of the market."""
    random = Random(f"small {seed}")
    files = sorted(SMALL.rglob("*.yaml"))
    own = [path for path in files if _is_of_rulebook(path)]
    texts = {path: path.read_text("utf-8") for path in files}
    found: Counter[str] = Counter()
    for number in range(SMALL_MUTANTS):
        path = random.choice(files if number % 4 == 0 else own)
        data = spoilt(texts[path], random, number + seed)
        rulebook = "house/desk" if path.parent.name == "desk" else "market/base"
        with at_most(STEPS):
            whole, checked = loaded(small_shelf(), rulebook, path, data)
        check_findings(whole.collector.diagnostics, is_loaded=checked is not None)
        if checked is not None:
            found += check_decisions(whole, checked, DOCUMENTS[number % 2 :: 2])
        found["loaded" if checked is not None else "refused"] += 1
    assert found["refused"] > 100
    assert found["loaded"] > 30
    for outcome in ("approved", "rejected", "undecided", "pending"):
        assert found[outcome] > 10, found


CHAPTERS = (
    ("us/reg_sho", "us/reg_sho/rule_204.yaml", 20),
    ("us/reg_sho", "us/reg_sho/rule_203.yaml", 20),
    ("cn/sse", "cn/margin_trading/risk_control.yaml", 12),
    ("cn/sse", "cn/margin_trading/maintenance.yaml", 12),
    ("brokers/example_cn_member", "brokers/example_cn_member/margin.yaml", 16),
)


@pytest.mark.parametrize(("rulebook", "chapter", "wanted"), CHAPTERS)
def test_a_spoilt_chapter_of_a_shipped_rulebook_gives_findings_or_a_rulebook(
    rulebook: str, chapter: str, wanted: int
) -> None:
    random = Random(chapter)
    path = shipped_rulebooks() / chapter
    text = path.read_text("utf-8")
    found: Counter[str] = Counter()
    for number in range(wanted):
        data = spoilt(text, random, number)
        with at_most(10 * STEPS):
            whole, checked = loaded(shipped_shelf(rulebook), rulebook, path, data)
        check_findings(whole.collector.diagnostics, is_loaded=checked is not None)
        found["loaded" if checked is not None else "refused"] += 1
    assert found["refused"] > wanted // 3
    assert found["loaded"] > 0
