"""`creditgate compute`: the value of a figure, a determination or any formula."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import (
    format_option,
    known_on_option,
    language_option,
    print_diagnostics,
)

if TYPE_CHECKING:
    from creditgate.explain.computed import Computed


@click.command(
    "compute",
    epilog="""\b
Examples:
  creditgate compute margin_available order.json --rulebook cn/sse
  creditgate compute order.security.haircut order.json --rulebook cn/sse
  creditgate compute maintenance_status account.json --rulebook cn/sse --on 2019-08-19
  creditgate compute "account.cash - account.credit_used" order.json --rulebook cn/sse
  creditgate compute "short_ratio_floor[other]" order.json --rulebook cn/sse --format json
  creditgate compute "account.collateral[600000].security.haircut" order.json --rulebook cn/sse

\b
The value is exact; a number that does not end is also given as a fraction. A value that is not
known is shown with the facts that are missing.
Exit status: 0 all known; 1 something is not known; 2 bad usage or input.""",
)
@click.argument("asked", metavar="NAME-OR-FORMULA")
@click.argument("file")
@click.option("--rulebook", required=True, metavar="ID", help="An id or a folder.")
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="What if: compute by the law of this day instead of the event's own.",
)
@known_on_option
@language_option
@format_option
def command(
    asked: str, file: str, rulebook: str, on: datetime | None, known_on: date | None, lang: str,
    output: str,
) -> int:  # fmt: skip
    """Compute NAME-OR-FORMULA from the facts in FILE.

    It is a figure or a determination of the rulebook, or any formula in the language of
    rulebooks. The citation in force, the parameters read and since when they hold stand with it.
    """
    from creditgate.base.collector import Collector
    from creditgate.cli.case_files import CaseFiles
    from creditgate.cli.decide import loaded_gate
    from creditgate.decide.read import FactsRefused
    from creditgate.explain.computed import asked_for, computed

    gate = loaded_gate((rulebook,), known_on)
    if gate is None:
        return EXIT_USAGE
    collector = Collector()
    question = asked_for(gate.engines[0].rulebook, asked, collector)
    if question is None:
        print_diagnostics(collector.diagnostics, "text")
        return EXIT_USAGE
    status, unread = EXIT_CLEAN, False
    for case in CaseFiles((file,), gate.vocabulary):
        found = case.diagnostics
        if case.data is not None:
            try:
                facts = gate.read(case.data)
            except FactsRefused as refused:
                found = (*found, *refused.diagnostics)
            else:
                day = None if on is None else on.date().toordinal()
                result = computed(gate.engines[0], question, facts, day)
                _print(case.place, result, lang, output)
                if result.value.state == "unknown":
                    status = EXIT_FINDINGS
        if found:
            unread = True
            click.echo(f"{case.place}:", err=True)
            print_diagnostics(found, "text")
    return EXIT_USAGE if unread else status


def _print(place: str, result: Computed, language: str, output: str) -> None:
    from creditgate.base.render import visible
    from creditgate.explain.computed import computed_lines

    if output == "json":
        import msgspec

        shown: dict[str, Any] = {"input": place, **msgspec.to_builtins(result)}
        click.echo(msgspec.json.encode(shown).decode())
        return
    for line in computed_lines(result, language):
        click.echo(visible(line))
