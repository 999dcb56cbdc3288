"""`creditgate decide --again`: records decided anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from creditgate.base.codes import Code
from creditgate.base.render import visible
from creditgate.cli.case_files import CaseFiles, refused
from creditgate.cli.decide import loaded_gate
from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import print_diagnostics
from creditgate.domain.vocabulary import Vocabulary
from creditgate.explain.again import (
    SAME,
    Comparison,
    RecordRefused,
    again,
    asked_day,
    read_core,
)
from creditgate.explain.lists_used import ListUsed

if TYPE_CHECKING:
    from creditgate.pipeline import Gate


def decide_again(path: str, rulebooks: Sequence[str], output: str) -> int:
    """Decide the records of a file anew, print how each compares, and return the exit status.

    The rulebooks are those that a record names, unless some are given.
    """
    gates: dict[tuple[tuple[str, ...], date | None], Gate | None] = {}
    status, unread = EXIT_CLEAN, False
    for case in CaseFiles((path,), Vocabulary({}, {}, {}, {}, {})):
        found = case.diagnostics
        try:
            made = None if case.data is None else _read(case.data)
            if made is not None:
                read_core(made)
                wanted = tuple(rulebooks) or tuple(str(b["id"]) for b in made["rulebooks"])
                known_on = asked_day(made, "known_on")
                if (wanted, known_on) not in gates:
                    gates[wanted, known_on] = loaded_gate(wanted, known_on)
                gate = gates[wanted, known_on]
                if gate is None:
                    unread = True
                    continue
                compared = again(made, gate)
                _print(case.place, compared, output)
                if compared.differences or not compared.intact:
                    status = EXIT_FINDINGS
        except RecordRefused as problem:
            found = refused(case.place, Code.UNREADABLE_FACTS, str(problem)).diagnostics
        if found:
            unread = True
            print_diagnostics(found, "text")
    return EXIT_USAGE if unread else status


def _read(data: Any) -> Any:
    try:
        return json.loads(data, parse_float=Decimal, parse_int=_whole)
    except (ValueError, RecursionError, ArithmeticError):
        raise RecordRefused("this is not a JSON document") from None


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) < 18 else Decimal(text)


def _print(place: str, compared: Comparison, output: str) -> None:
    if output == "json":
        import msgspec

        words = {"input": place, **msgspec.to_builtins(compared)}
        click.echo(msgspec.json.encode(words).decode())
        return
    for line in _lines(place, compared):
        click.echo(visible(line))


def _lines(place: str, compared: Comparison) -> list[str]:
    lines = [f"{compared.verdict.upper()}  {place}: {_answer(compared)}"]
    if not compared.intact:
        lines.append("  the record is not as it was written: its checksum differs")
    for book in compared.rulebooks_changed:
        now = "not loaded now" if book.now is None else f"{book.now[:12]}… now"
        lines.append(f"  {book.id} has changed since: {book.was[:12]}… then, {now}")
    lines += [
        f"  {book}: the words have changed since, the meaning has not"
        for book in compared.text_changed
    ]
    lines += [f"  {difference}" for difference in compared.differences]
    return [*lines, *_lists(compared.lists)]


def _lists(lists: tuple[ListUsed, ...]) -> list[str]:
    if not lists:
        return ["  no daily list was stated"]
    return [
        f"  list {item.id} of {item.day}{'' if item.of_the_day else ', not of the day of the event'}: "
        f"{item.source}, {item.checksum}"
        for item in lists
    ]


def _answer(compared: Comparison) -> str:
    if compared.verdict == SAME:
        return f"{compared.now}, and the core is the same byte for byte"
    if compared.same_answer:
        return f"{compared.now}, as it was"
    if compared.was == compared.now:
        return f"{compared.now} as it was, but not alike in all"
    return f"{compared.was} then, {compared.now} now"


__all__ = ["decide_again"]
