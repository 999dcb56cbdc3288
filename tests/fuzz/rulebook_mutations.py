"""Ways to spoil the text of a rulebook file. `random` is seeded by the caller."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

TOKEN: Final = re.compile(r"[\w.%]+|[<>=!]+|[-+*/(){}\[\],:\"']")
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER: Final = re.compile(r"(?<![\w-])\d[\d_.]*%?(?![\w-])")
KEY: Final = re.compile(r"(?<=[\s{,])([a-z_]+)(?=: )")

EXPRESSION: Final = re.compile(
    r"(?<=(?:when|mula): )(?!>)[^\n]+|(?<=due: )(?!>)[^\n]+|(?<=require: )(?!>)[^\n]+|(?<=forbid: )(?!>)[^\n]+"
    r"|(?<=: >-\n)(?:      [^\n]*\n)+"
)
KINDS: Final = (
    ("and", "or"),
    ("<", "<=", ">", ">=", "is", "is not"),
    ("+", "-", "*", "/"),
    ("in", "not in"),
    ("stock", "fund", "bond"),
    ("order.price", "reference_price", "order.security.price", "5 CNY/share", "0"),
    ("account.cash", "held_value", "margin", "h.value", "0 CNY", "100_000.01 CNY"),
    ("order.quantity", "h.quantity", "lot", "100 shares", "1 shares", "50_000 shares", "0"),
    ("margin_ratio", "order.security.credit", "account.level", "weight[stock]", "130%", "33.3333%"),
    (
        "order.trade_date",
        "order.security.listed_on",
        "account.day",
        "account.called_on",
        "2024-03-01",
        "as_of",
    ),
    ("account.seen_at", "order.entered_at", "open of account.day", "close of as_of"),
    ("term", "6 months", "35 days", "2 trading days", "1 settlement days", "account.waiting"),
    ("buy", "sell", "short"),
    ("up", "down", "half_up", "half_even"),
    ("none", "0", "yes"),
    ("all(h.value", "any(h.value", "sum(h.value", "max(h.value", "min(h.value", "count(h.value"),
)

WORDS: Final = (
    "and", "or", "not", "in", "is", "is not", "between", "if", "then", "else", "for", "where", "at",
    "none", "or if none", "is none", "is empty", "yes", "no", "as_of", "sum(", "count(", "any(",
    "all(", "min(", "max(", "base", "claimed(hedged)", "claimed(nothing)", "is a multiple of",
    "rounded up to 1 shares", "rounded half_even to 0.01 CNY", "first trading day on or after",
    "last settlement day on or before", "open of", "close of", "date of", "+", "-", "*", "/", "<",
    "<=", ">", ">=", "=", "==", "!=", "&&", "||", "**", "%", "(", ")", "[", "]", "{", "}", ",", ".",
    "0", "1", "-1", "1.5", "100%", "1e5", "5 CNY", "5 USD", "2.50 CNY/share", "100 shares",
    "2024-02-30", "09:30", "6 months", "2 trading days", "24 hours", "{buy, sell}", "{}", "order",
    "order.price", "order.no_such_fact", "order.security", "order.security.credit", "account.level",
    "account.holdings", "account.classes", "account.waiting", "margin", "margin_ratio", "weight",
    "weight[stock]", "step[none].cap", "term", "stock", "no_such_name", "，", "（", "≥", "长",
    "\u200b", "#", "'", '"', "\\", "and or", "((((", "x for x in", "999999999999999999999999999999",
)  # fmt: skip
ODD_DATES: Final = (
    "2024-02-30", "0001-01-01", "9999-12-31", "0000-00-00", "2024-1-1", "20240101", "01/02/2024",
    "2024-03-01T00:00:00", "today", "2019-12-31", "2020-01-01", "2020-01-02", "2024-03-01",
    "2026-12-31", "2027-01-01", "-2024-03-01", "10000-01-01", "2024-03-01 ", "none", "",
)  # fmt: skip
ODD_NUMBERS: Final = (
    "0", "-1", "1e9", "NaN", ".inf", "1_0", "1__0", "0x10", "010", "1,000", "1.", ".5", "1" * 80,
    "0." + "1" * 80, "100%", "-5%", "1000%", "50 %", "½", "１", "none", "yes", "5 CNY", "5 EUR",
)  # fmt: skip
YAML_WORDS: Final = (
    "&a ", "*a", "<<: *a", "!!python/object:os.system ", "!include x ", "!!float ", "\t", "---\n",
    "...\n", "%YAML 1.1\n", "%TAG ! x\n", "? ", "- ", "| \n", ">-\n", "# ", " #", "null", "~", "@",
    "`", "\x00", "\x07", "\x85", "\u2028", "\ufeff", "\u200b", "\r", "\r\n", "：", "{", "}", "[",
    "]", '"', "'", ": ", ",", "\n", "\n\n", "    ",
)  # fmt: skip

TextMutation = Callable[[str, Random], str]


def _place(text: str, random: Random) -> int:
    return random.randrange(len(text) + 1)


def _replaced(text: str, pattern: re.Pattern[str], new: str, random: Random) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    start, end = random.choice(found).span()
    return text[:start] + new + text[end:]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def another_word(text: str, random: Random) -> str:
    return _replaced(text, TOKEN, random.choice(WORDS), random)


def an_inserted_word(text: str, random: Random) -> str:
    found = list(TOKEN.finditer(text))
    place = random.choice(found).end()
    return f"{text[:place]} {random.choice(WORDS)}{text[place:]}"


def a_word_from_elsewhere_in_the_file(text: str, random: Random) -> str:
    other = random.choice(TOKEN.findall(text))
    return _replaced(text, TOKEN, other, random)


def a_word_left_out(text: str, random: Random) -> str:
    return _replaced(text, TOKEN, "", random)


def two_words_swapped(text: str, random: Random) -> str:
    found = list(TOKEN.finditer(text))
    place = random.randrange(len(found) - 1)
    (a, b), (c, d) = found[place].span(), found[place + 1].span()
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def another_date(text: str, random: Random) -> str:
    return _replaced(text, DATE, random.choice(ODD_DATES), random)


def another_number(text: str, random: Random) -> str:
    return _replaced(text, NUMBER, random.choice(ODD_NUMBERS), random)


def another_key(text: str, random: Random) -> str:
    keys = KEY.findall(text)
    if not keys:
        return text
    key = random.choice(keys)
    names = (key[:-1], key + "s", key.upper(), key[1:2] + key[:1] + key[2:], random.choice(keys))
    return _replaced(text, KEY, random.choice((*names, "no", "on", "null", "<<", "1", "")), random)


def another_indentation(text: str, random: Random) -> str:
    lines = _lines(text)
    place = random.randrange(len(lines))
    change = random.choice((-4, -2, -1, 1, 2, 4))
    line = lines[place]
    lines[place] = " " * change + line if change > 0 else line[min(-change, len(line) - 1) :]
    return "".join(lines)


def a_line_left_out(text: str, random: Random) -> str:
    lines = _lines(text)
    start = random.randrange(len(lines))
    del lines[start : start + random.choice((1, 1, 1, 3))]
    return "".join(lines)


def a_line_twice(text: str, random: Random) -> str:
    lines = _lines(text)
    start = random.randrange(len(lines))
    piece = lines[start : start + random.choice((1, 1, 4, 10))]
    place = random.choice((start, random.randrange(len(lines) + 1)))
    return "".join(lines[:place] + piece + lines[place:])


def two_lines_swapped(text: str, random: Random) -> str:
    lines = _lines(text)
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def a_line_of_another_place(text: str, random: Random) -> str:
    lines = _lines(text)
    lines[random.randrange(len(lines))] = random.choice(lines)
    return "".join(lines)


def inserted_yaml(text: str, random: Random) -> str:
    place = _place(text, random)
    return text[:place] + random.choice(YAML_WORDS) + text[place:]


def yaml_in_front_of_a_word(text: str, random: Random) -> str:
    place = random.choice(list(TOKEN.finditer(text))).start()
    return text[:place] + random.choice(YAML_WORDS) + text[place:]


def a_character_left_out(text: str, random: Random) -> str:
    place = random.randrange(len(text))
    return text[:place] + text[place + 1 :]


def a_piece_left_out(text: str, random: Random) -> str:
    place = _place(text, random)
    return text[:place] + text[place + random.choice((2, 10, 100, 1_000)) :]


def a_shorter_file(text: str, random: Random) -> str:
    return text[: _place(text, random)]


def brackets_around_a_word(text: str, random: Random) -> str:
    start, end = random.choice(list(TOKEN.finditer(text))).span()
    opening, closing = random.choice((("(", ")"), ("[", "]"), ("{", "}"), ("not (", ")")))
    times = random.choice((1, 1, 2, 60))
    return text[:start] + opening * times + text[start:end] + closing * times + text[end:]


def another_expression(text: str, random: Random) -> str:
    """Change one word of one expression into another of its kind, so that much still loads."""
    found = list(EXPRESSION.finditer(text))
    if not found:
        return another_word(text, random)
    start, end = random.choice(found).span()
    expression = text[start:end]
    kinds = [kind for kind in KINDS if any(word in expression.split() for word in kind)]
    words = [word for word in expression.split() if any(word in kind for kind in KINDS)]
    if not kinds:
        return text[:start] + another_word(expression, random) + text[end:]
    old = random.choice(words)
    new = random.choice(next(kind for kind in KINDS if old in kind))
    pieces = re.split(r"(\s+)", expression)
    places = [place for place, piece in enumerate(pieces) if piece == old]
    pieces[random.choice(places)] = new
    return text[:start] + "".join(pieces) + text[end:]


TEXT_MUTATIONS: Final[tuple[TextMutation, ...]] = (
    another_word, an_inserted_word, a_word_from_elsewhere_in_the_file, a_word_left_out,
    two_words_swapped, another_date, another_number, another_key, another_indentation,
    a_line_left_out, a_line_twice, two_lines_swapped, a_line_of_another_place, inserted_yaml,
    yaml_in_front_of_a_word, a_character_left_out, a_piece_left_out, a_shorter_file,
    brackets_around_a_word, another_expression, another_expression, another_expression,
    another_expression, another_expression, another_expression,
    another_word, a_word_from_elsewhere_in_the_file, another_date, another_number,
)  # fmt: skip


def spoilt(text: str, random: Random, number: int) -> bytes:
    """Return the bytes of a file after one mutation, at times two; at times they are no text."""
    changed = TEXT_MUTATIONS[number % len(TEXT_MUTATIONS)](text, random)
    if random.random() < 0.15 and len(changed) > 10:
        changed = random.choice(TEXT_MUTATIONS)(changed, random)
    data = changed.encode()
    if random.random() < 0.04 and data:
        place = random.randrange(len(data))
        odd = random.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\x80", b"\x00"))
        data = data[:place] + odd + data[place + random.randrange(2) :]
    return data
