"""Instants as texts: whole numbers of every size, in every zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from creditgate.domain.instants import instant_text, local_time, time_zone_of

DAY = 86_400_000_000
LAST = (datetime(9999, 12, 31, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
    microseconds=1
)


@pytest.mark.parametrize(
    ("instant", "zone", "text"),
    [
        (0, "UTC", "1970-01-01T00:00:00+00:00"),
        (0, "America/New_York", "1969-12-31T19:00:00-05:00"),
        (1, "Asia/Shanghai", "1970-01-01T08:00:00.000001+08:00"),
        (LAST, "UTC", "9999-12-31T00:00:00+00:00"),
        (LAST + DAY, "UTC", "+10000-01-01T00:00:00+00:00"),
        (LAST + DAY, "America/New_York", "9999-12-31T19:00:00-05:00"),
        (LAST + 146_098 * DAY, "UTC", "+10400-01-01T00:00:00+00:00"),
        (-719_163 * DAY, "UTC", "0000-12-31T00:00:00+00:00"),
        (-719_529 * DAY, "UTC", "-00001-12-31T00:00:00+00:00"),
    ],
)
def test_every_instant_has_a_text(instant: int, zone: str, text: str) -> None:
    assert instant_text(instant, zone) == text


def test_an_instant_beyond_all_dates_says_by_how_many_days() -> None:
    moment, beyond = local_time(LAST + 10 * DAY, "UTC")
    assert moment.toordinal() + beyond == datetime(9999, 12, 31, tzinfo=UTC).toordinal() + 10


@pytest.mark.parametrize("name", ["", "Nowhere/Town", "../etc/passwd", "/usr", "Asia/Shanghai/x"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        time_zone_of(name)
