"""Show diagnostics: as text with the source underlined, and as JSON of the same content."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from creditgate.base.diagnostic import Diagnostic, Label, Severity
from creditgate.base.spans import SourceFile, Span

_WIDEST: Final = 160
_CONTEXT: Final = 40
_TAB: Final = "    "
_RESET: Final = "\x1b[0m"
_BLUE: Final = "\x1b[34m"
_GREEN: Final = "\x1b[32m"
_BOLD: Final = "\x1b[1m"
_SEVERITY_COLOR: Final = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.NOTE: "\x1b[1;36m",
}
_DIRECTION_MARKS: Final = frozenset("\u200b\u200e\u200f\u2028\u2029\u2060\ufeff") | {
    chr(point) for point in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def render_text(diagnostics: Iterable[Diagnostic], color: bool = False) -> str:
    """Show diagnostics for a terminal, one after the other with an empty line between.

    Wide characters take two columns and tabs four, so that the underline stands below what it
    means. `color` adds ANSI colours.
    """
    return "\n\n".join(_render(diagnostic, color) for diagnostic in diagnostics)


def render_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    """Give the content of diagnostics as plain data for JSON.

    Shape: `code`, `slug`, `severity`, `message`, `hint`, the place and `label` of the main span,
    and a list `secondary` of places with their labels. Lines and columns count from 1; `offset`
    and `end_offset` count characters of the file from 0. A place nowhere has `path` null.
    """
    return [
        {
            "code": diagnostic.code.number,
            "slug": diagnostic.code.slug,
            "severity": diagnostic.severity.value,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
            **_label_json(diagnostic.primary),
            "secondary": [_label_json(label) for label in diagnostic.secondary],
        }
        for diagnostic in diagnostics
    ]


def display_width(text: str) -> int:
    """Count the terminal columns that a text takes.

    >>> display_width("融资 a")
    6
    """
    return sum(_width(character) for character in text)


def _label_json(label: Label) -> dict[str, object]:
    file, start, end = label.span.file, label.span.start, label.span.end
    if file is None:
        return {"path": None, "label": label.text}
    line, column = file.line_column(start)
    end_line, end_column = file.line_column(end)
    return {
        "path": file.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "offset": start,
        "end_offset": end,
        "label": label.text,
    }


def _render(diagnostic: Diagnostic, color: bool) -> str:
    accent = _SEVERITY_COLOR[diagnostic.severity]
    head = _painted(f"{diagnostic.code.number} {diagnostic.severity.value}:", accent, color)
    lines = [f"{head} {_painted(visible(diagnostic.message), _BOLD, color)}"]
    labels = [diagnostic.primary, *diagnostic.secondary]
    numbers = [_line(label.span) for label in labels]
    gutter = len(str(max(numbers)))
    path: str | None = None
    groups = _grouped(labels)
    for file, number, marked in groups:
        if file.path != path:
            path = file.path
            place = f":{number}:{file.line_column(marked[0][0].span.start)[1]}" if number else ""
            lines.append(f"  {visible(path)}{place}")
        if number:
            lines += _snippet(file, number, marked, gutter, accent, color)
    lines += [
        f"  {visible(label.text)}" for label in labels if label.span.file is None and label.text
    ]
    if diagnostic.hint is not None:
        lines.append(f"  {_painted('hint:', _GREEN, color)} {visible(diagnostic.hint)}")
    return "\n".join(lines)


def _line(span: Span) -> int:
    """Give the line to show, or 0 where there is none: no file, or a file without text."""
    return 0 if span.file is None or not span.file.text else span.file.line_column(span.start)[0]


def _grouped(labels: list[Label]) -> list[tuple[SourceFile, int, list[tuple[Label, bool]]]]:
    """Group labels by file and line, the line of the first label first."""
    groups: dict[tuple[str, int], tuple[SourceFile, int, list[tuple[Label, bool]]]] = {}
    for index, label in enumerate(labels):
        file = label.span.file
        if file is not None:
            number = _line(label.span)
            group = groups.setdefault((file.path, number), (file, number, []))
            group[2].append((label, index == 0))
    first, *others = groups.values() if groups else [None]
    if first is None:
        return []
    others_in_order = sorted(
        (group for group in others if group is not None),
        key=lambda group: (group[0].path != first[0].path, group[0].path, group[1]),
    )
    return [first, *others_in_order]


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    text: str
    is_primary: bool


def _snippet(
    file: SourceFile,
    number: int,
    marked: list[tuple[Label, bool]],
    gutter: int,
    accent: str,
    color: bool,
) -> list[str]:
    text = file.line_text(number)
    line_start = file.line_start(number)
    content_end = len(text.rstrip())
    ranges: list[tuple[int, int]] = []
    for label, _ in marked:
        start = min(label.span.start - line_start, len(text))
        # A span over several lines is underlined to the end of its first.
        end = min(label.span.end - line_start, max(content_end, start))
        ranges.append((start, end))
    first = _window(text, ranges[0][0])
    cells = [_cell(character) for character in text[first : first + _WIDEST]]
    shown = "".join(cells)
    lead = "… " if first else ""
    tail = " …" if first + _WIDEST < len(text) else ""
    columns = [len(lead)]
    for cell in cells:
        columns.append(columns[-1] + display_width(cell))
    marks: list[_Mark] = []
    for (start, end), (label, is_primary) in zip(ranges, marked, strict=True):
        left = columns[max(0, min(start - first, len(cells)))]
        right = columns[max(0, min(end - first, len(cells)))]
        marks.append(_Mark(left, max(right, left + 1), visible(label.text), is_primary))
    edge = _painted(f"  {number:>{gutter}} |", _BLUE, color)
    blank = _painted(f"  {'':>{gutter}} |", _BLUE, color)
    under = [f"{blank} {line}" for line in _underlines(marks, accent, color)]
    return [f"{edge} {lead}{shown}{tail}".rstrip(), *under]


def _underlines(marks: list[_Mark], accent: str, color: bool) -> list[str]:
    """Draw the underlines in one row, the last text beside its mark and the others below."""
    in_order = sorted(marks, key=lambda mark: (mark.start, not mark.is_primary))
    row: list[str] = []
    for mark in sorted(in_order, key=lambda mark: mark.is_primary):
        row += [" "] * (mark.end - len(row))
        row[mark.start : mark.end] = ("^" if mark.is_primary else "-") * (mark.end - mark.start)
    last = in_order[-1]
    beside = last.text and last.end == len(row)
    drawn = "".join(row)
    if color:
        drawn = "".join(_painted(c, accent if c == "^" else _BLUE, c != " ") for c in row)
    lines = [f"{drawn} {_text(last, accent, color)}" if beside else drawn]
    waiting = [mark for mark in in_order if mark.text and not (beside and mark is last)]
    lines += [f"{' ' * mark.start}{_text(mark, accent, color)}" for mark in reversed(waiting)]
    return lines


def _text(mark: _Mark, accent: str, color: bool) -> str:
    return _painted(mark.text, accent if mark.is_primary else _BLUE, color)


def _window(text: str, at: int) -> int:
    """Choose where a line too long to show starts, so that `at` is seen."""
    if len(text) <= _WIDEST or at < _WIDEST - _CONTEXT:
        return 0
    return min(at - _CONTEXT, len(text) - _WIDEST)


def visible(text: str) -> str:
    r"""Replace what a terminal would obey rather than show, so that no text can disguise itself.

    >>> visible("a\x1b[31m")
    'a\\x1b[31m'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if not _is_hidden(c) else _escaped(c) for c in text)


def _cell(character: str) -> str:
    if character == "\t":
        return _TAB
    return _escaped(character) if _is_hidden(character) else character


def _is_hidden(character: str) -> bool:
    return character in _DIRECTION_MARKS or unicodedata.category(character) in ("Cc", "Cs")


def _escaped(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _painted(text: str, paint: str, color: bool) -> str:
    return f"{paint}{text}{_RESET}" if color else text
