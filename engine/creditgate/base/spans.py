"""Places in source files: files, spans, and maps from a YAML scalar's text back to its file."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from creditgate.base.scalar_offsets import CharacterPlaces, places_in_block, places_in_flow

ScalarStyle = Literal["plain", "quoted", "block"]

_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class SourceFile:
    r"""Hold the text of one file under the name by which messages call it.

    >>> file = SourceFile("rules.yaml", "a: 1\nb: 2\n")
    >>> file.line_column(8)
    (2, 4)
    >>> file.line_text(2)
    'b: 2'
    """

    path: str
    text: str = field(repr=False)
    _line_starts: list[int] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=list
    )

    def line_column(self, offset: int) -> tuple[int, int]:
        """Give the line and the column of a character offset, both counted from 1."""
        starts = self._starts()
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Give the text of a line, counted from 1, without its line break; empty if absent."""
        starts = self._starts()
        if not 1 <= line <= len(starts):
            return ""
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n")

    def line_start(self, line: int) -> int:
        """Give the offset of the first character of a line, counted from 1."""
        starts = self._starts()
        return starts[max(1, min(line, len(starts))) - 1]

    def _starts(self) -> list[int]:
        if not self._line_starts:
            found = [match.end() for match in _LINE_BREAK.finditer(self.text)]
            self._line_starts.extend([0, *found])
        return self._line_starts


@dataclass(frozen=True, slots=True)
class Span:
    """Name a run of characters of a file: from `start` up to, not including, `end`.

    Without a file the span is nowhere, and messages show no place.
    """

    file: SourceFile | None
    start: int
    end: int

    @property
    def text(self) -> str:
        """Give the characters of the file that the span covers."""
        return "" if self.file is None else self.file.text[self.start : self.end]

    def to(self, last: Span) -> Span:
        """Give the span from the start of this one to the end of `last`, in the same file."""
        if self.file is None or last.file is not self.file:
            return self
        return Span(self.file, min(self.start, last.start), max(self.end, last.end))


NOWHERE: Final = Span(None, 0, 0)


@dataclass(frozen=True, slots=True)
class ScalarMap:
    r"""Map offsets in a scalar's decoded text to the characters of the file that stand for them.

    `start` and `end` enclose the scalar as written, with its quotes or its `|` or `>` line.
    Line folding, escapes, indentation and chomping are undone character by character; should a
    scalar not be understood, the whole scalar is the answer.

    >>> file = SourceFile("rules.yaml", 'when: "a \\u003e b"')
    >>> ScalarMap(file, 6, 18, "quoted", "a > b").span(2, 3).text
    '\\u003e'
    """

    file: SourceFile | None
    start: int
    end: int
    style: ScalarStyle
    value: str = field(repr=False)
    _places: CharacterPlaces | None = field(
        init=False, repr=False, compare=False, hash=False, default=None
    )

    def span(self, start: int, end: int) -> Span:
        """Give the span of the file for the decoded characters from `start` up to `end`.

        An empty range gives an empty span in front of the character at `start`; offsets outside
        the text are moved to its nearest end.
        """
        if self.file is None:
            return NOWHERE
        size = len(self.value)
        start = max(0, min(start, size))
        end = max(start, min(end, size))
        if self.style == "plain" and size == self.end - self.start:
            return Span(self.file, self.start + start, self.start + end)
        places = self._character_places(self.file)
        if len(places.starts) != size:
            return Span(self.file, self.start, self.end)
        if start < end:
            return Span(self.file, places.starts[start], places.ends[end - 1])
        if start < size:
            return Span(self.file, places.starts[start], places.starts[start])
        last = places.ends[-1] if size else self.start + (self.style == "quoted")
        return Span(self.file, last, last)

    def _character_places(self, file: SourceFile) -> CharacterPlaces:
        places = self._places
        if places is None:
            written = file.text[self.start : self.end]
            decode = places_in_block if self.style == "block" else places_in_flow
            places = decode(written, self.start, self.value)
            # Computed when first asked for: most scalars are never pointed into.
            object.__setattr__(self, "_places", places)
        return places


def shown_path(path: Path) -> str:
    """Return the path as messages show it: from the working folder where it lies inside."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):  # outside, or a link that leads to itself
        return path.as_posix()
