"""`creditgate show`: a rulebook or one of its rules as readable text."""

from __future__ import annotations

from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_USAGE
from creditgate.cli.output import (
    format_option,
    known_on_option,
    language_option,
    print_diagnostics,
    print_json,
)

if TYPE_CHECKING:
    from creditgate.ir.rulebook import Rulebook


@click.command(
    "show",
    epilog="\b\nExamples:\n"
    "  creditgate show cn/sse\n"
    "  creditgate show cn/sse short_price_not_below_last --on 2015-07-01\n"
    "  creditgate show cn/sse financing_ratio_floor --lang zh\n"
    "  creditgate show cn/sse financing_ratio_floor --known-on 2026-01-13\n"
    "  creditgate show us/reg_sho --history --format json",
)
@click.argument("rulebook")
@click.argument("name", required=False)
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="As of this day; by default that of the latest change of the rulebook.",
)
@known_on_option
@click.option(
    "--history", is_flag=True, help="With all earlier values and citations, messages and names."
)
@language_option
@format_option
def command(
    rulebook: str, name: str | None, on: datetime | None, known_on: date | None, history: bool,
    lang: str, output: str,
) -> int:  # fmt: skip
    """Print RULEBOOK (an id or a folder), or the one thing of it called NAME, in plain words.

    NAME is a rule, a parameter, a table, a figure or a determination; one thing is shown with its
    whole history. Each is shown with its citation and with how well that is known: official,
    reproduced, secondary or unverified.
    """
    from creditgate.explain import show
    from creditgate.explain.show_page import LawPage
    from creditgate.explain.show_text import TextItem
    from creditgate.pipeline import catalogue, located

    book_id, root = located(rulebook)
    shelf = catalogue(() if root is None else (root,))
    checked = shelf.checked(book_id)
    if checked is not None and known_on is not None:
        checked = shelf.known(book_id, known_on.toordinal())
    if checked is None:
        print_diagnostics(shelf.collector.diagnostics, output)
        return EXIT_USAGE
    book = checked.rulebook
    if not book.is_known:
        raise click.UsageError(f"{book.id} had not been published by {known_on}")
    day = show.latest_day(book) if on is None else on.date().toordinal()
    _check_day(book, day)
    if name is None:
        page = show.page(book, lang, day, history=history)
        lines = LawPage(lang, detailed=history).page(page)
        shown: object = page
    else:
        found = show.one(book, name, lang, day)
        if found is None:
            raise click.UsageError(_unknown(book, name))
        lines, shown = TextItem(lang).item(found), found
        if known_on is not None:
            lines = chain([TextItem(lang).known_on(known_on.isoformat())], lines)
    if output == "json":
        import msgspec

        print_json(msgspec.to_builtins(shown, enc_hook=str))
    else:
        click.echo("\n".join(lines))
    return EXIT_CLEAN


def _check_day(book: Rulebook, day: int) -> None:
    from creditgate.explain.show_sources import day_text

    if day < book.start:
        raise click.BadParameter(f"{book.id} begins on {day_text(book.start)}", param_hint="'--on'")
    if book.end is not None and day > book.end:
        raise click.BadParameter(f"{book.id} ended on {day_text(book.end)}", param_hint="'--on'")


def _unknown(book: Rulebook, name: str) -> str:
    from creditgate.base.suggest import nearest_all
    from creditgate.explain.show import names_of

    near = nearest_all(name.rpartition("/")[2], names_of(book))
    hint = f"did you mean {' or '.join(near)}?" if near else "run the command without a name"
    return f"{book.id} has nothing called {name}; {hint}"
