"""`creditgate lint`: check rulebooks and report every mistake."""

from __future__ import annotations

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS
from creditgate.cli.output import format_option, print_diagnostics
from creditgate.pipeline import catalogue, located


@click.command("lint")
@click.argument("rulebooks", nargs=-1)
@format_option
def command(rulebooks: tuple[str, ...], output: str) -> int:
    """Check RULEBOOKS (ids or folders; all shipped ones by default).

    Every mistake of every file is reported in one run, with its place, the reason and the next
    step. Overlays are admitted against their base: what would loosen a regulator's rule is refused.
    """
    named = [located(name) for name in rulebooks]
    shelf = catalogue(tuple(dict.fromkeys(root for _, root in named if root is not None)))
    ids = [name for name, _ in named] or shelf.shelf.ids()
    for name in ids:
        shelf.checked(name)
    found = shelf.collector.diagnostics
    print_diagnostics(found, output)
    if output == "text" and not found:
        click.echo(f"{len(ids)} rulebook{'s' if len(ids) != 1 else ''}: no findings")
    return EXIT_FINDINGS if found else EXIT_CLEAN
