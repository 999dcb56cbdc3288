"""Build the closures of `rulebooks/calendars/*.yaml` from public sources that must agree.

    python tests/development/build_calendars.py           write the closures and early closes
    python tests/development/build_calendars.py --check   compare them as they stand

The head of each file, down to its sources, is written by hand and says which days and hours are
wanted; everything from `closures:` on is written here. The days come from `exchange_calendars`;
`holidays` and, for China, the recorded calendar under `tests/data` bear witness. A difference
between them stops the build, unless `SETTLED` lists it with the reason why the witness is wrong.
The two libraries are needed only here:

    pip install exchange_calendars holidays tzdata pyyaml

To add a year, move `official_until` once the authority has announced its days, bring the sources
up to date and run this. Both libraries also guess, and a guess is not an announcement.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

ROOT: Final = Path(__file__).resolve().parents[2]
CALENDARS: Final = ROOT / "rulebooks" / "calendars"
RECORDED: Final = ROOT / "tests" / "data" / "cn_trading_calendar" / "cn_trading_calendar.csv"

#: Calendar -> the name under which `exchange_calendars` knows its exchange.
EXCHANGES: Final = {"XSHG": "XSHG", "XSHE": "XSHG", "XNYS": "XNYS", "US_SETTLEMENT": "XNYS"}
#: Calendar -> the name under which `holidays` knows its exchange.
MARKETS: Final = {"XSHG": "XSHG", "XSHE": "XSHE", "XNYS": "XNYS", "US_SETTLEMENT": "XNYS"}
CHINESE: Final = frozenset({"XSHG", "XSHE"})

#: Days on which a witness is known to be wrong, with the reason.
SETTLED: Final[Mapping[tuple[str, date], str]] = {
    (f"holidays {exchange}", date(2006, 1, day)): (
        "the exchanges closed for the seven weekdays from 2006-01-26 to 2006-02-03; "
        "`holidays` knows only the public holiday, which began on 2006-01-29"
    )
    for exchange in ("XSHG", "XSHE")
    for day in (26, 27)
}


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what the head of a file asks for."""

    calendar: str
    time_zone: str
    hours: tuple[str, str]
    first: date
    until: date
    settlement: bool

    def weekdays(self) -> frozenset[date]:
        """List every weekday in the range."""
        days = range(self.first.toordinal(), self.until.toordinal() + 1)
        return frozenset(filter(is_weekday, map(date.fromordinal, days)))

    def years(self) -> range:
        """List the years of the range."""
        return range(self.first.year, self.until.year + 1)


@dataclass(frozen=True, slots=True)
class Days:
    """Hold what a source says: the session days, and the early closes as `HH:MM`."""

    sessions: frozenset[date]
    early_closes: Mapping[date, str]


def is_weekday(day: date) -> bool:
    """Say whether `day` is a weekday."""
    return day.weekday() < 5


def read_head(text: str) -> Head:
    """Read the head of a calendar file."""
    yaml = importlib.import_module("yaml")
    stated = yaml.load(text, Loader=yaml.BaseLoader)
    if stated["weekend"] != ["saturday", "sunday"]:
        raise SystemExit(f"{stated['calendar']}: only a Saturday and Sunday weekend is known here")
    return Head(
        calendar=stated["calendar"],
        time_zone=stated["time_zone"],
        hours=(stated["sessions"]["open"], stated["sessions"]["close"]),
        first=date.fromisoformat(stated["from"]),
        until=date.fromisoformat(stated["official_until"]),
        settlement=stated.get("settlement") == "true",
    )


def of_exchange_calendars(head: Head) -> Days:
    """Read the days of an exchange, checking the opening hours of every session on the way.

    Errors:
        SystemExit: the library's own horizon is earlier, or a session has unusual hours that the
        file could not state.
    """
    library = importlib.import_module("exchange_calendars")
    calendar = library.get_calendar(
        EXCHANGES[head.calendar], start=head.first.isoformat(), end=head.until.isoformat()
    )
    horizon = calendar.bound_max()
    if horizon is not None and horizon.date() < head.until:
        raise SystemExit(f"{head.calendar}: exchange_calendars ends on {horizon.date()}")
    zone = ZoneInfo(head.time_zone)
    sessions: set[date] = set()
    early: dict[date, str] = {}
    for row in calendar.schedule.itertuples():
        day = row.Index.date()
        opened, closed = (f"{at.astimezone(zone):%H:%M}" for at in (row.open, row.close))
        if opened != head.hours[0] or closed > head.hours[1] or not is_weekday(day):
            raise SystemExit(f"{head.calendar}: {day} is unusual, {opened} to {closed}")
        if closed != head.hours[1]:
            early[day] = closed
        sessions.add(day)
    return Days(frozenset(sessions), early)


def of_holidays(head: Head, market: str) -> Days:
    """Read the days of a market from `holidays`: the weekdays that are no holiday there."""
    library = importlib.import_module("holidays")
    closed = library.financial_holidays(market, years=head.years())
    early: dict[date, str] = {}
    if "half_day" in closed.supported_categories:
        half_days = library.financial_holidays(market, years=head.years(), categories=("half_day",))
        early = {day: closing_hour(label) for day, label in half_days.items()}
    return Days(frozenset(day for day in head.weekdays() if day not in closed), early)


def closing_hour(label: str) -> str:
    """Read the hour out of a label such as `Christmas Eve (markets close at 1:00pm)`."""
    found = re.search(r"markets close at (\d+):(\d\d)pm", label)
    if found is None:
        raise SystemExit(f"`holidays` does not say when the market closes: {label}")
    return f"{int(found[1]) % 12 + 12:02d}:{found[2]}"


def bank_holidays(year: int) -> set[date]:
    """Compute the days on which the Federal Reserve Banks are closed in `year`.

    A holiday on a Sunday is kept on the Monday after it; one on a Saturday is not moved.
    """

    def nth(month: int, weekday: int, occurrence: int) -> date:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (occurrence - 1))

    monday, thursday = 0, 3
    fixed = [(1, 1), (7, 4), (11, 11), (12, 25)] + ([(6, 19)] if year >= 2021 else [])
    kept = {date(year, month, day) for month, day in fixed}
    kept = {day + timedelta(day.weekday() == 6) for day in kept}
    kept |= {nth(1, monday, 3), nth(2, monday, 3), nth(6, monday, 1) - timedelta(7)}
    return kept | {nth(9, monday, 1), nth(10, monday, 2), nth(11, thursday, 4)}


def compare(head: Head, name: str, derived: Days, witness: Days) -> Iterator[str]:
    """List the days on which a witness differs from what was derived and no reason is known."""
    settled = {day for source, day in SETTLED if source == name}
    for day in sorted((derived.sessions ^ witness.sessions) ^ settled):
        says = "a session" if day in witness.sessions else "closed"
        stale = "; take the entry out of `SETTLED`" if day in settled else ""
        yield f"{head.calendar}: {name} has {day} as {says}{stale}"
    for day in sorted(derived.early_closes.keys() | witness.early_closes.keys()):
        ours, theirs = derived.early_closes.get(day), witness.early_closes.get(day)
        if ours != theirs:
            yield f"{head.calendar}: {name} closes {day} at {theirs}, not at {ours}"


def compare_with_record(head: Head, derived: Days) -> Iterator[str]:
    """List the days on which the recorded Chinese calendar differs or lacks a weekday."""
    with RECORDED.open(encoding="utf-8", newline="") as file:
        record = {date.fromisoformat(row["trade_date"]): row for row in csv.DictReader(file)}
    for day, row in record.items():
        traded = row["trade_status"] == "1"
        if head.first <= day <= head.until and traded != (day in derived.sessions):
            yield f"{head.calendar}: the record differs on {day}"
    for day in sorted(head.weekdays() - record.keys()):
        if day <= max(record):
            yield f"{head.calendar}: the record lacks {day}"


def derive(head: Head) -> tuple[Days, list[str]]:
    """Work out one calendar, and list what the witnesses say against it."""
    days = of_exchange_calendars(head)
    market = MARKETS[head.calendar]
    findings = list(compare(head, f"holidays {market}", days, of_holidays(head, market)))
    if head.calendar in CHINESE:
        findings += compare_with_record(head, days)
    if head.settlement:
        banks = head.weekdays().difference(*map(bank_holidays, head.years()))
        witness = of_holidays(head, "XFED")
        findings += compare(head, "holidays XFED", Days(banks, {}), witness)
        open_too = days.sessions & banks
        early = {day: hour for day, hour in days.early_closes.items() if day in open_too}
        days = Days(open_too, early)
    return days, findings


def write(head: Head, days: Days) -> str:
    """Write the closures and early closes, one line for each year."""
    closures = [(day, f"{day}") for day in sorted(head.weekdays() - days.sessions)]
    early = [(day, f'{day}: "{hour}"') for day, hour in sorted(days.early_closes.items())]
    lines = ["closures:", *flow("[", "]", closures)]
    lines += ["early_closes:", *flow("{", "}", early)] if early else ["early_closes: {}"]
    return "\n".join(lines) + "\n"


def flow(opening: str, closing: str, items: list[tuple[date, str]]) -> list[str]:
    """Write a flow collection with one line for each year."""
    by_year: dict[int, list[str]] = {}
    for day, text in items:
        by_year.setdefault(day.year, []).append(text)
    rows = [f"    {', '.join(texts)}," for texts in by_year.values()]
    return [f"  {opening}", *rows, f"  {closing}"]


def main() -> int:
    """Build or check every calendar file; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the files, write nothing")
    check = parser.parse_args().check
    findings: list[str] = []
    built: dict[Path, str] = {}
    for name in EXCHANGES:
        path = CALENDARS / f"{name}.yaml"
        stands = path.read_text(encoding="utf-8")
        above, mark, _ = stands.partition("\nclosures:")
        if not mark:
            raise SystemExit(f"{path.name}: write its head and an empty `closures:` first")
        head = read_head(above)
        days, against = derive(head)
        findings += against
        built[path] = f"{above}\n{write(head, days)}"
        if check and built[path] != stands:
            changed = sorted(set(built[path].splitlines()) ^ set(stands.splitlines()))
            findings += [f"{path.name}: differs in {line.strip()}" for line in changed]
    for finding in findings:
        print(finding, file=sys.stderr)
    if findings:
        return 1
    for path, text in built.items():
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path.name}: {'agrees' if check else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
