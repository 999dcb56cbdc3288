"""Chapters made to be too deep, too long or too many, as large as is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

SMALL: Final = Path(__file__).parent / "small_market"
CHAPTER: Final = SMALL / "market" / "base" / "trading.yaml"
TEXT: Final = CHAPTER.read_text("utf-8")
CITED: Final = "cite: {instrument: text}, evidence: official"

_REQUIRE = "require: order.quantity is a multiple of lot"
_HISTORY = f"history: [{{from: 2020-01-02, value: 100 shares, {CITED}}}]"
_ROWS = "rows: [{class: bond, value: 90%}, {class: any, value: 65%}]"
_BREACH = "{order.quantity} is no multiple"


def _with(old: str, new: str) -> str:
    assert old in TEXT, old
    return TEXT.replace(old, new, 1)


def rule(expression: str) -> str:
    """Return the chapter with another requirement in its first rule."""
    return _with(_REQUIRE, f"require: >-\n      {expression}")


def figures(formulas: Iterable[str]) -> str:
    """Return the chapter with figures f0, f1, … and a rule that asks for the last one."""
    written = ""
    number = 0
    for number, formula in enumerate(formulas):
        written += (
            f"  f{number}:\n    title: {{en: F, zh: 数}}\n    unit: money\n"
            f"    cite: {{instrument: text}}\n    evidence: official\n    formula: {formula}\n"
        )
    text = TEXT.replace("\ndeterminations:", f"{written}\ndeterminations:", 1)
    return text.replace(_REQUIRE, f"require: f{number} >= 0 CNY", 1)


def _parameters(size: int) -> str:
    one = f"{{title: {{en: P, zh: 数}}, type: ratio, history: [{{from: 2020-01-02, value: 5%, {CITED}}}]}}"
    return _with(
        "parameters:\n", "parameters:\n" + "".join(f"  p{n}: {one}\n" for n in range(size))
    )


def _history(size: int) -> str:
    days = (date(2020, 1, 2) + timedelta(n) for n in range(size))
    entries = (f"{{from: {day}, value: {n + 1} shares, {CITED}}}" for n, day in enumerate(days))
    return _with(_HISTORY, f"history: [{', '.join(entries)}]")


# Each grows with the size it is given, and so may the work on it, but no faster.
GROWING: Final[dict[str, Callable[[int], str]]] = {
    "terms of a sum": lambda size: rule(" + ".join(["order.quantity"] * size) + " > 0 shares"),
    "conditions": lambda size: rule(" and ".join(["order.quantity > 0 shares"] * size)),
    "members of a set": lambda size: rule("order.action in {" + ", ".join(["buy"] * size) + "}"),
    "rows of a table": lambda size: _with(
        _ROWS, "rows: [" + ", ".join(["{class: bond, value: 90%}"] * size) + "]"
    ),
    "parameters": _parameters,
    "entries of a history": _history,
    "figures in a chain": lambda size: figures(
        ["account.cash", *(f"f{n} + 1 CNY" for n in range(size))]
    ),
    "figures in a circle": lambda size: figures(f"f{(n + 1) % size} + 1 CNY" for n in range(size)),
    "figures that use the one before twice": lambda size: figures(
        ["account.cash", *(f"f{n} + f{n}" for n in range(size))]
    ),
    "figures that ask the one before five times": lambda size: figures(
        [
            "account.cash",
            *(f"if f{n} > 0 CNY then f{n} + f{n} else f{n} - f{n}" for n in range(size)),
        ]
    ),
    "placeholders": lambda size: _with(_BREACH, "{order.quantity}" * size + " is no multiple"),
    "unknown keys": lambda size: TEXT + "".join(f"wrong{n}: 1\n" for n in range(size)),
    "keys given twice": lambda size: TEXT + "figures: {}\n" * size,
    "characters of a name": lambda size: rule("x" * size + " > 0"),
    "lines of a comment": lambda size: TEXT + "# a comment\n" * size,
}  # fmt: skip

DEEP: Final[dict[str, str]] = {
    "lists in lists": "chapter: " + "[" * 10_000 + "]" * 10_000,
    "lists never closed": "chapter: " + "[" * 100_000,
    "maps in maps": "chapter: " + "{a: " * 10_000 + "b" + "}" * 10_000,
    "maps below maps": "".join(" " * depth + "a:\n" for depth in range(1_000)),
    "items in items": "a:\n  " + "- " * 10_000 + "x\n",
    "brackets": rule("(" * 10_000 + "order.quantity > 0 shares" + ")" * 10_000),
    "negations": rule("not " * 10_000 + "account.approved"),
    "choices": rule("if account.approved then " * 10_000 + "yes" + " else no" * 10_000),
    "functions": rule("min(" * 10_000 + "1 shares, 2 shares" + ")" * 10_000 + " > 0 shares"),
    "lookups": rule("weight[" * 10_000 + "stock" + "]" * 10_000 + " > 0%"),
    "paths": rule("order" + ".security" * 10_000 + " > 0"),
    "aggregates": rule("any(" * 10_000 + "yes" + " for h in account.holdings)" * 10_000),
    "signs": rule("order.quantity > " + "- " * 10_000 + "1 shares"),
    "rounding": rule("(" * 1_000 + "order.quantity" + ") rounded up to 1 shares" * 1_000),
    "digits": rule("order.quantity > " + "9" * 100_000 + " shares"),
    "decimals": rule("order.quantity > 0." + "9" * 100_000 + " shares"),
    "powers": rule("order.quantity " + "* 1.5 " * 1_000 + "> 0 shares"),
    "file": TEXT + "# " + "x" * 5_000_000,
    "values": "a: [" + "1," * 600_000 + "1]",
}  # fmt: skip
LONG: Final[dict[str, str]] = {
    "spaces": TEXT + " " * 1_000_000,
    "spaces and a mark": TEXT + "# " + " " * 1_000_000 + "#x\n",
    "empty lines": TEXT + "\n" * 1_000_000,
    "one title": _with("Buys are in whole lots", "x" * 1_000_000),
    "months": rule("order.trade_date + 999999999999 months > order.trade_date"),
    "trading days": rule("order.trade_date + 99999999999999 trading days > order.trade_date"),
    "settlement days back": rule("order.trade_date - 99999999 settlement days < order.trade_date"),
    "nested aggregates": rule(
        "any(" * 9 + "h0.quantity > 0 shares" + "".join(f" for h{n} in account.holdings)" for n in range(9))
    ),
    "braces": _with(_BREACH, "{" * 50_000 + " is no multiple"),
}  # fmt: skip
