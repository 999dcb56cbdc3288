"""Small rulebooks with few cases: each kind of change is caught, missed, refused or proved idle."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tests.cases.small_rulebooks import DEFAULT_HEADERS, OVERLAY, WORLD, write

from creditgate.admit.admission import admit
from creditgate.base.render import render_text
from creditgate.check.load import Catalogue
from creditgate.domain.citation import Bilingual
from creditgate.ir.formula_text import formula_text
from creditgate.load.rulebook_files import Shelf
from creditgate.mutate.bench import Bench
from creditgate.mutate.change import KINDS, Change, Told
from creditgate.mutate.report import Report
from creditgate.mutate.verdicts import NOT_CAUGHT, REFUSED, SAME, Judge, Verdict, chosen

PLANTED: Final[list[dict[str, Any]]] = yaml.load(
    (Path(__file__).parent / "cases.yaml").read_text("utf-8"), yaml.BaseLoader
)
ACT: Final = "cite: {instrument: act}, evidence: official"
HOUSE: Final = "cite: {instrument: manual}, evidence: official"
RULE: Final = (
    "on: order, reason: too_large, title: {en: A title, zh: 标题}, "
    "breach: {en: Not so., zh: 不符。}, in_force: [{from: 2020-01-02, %s}]"
)
SECONDS: Final = 5.0


def chapter(text: str) -> str:
    words = {
        ", <rule>": f", {RULE % ACT}", ", <house_rule>": f", {RULE % HOUSE}", "<act>": ACT,
        "<house>": HOUSE, "<title>": "title: {en: A title, zh: 标题}",
    }  # fmt: skip
    for word, long in words.items():
        text = text.replace(word, long)
    return "chapter: {en: Chapter, zh: 章}\n" + text


def judge_of(stated: dict[str, Any], root: Path) -> Judge:
    header = DEFAULT_HEADERS["act"]
    if "governs" in stated:
        header = header.replace('order: "yes"', f"order: {stated['governs']}")
    if "abstract" in stated:
        header += "abstract: true\n"
    files = {"act/rulebook.yaml": header, "act/chapter.yaml": chapter(stated["act"])}
    judged = "act"
    for name, mode in (("house", "tightens"), ("exchange", "replaces")):
        if name in stated:
            files[f"{name}/rulebook.yaml"] = OVERLAY.format(id=name, base="act", mode=mode)
            files[f"{name}/chapter.yaml"] = chapter(stated[name])
            judged = name if name == "house" else "act"
    given = {"order": {"quantity": "1"}}
    for book in ("act", "house", "exchange"):
        cases = [
            {"name": f"case {n}", "on": "2020-01-02", **case}
            for n, case in enumerate(stated["cases"])
            if case.get("rulebook", "act") == book
        ]
        for case in cases:
            case.pop("rulebook", None)
        if cases:
            suite = {"rulebook": book, "given": given, "cases": cases}
            files[f"{book}/scenarios/cases.yaml"] = yaml.dump(suite, sort_keys=False)
    write(root, files)
    shelf = Catalogue(Shelf((root, WORLD)), admit)
    checked = shelf.checked(judged)
    assert checked is not None, render_text(shelf.collector.diagnostics)
    bench = Bench(shelf, checked)
    assert not shelf.collector.has_errors, render_text(shelf.collector.diagnostics)
    assert not bench.failing()
    return Judge(bench, SECONDS)


def told(value: Told) -> str:
    return value.en if isinstance(value, Bilingual) else formula_text(value)


def about(change: Change) -> str:
    return f"{change.kind} {change.name}: {told(change.old)} -> {told(change.new)}"


@pytest.mark.parametrize("stated", PLANTED, ids=lambda stated: str(stated["name"]))
def test_planted(stated: dict[str, Any], tmp_path: Path) -> None:
    judge = judge_of(stated, tmp_path)
    changes = judge.bench.changes
    places = chosen(changes, None, stated.get("only"))
    found = [judge.verdict(place) for place in places]
    for state in (NOT_CAUGHT, REFUSED, SAME):
        said = [about(changes[v.place]) for v in found if v.state == state]
        assert sorted(said) == sorted(stated.get(state, [])), state
    assert len({change.id for change in changes}) == len(changes)


def test_every_kind_of_change_is_caught_somewhere_and_shown_in_both_languages(
    tmp_path: Path,
) -> None:
    kinds: set[str] = set()
    for n, stated in enumerate(PLANTED):
        judge = judge_of(stated, tmp_path / str(n))
        changes = judge.bench.changes
        caught = [change for change in changes if judge.bench.teller(change) is not None]
        kinds |= {change.kind for change in caught}
        missed = [Verdict(place, NOT_CAUGHT) for place in range(len(changes))]
        report = Report(judge.bench.checked.rulebook, changes, missed, len(missed))
        for language in ("en", "zh"):
            lines = list(report.lines(language))
            assert len(lines) == 4 * len(changes) + 1
            assert all(line.strip() for line in lines)
    # A house rule's effect is caught where a decision is expected.
    assert kinds >= set(KINDS) - {"effect"}


def test_a_sample_is_the_same_every_time(tmp_path: Path) -> None:
    changes = judge_of(PLANTED[0], tmp_path / "one").bench.changes
    again = judge_of(PLANTED[0], tmp_path / "two").bench.changes
    assert [change.id for change in changes] == [change.id for change in again]
    assert chosen(changes, 3) == chosen(again, 3)
    assert set(chosen(changes, 3)) < set(chosen(changes, 5))


def test_changes_stand_at_a_line_of_a_file(tmp_path: Path) -> None:
    bench = judge_of(PLANTED[6], tmp_path).bench
    for change in bench.changes:
        assert change.span.file is not None
        assert change.span.file.path.endswith(("chapter.yaml", "rulebook.yaml"))
