"""`creditgate calendar`: sessions and settlement days of a calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import format_option, print_diagnostics, print_json

if TYPE_CHECKING:
    from creditgate.domain.calendar import Calendar

_DATE = click.DateTime(["%Y-%m-%d"])
_NEAR = 60


@click.command(
    "calendar",
    epilog="\b\nExamples:\n"
    "  creditgate calendar XSHG 2026-10-01\n"
    "  creditgate calendar XSHG 2026-09-30 --add 2\n"
    "  creditgate calendar US_SETTLEMENT --between 2026-07-01 2026-07-10\n"
    "  creditgate calendar XSHG --check --on 2026-11-20",
)
@click.argument("name", metavar="NAME")
@click.argument("day", type=_DATE, required=False, metavar="[DATE]")
@click.option("--add", type=int, metavar="N", help="The session N sessions after DATE.")
@click.option(
    "--between", type=_DATE, nargs=2, metavar="A B", help="How many sessions after A up to B."
)
@click.option("--check", is_flag=True, help="Warn when the horizon is near the day of --on.")
@click.option("--on", "on", type=_DATE, metavar="DATE", help="The day that --check looks from.")
@format_option
def command(
    name: str,
    day: datetime | None,
    add: int | None,
    between: tuple[datetime, datetime] | None,
    check: bool,
    on: datetime | None,
    output: str,
) -> int:
    """Ask the calendar NAME (such as XSHG, XSHE, XNYS or US_SETTLEMENT).

    With a DATE: is it a session, when does it open and close, and which are the sessions before
    and after it. Days beyond the horizon of a calendar are not known, and what depends on them is
    undecided.
    """
    from creditgate.base.spans import NOWHERE
    from creditgate.pipeline import catalogue

    shelf = catalogue()
    calendar = shelf.calendar(name, NOWHERE, shelf.collector)
    if calendar is None:
        print_diagnostics(shelf.collector.diagnostics, output)
        return EXIT_USAGE
    if add is not None and day is None:
        raise click.UsageError("`--add` counts from a DATE")
    if check and on is None:
        raise click.UsageError("`--check` needs the day to look from: `--on DATE`")
    found: dict[str, Any] = {
        "calendar": calendar.id,
        "title": calendar.title[0],
        "time_zone": calendar.time_zone,
        "known_from": _text(calendar.first_day),
        "known_until": _text(calendar.last_day),
    }
    if day is not None:
        found |= _of_day(calendar, day.date().toordinal(), add)
    if between is not None:
        first, last = (moment.date().toordinal() for moment in between)
        found["sessions_between"] = calendar.sessions_between(first, last)
    near = on is not None and check and calendar.last_day - on.date().toordinal() < _NEAR
    if check and on is not None:
        found["days_to_horizon"] = calendar.last_day - on.date().toordinal()
        found["near_horizon"] = near
    if output == "json":
        print_json(found)
    else:
        _print(found)
    return EXIT_FINDINGS if near else EXIT_CLEAN


def _of_day(calendar: Calendar, day: int, add: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "day": _text(day),
        "session": calendar.is_session(day),
        "opens": _moment(calendar, calendar.open_of(day)),
        "closes": _moment(calendar, calendar.close_of(day)),
        "session_before": _text(calendar.add_sessions(day, -1)),
        "session_after": _text(calendar.add_sessions(day, 1)),
    }
    if add is not None:
        found["counted"] = add
        found["counted_to"] = _text(calendar.add_sessions(day, add))
    return found


def _text(day: int | None) -> str | None:
    return None if day is None else date.fromordinal(day).isoformat()


def _moment(calendar: Calendar, instant: int | None) -> str | None:
    from creditgate.domain.dsl_types import INSTANT
    from creditgate.domain.shown import shown
    from creditgate.domain.vocabulary import Vocabulary

    if instant is None:
        return None
    return shown(instant, INSTANT, Vocabulary({}, {}, {}, {}, {}), zone=calendar.time_zone)


def _print(found: dict[str, Any]) -> None:
    click.echo(f"{found['calendar']}: {found['title']} ({found['time_zone']})")
    click.echo(f"known from {found['known_from']} until {found['known_until']}")
    if "day" in found:
        known = {True: "a session", False: "no session", None: "not known"}[found["session"]]
        click.echo(f"{found['day']}: {known}")
        if found["opens"]:
            click.echo(f"opens {found['opens']}, closes {found['closes']}")
        click.echo(f"session before: {found['session_before'] or 'not known'}")
        click.echo(f"session after: {found['session_after'] or 'not known'}")
    if "counted" in found:
        click.echo(f"{found['counted']:+d} sessions: {found['counted_to'] or 'not known'}")
    if "sessions_between" in found:
        count = found["sessions_between"]
        click.echo(f"sessions between: {'not known' if count is None else count}")
    if "near_horizon" in found:
        left = found["days_to_horizon"]
        word = "warning: the horizon is near" if found["near_horizon"] else "the horizon is far"
        click.echo(f"{word}: {left} days left")
