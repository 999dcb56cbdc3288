"""How decisions are printed: text, JSON lines, CSV, records."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Final

import click
import msgspec

from creditgate.base.diagnostic import Diagnostic
from creditgate.base.render import render_text, visible
from creditgate.cli.output import use_colour
from creditgate.decide.decision import Decision
from creditgate.explain.documents import document_of
from creditgate.explain.report import order_id, report_of

MOST_DIAGNOSED: Final = 100
COLUMNS: Final = (
    "id", "decision", "breached", "undecided", "pending", "missing", "refused", "input",
)  # fmt: skip


class Printer:
    """Print decisions one after the other, and what could not be read to the standard error.

    `unread` counts the inputs that could not be read as they stand.
    """

    def __init__(self) -> None:
        self.unread = 0
        if isinstance(sys.stdout, TextIOWrapper):
            # What the encoding of the terminal cannot say is written out, never a crash.
            sys.stdout.reconfigure(errors="backslashreplace")

    def decision(self, place: str, decision: Decision, found: Sequence[Diagnostic]) -> None:
        """Print one decision; diagnostics say what was wrong with its facts."""
        if found:
            self.diagnose(place, found)
        self._print(place, decision, found)
        sys.stdout.flush()

    def diagnose(self, place: str, found: Sequence[Diagnostic]) -> None:
        """Say what could not be read."""
        self.unread += 1
        if self.unread > MOST_DIAGNOSED:
            return
        if all(place not in item.message for item in found):
            click.echo(f"{visible(place)}:", err=True)
        click.echo(render_text(found, color=use_colour(sys.stderr)), err=True)

    def finish(self) -> None:
        """Say how much could not be read."""
        if self.unread > MOST_DIAGNOSED:
            more = self.unread - MOST_DIAGNOSED
            click.echo(f"{more} more could not be read as they stand", err=True)

    def _print(self, place: str, decision: Decision, found: Sequence[Diagnostic]) -> None:
        raise NotImplementedError


class TextPrinter(Printer):
    """Print what a person reads."""

    def __init__(self, language: str, *, explain: bool) -> None:
        super().__init__()
        self._language, self._explain = language, explain
        self._color = use_colour()

    def _print(self, place: str, decision: Decision, found: Sequence[Diagnostic]) -> None:
        del found
        from creditgate.explain.text import text_of

        report = report_of(decision, explain=self._explain)
        text = text_of(report, self._language, color=self._color)
        if decision.core.refusals:
            first, _, rest = text.partition("\n")
            text = f"{first}  [{visible(place)}]\n{rest}"
        click.echo(text)


class JsonPrinter(Printer):
    """Print one object a line: the core as it is compared, and the words for people."""

    def __init__(self, *, explain: bool) -> None:
        super().__init__()
        self._explain = explain
        self._encode = msgspec.json.Encoder().encode

    def _print(self, place: str, decision: Decision, found: Sequence[Diagnostic]) -> None:
        report = report_of(decision, explain=self._explain)
        words = {
            "headline": report.headline,
            "findings": report.findings,
            "remedies": report.remedies,
            "values": report.values,
            "claims": report.claims,
        }
        line: dict[str, object] = {
            "input": place,
            "id": report.id,
            "core": report.core,
            "words": words,
        }
        if found:
            line["diagnostics"] = [
                {"code": item.code.number, "message": item.message, "hint": item.hint}
                for item in found
            ]
        if self._explain:
            line["evidence"] = report.evidence
        click.echo(self._encode(line).decode())


class CsvPrinter(Printer):
    """Print one row an order; rule ids and paths stand between spaces.

    The day of knowledge has a column where one is asked for.
    """

    def __init__(self, *, as_known: bool) -> None:
        super().__init__()
        self._as_known = as_known
        self._writer = csv.writer(sys.stdout, lineterminator="\n")
        self._writer.writerow((*COLUMNS, "known_on") if as_known else COLUMNS)

    def _print(self, place: str, decision: Decision, found: Sequence[Diagnostic]) -> None:
        del found
        source = decision.source
        id = None if source is None else order_id(decision, document_of(source))
        refused = " ".join(refusal.code for refusal in decision.core.refusals)
        self._writer.writerow((
            id or "", decision.outcome, " ".join(decision.breached), " ".join(decision.undecided),
            " ".join(decision.pending), " ".join(decision.missing), refused, place,
            *((decision.core.known_on,) if self._as_known else ()),
        ))  # fmt: skip


class RecordPrinter(Printer):
    """Print full records, one a line."""

    def _print(self, place: str, decision: Decision, found: Sequence[Diagnostic]) -> None:
        from creditgate.explain.record import record, record_bytes

        del place, found
        click.echo(record_bytes(record(decision)).decode())


def printer(output: str, language: str, *, explain: bool, as_known: bool = False) -> Printer:
    """Return the printer of a format; `as_known` where a day of knowledge is asked for."""
    match output:
        case "json":
            return JsonPrinter(explain=explain)
        case "csv":
            return CsvPrinter(as_known=as_known)
        case "record":
            return RecordPrinter()
        case _:
            return TextPrinter(language, explain=explain)
