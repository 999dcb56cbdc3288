"""`creditgate test`: run the scenarios of rulebooks."""

from __future__ import annotations

from typing import Any

import click

from creditgate.cli.generation import check_options, generate_options
from creditgate.cli.generation import generate as generate_cases
from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import format_option, language_option, print_diagnostics, print_json
from creditgate.pipeline import catalogue, located
from creditgate.scenarios.coverage import coverage_gaps
from creditgate.scenarios.run import Result
from creditgate.scenarios.suite import run_suites


@click.command("test")
@click.argument("rulebooks", nargs=-1)
@click.option(
    "--coverage",
    is_flag=True,
    help="Report what no case stands on: outcomes, values, limits, dates of change.",
)
@click.option("--only", metavar="TEXT", help="Run the cases whose name or rule contains TEXT.")
@generate_options
@click.option(
    "--mutate",
    "mutating",
    is_flag=True,
    help="Change numbers, operators, dates and exemptions one at a time, and list the changes that "
    "no case catches.",
)
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="Of the changes only N, always the same."
)
@click.option(
    "--at-least",
    type=click.IntRange(0, 100),
    default=100,
    metavar="PERCENT",
    help="How many of 100 changes must be caught.  [default: 100]",
)
@format_option
@language_option
def command(
    rulebooks: tuple[str, ...], coverage: bool, only: str | None, mutating: bool,
    sample: int | None, at_least: int, output: str, lang: str, generate: bool, **given: Any,
) -> int:  # fmt: skip
    """Run the scenarios of RULEBOOKS (ids or folders; all shipped ones by default)."""
    check_options(generate, given, rulebooks, runs=coverage or mutating or only is not None)
    if generate:
        return generate_cases(rulebooks[0], output, lang=lang, **given)
    if mutating:
        from creditgate.cli.mutate import mutate

        return mutate(rulebooks, sample, at_least, only, output, lang)
    named = [located(name) for name in rulebooks]
    shelf = catalogue(tuple(dict.fromkeys(root for _, root in named if root is not None)))
    ids = [name for name, _ in named] or shelf.shelf.ids()
    for name in ids:
        shelf.checked(name)
    results = run_suites(shelf, ids, only)
    if shelf.collector.has_errors:
        print_diagnostics(shelf.collector.diagnostics, output)
        return EXIT_USAGE
    failed = [result for result in results if not result.passed]
    gaps = coverage_gaps(shelf, ids, results) if coverage else []
    if output == "json":
        print_json(
            {
                "cases": len(results),
                "failed": [_as_map(result) for result in failed],
                "coverage": gaps,
            }
        )
    else:
        for result in failed:
            click.echo(_as_text(result))
        for gap in gaps:
            click.echo(f"not covered: {gap}")
        passed = len(results) - len(failed)
        click.echo(f"{passed} passed, {len(failed)} failed")
        if coverage:
            click.echo("coverage complete" if not gaps else f"{len(gaps)} not covered")
    return EXIT_FINDINGS if failed or gaps else EXIT_CLEAN


def _place(result: Result) -> str:
    span = result.case.span
    if span.file is None:
        return result.case.rulebook
    return f"{span.file.path}:{span.file.line_column(span.start)[0]}"


def _as_text(result: Result) -> str:
    case = result.case
    lines = [f"FAILED {case.rulebook} {case.subject}: {case.name}", f"  {_place(result)}"]
    return "\n".join([*lines, *(f"  {problem}" for problem in result.problems)])


def _as_map(result: Result) -> dict[str, object]:
    return {
        "rulebook": result.case.rulebook,
        "subject": result.case.subject,
        "name": result.case.name,
        "place": _place(result),
        "problems": list(result.problems),
    }
