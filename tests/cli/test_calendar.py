"""`creditgate calendar`: sessions, counting, and the horizon."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from creditgate.cli.main import group


def run(*arguments: str) -> tuple[int, str]:
    """Run the command and return its status and what it printed."""
    result = CliRunner().invoke(group, ["calendar", *arguments], standalone_mode=False)
    if result.exception is not None:
        return 2, str(result.exception)
    return int(result.return_value), result.output


def found(*arguments: str) -> Any:
    """Return what the command prints as JSON."""
    return json.loads(run(*arguments, "--format", "json")[1])


def test_a_holiday_is_no_session_and_has_neighbours() -> None:
    day = found("XSHG", "2026-10-01")
    assert day["session"] is False
    assert (day["session_before"], day["session_after"]) == ("2026-09-30", "2026-10-08")
    assert day["opens"] is None


def test_a_session_opens_and_closes_in_its_zone() -> None:
    day = found("XNYS", "2026-11-27")
    assert day["session"] is True
    assert day["opens"] == "2026-11-27T09:30:00-05:00"
    assert day["closes"] == "2026-11-27T13:00:00-05:00"


def test_sessions_are_counted_forward_and_back() -> None:
    assert found("XSHG", "2026-09-30", "--add", "2")["counted_to"] == "2026-10-09"
    assert found("XSHG", "2026-10-08", "--add", "-1")["counted_to"] == "2026-09-30"


def test_settlement_days_differ_from_sessions() -> None:
    between = "2026-10-09", "2026-10-13"
    assert found("XNYS", "--between", *between)["sessions_between"] == 2
    assert found("US_SETTLEMENT", "--between", *between)["sessions_between"] == 1


def test_beyond_the_horizon_nothing_is_known() -> None:
    status, output = run("XSHG", "2030-01-02", "--add", "1")
    assert status == 0
    assert "2030-01-02: not known" in output
    assert "+1 sessions: not known" in output


@pytest.mark.parametrize(
    ("day", "status"), [("2026-06-01", 0), ("2026-12-01", 1), ("2027-06-01", 1)]
)
def test_a_near_horizon_is_a_finding(day: str, status: int) -> None:
    assert run("XSHG", "--check", "--on", day)[0] == status


def test_the_check_needs_a_day_because_there_is_no_clock() -> None:
    status, output = run("XSHG", "--check")
    assert status == 2
    assert "--on DATE" in output


def test_an_unknown_calendar_is_met_with_a_near_one() -> None:
    result = CliRunner().invoke(group, ["calendar", "XSHGG"], standalone_mode=False)
    assert result.return_value == 2
    assert "did you mean `XSHG`?" in result.output


def test_a_calendar_shows_its_half_days_sources_checksum_and_horizon() -> None:
    whole = found("XNYS")
    assert whole["half_days"]["2024-11-29"] == "13:00"
    assert "2024-11-27" not in whole["half_days"]
    assert whole["known_until"] == "2027-12-31"
    assert [source["use"] for source in whole["sources"] if "use" in source] == ["days", "witness"]
    assert whole["checksum"].startswith("sha256:")
    status, output = run("XNYS")
    assert status == 0
    assert "half days 2024: 07-03 closes 13:00, 11-29 closes 13:00, 12-24 closes 13:00" in output
    assert f"checksum: {whole['checksum']}" in output


def test_a_half_day_is_called_one() -> None:
    status, output = run("XNYS", "2024-11-29")
    assert status == 0
    assert "2024-11-29: a session, a half day" in output
    assert found("XNYS", "2024-12-02")["half_day"] is False
    assert found("XNYS", "2030-01-02")["half_day"] is None


def test_beijing_has_a_calendar_of_its_own() -> None:
    beijing = found("BJSE")
    assert (beijing["known_from"], beijing["known_until"]) == ("2021-11-15", "2026-12-31")
    assert beijing["half_days"] == {}
    assert any("Beijing" in source["title"] for source in beijing["sources"])
