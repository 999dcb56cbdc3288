"""`creditgate calendar update`: work the days of calendar files out anew, and compare witnesses.

The head of a file is written by hand: the hours, the range, and the sources. A source that names a
`library` says what it is read for. Everything from `closures:` on is written here, the checksum
last. `official_until` is never moved: a library that guesses further has announced nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import click

from creditgate.base.collector import Collector
from creditgate.cli.calendar_sources import (
    Days,
    SourceRefused,
    Wanted,
    days_of,
    differences,
    version_of,
)
from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import print_diagnostics, print_json
from creditgate.domain.calendar import WEEKDAYS, Calendar
from creditgate.load.calendar_files import minute_of, unsealed_calendar
from creditgate.load.located import Map
from creditgate.load.reading import map_at, maps_at, text_at, texts_at
from creditgate.load.rulebook_files import Shelf

_TAIL: Final = "\nclosures:"
_ITEM: Final = re.compile(r"^  - ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Built:
    """A calendar file as it should be, and what is against writing it so."""

    text: str
    findings: tuple[str, ...]


def update(folder: Path, on: date | None, *, check: bool, output: str) -> int:
    """Write the calendar files of a folder anew, or none of them where something differs."""
    shelf, collector = Shelf((folder.parent,)), Collector()
    built: dict[Path, _Built] = {}
    for path in sorted(folder.glob("*.yaml")):
        node = shelf.document(path, "calendar", collector)
        if node is None:
            continue
        try:
            if text_at(node, "calendar") != path.stem:
                raise SourceRefused(f"the file calls itself `{text_at(node, 'calendar')}`")
            built[path] = _rebuilt(path.read_text("utf-8"), node, on)
        except SourceRefused as refused:
            raise click.ClickException(f"{path.name}: {refused}") from refused
    if collector.has_errors:
        print_diagnostics(collector.diagnostics, output)
        return EXIT_USAGE
    if not built:
        raise click.ClickException(f"{folder} holds no calendar files")
    findings = {path.name: list(item.findings) for path, item in built.items()}
    for path, item in built.items():
        if check and item.text != path.read_text("utf-8"):
            findings[path.name] += _changes(path.read_text("utf-8"), item.text)
    clean = not any(findings.values())
    if clean and not check:
        for path, item in built.items():
            path.write_text(item.text, encoding="utf-8", newline="\n")
    if output == "json":
        print_json({"written": clean and not check, "findings": findings})
    else:
        _print(findings, "agrees" if check else "written")
    return EXIT_CLEAN if clean else EXIT_FINDINGS


def _print(findings: Mapping[str, Sequence[str]], done: str) -> None:
    clean = not any(findings.values())
    for name, found in findings.items():
        for finding in found:
            click.echo(f"{name}: {finding}")
        if clean:
            click.echo(f"{name}: {done}")
    if not clean:
        click.echo("nothing was written")


def _rebuilt(stands: str, node: Map, on: date | None) -> _Built:
    """Return the file with its days worked out anew from the libraries its sources name."""
    above, mark, _ = stands.partition(_TAIL)
    if not mark:
        raise SourceRefused("write `closures: []` below the sources first")
    faults = Collector()
    calendar = unsealed_calendar(node, (), {}, faults)
    if calendar is None:
        raise SourceRefused("; ".join(found.message for found in faults.diagnostics))
    wanted = _wanted(node, calendar)
    sources = [source for source in maps_at(node, "sources") if source.get("library") is not None]
    read = {id(s): days_of(text_at(s, "library"), text_at(s, "market"), wanted) for s in sources}
    by_use = {
        use: [source for source in sources if text_at(source, "use") == use]
        for use in ("days", "open_too", "witness")
    }
    if len(by_use["days"]) != 1 or not by_use["witness"]:
        raise SourceRefused("it needs one source of `use: days` and at least one `use: witness`")
    days = read[id(by_use["days"][0])]
    findings = [
        f"{text_at(source, 'library')} {text_at(source, 'market')}: {finding}"
        for source in by_use["witness"]
        for finding in differences(days, read[id(source)], _excused(source))
    ]
    for source in by_use["open_too"]:
        days = days.open_with(read[id(source)])
    findings += _versions(sources, on)
    head = _with_versions(above, on)
    return _Built(f"{head}\n{_tail(node, wanted, days)}", tuple(findings))


def _wanted(node: Map, calendar: Calendar) -> Wanted:
    hours = map_at(node, "sessions")
    return Wanted(
        calendar.time_zone,
        text_at(hours, "open"),
        text_at(hours, "close"),
        date.fromordinal(calendar.first_day),
        date.fromordinal(calendar.last_day),
        frozenset(WEEKDAYS.index(day) for day in texts_at(node, "weekend")),
    )


def _excused(source: Map) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts_at(map_at(source, "differs"), "days")))


def _versions(sources: Sequence[Map], on: date | None) -> Iterator[str]:
    for source in sources:
        library, stated = text_at(source, "library"), text_at(source, "version")
        if on is None and version_of(library) != stated:
            yield (
                f"built from {library} {stated}, {version_of(library)} is installed: say the day "
                "on which it is read, `--on DATE`"
            )


def _with_versions(above: str, on: date | None) -> str:
    """Return the head with the installed version and the day in each source of a library."""
    if on is None:
        return above
    head, *items = _ITEM.split(above)
    changed = []
    for item in items:
        library = re.search(r"^ +library: (\S+)$", item, re.MULTILINE)
        if library is not None:
            known = version_of(library[1])
            item = re.sub(r"(?m)^( +version: ).*$", rf'\g<1>"{known}"', item)
            item = re.sub(r"(?m)^( +retrieved: ).*$", rf"\g<1>{on}", item)
        changed.append(item)
    return "  - ".join([head, *changed])


def _tail(node: Map, wanted: Wanted, days: Days) -> str:
    """Write closures, early closes and checksum, one line for each year."""
    closed = sorted(wanted.weekdays() - days.sessions)
    early = dict(sorted(days.early_closes.items()))
    sealed = unsealed_calendar(
        node,
        [day.toordinal() for day in closed],
        {day.toordinal(): minute_of(hour) for day, hour in early.items()},
        faults := Collector(),
    )
    if sealed is None:
        raise SourceRefused("; ".join(found.message for found in faults.diagnostics))
    lines = ["closures:", *_by_year("[", "]", [(day, f"{day}") for day in closed])]
    texts = [(day, f'{day}: "{hour}"') for day, hour in early.items()]
    lines += ["early_closes:", *_by_year("{", "}", texts)] if early else ["early_closes: {}"]
    return "\n".join([*lines, f"checksum: {sealed.checksum}"]) + "\n"


def _by_year(opening: str, closing: str, items: Sequence[tuple[date, str]]) -> list[str]:
    found: dict[int, list[str]] = {}
    for day, text in items:
        found.setdefault(day.year, []).append(text)
    return [
        f"  {opening}",
        *(f"    {', '.join(texts)}," for texts in found.values()),
        f"  {closing}",
    ]


def _changes(stands: str, built: str) -> list[str]:
    before, after = stands.splitlines(), built.splitlines()
    gone = [f"would go: {line.strip()}" for line in before if line not in after]
    return gone + [f"would come: {line.strip()}" for line in after if line not in before]
