"""Rows that are looked up here and there are touched some at a time before any of them is judged.

A row is judged in many steps, and each look-up waits for memory alone. Touching does nothing else,
so that a processor waits for many rows at once; what was touched is then found in its caches.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from creditgate.backends.columns.kernel import Kernel

#: Rows that are touched before they are judged: what they look up fits into the nearest cache.
TOGETHER: Final = 32
#: Numbers side by side of which one touch brings all.
_LINE: Final = 8
_ROW: Final = "i"


def touching(kernel: Kernel) -> Kernel:
    """Return a kernel of rows by their numbers that touches what they look up; it judges the same.

    Only what a row reads whatever it holds is touched, at the places where the row reads it.
    """
    function = ast.parse(kernel.source).body[0]
    assert isinstance(function, ast.FunctionDef)
    loop = function.body[0]
    assert isinstance(loop, ast.For)
    found = _Reads(loop.body, {*kernel.columns})
    passes = [[*found.places, *touched] for touched in (found.records, found.lists) if touched]
    if not passes:
        return kernel
    head, _, *judging = kernel.source.splitlines()
    lines = [
        head,
        "    touched = 0",
        f"    for batch in range(begin, end, {TOGETHER}):",
        f"        until = min(batch + {TOGETHER}, end)",
    ]
    for touched in passes:
        lines.append("        for place in range(batch, until):")
        lines += [
            f"            {text}" for each in touched for text in ast.unparse(each).splitlines()
        ]
    lines.append("        for place in range(batch, until):")
    lines += [f"    {line}" for line in judging]
    return replace(kernel, source="\n".join([*lines, "    return touched", ""]))


class _Reads:
    """What a row reads: the `places` where it looks something up, records, and rows of lists."""

    def __init__(self, lines: list[ast.stmt], columns: set[str]) -> None:
        self._columns = columns
        self._looked_up = {name for line in lines for name in _places_asked(line)}
        known = {_ROW}
        self.places: list[ast.stmt] = []
        for line in lines:
            name = _assigned(line)
            if name == _ROW or (name in self._looked_up and self._is_known(line, known)):
                known.add(name)
                self.places.append(line)
        self._known = known
        self.records = _touches(self._records(lines))
        self.lists = list(self._lists(lines))

    def _is_known(self, line: ast.stmt, known: set[str]) -> bool:
        """Tell whether a line needs nothing but columns and places that are known before it."""
        return not any(isinstance(each, ast.Call) for each in ast.walk(line)) and (
            _names(line) - {_assigned(line)} <= self._columns | known
        )

    def _records(self, lines: Iterable[ast.stmt]) -> Iterator[ast.Subscript]:
        for read in _reads(lines):
            names = _names(read.slice)
            if _array(read) in self._columns and names <= self._known and _ROW not in names:
                yield read

    def _lists(self, lines: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
        """Yield lines that touch the first and the last row of each list."""
        for loop in lines:
            match loop:
                case ast.For(ast.Name(row), ast.Call(args=[ast.Name(begin), ast.Name(end)])):
                    arrays = sorted(
                        {_array(each) for each in _reads(loop.body) if _is_at(each, row)}
                    )
                    if {begin, end} <= self._known and arrays:
                        sums = [f"{name}[{at}]" for name in arrays for at in (begin, f"{end} - 1")]
                        touched = " + ".join(f"int({each})" for each in sums)
                        yield from ast.parse(f"if {end} > {begin}: touched += {touched}").body


def _touches(reads: Iterable[ast.Subscript]) -> list[ast.stmt]:
    """Return lines that touch what is read, once where one touch brings it all."""
    found: dict[tuple[str, str, int], str] = {}
    for read in reads:
        place, column = read.slice, 0
        match place:
            case ast.Tuple([record, ast.Constant(int() as number)]):
                place, column = record, number // _LINE
        found.setdefault((_array(read), ast.unparse(place), column), ast.unparse(read))
    return [ast.parse(f"touched += int({read})").body[0] for read in found.values()]


def _reads(lines: Iterable[ast.stmt]) -> Iterator[ast.Subscript]:
    """Yield what lines read in any case."""
    for line in lines:
        if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
            continue
        parts = list(ast.walk(line.value))
        if not any(isinstance(each, ast.IfExp | ast.BoolOp) for each in parts):
            yield from (each for each in parts if isinstance(each, ast.Subscript))


def _places_asked(line: ast.stmt) -> Iterator[str]:
    """Yield the names by which something is looked up, or between which rows of a list lie."""
    for each in ast.walk(line):
        match each:
            case ast.Subscript(slice=place):
                yield from _names(place)
            case ast.For(iter=ast.Call(args=bounds)):
                for bound in bounds:
                    yield from _names(bound)


def _assigned(line: ast.stmt) -> str:
    match line:
        case ast.Assign([ast.Name(name)]):
            return name
    return ""


def _is_at(read: ast.Subscript, row: str) -> bool:
    return isinstance(read.slice, ast.Name) and read.slice.id == row


def _array(read: ast.Subscript) -> str:
    return read.value.id if isinstance(read.value, ast.Name) else ""


def _names(part: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(part) if isinstance(each, ast.Name)}
