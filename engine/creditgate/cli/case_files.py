"""Facts from files: JSON, JSON lines, YAML, folders of CSV tables, the standard input.

Every case keeps its place. What cannot be read is a case with diagnostics and no facts, so that
nothing that follows is shifted or hidden.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.decide.read import MOST_BYTES
from creditgate.domain.vocabulary import Vocabulary

STANDARD_INPUT: Final = "-"
MOST_WHOLE: Final = 512 * 1024 * 1024
_PEEK: Final = 8192
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_LINES: Final = (".jsonl", ".ndjson")
_YAML: Final = (".yaml", ".yml")
_CSV: Final = ".csv"
_NEW_LINE: Final = "\n"
_SPACE: Final = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class CaseInput:
    """One facts document with its place; `data` is None where it could not be read at all.

    Facts may come with diagnostics: what was wrong has been left out, and is unknown. It is no case
    where diagnostics speak of a whole file.
    """

    place: str
    data: bytes | str | Mapping[str, Any] | None
    diagnostics: tuple[Diagnostic, ...] = ()
    is_case: bool = True


@dataclass(slots=True)
class CaseFiles:
    """The cases of some files, one after the other; `bytes_read` grows as they are read."""

    paths: tuple[str, ...]
    vocabulary: Vocabulary
    bytes_read: int = field(default=0)

    @property
    def bytes_in_all(self) -> int | None:
        """Return the size of all files; None where it is not known before the end."""
        if STANDARD_INPUT in self.paths:
            return None
        sizes = [_size(Path(path)) for path in self.paths]
        return sum(sizes)

    def __iter__(self) -> Iterator[CaseInput]:
        for path in self.paths:
            yield from self._cases(path)

    def _cases(self, path: str) -> Iterator[CaseInput]:
        try:
            if path == STANDARD_INPUT:
                yield from self._of_stream(sys.stdin.buffer, "stdin", "")
            elif Path(path).is_dir() or Path(path).suffix.lower() == _CSV:
                # Joining tables is a subject of its own, loaded where there are tables.
                from creditgate.cli.tables import cases_of_tables

                yield from cases_of_tables(Path(path), self.vocabulary, self._count)
            else:
                with Path(path).open("rb") as stream:
                    yield from self._of_stream(stream, path, Path(path).suffix.lower())
        except OSError as problem:
            code = Code.NO_FILE if isinstance(problem, FileNotFoundError) else Code.UNREADABLE_FACTS
            message = (problem.strerror or "the file cannot be read").lower()
            yield unreadable(path, code, message)

    def _count(self, size: int) -> None:
        self.bytes_read += size

    def _of_stream(self, stream: BinaryIO, place: str, suffix: str) -> Iterator[CaseInput]:
        beginning = stream.peek(_PEEK) if isinstance(stream, BufferedReader) else b""
        counted = _Counted(stream, self._count)
        first, number = _first_line(counted)
        if not first:
            yield unreadable(place, Code.EMPTY_FILE, "there are no facts in it")
        elif _is_binary(beginning or first):
            hint = "give JSON, JSON lines, YAML, or a folder of CSV tables, all in UTF-8"
            yield unreadable(place, Code.UNREADABLE_FACTS, "this is not a text in UTF-8", hint)
        elif suffix in _YAML:
            rest = counted.read(MOST_BYTES + 1 - min(len(first), MOST_BYTES))
            yield from _yaml_cases(b"\n" * (number - 1) + first + rest, place, self.vocabulary)
        elif suffix in _LINES or _is_whole(first):
            yield from _lines(first, counted, place, number)
        else:
            rest = counted.read(MOST_WHOLE + 1)
            if len(rest) > MOST_WHOLE:
                hint = "give JSON lines: one document a line"
                yield unreadable(place, Code.TOO_LARGE, "the file is too large to hold", hint)
            else:
                yield from _whole(first + rest, place, number)


def refused(place: str, code: Code, message: str, hint: str | None = None) -> CaseInput:
    """Return a case that could not be read."""
    return CaseInput(place, None, (fault(code, place, message, hint),))


def unreadable(place: str, code: Code, message: str, hint: str | None = None) -> CaseInput:
    """Return what is to be said of a whole file."""
    return CaseInput(place, None, (fault(code, place, message, hint),), is_case=False)


class _Counted:
    """A stream that tells how much was read of it."""

    def __init__(self, stream: BinaryIO, count: Callable[[int], None]) -> None:
        self._stream, self._count = stream, count

    def readline(self, most: int) -> bytes:
        line = self._stream.readline(most)
        self._count(len(line))
        return line

    def read(self, most: int) -> bytes:
        data = self._stream.read(most)
        self._count(len(data))
        return data


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(table.stat().st_size for table in path.glob(f"*{_CSV}"))
        return path.stat().st_size
    except OSError:
        return 0


def _is_binary(beginning: bytes) -> bool:
    """Tell whether a file is no text at all; a text may still hold a bad line."""
    if beginning[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return True
    lines = beginning.split(b"\n")
    return b"\x00" in beginning and not any(line.lstrip()[:1] in {b"{", b"["} for line in lines)


def _first_line(stream: _Counted) -> tuple[bytes, int]:
    """Return the first line that is not blank, and its number."""
    number = 1
    line = stream.readline(MOST_BYTES + 2).removeprefix(_BYTE_ORDER_MARK)
    while line and not line.strip():
        number += 1
        line = stream.readline(MOST_BYTES + 2)
    return line, number


def _is_whole(line: bytes) -> bool:
    """Tell whether a line is a JSON document by itself, so that a line is a document."""
    if not line.lstrip().startswith(b"{"):
        return False
    text = line.decode("utf-8", "replace")
    return _end_of_value(text, _after_space(text, 0))[0] is not None


def _lines(line: bytes, stream: _Counted, place: str, number: int) -> Iterator[CaseInput]:
    while line:
        at = f"{place}:{number}"
        if len(line) > MOST_BYTES + 1:
            yield refused(at, Code.TOO_LARGE, f"the line has more than {MOST_BYTES} bytes")
            while line and not line.endswith(b"\n"):
                line = stream.readline(MOST_BYTES)
        elif line.strip():
            yield CaseInput(at, line.strip())
        number += 1
        line = stream.readline(MOST_BYTES + 2)


def _whole(data: bytes, place: str, number: int) -> Iterator[CaseInput]:
    """Yield the documents of a JSON list, or documents that each take several lines."""
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        line = number + data.count(b"\n", 0, problem.start)
        yield unreadable(f"{place}:{line}", Code.UNREADABLE_FACTS, "this is not a text in UTF-8")
        return
    at = _after_space(text, 0)
    if text[at] == "[":
        yield from _listed(text, at + 1, place, number)
        return
    end, broken = _end_of_value(text, at)
    if end is None and "\n" not in text[:broken]:
        # Broken on its first line: lines, as far as anyone can tell.
        counted = _Counted(BytesIO(data), lambda _: None)
        yield from _lines(counted.readline(MOST_BYTES + 2), counted, place, number)
        return
    counted_to = 0
    while at < len(text):
        end, broken = _end_of_value(text, at)
        number, counted_to = number + text.count("\n", counted_to, at), at
        if end is None:
            line = number + text.count("\n", at, broken)
            message = f"the JSON document that begins on line {number} is broken here"
            yield refused(f"{place}:{line}", Code.UNREADABLE_FACTS, message)
            return
        yield CaseInput(f"{place}:{number}", text[at:end])
        at = _after_space(text, end)


def _listed(text: str, at: int, place: str, number: int) -> Iterator[CaseInput]:
    """Yield the documents of a JSON list up to its end, or to where it cannot be read."""
    counted_to, is_first = 0, True
    while True:
        at = _after_space(text, at)
        number, counted_to = number + text.count("\n", counted_to, at), at
        if is_first and text[at : at + 1] == "]" and _after_space(text, at + 1) == len(text):
            yield unreadable(f"{place}:{number}", Code.EMPTY_FILE, "there are no facts in the list")
            return
        end, broken = _end_of_value(text, at)
        if end is None:
            yield _cut_off(f"{place}:{number + text.count(_NEW_LINE, at, broken)}")
            return
        yield CaseInput(f"{place}:{number}", text[at:end])
        after = _after_space(text, end)
        mark = text[after : after + 1]
        if mark == "]" and _after_space(text, after + 1) == len(text):
            return
        if mark != ",":
            yield _cut_off(f"{place}:{number + text.count(_NEW_LINE, at, after)}")
            return
        at, is_first = after + 1, False


def _cut_off(place: str) -> CaseInput:
    hint = "what comes before was decided; one document a line (.jsonl) would lose that line only"
    message = "the JSON list cannot be read from here on"
    return refused(place, Code.UNREADABLE_FACTS, message, hint)


# Numbers stay text: a document is read with care later, here only its end is looked for.
_DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def _end_of_value(text: str, at: int) -> tuple[int | None, int]:
    """Return where a JSON value ends, or None and where it is broken."""
    try:
        return _DECODER.raw_decode(text, at)[1], at
    except json.JSONDecodeError as problem:
        return None, problem.pos
    except (ValueError, RecursionError):
        return None, at


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _yaml_cases(data: bytes, place: str, vocabulary: Vocabulary) -> Iterator[CaseInput]:
    from creditgate.base.collector import Collector
    from creditgate.decide.text_facts import document_from_text
    from creditgate.load.located import Seq, plain_from_node
    from creditgate.load.yaml_reader import read_yaml, source_from_bytes

    collector = Collector()
    source = source_from_bytes(place, data, collector, max_bytes=MOST_BYTES)
    node = None if source is None else read_yaml(source, collector, max_bytes=MOST_BYTES)
    if node is None or source is None or collector.has_errors:
        yield CaseInput(place, None, collector.diagnostics, is_case=False)
        return
    for item in node.items if isinstance(node, Seq) else (node,):
        line, _ = source.line_column(item.span.start)
        plain = document_from_text(plain_from_node(item), vocabulary)
        if isinstance(plain, Mapping):
            yield CaseInput(f"{place}:{line}", plain)
        else:
            message = "a map of entities is wanted here"
            yield refused(f"{place}:{line}", Code.UNREADABLE_FACTS, message)
