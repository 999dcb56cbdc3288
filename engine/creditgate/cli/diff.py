"""`creditgate diff`: what changes between two rulebooks in text, meaning and effect."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_USAGE
from creditgate.cli.output import language_option, print_diagnostics, print_json

if TYPE_CHECKING:
    from creditgate.diff.comparison import Comparison
    from creditgate.diff.report import DiffReport

FORMATS: Final = ("text", "json", "markdown", "html")


@click.command(
    "diff",
    epilog="""\b
Examples:
  creditgate diff cn/sse@2023-09-08 @2023-09-11
  creditgate diff HEAD~1:rulebooks rulebooks --format markdown
  creditgate diff HEAD~1:rulebooks/cn/sse
  creditgate diff old/house new/house --tape orders.csv --facts tables/ --flips flips.csv
  creditgate diff cn/sse brokers/example_cn_member --format html --out review.html --lang zh

\b
BEFORE and AFTER are each a rulebook (an id or a folder), one of its files, or a folder of
rulebooks; REVISION:PATH takes it from git, and @DATE as of a day. A revision alone is compared with
the working tree.

\b
Exit status:
  0 no change of meaning; 1 a change of meaning; 2 something could not be answered;
  3 a fault of creditgate. With --text-only a change of text alone is 0.""",
)
@click.argument("given", nargs=-1, metavar="BEFORE [AFTER]")
@click.option(
    "--format", "output", type=click.Choice(FORMATS), default="text", show_default=True,
    help="How to print.",
)  # fmt: skip
@click.option(
    "--out", "out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write to this file instead of the terminal.",
)  # fmt: skip
@click.option(
    "--limit", "seconds", type=click.FloatRange(min=0.1), default=2.0, show_default=True,
    metavar="SECONDS", help="The time limit of each question to the solver.",
)  # fmt: skip
@click.option(
    "--within", "within", type=click.FloatRange(min=0.1), default=120.0, show_default=True,
    metavar="SECONDS", help="The time limit of all questions to the solver.",
)  # fmt: skip
@click.option(
    "--tape", "tape", type=click.Path(path_type=Path), metavar="ORDERS",
    help="Replay this file of orders under both (Parquet, CSV or Arrow IPC).",
)  # fmt: skip
@click.option(
    "--facts", "facts", type=click.Path(path_type=Path), metavar="DIR",
    help="The folder of fact tables of the tape, one an entity.",
)  # fmt: skip
@click.option(
    "--flips", "flips", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write all orders of the tape that change to this file of CSV.",
)  # fmt: skip
@click.option(
    "--exit-zero", is_flag=True,
    help="End with 0 also where the meaning changes; what is not answered stays 2.",
)  # fmt: skip
@click.option(
    "--driver", "driver", is_flag=True,
    help="Compare one file as git hands it to a diff driver; end with 0.",
)  # fmt: skip
@click.option("--text-only", is_flag=True, help="Compare what is written, and not what it means.")
@language_option
def command(
    given: tuple[str, ...], output: str, out: Path | None, seconds: float, within: float,
    tape: Path | None, facts: Path | None, flips: Path | None, text_only: bool, exit_zero: bool, driver: bool,
    lang: str,
) -> int:  # fmt: skip
    """Say what changes from BEFORE to AFTER: in words, in decisions, on a tape of orders."""
    from creditgate.diff.report import CHANGED
    from creditgate.diff.specs import DiffRefused

    if not driver and len(given) not in (1, 2):
        raise click.UsageError("name what is to be compared, such as cn/sse@2023-09-08 @2023-09-11")
    if tape is None and (facts is not None or flips is not None):
        raise click.UsageError("--facts and --flips belong to a tape of orders (--tape)")
    wanted = _Wanted(seconds, within, text_only, tape, facts, flips)
    try:
        report = _compared(given, wanted, driver)
    except DiffRefused as refused:
        print_diagnostics(refused.diagnostics, "json" if output == "json" else "text")
        return EXIT_USAGE
    if isinstance(report, str):
        click.echo(report)
        return EXIT_CLEAN
    _print(report, output, out, lang)
    if driver or (exit_zero and report.status == CHANGED):
        return EXIT_CLEAN
    return report.status


@dataclass(frozen=True, slots=True)
class _Wanted:
    seconds: float
    within: float
    text_only: bool
    tape: Path | None
    facts: Path | None
    flips: Path | None


def _compared(given: tuple[str, ...], wanted: _Wanted, driver: bool) -> DiffReport | str:
    from creditgate.diff.comparison import Comparison
    from creditgate.diff.git_driver import compared_by_git
    from creditgate.diff.sides import Sides
    from creditgate.diff.specs import both_specs

    with Sides() as sides:
        if driver:
            found = compared_by_git(given, sides)
            if isinstance(found, str):
                return found
            comparison = found
        else:
            after = given[1] if len(given) > 1 else None
            specs = both_specs(given[0], after)
            comparison = Comparison(sides.opened(specs[0]), sides.opened(specs[1]))
        try:
            _answer(comparison, wanted)
        except KeyboardInterrupt:
            comparison.interrupted()
        return comparison.report


def _answer(comparison: Comparison, wanted: _Wanted) -> None:
    from creditgate.cli.progress import OrdersBar

    comparison.compare_text()
    if not wanted.text_only:
        comparison.compare_meaning(wanted.seconds, wanted.within)
    if wanted.tape is not None:
        with OrdersBar() as bar:
            comparison.compare_on_tape(
                wanted.tape, wanted.facts, wanted.flips, lambda _side: bar.show
            )


def _print(report: DiffReport, output: str, out: Path | None, lang: str) -> None:
    from creditgate.diff.as_markdown import markdown_of
    from creditgate.diff.as_text import text_of_blocks
    from creditgate.diff.report import report_json
    from creditgate.diff.review_page import review_page
    from creditgate.diff.told import told

    if output == "json" and out is None:
        print_json(report_json(report))
        return
    blocks = told(report, lang)
    if output == "json":
        import json

        text = json.dumps(report_json(report), ensure_ascii=False, indent=2) + "\n"
    elif output == "markdown":
        text = markdown_of(blocks, lang)
    elif output == "html":
        text = review_page(blocks, lang)
    else:
        text = text_of_blocks(blocks) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as problem:
        message = problem.strerror or "it cannot be written"
        raise click.FileError(str(out), message) from problem
