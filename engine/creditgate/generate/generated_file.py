"""Files of generated cases: composed, run again, and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.check.load import Catalogue
from creditgate.decide.engine import Engine
from creditgate.decide.faults import fault
from creditgate.generate.case_names import CaseNames
from creditgate.generate.case_text import case_lines
from creditgate.generate.obligation_words import unmet_text
from creditgate.generate.rulebook_cases import MadeCase, VersionCases
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import Gate
from creditgate.scenarios.case import cases_of
from creditgate.scenarios.run import run_case

MARK: Final = "# Made by `creditgate test --generate` from the rules themselves"
_HEAD: Final = f"""\
{MARK}: what is expected here
# is what the rules say, so these cases pin behaviour, not law. A change that turns one red may be
# right. Cases that rest on the text of the law are written by hand. Do not edit: make it anew.
# 本文件由 `creditgate test --generate` 根据规则本身生成：预期结果即规则的现有结果，只固定规则的行为，
# 不代表法规要求；依据法规文本的案例须人工编写。请勿手工修改，应重新生成。
"""
_LOOKED_AT: Final = 4096
SUFFIXES: Final = (".yaml", ".yml")


class NotWritten(Exception):
    """A file of cases cannot be written; holds the one diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Target:
    """A file and the versions of rules whose cases it holds."""

    path: Path | None
    parts: tuple[VersionCases, ...]


def targets_of(into: Path | None, found: Sequence[VersionCases]) -> list[Target]:
    """Return the files: one, or in a folder one for each chapter that holds rules."""
    if into is None or into.suffix in SUFFIXES:
        return [Target(into, tuple(found))]
    chapters: dict[str, list[VersionCases]] = {}
    for part in found:
        chapters.setdefault(_chapter(part), []).append(part)
    return [
        Target(into / f"generated_{chapter}.yaml", tuple(parts))
        for chapter, parts in sorted(chapters.items())
    ]


def _chapter(part: VersionCases) -> str:
    span = part.taken.version.rule.rule.definition.span
    return "rules" if span.file is None else Path(span.file.path).stem


def is_generated(text: str) -> bool:
    """Tell whether a text is that of a generated file."""
    return any(line.startswith(MARK) for line in text[:_LOOKED_AT].splitlines())


def refuse_unwritable(into: Path | None) -> None:
    """Refuse, before any work, a place where nothing can be written.

    Errors: NotWritten.
    """
    if into is None:
        return
    if into.suffix in SUFFIXES:
        refuse_overwriting(into)
    folder = into.parent if into.suffix in SUFFIXES else into
    try:
        if into.suffix not in SUFFIXES:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise NotWritten(_unwritable(folder, problem)) from problem


def refuse_overwriting(path: Path) -> None:
    """Refuse to write over a file that was not generated.

    Errors: NotWritten.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "is a directory")
        known = path.read_text("utf-8", errors="replace") if os.path.lexists(path) else None
    except OSError as problem:
        raise NotWritten(_unwritable(path, problem)) from problem
    if known is not None and not is_generated(known):
        message = "this file was not generated, and would be written over"
        hint = "name another with --into; move this one away if it is not wanted"
        raise NotWritten(fault(Code.NOT_GENERATED, str(path), message, hint))


def _unwritable(path: Path, problem: OSError) -> Diagnostic:
    message = (problem.strerror or "it cannot be written").lower()
    hint = "name a file or folder with --into in which you may write"
    return fault(Code.CASES_NOT_WRITABLE, str(path), message, hint)


class Composer:
    """Make the text of files of cases of one rulebook, in which every case holds."""

    def __init__(self, book: Rulebook, shelf: Catalogue) -> None:
        self._book = book
        self._shelf = shelf
        self._gate = Gate([Engine(book)], book.vocabulary)
        self._names = CaseNames(book)

    def composed(self, target: Target) -> tuple[str | None, Target]:
        """Return the text of a file, None without a case, and its parts with what held.

        Each case is read again from the text and run.
        """
        parts = target.parts
        while True:
            cases = [case for part in parts for case in part.cases]
            if not cases:
                return None, Target(target.path, parts)
            text = self._text(parts)
            failed = self._failed(text, cases)
            if not failed:
                return text, Target(target.path, parts)
            parts = tuple(part.without(failed) for part in parts)

    def _text(self, parts: Sequence[VersionCases]) -> str:
        lines = [f"rulebook: {self._book.id}", "cases:"]
        used: set[str] = set()
        for part in parts:
            lines += [f"  {line}".rstrip() for line in self._part_lines(part, used)]
        return _HEAD + "\n".join(lines) + "\n"

    def _part_lines(self, part: VersionCases, used: set[str]) -> Iterator[str]:
        rule, days = part.taken.version.rule.rule.definition, part.taken.version.days
        since = date.fromordinal(days.first).isoformat()
        until = "" if days.last is None else f" until {date.fromordinal(days.last).isoformat()}"
        if part.cases or part.unmet:
            yield f"# {rule.title.zh} {rule.title.en}"
            yield f"# {rule.name}, as it stands from {since}{until}"
        for unmet in part.unmet:
            yield f"# {unmet_text(part.taken, unmet, 'en')}"
        for case in part.cases:
            name = self._names.name(case)
            if not part.taken.version.is_only:
                name = f"{name}, as from {since}"
            name = _unique(f"{name}", used, rule.name)
            yield from case_lines(case, name, self._book.vocabulary)

    def _failed(self, text: str, cases: Sequence[MadeCase]) -> list[MadeCase]:
        """Run the cases of a text; return those of which something else came out."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.yaml"
            path.write_text(text, "utf-8", newline="\n")
            read = list(
                cases_of(path, self._shelf.shelf, self._book.vocabulary, self._shelf.collector)
            )
        assert len(read) == len(cases)
        pairs = zip(cases, read, strict=True)
        return [made for made, case in pairs if not run_case(case, self._gate).passed]


def write(path: Path, text: str) -> None:
    """Write a file whole, or leave what was there.

    Errors: NotWritten.
    """
    refuse_overwriting(path)
    made = None
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".generated-", suffix=".tmp")
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(made, 0o644)
        os.replace(made, path)
        made = None
    except OSError as problem:
        raise NotWritten(_unwritable(path, problem)) from problem
    finally:
        if made is not None:
            with suppress(OSError):
                os.unlink(made)


def _unique(name: str, used: set[str], rule: str) -> str:
    """Return a name that no other case of the rule has."""
    number, found = 1, name
    while f"{rule} {found}" in used:
        number += 1
        found = f"{name} ({number})"
    used.add(f"{rule} {found}")
    return found


def outside_scenarios(paths: Iterable[Path]) -> bool:
    """Tell whether some file lies where no test looks for cases."""
    return any(path.resolve().parent.name != "scenarios" for path in paths)
