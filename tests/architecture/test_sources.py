"""What the source of the engine may hold: sizes, names, numbers, words, suppressions."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
ENGINE: Final = ROOT / "engine" / "creditgate"
MODULES: Final = sorted(ENGINE.rglob("*.py"))
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))

LONGEST: Final = 300
# Why a module is longer than the rest.
LONG_MODULES: Final = {
    "syntax/parse.py": "one method a construct of the grammar",
    "syntax/nodes.py": "one class a construct of the grammar",
    "check/expressions.py": "one case a construct of the grammar",
    "reference/evaluate.py": "the meaning of the language on one page",
    "ir/rulebook.py": "one class a thing that a rulebook holds",
}
VAGUE_NAMES: Final = {
    "utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "core", "base",
    "tools", "shared", "stuff", "lib", "general", "functions", "objects",
}  # fmt: skip
# Names that are a stage of the pipeline, not a drawer.
NAMED_STAGES: Final = {"base"}

EXACT: Final = (
    "domain",
    "ir",
    "reference",
    "check",
    "admit",
    "decide",
    "lowered",
    "backends/scalar",
)
# Where the word `float` may stand in exact code.
FLOATS_NAMED: Final = {
    "decide/conversion.py": "short numerals of JSON are carried by a double and got back exactly",
    "decide/faults.py": "floats from callers are recognised to be refused",
    "decide/forms.py": "numerals too long to be carried by a double are found",
    "decide/table_rows.py": "a column of doubles gives exact decimals, or the table was refused",
    "decide/records.py": "what a numeral of JSON is decoded into",
}

OF_A_REGULATOR: Final = (
    ("a date", re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d\b")),
    ("an exchange", re.compile(r"\b(?:SSE|SZSE|BSE|XSHG|XSHE|XBSE|XNYS|NYSE|XNAS|NASDAQ)\b")),
    ("an authority", re.compile(r"\b(?:SEC|FINRA|CSRC|CSF|Reg(?:ulation)? (?:T|SHO))\b|证监会|交易所")),
    ("a currency", re.compile(r"\b(?:CNY|USD|HKD|EUR)\b")),
    ("a percentage", re.compile(r"\b\d+(?:\.\d+)?%")),
    ("an action", re.compile(r"\b(?:margin_buy|short_sell|sell_to_repay|buy_to_return)\b")),
)  # fmt: skip
# Where such a text decides nothing, and why it is there.
EXAMPLES: Final = {
    "check/bands.py": "a hint shows how bands are written",
    "check/wording.py": "a hint shows how units are written",
    "cli/calendar.py": "the help shows commands",
    "cli/compute.py": "the help shows commands",
    "cli/decide.py": "the help shows commands",
    "cli/diff.py": "the help shows commands",
    "cli/facts.py": "the help shows commands and says how ratios are given",
    "cli/new.py": "the help shows commands; a draft needs some day of issue",
    "cli/show.py": "the help shows commands",
    "decide/faults.py": "a hint shows how dates are written",
    "diff/specs.py": "a hint shows how days are written",
    "ir/operators.py": "the table of operators shows each one at work",
    "load/scalars.py": "a hint shows how dates are written",
    "scenarios/case.py": "a claim in a case without a day needs some instant",
    "syntax/wording.py": "a hint shows how units are written",
}

PLACE: Final = re.compile(r"(?<![\w/.])/(?:work|tmp|root|home)/")
WORKPLACE: Final = re.compile(
    r"\b(?:issue|ticket|task|PR) ?#?\d+\b|\b(?:claude|chatgpt|openai|anthropic|copilot|subagent"
    r"|co-authored|sub-agent)\b",
    re.IGNORECASE,
)


def shown(path: Path) -> str:
    return path.relative_to(ENGINE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def docstrings(tree: ast.Module) -> set[int]:
    """Return the ids of the string nodes that are docstrings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that are not docstrings, with their lines."""
    tree = tree_of(path)
    skipped = docstrings(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str() as text) if id(node) not in skipped:
                yield node.lineno, text


def test_modules_are_short_or_say_why_not() -> None:
    long = {
        shown(path)
        for path in MODULES
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }
    assert long == LONG_MODULES.keys()


def test_modules_are_named_after_a_thing_or_a_stage() -> None:
    parts = {part for path in MODULES for part in Path(shown(path)).with_suffix("").parts}
    assert not (parts & VAGUE_NAMES) - NAMED_STAGES


@pytest.mark.parametrize("package", EXACT)
def test_exact_code_holds_no_binary_floating_point(package: str) -> None:
    found = []
    for path in sorted((ENGINE / package).rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                found.append(f"{shown(path)}:{node.lineno}")
            elif isinstance(node, ast.Name) and node.id == "float":
                found += [f"{shown(path)}:{node.lineno}"] * (shown(path) not in FLOATS_NAMED)
    assert not found


def test_floats_are_named_only_where_a_reason_is_given() -> None:
    assert all("float" in (ENGINE / path).read_text(encoding="utf-8") for path in FLOATS_NAMED)


@pytest.mark.parametrize(("what", "pattern"), OF_A_REGULATOR, ids=[w for w, _ in OF_A_REGULATOR])
def test_the_engine_holds_nothing_of_a_regulator(what: str, pattern: re.Pattern[str]) -> None:
    found = {}
    for path in MODULES:
        for line, text in texts_of(path):
            if pattern.search(text):
                found[f"{shown(path)}:{line}"] = text
    unexplained = {k: v for k, v in found.items() if k.partition(":")[0] not in EXAMPLES}
    assert not unexplained, what


def test_each_example_of_a_regulators_number_is_still_there() -> None:
    for name in EXAMPLES:
        texts = [text for _, text in texts_of(ENGINE / name)]
        assert any(pattern.search(text) for _, pattern in OF_A_REGULATOR for text in texts), name


def test_schemas_allow_no_regulators_names() -> None:
    for path in sorted(ENGINE.rglob("*.schema.json")):
        for text in allowed_texts(json.loads(path.read_text(encoding="utf-8"))):
            for what, pattern in OF_A_REGULATOR:
                assert not pattern.search(text), (path.name, what, text)


def allowed_texts(node: Any) -> Iterator[str]:
    """Yield the texts of a schema that decide what is allowed, not those that explain it."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in {"examples", "description", "title", "defaultSnippets", "x-hint"}:
                yield from allowed_texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from allowed_texts(item)
    elif isinstance(node, str):
        yield node


def test_a_suppression_names_its_rule_and_its_reason() -> None:
    found = []
    for path in (*MODULES, *TESTS):
        for line, comment in comments_of(path):
            named = re.search(r"noqa: [A-Z]+\d+|type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\]", comment)
            reason = "" if named is None else comment[named.end() :].strip()
            suppresses = re.match(r"# *(?:noqa|type: ignore)", comment) is not None
            if suppresses and not re.fullmatch(r"# \S.{3,}", reason):
                found.append(f"{path.relative_to(ROOT)}:{line}: {comment}")
    assert not found


def comments_of(path: Path) -> list[tuple[int, str]]:
    source = io.StringIO(path.read_text(encoding="utf-8"))
    return [
        (token.start[0], token.string)
        for token in tokenize.generate_tokens(source.readline)
        if token.type == tokenize.COMMENT
    ]


def test_tracked_files_speak_of_the_project_alone() -> None:
    found = []
    for path in tracked_texts():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if PLACE.search(line) or WORKPLACE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not found


def tracked_texts() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    paths = [ROOT / name for name in listed.split("\0") if name]
    texts = {".py", ".md", ".yaml", ".json", ".toml", ".lark", ".txt", ".in", ".lock", ""}
    return [p for p in paths if p.suffix in texts and p.is_file() and b"\0" not in p.read_bytes()]
