"""The golden decisions are the same bytes whatever interpreter, hash seed, locale or time zone.

Each interpreter decides them all. The hash seeds, locales and time zones share the rulebooks between
them, and decide an order for each kind of answer of each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from tests.golden.decide import DECISIONS, asked, decided, without_digests

ROOT = Path(__file__).resolve().parents[2]
# A hash seed, a locale and a time zone each: the locales need not be installed to be set.
SURROUNDINGS = (
    ("0", "C", "UTC"),
    ("1", "zh_CN.UTF-8", "Asia/Shanghai"),
    ("4242", "tr_TR.ISO-8859-9", "Pacific/Kiritimati"),
)
THIS_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
OTHER_VERSIONS = [version for version in ("3.11", "3.12", "3.13") if version != THIS_VERSION]
OUTCOMES = {"approved", "rejected", "undecided", "pending", "out_of_scope"}


@cache
def decided_here() -> tuple[bytes, ...]:
    """Return the golden decisions of this process, whose hash seed is chance."""
    return tuple(decided(asked()))


@cache
def answers() -> dict[str, dict[str, int]]:
    """Return for each rulebook the place of an order for each outcome that was written down."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    written = DECISIONS.read_text("utf-8").splitlines()
    for place, (order, core) in enumerate(zip(asked(), written, strict=True)):
        found[json.loads(order)["rulebook"]].setdefault(json.loads(core)["decision"], place)
    return found


def share(turn: int) -> list[int]:
    """Return the places of the orders that the surroundings of a turn decide."""
    of_rulebooks = list(answers().values())[turn :: len(SURROUNDINGS)]
    return [place for places in of_rulebooks for place in places.values()]


def decided_by(
    python: str | Path, surroundings: tuple[str, str, str], places: Sequence[int] = ()
) -> list[bytes]:
    """Return the golden decisions of another process: all, or those of some places."""
    hash_seed, locale, time_zone = surroundings
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    variables = {"PYTHONHASHSEED": hash_seed, "LC_ALL": locale, "LANG": locale, "TZ": time_zone}
    done = subprocess.run(
        [python, "-m", "tests.golden.decide", *map(str, places)],
        cwd=ROOT, env={**kept, **variables}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout.splitlines()


def test_the_golden_orders_come_to_what_was_written_down() -> None:
    found = decided_here()
    written = DECISIONS.read_bytes().splitlines()
    assert len(written) == len(asked())
    differing = [
        f"order {place}: {without_digests(have)!r}, written {want!r}"
        for place, (have, want) in enumerate(zip(found, written, strict=True), 1)
        if without_digests(have) != want
    ]
    assert not differing, "\n".join((*differing, "if this is meant: make golden"))


def test_the_golden_orders_have_every_kind_of_answer() -> None:
    written = DECISIONS.read_bytes()
    for outcome in (b"approved", b"rejected", b"undecided", b"out_of_scope"):
        assert b'{"decision":"' + outcome + b'"' in written, outcome


def test_the_shares_have_each_answer_of_each_rulebook() -> None:
    shares = [share(turn) for turn in range(len(SURROUNDINGS))]
    for places in shares:
        found = {
            outcome for some in answers().values() for outcome in some if some[outcome] in places
        }
        assert found == OUTCOMES
    together = {place for places in shares for place in places}
    assert together == {place for some in answers().values() for place in some.values()}


@pytest.mark.parametrize("turn", range(len(SURROUNDINGS)), ids=lambda turn: SURROUNDINGS[turn][1])
def test_hash_seed_locale_and_time_zone_change_nothing(turn: int) -> None:
    places = share(turn)
    found = decided_by(sys.executable, SURROUNDINGS[turn], places)
    assert found == [decided_here()[place] for place in places]


@pytest.mark.parametrize("version", OTHER_VERSIONS)
def test_other_interpreters_give_the_same_bytes(version: str) -> None:
    python = ROOT / f".venv-{version}" / "bin" / "python"
    if not python.is_file():
        pytest.skip(f"Python {version} is not here and was not compared: make install-all")
    assert tuple(decided_by(python, SURROUNDINGS[-1])) == decided_here()
