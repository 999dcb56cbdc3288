"""Counts are few, whatever the orders say, and come back from what they were written as."""

from __future__ import annotations

import pytest

pytest.importorskip("duckdb")

from creditgate import Gate
from creditgate.replay.counts import Counts, fact_without_keys
from creditgate.replay.outcomes import Outcome

GATE = Gate.load(["cn/sse"])


def outcome(decision: str, *missing: str, action: str | None = "short_sell") -> Outcome:
    breached = ("cn/x",) if decision == "rejected" else ()
    return Outcome(
        1, "1", decision, "order", "2020-01-02", action, breached, (), (), missing, (), (), ""
    )


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        ("account.cash", "account.cash"),
        ("market", "market"),
        ("order.security.price", "order.security.price"),
        ("account.short_contracts[S21].rollovers", "account.short_contracts.rollovers"),
        ("account.collateral[a.b].security (a.b)", "account.collateral.security"),
        ("account.collateral[]].security", "account.collateral.security"),
        ("account.made_up.cash", "account"),
        ("made_up.cash", "-"),
    ],
)
def test_facts_are_counted_without_the_keys_of_records(path: str, fact: str) -> None:
    assert fact_without_keys(path, GATE.vocabulary) == fact


def test_counts_come_back_as_they_were_written() -> None:
    counts = Counts()
    paths = [f"account.collateral[{n}].security" for n in range(1000)]
    outcomes = [outcome("undecided", path, action=f"made up {path}") for path in paths]
    counts.add([*outcomes, outcome("approved"), outcome("rejected")], GATE.vocabulary)
    assert dict(counts.missing) == {"account.collateral.security": 1000}
    assert len(counts.by_day) == 3
    assert Counts.of_plain(counts.plain()) == counts
    twice = Counts()
    twice.merge(counts)
    twice.merge(Counts.of_plain(counts.plain()))
    assert twice.orders == 2 * counts.orders == 2004
    assert not twice.is_all_approved
    assert not Counts().is_all_approved
