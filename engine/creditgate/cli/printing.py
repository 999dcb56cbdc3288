"""How decisions are printed: text, JSON lines, CSV, records."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

import click
import msgspec

from creditgate.base.diagnostic import Diagnostic
from creditgate.base.render import render_text, visible
from creditgate.cli.output import use_colour
from creditgate.decide.decision import Decision
from creditgate.explain.documents import document_of
from creditgate.explain.report import order_id, report_of

if TYPE_CHECKING:
    from creditgate.nearest.answers import NearestApproval

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


@dataclass(frozen=True, slots=True)
class Suggest:
    """That it is asked what would have to change: which facts may, and how far dates may lie off."""

    change: tuple[str, ...] | None
    horizon_days: int | None

    def answer(self, decision: Decision) -> NearestApproval | None:
        """Return the answer for a decision; None where its facts could not be read."""
        if decision.source is None or decision.source.facts is None:
            return None
        return decision.nearest_approval(self.change, horizon_days=self.horizon_days)


class TextPrinter(Printer):
    """Print what a person reads."""

    def __init__(
        self, language: str, *, explain: bool, names: bool = False, suggest: Suggest | None = None
    ) -> None:
        super().__init__()
        self._language, self._explain = language, explain
        self._names, self._suggest = names, suggest
        self._color = use_colour()

    def _print(self, place: str, decision: Decision, found: Sequence[Diagnostic]) -> None:
        del found
        from creditgate.explain.text import text_of

        report = report_of(decision, explain=self._explain)
        text = text_of(report, self._language, color=self._color, names=self._names)
        if decision.core.refusals:
            first, _, rest = text.partition("\n")
            text = f"{first}  [{visible(place)}]\n{rest}"
        click.echo(text)
        answer = None if self._suggest is None else self._suggest.answer(decision)
        if answer is not None:
            from creditgate.nearest.sentences import nearest_lines

            for line in nearest_lines(answer, self._language):
                click.echo(visible(line))


class JsonPrinter(Printer):
    """Print one object a line: the core as it is compared, and the words for people."""

    def __init__(self, *, explain: bool, suggest: Suggest | None = None) -> None:
        super().__init__()
        self._explain, self._suggest = explain, suggest
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
        if self._suggest is not None:
            from creditgate.nearest.sentences import nearest_json

            answer = self._suggest.answer(decision)
            line["nearest"] = None if answer is None else nearest_json(answer)
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


def printer(
    output: str, language: str, *, explain: bool, names: bool = False, as_known: bool = False,
    suggest: Suggest | None = None,
) -> Printer:  # fmt: skip
    """Return the printer of a format.

    `as_known` where a day of knowledge is asked for, `suggest` where text or JSON shall say what
    would have to change, `names` where formulas shall be shown in names of the language.
    """
    match output:
        case "json":
            return JsonPrinter(explain=explain, suggest=suggest)
        case "csv":
            return CsvPrinter(as_known=as_known)
        case "record":
            return RecordPrinter()
        case _:
            return TextPrinter(language, explain=explain, names=names, suggest=suggest)
