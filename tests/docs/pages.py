"""Pages of the documentation as blocks that can be run.

A fenced block is told by the word behind its fence. `console` blocks hold commands behind `$ ` and
what they print; a line `...` stands for any lines, `...` within a line for any words. `python` blocks hold doctest examples. A comment
`<!-- file: name -->` in front of a block makes it a file of the page's folder. Blocks of a page run
in order, in one folder of their own. A command that needs a shell is given to one, with the installed
`creditgate`; the others run in this process.
"""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.cli.in_process import run_here

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    ROOT / "README.md",
    *(
        path
        for path in sorted((ROOT / "docs").glob("*.md"))
        if path.name not in {"seeds_and_law.md", "open_points.md"}  # of the law, without examples
    ),
)
#: What a shell does with a command; without it, the command is run in this process.
_OF_A_SHELL = frozenset("&|;<>$`*?~\\\n")
_FILE = re.compile(r"<!-- file: (\S+) -->")
_GENERATED = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(<!-- end of generated -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str
    file: str | None

    @property
    def place(self) -> str:
        """Return where the block stands."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    found: list[Block] = []
    file = None
    language: str | None = None
    start, kept = 0, list[str]()
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        if language is not None and line == "```":
            found.append(Block(page, start, language, "\n".join(kept) + "\n", file))
            language, file = None, None
        elif language is not None:
            kept.append(line)
        elif line.startswith("```"):
            language, start, kept = line[3:].strip(), number, []
        elif match := _FILE.fullmatch(line):
            file = match[1]
        elif line.strip():
            file = None
    assert language is None, f"{page}: a block is not closed"
    return found


def run_page(page: Path, folder: Path) -> None:
    """Run the blocks of a page in a folder; an AssertionError says what is not as written."""
    names: dict[str, object] = {}
    for block in blocks_of(page):
        if block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.language == "console":
            _run_console(block, folder)
        elif block.language == "python":
            _run_python(block, folder, names)


def _run_console(block: Block, folder: Path) -> None:
    for command, expected in _commands(block.text):
        shown = _output(command, folder)
        pattern = "\n".join(
            r"(?:.*\n)*?.*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*")
            for line in expected
        )
        assert re.fullmatch(pattern, shown), (
            f"{block.place}: `{command}` prints\n{shown}\nand the page says\n" + "\n".join(expected)
        )


def _commands(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in text.rstrip("\n").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line}", [])
        else:
            found[-1][1].append(line)
    return found


def _output(command: str, folder: Path) -> str:
    variables = {"LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    first, *arguments = shlex.split(command)
    if first == "creditgate" and not _OF_A_SHELL.intersection(command):
        with contextlib.chdir(folder):
            _, out, err = run_here(arguments, b"", variables)
    else:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env={**os.environ, **variables, "PATH": path},
            capture_output=True, check=False,
        )  # fmt: skip
        out, err = done.stdout, done.stderr
    shown = (out + err).decode()
    lines = shown.replace(f"{ROOT}/", "").rstrip("\n").splitlines()
    return "\n".join(line.rstrip() for line in lines)


def _run_python(block: Block, folder: Path, names: dict[str, object]) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, names, block.place, None, 0)
    assert test.examples, f"{block.place}: the example has no `>>>`"
    report: list[str] = []
    with contextlib.chdir(folder):
        result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(
            test, out=report.append, clear_globs=False
        )
    assert not result.failed, "".join(report)
    names.update(test.globs)


def generated_of(page: Path) -> dict[str, str]:
    """Return the generated parts of a page by name."""
    return {match[2]: match[3] for match in _GENERATED.finditer(page.read_text("utf-8"))}


def with_generated(page: Path, parts: dict[str, str]) -> str:
    """Return the text of a page with its generated parts replaced."""

    def replaced(match: re.Match[str]) -> str:
        return f"{match[1]}{parts[match[2]]}{match[4]}"

    return _GENERATED.sub(replaced, page.read_text("utf-8"))
