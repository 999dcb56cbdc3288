"""The cases in Markdown below `cases/`: what is said of small rulebooks, word for word.

`CASES_UPDATE=1 pytest tests/test_cases.py` writes what is said now; read the difference.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from tests.cases.markdown_cases import GOLDEN, MarkdownCase, cases_of, rewritten
from tests.cases.small_rulebooks import expanded, load
from tests.cases.syntax_trees import shown_tree

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.render import render_text
from creditgate.base.spans import ScalarMap, SourceFile
from creditgate.lint.lints import lints
from creditgate.load.located import plain_from_node
from creditgate.load.rulebook_files import read_source
from creditgate.load.yaml_reader import read_yaml
from creditgate.syntax.parse import parse

CASES: Final = Path(__file__).parent / "cases"
FILES: Final = sorted(path for path in CASES.glob("*/*.md"))
ALL: Final = [case for path in FILES for case in cases_of(path)]
UPDATE: Final = bool(os.environ.get("CASES_UPDATE")) and not os.environ.get("CI")


def shown_case(case: MarkdownCase) -> str:
    return f"{case.path.parent.name}/{case.path.stem}: {case.name}"


@pytest.mark.parametrize("case", ALL, ids=shown_case)
def test_case(case: MarkdownCase, tmp_path: Path) -> None:
    wanted = {kind: body for kind, body in case.blocks if kind in GOLDEN}
    found = what_is_said(case, tmp_path)
    if UPDATE and found != wanted:
        text = case.path.read_text(encoding="utf-8")
        now = next(c for c in cases_of(case.path) if c.name == case.name)
        changed = text[: now.start] + rewritten(now, found) + text[now.end :]
        case.path.write_text(changed.rstrip() + "\n", encoding="utf-8")
        return
    assert found == wanted


def what_is_said(case: MarkdownCase, root: Path) -> dict[str, str]:
    """Return the golden blocks of a case as they are now."""
    expression = case.block("expression")
    if expression is not None:
        return of_expression(expression.removesuffix("\n"))
    if case.path.parent.name == "load" and list(case.files) == ["file.yaml"]:
        return of_file(case.files["file.yaml"], root)
    loaded = load(root, case.files, case.checked)
    if case.path.parent.name == "lint":
        day = None if case.on is None else date.fromisoformat(case.on)
        found = lints(loaded.catalogue, list(loaded.rulebooks), day)
        loaded.catalogue.collector.extend(found)
    accepted = [name for name, checked in loaded.rulebooks.items() if checked is not None]
    said = loaded.text(root)
    assert bool(said) or len(accepted) == len(loaded.rulebooks), "nothing is refused silently"
    return {"diagnostics": f"{said}\n" if said else ""}


def of_expression(text: str) -> dict[str, str]:
    collector = Collector()
    source = SourceFile("expression", text)
    tree = parse(text, ScalarMap(source, 0, len(text), "plain", text), collector)
    assert tree is not None or collector.has_errors
    found = {} if tree is None else {"tree": shown_tree(tree) + "\n"}
    if collector.diagnostics:
        found["diagnostics"] = render_text(collector.diagnostics) + "\n"
    return found


def of_file(text: str, root: Path) -> dict[str, str]:
    path = root / "file.yaml"
    path.write_bytes(expanded(text).encode())
    collector = Collector()
    source = read_source(path, collector)
    node = None if source is None else read_yaml(source, collector)
    if collector.diagnostics:
        said = render_text(collector.diagnostics).replace(f"{root.as_posix()}/", "")
        return {"diagnostics": f"{said}\n"}
    assert node is not None
    return {"reads": json.dumps(plain_from_node(node), ensure_ascii=False, indent=1) + "\n"}


def test_every_case_says_what_is_expected_of_it() -> None:
    without = [shown_case(c) for c in ALL if not any(kind in GOLDEN for kind, _ in c.blocks)]
    assert not without


def test_sentences_of_cases_differ() -> None:
    names = [shown_case(case) for case in ALL]
    assert len(names) == len(set(names))


# Why no case here can or does show a finding; each is tested where the reason says.
ELSEWHERE: Final = {
    Code.NOT_UTF8: "a case file is UTF-8: unit/load/test_yaml_reader.py",
    Code.NESTED_TOO_DEEP: "too long to read: unit/load/test_yaml_reader.py",
    Code.FILE_TOO_LARGE: "too long to read: unit/load/test_yaml_reader.py",
    Code.MORE_FINDINGS: "too long to read: unit/base/test_collector.py",
    Code.SCHEMA_FAILED: "no schema of ours leads to it: unit/load/test_schema_check.py",
    Code.ABSTRACT_RULEBOOK: "only who wants to decide is told: unit/check/test_catalogue.py",
    Code.UNREADABLE_FILE: "nothing says it yet",
    Code.MISSING_FILE: "nothing says it yet",
    Code.MISPLACED_FILE: "nothing says it yet",
}


def test_every_finding_about_rulebooks_has_a_case_or_a_reason() -> None:
    shown = {
        number
        for case in ALL
        for number in re.findall(r"^(CG\d{4}) ", case.block("diagnostics") or "", re.MULTILINE)
    }
    about = {code for code in Code if code.number[2] in "123457"}
    assert {code.name for code in about if code.number not in shown} == {c.name for c in ELSEWHERE}
