"""`creditgate lint`: check rulebooks and report every mistake."""

from __future__ import annotations

from datetime import datetime

import click

from creditgate.base.diagnostic import Severity
from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS
from creditgate.cli.output import format_option, print_diagnostics
from creditgate.lint.lints import lints
from creditgate.pipeline import catalogue, located


@click.command("lint")
@click.argument("rulebooks", nargs=-1)
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Report what is in force on this day and was to be reviewed by then.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings as on errors.")
@format_option
def command(rulebooks: tuple[str, ...], on: datetime | None, strict: bool, output: str) -> int:
    """Check RULEBOOKS (ids or folders; all shipped ones by default).

    Every mistake of every file is reported in one run, with its place, the reason and the next
    step. Overlays are admitted against their base: what would loosen a regulator's rule is refused.
    Rulebooks without mistakes are looked through for what may not be meant: names that nothing
    reads or that are no terms of the field, numbers without a citation, cases that are never
    reached or overlap, comparisons that always come out alike, rules that say the same. These are
    warnings.
    """
    named = [located(name) for name in rulebooks]
    shelf = catalogue(tuple(dict.fromkeys(root for _, root in named if root is not None)))
    ids = [name for name, _ in named] or shelf.shelf.ids()
    for name in ids:
        shelf.checked(name)
    found = (*shelf.collector.diagnostics, *lints(shelf, ids, None if on is None else on.date()))
    print_diagnostics(found, output)
    if output == "text" and not found:
        click.echo(f"{len(ids)} rulebook{'s' if len(ids) != 1 else ''}: no findings")
    refused = any(item.severity is Severity.ERROR for item in found)
    return EXIT_FINDINGS if refused or (strict and found) else EXIT_CLEAN
