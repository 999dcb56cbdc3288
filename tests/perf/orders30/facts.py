"""The 48 facts of the work: their records, kinds and bounds, the same for every engine.

A row is one order as plain values: an enum member as text, a boolean as bool, a count as int, a
day as the int yyyymmdd, a decimal as an int scaled by ten to the power of its places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["enum", "boolean", "count", "day", "decimal"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: the record of the documents it stands in, its kind, and what it may hold.

    `members` are those of an enum, in the order of their codes; `places` are the decimals of a
    decimal.
    """

    record: str
    name: str
    kind: Kind
    members: tuple[str, ...] = ()
    places: int = 0


def _facts(record: str, *rows: tuple[str, Kind, Any]) -> list[Fact]:
    return [
        Fact(record, name, kind, more if kind == "enum" else (), more if kind == "decimal" else 0)
        for name, kind, more in rows
    ]


MONEY: Final = 2
PRICE: Final = 4
RATIO: Final = 4
SIDES: Final = ("buy", "sell", "margin_buy", "short_sell", "buy_to_cover")

FACTS: Final[dict[str, Fact]] = {
    fact.name: fact
    for fact in (
        *_facts(
            "measured_order",
            ("venue", "enum", ("XSHG", "XSHE", "XNYS", "XNAS")),
            ("side", "enum", SIDES),
            ("order_type", "enum", ("limit", "market")),
            ("mark", "enum", ("long", "short", "short_exempt")),
            ("quantity", "count", None),
            ("price", "decimal", PRICE),
            ("trade_date", "day", None),
            ("short_exempt", "boolean", None),
            ("located_quantity", "count", None),
            ("locate_exempt", "boolean", None),
            ("preborrowed", "boolean", None),
        ),
        *_facts(
            "measured_account",
            ("account_type", "enum", ("cash", "margin", "portfolio")),
            ("account_age_days", "count", None),
            ("average_assets", "decimal", MONEY),
            ("risk_rating", "enum", ("C1", "C2", "C3", "C4", "C5")),
            ("cash", "decimal", MONEY),
            ("available_margin", "decimal", MONEY),
            ("total_assets", "decimal", MONEY),
            ("total_debt", "decimal", MONEY),
            ("equity", "decimal", MONEY),
            ("position_value", "decimal", MONEY),
            ("contract_days", "count", None),
            ("contract_effective_on", "day", None),
            ("contract_expires_on", "day", None),
            ("credit_line", "decimal", MONEY),
            ("credit_used", "decimal", MONEY),
            ("restricted", "boolean", None),
        ),
        *_facts(
            "measured_security",
            ("board", "enum", ("main", "star", "chinext", "bse")),
            ("security_class", "enum", ("stock", "etf", "bond", "fund")),
            ("risk_warning", "enum", ("no_warning", "warned", "delisting_warned")),
            ("suspended", "boolean", None),
            ("margin_target", "boolean", None),
            ("short_target", "boolean", None),
            ("threshold_security", "boolean", None),
            ("float_shares", "count", None),
            ("short_volume", "count", None),
            ("float_value", "decimal", MONEY),
            ("financing_balance", "decimal", MONEY),
            ("haircut", "decimal", RATIO),
            ("margin_ratio_buy", "decimal", RATIO),
            ("margin_ratio_short", "decimal", RATIO),
            ("listing_days", "count", None),
        ),
        *_facts(
            "measured_market",
            ("last_price", "decimal", PRICE),
            ("previous_close", "decimal", PRICE),
            ("best_bid", "decimal", PRICE),
            ("limit_up", "decimal", PRICE),
            ("limit_down", "decimal", PRICE),
            ("breaker_active", "boolean", None),
        ),
    )
}
