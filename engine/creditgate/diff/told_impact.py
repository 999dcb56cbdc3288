"""What became of the orders of a tape, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from creditgate.diff.blocks import Block, Grid, Heading, Line
from creditgate.diff.impact_counts import Flip, Impact
from creditgate.diff.words import STATES, Speech

MOST_ACCOUNTS: Final = 20


def impact_blocks(impact: Impact, say: Speech) -> Iterator[Block]:
    """Yield counts by decision, rule and account, and the first orders that change."""
    yield Heading(2, say("impact"))
    yield Line(say("orders", f"{impact.orders:,}", f"{impact.changed:,}"))
    yield Grid(
        [say("decision"), say("before"), say("after")],
        [
            [say.of(STATES, name), f"{impact.before.get(name, 0):,}", f"{impact.after.get(name, 0):,}"]
            for name in STATES
            if impact.before.get(name) or impact.after.get(name)
        ],
        frozenset({1, 2}),
    )  # fmt: skip
    if not impact.changed:
        yield Line(say("none_changes"))
        return
    yield Grid(
        [say("decision"), say("number")],
        [[_flipped(key, say), f"{number:,}"] for key, number in impact.by_decision.items()],
        frozenset({1}),
    )
    if impact.by_rule:
        yield Grid(
            [say("by_rule"), say("stops"), say("frees")],
            [
                [f"`{rule}`", f"{counted.get('stops', 0):,}", f"{counted.get('frees', 0):,}"]
                for rule, counted in impact.by_rule.items()
            ],
            frozenset({1, 2}),
        )
    accounts = list(impact.by_account.items())[:MOST_ACCOUNTS]
    if accounts:
        rows = [[name, f"{number:,}"] for name, number in accounts]
        yield Grid([say("by_account"), say("number")], rows, frozenset({1}))
    yield Line(say("flips", len(impact.flips)))
    head = [say(k) for k in ("row", "order", "account", "action", "before", "after", "by_rule")]
    yield Grid(head, [_flip(flip, say) for flip in impact.flips], frozenset({0}))
    if impact.file is not None:
        yield Line(say("all_in", impact.file))


def _flipped(key: str, say: Speech) -> str:
    before, _, after = key.partition(" ")
    return f"{say.of(STATES, before)} → {say.of(STATES, after)}"


def _flip(flip: Flip, say: Speech) -> list[str]:
    rules = dict.fromkeys((*flip.rules_after, *flip.rules_before))
    return [
        str(flip.row), flip.id or "—", flip.account or "—", flip.action or "—",
        say.of(STATES, flip.before), say.of(STATES, flip.after),
        say("and").join(f"`{rule}`" for rule in rules),
    ]  # fmt: skip
