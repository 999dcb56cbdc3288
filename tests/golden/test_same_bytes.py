"""The golden decisions are the same bytes whatever interpreter, hash seed, locale or time zone."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from tests.golden.decide import DECISIONS, ORDERS, decided, without_digests

ROOT = Path(__file__).resolve().parents[2]
# A hash seed, a locale and a time zone each: the locales need not be installed to be set.
SURROUNDINGS = (
    ("0", "C", "UTC"),
    ("1", "zh_CN.UTF-8", "Asia/Shanghai"),
    ("4242", "tr_TR.ISO-8859-9", "Pacific/Kiritimati"),
)
THIS_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
OTHER_VERSIONS = [version for version in ("3.11", "3.12", "3.13") if version != THIS_VERSION]


@cache
def decided_here() -> bytes:
    """Return the golden decisions of this process, whose hash seed is chance."""
    return b"".join(core + b"\n" for core in decided())


def decided_by(python: str | Path, hash_seed: str, locale: str, time_zone: str) -> bytes:
    """Return the golden decisions of another process."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    surroundings = {"PYTHONHASHSEED": hash_seed, "LC_ALL": locale, "LANG": locale, "TZ": time_zone}
    done = subprocess.run(
        [python, "-m", "tests.golden.decide"],
        cwd=ROOT, env={**kept, **surroundings}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout


def test_the_golden_orders_come_to_what_was_written_down() -> None:
    found = decided_here().splitlines()
    written = DECISIONS.read_bytes().splitlines()
    assert len(written) == len(ORDERS.read_text("utf-8").splitlines())
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


@pytest.mark.parametrize(("hash_seed", "locale", "time_zone"), SURROUNDINGS)
def test_hash_seed_locale_and_time_zone_change_nothing(
    hash_seed: str, locale: str, time_zone: str
) -> None:
    assert decided_by(sys.executable, hash_seed, locale, time_zone) == decided_here()


@pytest.mark.parametrize("version", OTHER_VERSIONS)
def test_other_interpreters_give_the_same_bytes(version: str) -> None:
    python = ROOT / f".venv-{version}" / "bin" / "python"
    if not python.is_file():
        pytest.skip(f"Python {version} is not here and was not compared: make install-all")
    assert decided_by(python, *SURROUNDINGS[-1]) == decided_here()
