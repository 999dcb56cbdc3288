"""`creditgate replay`: decide a file of many orders, and count what came out."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import known_on_option, language_option, print_diagnostics

if TYPE_CHECKING:
    from creditgate.pipeline import Gate
    from creditgate.replay.outcomes import Outcomes

EXTRA: Final = "replay"
_LIBRARIES: Final = ("duckdb", "numba", "numpy", "pyarrow")
MOST_DIAGNOSED: Final = 20


@click.command(
    "replay",
    epilog="""\b
Examples:
  creditgate replay orders.parquet --facts tables/ --rulebook cn/sse --out decisions.parquet
  creditgate replay orders.csv --facts tables/ --rulebook us/reg_sho --out decisions.csv \\
    --evidence --summary summary.html --lang zh

\b
ORDERS is Parquet, CSV or Arrow IPC (.arrow, .ipc, .feather), one row an order. Its columns, and
the tables of the folder, are those of `creditgate decide --help`, in any of these formats:
  account.parquet, client.csv, market.arrow, securities.parquet, position.parquet, claims.csv ...
A table may have a column `as_of`, of dates or of instants with their offset: an order then sees
of each key the last row at or before its `entered_at` (or its day). A key without such a row
is not known.
Of lists, such as position.parquet, all rows of an owner as of one moment state the whole list; a
row with an owner and no other fact says that the list is empty.

\b
A replay that was stopped is taken up where it was by the same command. It is refused where orders,
tables, rulebooks or creditgate have changed, unless `--restart` begins anew.

\b
Exit status:
  0 all approved; 1 something was not approved; 2 something could not be read or used
  (other orders are decided all the same); 3 a fault of creditgate.""",
)
@click.argument("orders", type=click.Path(path_type=Path))
@click.option(
    "--facts",
    "facts",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of tables, one an entity.",
)
@click.option(
    "--rulebook",
    "rulebooks",
    multiple=True,
    required=True,
    metavar="ID",
    help="Decide by this rulebook (an id or a folder); repeat it for several.",
)
@known_on_option
@click.option(
    "--out",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Write the decisions to this file: .parquet, .arrow or .csv.",
)
@click.option(
    "--evidence",
    is_flag=True,
    help="With each breach, its evidence: facts read, limits, citation, as JSON text.",
)
@click.option(
    "--summary",
    "summary",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the counts as a page of HTML.",
)
@click.option("--restart", is_flag=True, help="Drop what an earlier run has done.")
@language_option
def command(
    orders: Path, facts: Path | None, rulebooks: tuple[str, ...], known_on: date | None,
    out: Path, evidence: bool, summary: Path | None, restart: bool, lang: str,
) -> int:  # fmt: skip
    """Decide all orders in a file ORDERS, each by itself on the facts as of its moment.

    An order is approved only if a rulebook governs it and every rule is satisfied or does not
    apply; what cannot be decided is not approved. The decisions go to a file, their counts to the
    terminal.
    """
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        _print_missing(missing)
        return EXIT_USAGE
    from creditgate.cli.decide import loaded_gate

    gate = loaded_gate(rulebooks, known_on)
    if gate is None:
        return EXIT_USAGE
    return _replay(orders, facts, out, gate, evidence, summary, restart, lang)


def _print_missing(libraries: list[str]) -> None:
    from creditgate.base.codes import Code
    from creditgate.decide.faults import fault

    names = " and ".join(f"`{name}`" for name in libraries)
    message = f"{names} must be installed for this; the extra `{EXTRA}` brings what is needed"
    hint = f"pip install 'creditgate[{EXTRA}]'"
    print_diagnostics([fault(Code.EXTRA_MISSING, "", message, hint)], "text")


def _replay(
    orders: Path, facts: Path | None, out: Path, gate: Gate, evidence: bool,
    summary: Path | None, restart: bool, lang: str,
) -> int:  # fmt: skip
    from creditgate.cli.progress import OrdersBar
    from creditgate.replay.run import refuse_overwriting, replay
    from creditgate.replay.sources import InputRefused
    from creditgate.replay.summary_page import summary_page
    from creditgate.replay.summary_text import Titles, summary_text

    said = _Said(orders)
    try:
        if summary is not None:
            read = [] if facts is None or not facts.is_dir() else facts.iterdir()
            refuse_overwriting(summary, [orders, out, *read])
        with OrdersBar() as bar:
            done = replay(
                orders, facts, out, gate, evidence=evidence, restart=restart, told=said.hear,
                watch=bar.show,
            )  # fmt: skip
    except InputRefused as refused:
        print_diagnostics(refused.diagnostics, "text")
        return EXIT_USAGE
    print_diagnostics(done.diagnostics, "text")
    said.finish()
    if done.resumed:
        click.echo(f"{done.resumed:,} orders were decided by an earlier run", err=True)
    click.echo(summary_text(done.counts, Titles(gate), lang))
    if summary is not None:
        page = summary_page(done.counts, Titles(gate), done.bound, lang)
        try:
            summary.write_text(page, "utf-8")
        except OSError as problem:
            message = problem.strerror or "it cannot be written"
            raise click.FileError(str(summary), message) from problem
    if done.counts.unread or done.diagnostics:
        return EXIT_USAGE
    return EXIT_CLEAN if done.counts.is_all_approved else EXIT_FINDINGS


class _Said:
    """The first orders that could not be read as they stand, for the standard error."""

    def __init__(self, orders: Path) -> None:
        self._orders = orders
        self._found: list[str] = []
        self._more = 0

    def hear(self, outcomes: Outcomes) -> None:
        """Note what is wrong with the orders of a block."""
        for _, item in sorted(outcomes.alone.items()):
            for text in item.diagnostics[:1]:
                if len(self._found) < MOST_DIAGNOSED:
                    self._found.append(f"{self._orders}: order {item.row}: {text}")
                else:
                    self._more += 1

    def finish(self) -> None:
        """Print what was heard."""
        from creditgate.base.render import visible

        for text in self._found:
            click.echo(visible(text), err=True)
        if self._more:
            click.echo(f"{self._more:,} more could not be read as they stand", err=True)
