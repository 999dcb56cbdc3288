"""`creditgate test --mutate`: change a rulebook in one place at a time, and see which case tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import print_diagnostics, print_json
from creditgate.cli.progress import OrdersBar
from creditgate.mutate.report import Report, is_at_least
from creditgate.mutate.verdicts import Asked, Judge, Verdict, chosen, judge_of, verdicts
from creditgate.pipeline import catalogue, located


def mutate(
    rulebooks: tuple[str, ...], sample: int | None, at_least: int, only: str | None, output: str,
    lang: str,
) -> int:  # fmt: skip
    """Judge the changes of rulebooks and print which of them no case catches."""
    named = [located(name) for name in rulebooks]
    roots = tuple(dict.fromkeys(root for _, root in named if root is not None))
    ids = [name for name, _ in named] or catalogue(roots).shelf.ids()
    reports: list[Report] = []
    for name in ids:
        asked = Asked(roots, name)
        judge = judge_of(asked)
        if judge is None:
            shelf = catalogue(roots)
            shelf.checked(name)
            print_diagnostics(shelf.collector.diagnostics, output)
            return EXIT_USAGE
        if _fails(judge):
            return EXIT_FINDINGS
        places = chosen(judge.bench.changes, sample, only)
        report = Report(judge.bench.checked.rulebook, judge.bench.changes, *_judged(asked, places))
        reports.append(report)
        if output == "text":
            for line in report.lines(lang):
                click.echo(line)
        if not report.is_whole:
            break
    if output == "json":
        print_json([report.document() for report in reports])
    enough = len(reports) == len(ids) and all(is_at_least(each, at_least) for each in reports)
    return EXIT_CLEAN if enough else EXIT_FINDINGS


def _fails(judge: Judge) -> bool:
    """Tell, and say, whether cases fail before anything is changed."""
    failing = judge.bench.failing()
    for case in failing:
        click.echo(f"FAILED {case.rulebook} {case.subject}: {case.name}", err=True)
    if failing:
        click.echo("a case that fails already can tell of no change", err=True)
    return bool(failing)


def _judged(asked: Asked, places: Sequence[int]) -> tuple[list[Verdict], int]:
    """Return what became of changes, and of how many it was to be said; less where interrupted."""
    found: list[Verdict] = []
    with OrdersBar(f"changing {asked.rulebook}", "changes") as bar:
        try:
            for verdict in _shown(verdicts(asked, places), bar, len(places)):
                found.append(verdict)
        except KeyboardInterrupt:
            pass
    return found, len(places)


def _shown(found: Iterator[Verdict], bar: OrdersBar, in_all: int) -> Iterator[Verdict]:
    for done, verdict in enumerate(found, start=1):
        yield verdict
        bar.show(done, in_all)
