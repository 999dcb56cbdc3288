"""Words for what the parser meets: terminals in English, symbols of other languages."""

from __future__ import annotations

import re
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import ScalarMap

FULL_WIDTH: Final = {
    "％": "%",
    "（": "(",
    "）": ")",
    "，": ",",
    "、": ",",
    "＋": "+",
    "－": "-",
    "＊": "*",
    "×": "*",
    "／": "/",
    "÷": "/",
    "＜": "<",
    "＞": ">",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "｛": "{",
    "｝": "}",
    "。": ".",
    "．": ".",
    "\u3000": " ",
    "≥": ">=",
    "≤": "<=",
    "≧": ">=",
    "≦": "<=",
    "≠": "is not",
    "＝": "is",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}

_SYMBOLS: Final = (
    (re.compile(r"=="), "is", Code.SYMBOL_FOR_WORD),
    (re.compile(r"!="), "is not", Code.SYMBOL_FOR_WORD),
    (re.compile(r"<>"), "is not", Code.SYMBOL_FOR_WORD),
    (re.compile(r"&&|&"), "and", Code.SYMBOL_FOR_WORD),
    (re.compile(r"\|\||\|"), "or", Code.SYMBOL_FOR_WORD),
    (re.compile(r"!(?!=)"), "not", Code.SYMBOL_FOR_WORD),
    (re.compile(r"=>"), ">=", Code.SYMBOL_FOR_WORD),
    (re.compile(r"=<"), "<=", Code.SYMBOL_FOR_WORD),
    (re.compile(r"(?<![<>=!])=(?![=<>])"), "is", Code.SINGLE_EQUALS),
)

_TERMINALS: Final = (
    ({"NAME"}, "a name"),
    (
        {"NUMBER", "PERCENT", "MONEY", "SHARES", "DURATION"},
        "a number such as `130%` or `100 shares`",
    ),
    ({"LPAR"}, "`(`"),
    ({"PLUS"}, "`+`"),
    ({"MINUS"}, "`-`"),
    ({"STAR", "SLASH"}, "`*`, `/`"),
    ({"COMPARE"}, "`<`, `<=`, `>`, `>=`"),
    ({"IS", "IS_NOT"}, "`is`, `is not`"),
    ({"IN"}, "`in`"),
    ({"AND", "OR"}, "`and`, `or`"),
    ({"THEN"}, "`then`"),
    ({"ELSE"}, "`else`"),
    ({"FOR"}, "`for`"),
    ({"WHERE"}, "`where`"),
    ({"RPAR"}, "`)`"),
    ({"RSQB"}, "`]`"),
    ({"RBRACE"}, "`}`"),
    ({"COMMA"}, "`,`"),
    ({"DOT"}, "`.`"),
    ({"$END"}, "the end"),
)


_QUOTED: Final = re.compile(r'"[^"\n]+"')


def outside_texts(text: str) -> str:
    """Return an expression of the same length in which what stands in quotes says nothing.

    >>> outside_texts('order.security is "a=b" or x')
    'order.security is "xxx" or x'
    """
    return _QUOTED.sub(lambda quoted: f'"{"x" * (len(quoted[0]) - 2)}"', text)


def expected_words(terminals: set[str]) -> str:
    """Return the terminals that may follow, in words.

    >>> expected_words({"THEN"})
    '`then`'
    """
    return ", ".join(words for kinds, words in _TERMINALS if kinds & terminals) or "nothing"


def wrong_symbol(text: str, places: ScalarMap, collector: Collector) -> bool:
    """Report symbols of other languages that have a word here; tell whether there were any."""
    found = False
    for pattern, word, code in _SYMBOLS:
        for match in pattern.finditer(text):
            found = True
            collector.add(
                error(
                    code,
                    f"`{match[0]}` is not used here",
                    places.span(*match.span()),
                    hint=f"write `{word}`",
                )
            )
    return found
