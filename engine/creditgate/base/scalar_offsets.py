"""Decode one YAML scalar again, keeping for each decoded character its place in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_ESCAPED: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_ESCAPED_DIGITS: Final = {"x": 2, "u": 4, "U": 8}
_BREAKS: Final = "\r\n"
_BLANKS: Final = " \t"
_BLOCK_HEADER: Final = re.compile(r"[|>]([-+0-9]*)[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|$)")


@dataclass(slots=True)
class CharacterPlaces:
    """List where each character of a decoded text starts and ends in the file.

    No entries means that the scalar could not be followed.
    """

    characters: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, character: str, start: int, end: int) -> None:
        """Add one decoded character that the file writes from `start` up to `end`."""
        self.characters.append(character)
        self.starts.append(start)
        self.ends.append(end)

    def extend(self, other: CharacterPlaces) -> None:
        """Add all characters of `other` behind those already here."""
        self.characters += other.characters
        self.starts += other.starts
        self.ends += other.ends


def places_in_flow(written: str, offset: int, value: str) -> CharacterPlaces:
    """Place the characters of a plain, single-quoted or double-quoted scalar.

    `written` is the scalar in the file from `offset` on, quotes included, and `value` its text.
    """
    quote = written[:1] if written[:1] in ("'", '"') else ""
    stop = len(written) - len(quote)
    places = CharacterPlaces()
    at = len(quote)
    while at < stop:
        character = written[at]
        if character in _BLANKS or character in _BREAKS:
            at = _join_lines(written, at, stop, offset, places, after_escape=False)
        elif quote == "'" and written.startswith("''", at):
            places.add("'", offset + at, offset + at + 2)
            at += 2
        elif quote == '"' and character == "\\":
            at = _unescape(written, at, stop, offset, places)
        else:
            places.add(character, offset + at, offset + at + 1)
            at += 1
    return _if_equal(places, value)


def _join_lines(
    written: str, at: int, stop: int, offset: int, places: CharacterPlaces, *, after_escape: bool
) -> int:
    """Fold the blanks and line breaks from `at` on; return where the next word starts."""
    first = at
    blanks = CharacterPlaces()
    breaks: list[tuple[int, int]] = []
    while at < stop and (written[at] in _BLANKS or written[at] in _BREAKS):
        if written[at] in _BREAKS:
            size = _break_size(written, at)
            breaks.append((offset + at, offset + at + size))
            at += size
        else:
            if not breaks and not after_escape:
                blanks.add(written[at], offset + at, offset + at + 1)
            at += 1
    if after_escape:
        kept = breaks
    elif not breaks:
        places.extend(blanks)
        return at
    elif len(breaks) == 1:
        places.add(" ", offset + first, offset + at)
        return at
    else:
        kept = breaks[1:]
    for start, end in kept:
        places.add("\n", start, end)
    return at


def _unescape(written: str, at: int, stop: int, offset: int, places: CharacterPlaces) -> int:
    """Decode the escape that starts at `at`; return where it ends."""
    name = written[at + 1 : at + 2]
    if name and name in _BREAKS:
        at += 1 + _break_size(written, at + 1)
        return _join_lines(written, at, stop, offset, places, after_escape=True)
    if name in _ESCAPED_DIGITS:
        end = at + 2 + _ESCAPED_DIGITS[name]
        try:
            character = chr(int(written[at + 2 : end], 16))
        except ValueError:
            character = "\ufffd"
    else:
        end = at + 2
        character = _ESCAPED.get(name, "\ufffd")
    places.add(character, offset + at, offset + end)
    return end


def places_in_block(written: str, offset: int, value: str) -> CharacterPlaces:
    """Place the characters of a literal `|` or folded `>` block scalar.

    `written` starts with the `|` or `>` at `offset`; it may run past the end of the block.
    """
    header = _BLOCK_HEADER.match(written)
    if header is None:
        return CharacterPlaces()
    lines = _lines(written, header.end())
    first = next((text for _, text, _ in lines if text.strip(" ")), "")
    deepest = len(first) - len(first.lstrip(" "))
    explicit = any(character.isdigit() for character in header[1])
    # An explicit indentation counts from the parent, which is not seen here: try each depth.
    for indent in range(deepest, 0 if explicit else deepest - 1, -1):
        places = _decode_block(lines, header, offset, indent)
        if places.characters and "".join(places.characters) == value:
            return places
    return CharacterPlaces()


def _lines(written: str, at: int) -> list[tuple[int, str, int]]:
    """Split into (start, text without its break, size of the break)."""
    lines: list[tuple[int, str, int]] = []
    while at < len(written):
        end = at
        while end < len(written) and written[end] not in _BREAKS:
            end += 1
        size = _break_size(written, end) if end < len(written) else 0
        lines.append((at, written[at:end], size))
        at = end + size
    return lines


def _decode_block(
    lines: list[tuple[int, str, int]], header: re.Match[str], offset: int, indent: int
) -> CharacterPlaces:
    folded = header[0].startswith(">")
    places = CharacterPlaces()
    last_break: tuple[int, int] | None = None
    empty_breaks: list[tuple[int, int]] = []
    previous_deeper = False
    for start, text, size in lines:
        leading = len(text) - len(text.lstrip(" "))
        break_place = (offset + start + len(text), offset + start + len(text) + size)
        if leading == len(text) and len(text) <= indent:
            if size:
                empty_breaks.append(break_place)
            continue
        if leading < indent:
            break
        content = text[indent:]
        deeper = content[0] in _BLANKS
        if last_break is not None:
            if folded and not previous_deeper and not deeper:
                if not empty_breaks:
                    places.add(" ", last_break[0], offset + start + indent)
            else:
                places.add("\n", *last_break)
        for empty in empty_breaks:
            places.add("\n", *empty)
        empty_breaks = []
        for index, character in enumerate(content, start=offset + start + indent):
            places.add(character, index, index + 1)
        last_break = break_place if size else None
        previous_deeper = deeper
    if "-" not in header[1] and last_break is not None:
        places.add("\n", *last_break)
    if "+" in header[1]:
        for empty in empty_breaks:
            places.add("\n", *empty)
    return places


def _break_size(written: str, at: int) -> int:
    return 2 if written.startswith("\r\n", at) else 1


def _if_equal(places: CharacterPlaces, value: str) -> CharacterPlaces:
    return places if "".join(places.characters) == value else CharacterPlaces()
