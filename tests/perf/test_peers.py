"""Adapters of the peers: what they are given says the same as the listed rules."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from tests.perf.orders30.exact_reference import exact_failures, outcome
from tests.perf.orders30.facts import Row
from tests.perf.orders30.generator import columns, rows
from tests.perf.orders30.rules import rules_on
from tests.perf.peers.every_peer import PEERS
from tests.perf.peers.peer import Peer
from tests.perf.peers.scaled import scaled_rule

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def orders() -> list[Row]:
    return rows(columns(300, seed=31))


def reason_to_skip(peer: type[Peer]) -> str | None:
    """Return why a peer is not asked: its package is not there. None where it is."""
    if peer.installed() is not None:
        return None
    return f"{peer.distribution} is not installed: make bench"


def test_a_peer_is_skipped_only_where_its_package_is_missing() -> None:
    for peer in PEERS:
        try:
            version(peer.distribution)
        except PackageNotFoundError:
            assert reason_to_skip(peer) == f"{peer.distribution} is not installed: make bench"
        else:
            assert reason_to_skip(peer) is None


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.distribution)
def test_a_peer_answers_plain_orders_as_the_exact_reference(
    peer: type[Peer], orders: list[Row]
) -> None:
    reason = reason_to_skip(peer)
    if reason is not None:
        pytest.skip(reason)
    asked = peer()
    answered = [tuple(sorted(asked.failures(asked.prepared(row)))) for row in orders]
    expected = [exact_failures(row) for row in orders]
    # Engines of doubles err on limits; nobody errs on one order in twenty.
    same = sum(found == right for found, right in zip(answered, expected, strict=True))
    assert same > 0.95 * len(orders)
    assert {id for ids in answered for id in ids} >= {id for ids in expected for id in ids}


def test_rules_over_whole_numbers_give_the_outcomes_of_those_over_decimals(
    orders: list[Row],
) -> None:
    for row in orders:
        found = [rule.id for rule in rules_on(row["side"]) if not outcome(scaled_rule(rule), row)]
        assert tuple(sorted(found)) == exact_failures(row)


def test_every_peer_is_listed_once_and_named_in_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = {re.split(r"[<>=]", item)[0] for item in project["optional-dependencies"]["benchmark"]}
    names = [peer.distribution for peer in PEERS]
    assert len(set(names)) == len(names)
    # Of tables of orders, not of one order at a time.
    assert extra - set(names) == {"polars"}
    assert set(names) <= extra
