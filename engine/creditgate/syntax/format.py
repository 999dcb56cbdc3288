"""The canonical spelling of an expression: its own words, with single blanks where they belong.

Works on the tokens of the grammar, so nothing but blanks and full-width characters ever changes.
Line breaks are the author's layout and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from lark import Lark, Token, UnexpectedInput

from creditgate.syntax.wording import FULL_WIDTH, outside_texts

_BEFORE_BREAK: Final = re.compile(r"[ \t]+(?=\n)")
_OPENING: Final = frozenset({"LPAR", "LSQB", "LBRACE"})
_CLOSING: Final = frozenset({"RPAR", "RSQB", "RBRACE", "COMMA"})
_FUNCTIONS: Final = frozenset({"CLAIMED", "MIN_MAX", "FOLD", "COUNT"})
_ENDS_OF_OPERANDS: Final = frozenset(
    {
        "NAME", "NUMBER", "PERCENT", "MONEY", "SHARES", "DURATION", "DATE", "TIME", "YES_NO",
        "NONE", "AS_OF", "TEXT", "RPAR", "RSQB", "RBRACE",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in place of the characters from `start` up to, not including, `end`."""

    start: int
    end: int
    text: str


def formatted(text: str) -> str | None:
    """Return an expression in canonical form, or None where it cannot be read.

    >>> formatted("order.price>=( a+b )*50%")
    'order.price >= (a + b) * 50%'
    >>> formatted("x  in｛a，b｝")
    'x in {a, b}'
    """
    edits = edits_of(text)
    return None if edits is None else spliced(text, edits)


def tokens_of(text: str) -> tuple[str, ...] | None:
    """Return the words of an expression in their canonical spelling, or None."""
    plain, _ = _plain(text)
    found = _tokens(plain)
    return None if found is None else tuple(map(_spelling, found))


def plain_text(text: str) -> str:
    """Return an expression with its full-width characters replaced.

    >>> plain_text("a ≥ 50％")
    'a >= 50%'
    """
    return _plain(text)[0]


def edits_of(text: str) -> tuple[Edit, ...] | None:
    """Return what has to change for the canonical form, in order; None where it cannot be read."""
    plain, origin = _plain(text)
    tokens = _tokens(plain)
    if tokens is None:
        return None
    return tuple(edit for edit in _edits(text, tokens, origin) if _changes(text, edit))


def spliced(text: str, edits: tuple[Edit, ...]) -> str:
    """Return a text with edits made, from its end backwards."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text in ASCII punctuation, and where each of its characters comes from."""
    plain, origin = [], []
    outside = outside_texts(text)
    for offset, character in enumerate(text):
        replacement = FULL_WIDTH.get(outside[offset], character)
        if replacement.isascii() and replacement[0].isalpha() and character in FULL_WIDTH:
            # A word for a symbol must not grow together with its neighbours.
            replacement = f" {replacement} "
        plain.append(replacement)
        origin.extend([offset] * len(replacement))
    return "".join(plain), [*origin, len(text)]


def _tokens(plain: str) -> list[Token] | None:
    reader = _reader().parse_interactive(plain)
    try:
        found = list(reader.exhaust_lexer())
        reader.feed_eof()  # type: ignore[no-untyped-call]  # lark leaves it unannotated
    except UnexpectedInput:
        return None
    return found


def _edits(text: str, tokens: list[Token], origin: list[int]) -> Iterator[Edit]:
    end, before, is_sign = 0, "", False
    for token in tokens:
        start = origin[token.start_pos or 0]
        written = text[end:start]
        gap = _gap(before, token.type, is_sign)
        yield Edit(end, start, _BEFORE_BREAK.sub("", written) if "\n" in written else gap)
        last = origin[(token.end_pos or 1) - 1] + 1
        if "\n" not in text[start:last]:
            yield Edit(start, last, _spelling(token))
        is_sign = token.type == "MINUS" and before not in _ENDS_OF_OPERANDS
        end, before = last, token.type
    if "\n" not in text[end:]:
        yield Edit(end, len(text), "")


def _gap(before: str, after: str, is_sign: bool) -> str:
    """Return the blanks between two tokens; a sign stands close to its number."""
    if not before or is_sign or before in _OPENING or after in _CLOSING:
        return ""
    if "DOT" in (before, after) or after == "LSQB":
        return ""
    return "" if after == "LPAR" and before in _FUNCTIONS else " "


def _spelling(token: Token) -> str:
    return str(token) if token.type == "TEXT" else " ".join(token.split())


def _changes(text: str, edit: Edit) -> bool:
    return text[edit.start : edit.end] != edit.text


@cache
def _reader() -> Lark:
    grammar = files("creditgate.syntax").joinpath("expression.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True)
