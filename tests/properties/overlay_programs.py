"""Random regulators' rulebooks, overlays over them, and facts, for the small market.

Everything is text as an author would write it. The words of a regulator's rulebook are drawn
first; which way each value is stricter is then taken from the walk itself, so that many overlays
have something to move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from creditgate.check.polarity import Polarity, opposite, together
from creditgate.ir.rulebook import Rulebook

PERCENTS: Final = ("-50%", "0%", "10%", "50%", "90%", "100%", "110%", "300%")
FACTS: Final = (
    "account.score", "account.agreed_ratio", "account.other_ratio", "order.security.haircut",
    "account.cash / 500 CNY", "order.quantity / 100 shares",
)  # fmt: skip
DAYS: Final = ("2020-01-02", "2021-01-04", "2022-01-04")
MOVED: Final = {
    ("parameters", "floor"), ("parameters", "ceiling"), ("parameters", "rank_limit"),
    ("parameters", "term"), ("tables", "cap"), ("figures", "needed"), ("figures", "safe"),
}  # fmt: skip
CITE: Final = "cite: {instrument: act}, evidence: official"
HOUSE: Final = "cite: {instrument: manual}, evidence: official"


@st.composite
def ratio(draw: DrawFn, depth: int, leaves: tuple[str, ...]) -> str:
    """Draw the text of a ratio; `leaves` are names it may read beside facts."""
    kinds = ["leaf", "leaf", "fact", "constant"]
    if depth > 0:
        kinds += ["sum", "difference", "product", "smallest", "largest", "branch", "opposite"]
        kinds += ["quotient", "rounded", "total", "share", "or if none", "none branch"]
    inner = ratio(depth - 1, leaves)
    match draw(st.sampled_from(kinds)):
        case "leaf":
            return draw(st.sampled_from(leaves))
        case "fact":
            return draw(st.sampled_from(FACTS))
        case "constant":
            return draw(st.sampled_from(PERCENTS))
        case "sum":
            return f"({draw(inner)} + {draw(inner)})"
        case "difference":
            return f"({draw(inner)} - {draw(inner)})"
        case "product":
            return f"({draw(inner)}) * ({draw(inner)})"
        case "smallest":
            return f"min({draw(inner)}, {draw(inner)})"
        case "largest":
            return f"max({draw(inner)}, {draw(inner)})"
        case "branch":
            test = draw(condition(depth - 1, leaves))
            return f"(if {test} then {draw(inner)} else {draw(inner)})"
        case "opposite":
            return f"(-({draw(inner)}))"
        case "quotient":
            return f"({draw(inner)}) / ({draw(inner)})"
        case "rounded":
            mode = draw(st.sampled_from(["down", "up", "half_up", "half_even"]))
            return f"(({draw(inner)}) rounded {mode} to 10%)"
        case "or if none":
            return f"(account.line or if none {draw(inner)})"
        case "none branch":
            return f"(if account.line is none then {draw(inner)} else account.line)"
        case "total":
            fact = draw(st.sampled_from(["value", "gain"]))
            return f"(sum(h.{fact} for h in account.holdings{draw(choice())}) / 100 CNY)"
        case _:
            return f"(count(h for h in account.holdings{draw(choice())}) / 2)"


@st.composite
def choice(draw: DrawFn) -> str:
    """Draw which records of a list are taken."""
    return draw(
        st.sampled_from(
            ["", " where h.rank <= rank_limit", " where h.rank > rank_limit", " where h.pledged"]
        )
    )


@st.composite
def condition(draw: DrawFn, depth: int, leaves: tuple[str, ...]) -> str:
    """Draw the text of a condition."""
    kinds = ["compared", "compared", "compared", "fact", "dated"]
    if depth > 0:
        kinds += ["and", "or", "not", "some", "every"]
    match draw(st.sampled_from(kinds)):
        case "compared":
            sign = draw(st.sampled_from(["<", "<=", ">", ">=", "is", "is not"]))
            return f"{draw(ratio(depth, leaves))} {sign} {draw(ratio(depth, leaves))}"
        case "fact":
            return draw(st.sampled_from(["order.urgent", "order.security.class is stock", "yes"]))
        case "dated":
            sign = draw(st.sampled_from(["<", "<=", ">", ">="]))
            return f"order.trade_date {sign} account.opened_on + term"
        case "and":
            return (
                f"({draw(condition(depth - 1, leaves))}) and ({draw(condition(depth - 1, leaves))})"
            )
        case "or":
            return (
                f"({draw(condition(depth - 1, leaves))}) or ({draw(condition(depth - 1, leaves))})"
            )
        case "not":
            return f"not ({draw(condition(depth - 1, leaves))})"
        case "some":
            return f"any(h.gain >= 0 for h in account.holdings{draw(choice())})"
        case _:
            return f"all(h.gain >= 0 for h in account.holdings{draw(choice())})"


@dataclass(frozen=True, slots=True)
class Regulator:
    """A regulator's chapter in its parts; `text` writes it with what is stricter which way."""

    values: Mapping[str, tuple[str, str]]
    cells: tuple[str, str]
    needed: str
    safe: str
    rules: tuple[tuple[str, str | None, str | None, str | None], ...]

    def text(self, stricter: Mapping[str, str]) -> str:
        """Return the chapter."""
        lines = ["chapter: {en: Chapter, zh: 章}", "parameters:"]
        for name, (first, second) in self.values.items():
            kind = KINDS.get(name, "ratio")
            lines += [
                f"  {name}:",
                f"    type: {kind}",
                "    <title>",
                *stated(stricter, name),
                "    history:",
                f"      - {{from: {DAYS[0]}, value: {first}, {CITE}}}",
                f"      - {{from: {DAYS[1]}, value: {second}, {CITE}}}",
            ]
        lines += [
            "tables:",
            "  cap:",
            "    <title>",
            "    columns: {class: security_class}",
            "    value: ratio",
            *stated(stricter, "cap"),
            "    history:",
            f"      - {{from: {DAYS[0]}, {CITE}, rows: [{{class: any, value: {self.cells[0]}}}, {{class: stock, value: {self.cells[1]}}}]}}",
            "figures:",
            "  needed:",
            "    <title>",
            "    unit: ratio",
            *stated(stricter, "needed"),
            f"    formula: {self.needed}",
            "  safe:",
            "    <title>",
            "    of: security",
            "    as: s",
            "    unit: ratio",
            *stated(stricter, "safe"),
            f"    formula: {self.safe}",
            "rules:",
        ]
        for number, (require, when, unless, due) in enumerate(self.rules):
            lines.append(f"  rule_{number}:")
            lines += [] if when is None else [f"    when: {when}"]
            if unless is not None:
                lines += ["    unless:", "      ground:", f"        when: {unless}"]
                lines.append(f"        in_force: [{{from: {DAYS[0]}, {CITE}}}]")
            lines += [] if due is None else [f"    due: {due}"]
            lines += [f"    require: {require}", "    <rule>"]
        return "\n".join(lines) + "\n"


def stated(stricter: Mapping[str, str], name: str) -> list[str]:
    return [f"    stricter: {stricter[name]}"] if name in stricter else []


LEAVES: Final = (
    "floor", "ceiling", "cap[order.security.class]", "needed", "order.security.safe",
    "floor at account.opened_on",
)  # fmt: skip
# What the figure `needed` may read: not itself.
BELOW: Final = ("floor", "ceiling", "cap[order.security.class]", "order.security.safe")
OF_SECURITY: Final = (
    "s.haircut", "min(s.haircut, cap[s.class])", "s.haircut - floor", "max(s.haircut, ceiling)",
    "100% - s.haircut", "s.haircut * floor",
)  # fmt: skip
DEADLINES: Final = (
    "order.trade_date + term", "order.trade_date + term", "account.opened_on + term",
    "if floor > 50% then account.opened_on else order.trade_date + term",
)  # fmt: skip
KINDS: Final = {"rank_limit": "count", "term": "trading days"}
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "rank_limit": ("-1", "0", "1", "2", "3"),
    "term": ("0 trading days", "1 trading days", "2 trading days", "250 trading days"),
}


@st.composite
def regulators(draw: DrawFn) -> Regulator:
    """Draw a regulator's chapter."""
    percent = st.sampled_from(PERCENTS)
    rank, term = (st.sampled_from(VALUES[name]) for name in ("rank_limit", "term"))
    rules = draw(
        st.lists(
            st.tuples(
                condition(2, LEAVES),
                st.none() | condition(1, LEAVES),
                st.none() | condition(1, LEAVES),
                st.sampled_from((None, *DEADLINES)),
            ),
            min_size=1,
            max_size=2,
        )
    )
    return Regulator(
        {
            "floor": draw(st.tuples(percent, percent)),
            "ceiling": draw(st.tuples(percent, percent)),
            "rank_limit": draw(st.tuples(rank, rank)),
            "term": draw(st.tuples(term, term)),
        },
        draw(st.tuples(percent, percent)),
        draw(ratio(2, BELOW)),
        draw(st.sampled_from(OF_SECURITY)),
        tuple(rules),
    )


def directions(book: Rulebook) -> dict[str, str]:
    """Return which way each value is stricter in every rule, where the walk finds one way."""
    walk = Polarity(book)
    found: Mapping[tuple[str, str], int] = {}
    for rule in book.rules.values():
        found = together(found, walk.strictness(rule))
    assert opposite(opposite(found)) == found
    words = {1: "higher", -1: "lower"}
    moved = {reference[1]: words.get(found.get(reference, 1)) for reference in sorted(MOVED)}
    return {name: word for name, word in moved.items() if word is not None}


@st.composite
def formula(draw: DrawFn, depth: int) -> str:
    """Draw a formula that builds on `base`, more often than not so that it only tightens."""
    kinds = ["base", "more", "less", "scaled"]
    if depth > 0:
        kinds += ["largest", "smallest", "branch", "with any", "mixed"]
    inner = formula(depth - 1)
    size = st.sampled_from(
        ["10%", "account.agreed_ratio", "(100% - order.security.haircut)", "account.score",
         "max(0%, account.score)", "floor", "-20%"]
    )  # fmt: skip
    match draw(st.sampled_from(kinds)):
        case "base":
            return "base"
        case "more":
            return f"(base + {draw(size)})"
        case "less":
            return f"(base - ({draw(size)}))"
        case "scaled":
            return f"(base * {draw(st.sampled_from(['110%', '90%', '(100% + account.agreed_ratio)', 'order.security.haircut']))})"
        case "largest":
            return f"max({draw(inner)}, {draw(inner)})"
        case "smallest":
            return f"min({draw(inner)}, {draw(inner)})"
        case "branch":
            tests = condition(0, BELOW) | st.sampled_from(
                ["base >= 0%", "account.score >= 0%", "base > 50%"]
            )
            return f"(if {draw(tests)} then {draw(inner)} else {draw(inner)})"
        case "with any":
            word = draw(st.sampled_from(["min", "max"]))
            return f"{word}({draw(inner)}, {draw(ratio(1, BELOW))})"
        case _:
            return f"({draw(inner)} {draw(st.sampled_from(['+', '-']))} {draw(size)})"


OF_SECURITY_ABOVE: Final = (
    "base", "min(base, 50%)", "max(base, s.haircut)", "base - s.haircut", "base + 10%",
    "base * s.haircut", "if s.class is stock then base else base - 5%", "100% - base",
)  # fmt: skip


@st.composite
def overlays(draw: DrawFn, movable: frozenset[str], rules: int) -> tuple[str, str]:
    """Draw what an overlay removes in its header, and its chapter."""
    names = (
        draw(st.sets(st.sampled_from(sorted(movable)), min_size=1, max_size=2))
        if movable
        else set()
    )
    lines = ["chapter: {en: Overlay, zh: 叠加}"]
    parameters = sorted(names & {"floor", "ceiling", "rank_limit", "term"})
    if parameters:
        lines.append("parameters:")
    for name in parameters:
        values = VALUES.get(name, (*PERCENTS, "1%", "99%"))
        days = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=3)))
        history = ", ".join(
            f"{{from: {day}, value: {draw(st.sampled_from(values))}, {HOUSE}}}" for day in days
        )
        lines.append(f"  {name}: {{fixes: yes, history: [{history}]}}")
    if "cap" in names:
        keys = draw(st.lists(st.sampled_from(["any", "stock", "fund"]), min_size=1, unique=True))
        rows = ", ".join(
            f"{{class: {key}, value: {draw(st.sampled_from(PERCENTS))}}}" for key in keys
        )
        day = draw(st.sampled_from(DAYS))
        lines += [
            "tables:",
            f"  cap: {{fixes: yes, history: [{{from: {day}, {HOUSE}, rows: [{rows}]}}]}}",
        ]
    if names & {"needed", "safe"}:
        lines.append("figures:")
    if "needed" in names:
        lines += ["  needed:", "    replaces: yes", f"    formula: {draw(formula(2))}"]
    if "safe" in names:
        own = draw(st.sampled_from(OF_SECURITY_ABOVE))
        lines += ["  safe:", "    replaces: yes", "    of: security", "    as: s"]
        lines += [f"    formula: {own}"]
    removed = draw(st.sets(st.integers(0, rules - 1))) if draw(st.booleans()) else set()
    exemptions = ", ".join(f"rule_{number}.ground" for number in sorted(removed))
    return exemptions, "\n".join(lines) + "\n"


@st.composite
def documents(draw: DrawFn) -> dict[str, Any]:
    """Draw the facts of an order, complete for these rulebooks, at and beside their limits."""
    share = st.sampled_from(["0", "0.1", "0.5", "0.9", "1"])
    signed = st.sampled_from(["-1", "-0.5", "0", "0.1", "0.5", "1"])
    size = st.sampled_from(["0", "0.1", "0.5", "0.9", "1", "1.1", "3", "10"])
    holding = st.fixed_dictionaries(
        {
            "value": st.sampled_from(["0", "50", "100", "1000"]),
            "gain": st.sampled_from(["-100", "0", "100"]),
            "rank": st.integers(0, 3),
            "pledged": st.booleans(),
        }
    )
    held = draw(st.lists(holding, max_size=2))
    return {
        "event": "order",
        "order": {
            "trade_date": draw(st.sampled_from([*DAYS, "2020-12-31", "2023-05-05"])),
            "security": "S",
            "quantity": draw(st.sampled_from([1, 10, 100, 1000])),
            "urgent": draw(st.booleans()),
        },
        "account": {
            "score": draw(signed),
            "agreed_ratio": draw(size),
            "other_ratio": draw(size),
            "cash": draw(st.sampled_from(["-500", "0", "50", "500", "5000"])),
            "line": draw(st.none() | size),
            "opened_on": draw(st.sampled_from(["2019-06-03", "2020-01-02", *DAYS, "2022-12-30"])),
            "holdings": [{**row, "id": f"{number}"} for number, row in enumerate(held)],
        },
        "securities": [
            {
                "id": "S",
                "class": draw(st.sampled_from(["stock", "fund"])),
                "haircut": draw(share),
            }
        ],
    }
