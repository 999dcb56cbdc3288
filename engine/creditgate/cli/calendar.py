"""`creditgate calendar`: sessions and settlement days of a calendar."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import format_option, print_diagnostics, print_json

if TYPE_CHECKING:
    from creditgate.domain.calendar import Calendar
    from creditgate.load.located import Map

_DATE = click.DateTime(["%Y-%m-%d"])
_NEAR = 60
#: Ids of calendars are in capitals, so that this word is none.
UPDATE: Final = "update"


@click.command(
    "calendar",
    epilog="\b\nExamples:\n"
    "  creditgate calendar XNYS\n"
    "  creditgate calendar XSHG 2026-10-01\n"
    "  creditgate calendar XSHG 2026-09-30 --add 2\n"
    "  creditgate calendar US_SETTLEMENT --between 2026-07-01 2026-07-10\n"
    "  creditgate calendar XSHG --check --on 2026-11-20\n"
    "  creditgate calendar update --check",
)
@click.argument("name", metavar="NAME|update")
@click.argument("day", type=_DATE, required=False, metavar="[DATE]")
@click.option("--add", type=int, metavar="N", help="The session N sessions after DATE.")
@click.option(
    "--between", type=_DATE, nargs=2, metavar="A B", help="How many sessions after A up to B."
)
@click.option(
    "--check",
    is_flag=True,
    help="Warn when the horizon is near the day of --on; with `update`, write nothing.",
)
@click.option(
    "--on",
    "on",
    type=_DATE,
    metavar="DATE",
    help="The day that --check looks from; with `update`, the day on which libraries are read.",
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With `update`: the folder of calendar files; by default the shipped ones.",
)
@format_option
def command(
    name: str,
    day: datetime | None,
    add: int | None,
    between: tuple[datetime, datetime] | None,
    check: bool,
    on: datetime | None,
    folder: Path | None,
    output: str,
) -> int:
    """Ask the calendar NAME (such as XSHG, XSHE, BJSE, XNYS or US_SETTLEMENT), or update all.

    With a DATE: is it a session, when does it open and close, and which are the sessions before
    and after it. Without one: its hours, half days, sources and checksum. Days beyond the horizon
    of a calendar are not known, and what depends on them is undecided.

    `update` works the days of every calendar file out anew from the libraries that its sources
    name, compares them with those that bear witness, and writes all files, or none where something
    differs. It needs the extra `calendars`. The horizon is not moved: write `official_until` by
    hand once the authority has announced its days.
    """
    from creditgate.pipeline import shipped_rulebooks

    if name == UPDATE:
        from creditgate.cli.calendar_update import update

        if day is not None or add is not None or between is not None:
            raise click.UsageError("`update` takes neither a day nor a count")
        read_on = None if on is None else on.date()
        return update(
            folder or shipped_rulebooks() / "calendars", read_on, check=check, output=output
        )
    if folder is not None:
        raise click.UsageError("`--folder` belongs to `update`")
    return _ask(name, day, add, between, check, on, output)


def _ask(
    name: str, day: datetime | None, add: int | None, between: tuple[datetime, datetime] | None,
    check: bool, on: datetime | None, output: str,
) -> int:  # fmt: skip
    from creditgate.base.spans import NOWHERE
    from creditgate.pipeline import catalogue

    shelf = catalogue()
    calendar = shelf.calendar(name, NOWHERE, shelf.collector)
    node = shelf.shelf.calendar(name, shelf.collector)
    if calendar is None or node is None:
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
        "checksum": calendar.checksum,
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
    if day is None and between is None and not check:
        found |= _whole(calendar, node)
    if output == "json":
        print_json(found)
    else:
        _print(found)
    return EXIT_FINDINGS if near else EXIT_CLEAN


def _whole(calendar: Calendar, node: Map) -> dict[str, Any]:
    """Return hours, half days and sources."""
    from creditgate.load.reading import maps_at, note_at, text_at

    keys = ("title", "url", "library", "market", "version", "use", "retrieved")
    return {
        "opens": _hour(calendar.open_minute),
        "closes": _hour(calendar.close_minute),
        "half_days": {_text(day): _hour(minute) for day, minute in calendar.early_close_days},
        "sources": [
            {key: text_at(source, key) for key in keys if source.get(key) is not None}
            for source in maps_at(node, "sources")
        ],
        "note": note.en if (note := note_at(node)) is not None else None,
    }


def _of_day(calendar: Calendar, day: int, add: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "day": _text(day),
        "session": calendar.is_session(day),
        "half_day": day in calendar.early_closes if calendar.is_session(day) is not None else None,
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


def _hour(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


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
        click.echo(f"{found['day']}: {known}{', a half day' if found['half_day'] else ''}")
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
    if "sources" in found:
        _print_whole(found)


def _print_whole(found: dict[str, Any]) -> None:
    click.echo(f"opens {found['opens']}, closes {found['closes']}")
    if not found["half_days"]:
        click.echo("no half days")
    years: dict[str, list[str]] = {}
    for day, hour in found["half_days"].items():
        years.setdefault(day[:4], []).append(f"{day[5:]} closes {hour}")
    for year, days in years.items():
        click.echo(f"half days {year}: {', '.join(days)}")
    if found["note"]:
        click.echo(f"note: {found['note']}")
    for source in found["sources"]:
        named = " ".join(source[key] for key in ("library", "market", "version") if key in source)
        parts = (source["title"], named, source.get("url"), f"read on {source['retrieved']}")
        click.echo(f"source: {'; '.join(part for part in parts if part)}")
    click.echo(f"checksum: {found['checksum']}")
