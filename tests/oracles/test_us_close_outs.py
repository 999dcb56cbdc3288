"""Close-outs, the penalty box and the threshold list equal those worked out from the text."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from functools import cache
from random import Random

import pytest
from tests.oracles import us_close_outs as law
from tests.oracles import us_fails

from creditgate import Gate

SEEDS = range(6)
FAILS_A_SEED = 150
JUDGED = (
    "close_out", "long_sale_close_out", "market_making_close_out", "restricted_owned_close_out",
    "threshold_close_out", "rule_144_close_out",
)  # fmt: skip


@cache
def reg_sho() -> Gate:
    return Gate.load(["us/reg_sho"])


def short_name(rule: str) -> str:
    return rule.rpartition("/")[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_close_outs_of_random_fails(seed: int) -> None:
    random = Random(f"fails {seed}")
    met: Counter[tuple[str, str]] = Counter()
    for _ in range(FAILS_A_SEED):
        document = us_fails.fail_document(random)
        core = reg_sho().decide(json.dumps(document)).core
        assert not core.undecided, (document, core)
        found = {short_name(item.rule): ("breached", item.due) for item in core.breached}
        found |= {short_name(item.rule): ("pending", item.due) for item in core.pending}
        at = datetime.fromisoformat(document["fail"]["judged_at"])
        claims = frozenset(claim["claim"] for claim in document["claims"])
        duties = law.duties(document["fail"], claims)
        for rule in JUDGED:
            outcome = duties[rule].outcome(at) if rule in duties else "not applicable"
            met[rule, outcome] += 1
            have, due = found.get(rule, ("settled", None))
            if outcome in {"satisfied", "not applicable"}:
                assert have == "settled", (rule, document)
            else:
                assert have == outcome, (rule, document)
                assert due is not None
                assert datetime.fromisoformat(due) == duties[rule].due, (rule, document)
    outcomes = ("satisfied", "pending", "breached", "not applicable")
    assert all(met[rule, outcome] for rule in JUDGED for outcome in outcomes), met


@pytest.mark.parametrize("seed", SEEDS)
def test_penalty_box_of_random_fails(seed: int) -> None:
    random = Random(f"box {seed}")
    met: Counter[str] = Counter()
    for _ in range(FAILS_A_SEED):
        document = us_fails.fail_document(random)
        core = reg_sho().decide(json.dumps(document)).core
        at = datetime.fromisoformat(document["fail"]["judged_at"])
        wanted = "inside" if law.in_penalty_box(document["fail"], at) else "outside"
        assert core.determinations["penalty_box_status"].value == wanted, document
        met[wanted] += 1
    assert min(met.values()) > FAILS_A_SEED // 10


@pytest.mark.parametrize("seed", SEEDS)
def test_threshold_status_of_random_securities(seed: int) -> None:
    random = Random(f"threshold {seed}")
    met: Counter[tuple[str, str | None]] = Counter()
    for _ in range(FAILS_A_SEED):
        document, fails, outstanding, day = us_fails.security_document(random)
        before = document["securities"][0]["threshold_status_before"]
        core = reg_sho().decide(json.dumps(document)).core
        wanted = law.threshold_status(fails, outstanding, day, before)
        assert core.determinations["threshold_status"].value == wanted, document
        met[wanted, before] += 1
    assert len(met) == 6


def test_the_settlement_days_written_down_are_those_of_the_calendar() -> None:
    calendars = reg_sho().engines[0].rulebook.calendars
    for name, days in (("US_SETTLEMENT", law.SETTLEMENT_DAYS), ("XNYS", law.SESSIONS)):
        for first, last in law.PERIODS:
            calendar = calendars[name]
            have = [d for d in days if first <= d <= last]
            day, found = calendar.first_on_or_after(first.toordinal()), []
            while day is not None and day <= last.toordinal():
                found.append(day)
                day = calendar.first_on_or_after(day + 1)
            assert found == [d.toordinal() for d in have]


def test_the_edges_of_the_settlement_cycle_by_hand() -> None:
    def fail(traded: str) -> law.Record:
        return {"trade_date": traded, "agreed_settlement_date": None}

    assert law.settlement_date(fail("2017-09-01")).isoformat() == "2017-09-07"
    assert law.settlement_date(fail("2017-09-05")).isoformat() == "2017-09-07"
    assert law.settlement_date(fail("2024-05-24")).isoformat() == "2024-05-29"
    assert law.settlement_date(fail("2024-05-28")).isoformat() == "2024-05-29"
    due = law.close_out_time(fail("2024-05-28"), law.GENERAL)
    assert due == datetime.fromisoformat("2024-05-30T09:30:00-04:00")
    winter = law.close_out_time(fail("2024-11-26"), law.GENERAL)
    assert winter == datetime.fromisoformat("2024-11-29T09:30:00-05:00")
