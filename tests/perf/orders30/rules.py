"""The 30 rules as trees, from which every peer's form and the exact reference are made.

A rule holds for the `sides` it names; where `when` is there and false it does not apply; else
`require` must hold. Amounts are exact decimals as text in the units of the facts: money and prices
in the currency, ratios as fractions of one (80 % is 0.80), days as the int yyyymmdd.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Operator = Literal["==", "<", "<=", ">", ">=", "+", "*"]


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a fact."""

    fact: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, a truth value, a whole number or a decimal."""

    value: str | bool | int | Decimal


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison, sum or product of two operands."""

    operator: Operator
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of a whole number divided by another."""

    left: Tree
    divisor: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A comparison of `above` / `below`, which is above zero, with a limit."""

    operator: Literal["<", ">="]
    above: Tree
    below: Tree
    limit: Decimal


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a fact is one of some members."""

    fact: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """Whether all parts hold."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Whether a part holds."""

    parts: tuple[Tree, ...]


Tree = Read | Constant | Binary | Remainder | Ratio | OneOf | Every | Some


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule: its id in the rulebook, the sides it is about, when it applies, what must hold."""

    id: str
    sides: tuple[str, ...]
    when: Tree | None
    require: Tree


def facts_read(tree: Tree | None) -> Iterator[str]:
    """Yield the facts that a tree reads, each as often as it does.

    >>> sorted(facts_read(Binary("<", Read("price"), Read("limit_up"))))
    ['limit_up', 'price']
    """
    match tree:
        case Read(fact) | OneOf(fact):
            yield fact
        case Binary(_, left, right) | Ratio(_, left, right):
            yield from facts_read(left)
            yield from facts_read(right)
        case Remainder(left):
            yield from facts_read(left)
        case Every(parts) | Some(parts):
            for part in parts:
                yield from facts_read(part)
        case _:
            return


def rules_on(side: str) -> tuple[ListedRule, ...]:
    """Return the rules about a side, in the order of the list."""
    return tuple(rule for rule in RULES if side in rule.sides)


def _is(fact: str, value: str | bool) -> Binary:
    return Binary("==", Read(fact), Constant(value))


def _facts(operator: Operator, left: str, right: str) -> Binary:
    return Binary(operator, Read(left), Read(right))


def _limit(operator: Operator, fact: str, value: int | str) -> Binary:
    return Binary(
        operator, Read(fact), Constant(Decimal(value) if isinstance(value, str) else value)
    )


def _ratio(operator: Literal["<", ">="], above: Tree, below: Tree, limit: str) -> Ratio:
    return Ratio(operator, above, below, Decimal(limit))


_BUY: Final = ("margin_buy",)
_SHORT: Final = ("short_sell",)
_BOTH: Final = ("margin_buy", "short_sell")
_VALUE: Final = _facts("*", "quantity", "price")
_ASSETS_AFTER: Final = Binary("+", Read("total_assets"), _VALUE)
_DEBT_AFTER: Final = Binary("+", Read("total_debt"), _VALUE)
_AFTER: Final = _ratio(">=", _ASSETS_AFTER, _DEBT_AFTER, "1.5")

RULES: Final = tuple(
    ListedRule(f"orders30/{id}", sides, when, require)
    for id, sides, when, require in (
        ("whole_lots", _BOTH, None, Binary("==", Remainder(Read("quantity"), 100), Constant(0))),
        ("margin_target", _BUY, None, _is("margin_target", True)),
        ("short_target", _SHORT, None, _is("short_target", True)),
        ("not_suspended", _BOTH, None, _is("suspended", False)),
        ("account_age", _BOTH, None, _limit(">=", "account_age_days", 180)),
        ("average_assets", _BOTH, None, _limit(">=", "average_assets", 500_000)),
        ("risk_rating", _BOTH, None, OneOf("risk_rating", ("C3", "C4", "C5"))),
        ("price_not_below_last", _SHORT, None, _facts(">=", "price", "last_price")),
        (
            "price_above_best_bid",
            _SHORT,
            Every((_is("breaker_active", True), _is("short_exempt", False))),
            _facts(">", "price", "best_bid"),
        ),
        (
            "located",
            _SHORT,
            None,
            Some((_facts(">=", "located_quantity", "quantity"), _is("locate_exempt", True))),
        ),
        ("threshold_borrowed", _SHORT, _is("threshold_security", True), _is("preborrowed", True)),
        (
            "margin_covers_buy",
            _BUY,
            None,
            Binary(">=", Read("available_margin"), Binary("*", _VALUE, Read("margin_ratio_buy"))),
        ),
        (
            "margin_covers_short",
            _SHORT,
            None,
            Binary(">=", Read("available_margin"), Binary("*", _VALUE, Read("margin_ratio_short"))),
        ),
        ("ratio_of_buy", _BUY, None, _limit(">=", "margin_ratio_buy", "0.80")),
        ("ratio_of_short", _SHORT, None, _limit(">=", "margin_ratio_short", "1.00")),
        (
            "maintenance",
            _BOTH,
            _limit(">", "total_debt", 0),
            _ratio(">=", Read("total_assets"), Read("total_debt"), "1.30"),
        ),
        ("maintenance_after_buy", _BUY, None, _AFTER),
        ("maintenance_after_short", _SHORT, None, _AFTER),
        (
            "financing_share",
            _BUY,
            None,
            _ratio("<", Read("financing_balance"), Read("float_value"), "0.25"),
        ),
        (
            "short_share",
            _SHORT,
            None,
            _ratio("<", Read("short_volume"), Read("float_shares"), "0.25"),
        ),
        (
            "concentration",
            _BUY,
            None,
            Binary(
                "<=",
                Binary("+", Read("position_value"), _VALUE),
                Binary("*", Constant(Decimal("0.5")), Read("total_assets")),
            ),
        ),
        ("least_price", _SHORT, None, _limit(">=", "price", 5)),
        ("least_equity_kept", _BOTH, None, _limit(">=", "equity", 2000)),
        ("contract_term", _BOTH, None, _limit("<=", "contract_days", 180)),
        (
            "contract_in_effect",
            _BOTH,
            None,
            Every(
                (
                    _facts("<=", "contract_effective_on", "trade_date"),
                    _facts("<=", "trade_date", "contract_expires_on"),
                )
            ),
        ),
        (
            "account_permitted",
            _BOTH,
            None,
            Every((OneOf("account_type", ("margin", "portfolio")), _is("restricted", False))),
        ),
        ("no_risk_warning", _BUY, None, _is("risk_warning", "no_warning")),
        (
            "credit_line_kept",
            _BUY,
            None,
            Binary("<=", Binary("+", Read("credit_used"), _VALUE), Read("credit_line")),
        ),
        (
            "mark_of_short_sale",
            _SHORT,
            None,
            Some(
                (
                    _is("mark", "short"),
                    Every((_is("mark", "short_exempt"), _is("short_exempt", True))),
                )
            ),
        ),
        (
            "price_band",
            _BOTH,
            Every((_is("order_type", "limit"), OneOf("board", ("main", "star", "chinext")))),
            Every((_facts(">=", "price", "limit_down"), _facts("<=", "price", "limit_up"))),
        ),
    )
)
