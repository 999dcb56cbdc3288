"""`creditgate decide`: approve or refuse orders, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import known_on_option, language_option, print_diagnostics

if TYPE_CHECKING:
    from creditgate.cli.case_files import CaseFiles, CaseInput
    from creditgate.cli.printing import Printer
    from creditgate.pipeline import Gate


@click.command(
    "decide",
    epilog="""\b
Examples:
  creditgate decide order.json --rulebook cn/sse
  creditgate decide orders.jsonl --rulebook cn/sse --rulebook cn/szse --format csv
  creditgate decide tables/ --rulebook us/reg_sho --lang zh
  tail -f orders.jsonl | creditgate decide - --rulebook cn/sse --format json
  creditgate decide order.json --rulebook cn/sse --explain --figure margin_available
  creditgate decide order.json --rulebook cn/sse --suggest
  creditgate decide order.json --rulebook cn/sse --suggest --change order.quantity
  creditgate decide order.json --rulebook cn/sse --on 2015-07-01
  creditgate decide order.json --rulebook cn/sse --known-on 2026-01-13
  creditgate decide order.json --rulebook cn/sse --record > record.json
  creditgate decide --again record.json

\b
FILES hold facts; `creditgate facts RULEBOOK` lists those that are needed:
  .json          one document or a list of documents
  .jsonl         one document a line
  .yaml          one document or a list of documents
  a folder       CSV tables, joined by the vocabulary (below)
  -              JSON or JSON lines on the standard input
A fact left out is unknown, and what needs it is not approved; null says that there is none.

\b
Folders of CSV tables:
  order.csv       each row is a case; columns are facts of the order. A column `account` holds
                  the `id` of a row of account.csv, likewise for other single entities.
  market.csv      a column of a fact of the order, such as `security`, says which rows it is for;
                  a table of a single row without such a column is for every order.
  securities.csv  records that facts refer to, by their key.
  position.csv    rows of lists: a column named after the owner (`account`) holds its id, and a
                  column `list` names the list where the owner has several of the kind. An owner
                  without rows has an empty list.
  lists.csv       daily lists: columns id, day, source, checksum; with a column `order`, for one.
  claims.csv      claims: columns order, claim, by, at.
  An empty cell is unknown, `none` is none; members of a set stand between semicolons.
  A column `event` in a table makes its rows the cases, of the event named.

\b
Exit status:
  0 all approved; 1 something was not approved; 2 something could not be read or used
  (the rest is decided all the same); 3 a fault of creditgate.""",
)
@click.argument("files", nargs=-1)
@click.option(
    "--rulebook",
    "rulebooks",
    multiple=True,
    metavar="ID",
    help="Decide by this rulebook (an id or a folder); repeat it for several.",
)
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="What if: judge by the law of this day instead of the event's own.",
)
@known_on_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Text; JSON, one object a line; CSV, one row an order.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Show every rule that applied, with its numbers, citation and evidence.",
)
@click.option(
    "--names",
    is_flag=True,
    help="With --explain, formulas and names as the rulebooks write them, not in words.",
)
@click.option(
    "--figure",
    "figures",
    multiple=True,
    metavar="NAME",
    help="Show the value of this figure beside each decision; repeat it for several.",
)
@click.option(
    "--suggest",
    is_flag=True,
    help="Say what would have to change for an approval, exactly: each fact alone, else two.",
)
@click.option(
    "--change",
    "change",
    multiple=True,
    metavar="FACT",
    help="Let --suggest change this fact instead of those that the vocabulary marks; repeat it.",
)
@click.option(
    "--horizon",
    "horizon",
    type=click.IntRange(min=1, max=3660),
    metavar="DAYS",
    help="How many calendar days off --suggest looks for a date; 92 by default.",
)
@click.option(
    "--record",
    "recording",
    is_flag=True,
    help="Print full records as JSON, one a line; `--again` decides them anew.",
)
@click.option(
    "--again",
    "records",
    metavar="RECORD",
    help="Decide the records of a file anew and say what is no longer the same.",
)
@language_option
def command(
    files: tuple[str, ...], rulebooks: tuple[str, ...], on: datetime | None,
    known_on: date | None, output: str, explain: bool, names: bool, figures: tuple[str, ...],
    suggest: bool, change: tuple[str, ...], horizon: int | None, recording: bool,
    records: str | None, lang: str,
) -> int:  # fmt: skip
    """Approve or refuse the orders in FILES, and say why.

    An order is approved only if a rulebook governs it and every rule is satisfied or does not
    apply; what cannot be decided is not approved. Each breach is shown with its citation, how
    well that is known, and how far off the order was; where a change would help, the order as
    changed was decided and approved before it is proposed.
    """
    if records is not None:
        if files or on or known_on or figures or recording or explain or suggest:
            raise click.UsageError("--again stands alone: a record says what was asked")
        from creditgate.cli.again import decide_again

        return decide_again(records, rulebooks, "json" if output == "json" else "text")
    if suggest and (recording or output == "csv"):
        raise click.UsageError("--suggest is for text and JSON")
    if (change or horizon) and not suggest:
        raise click.UsageError("--change and --horizon go with --suggest")
    if not files:
        raise click.UsageError("name a file with facts, or `-` for the standard input")
    if not rulebooks:
        raise click.UsageError("name a rulebook, such as `--rulebook cn/sse`")
    gate = loaded_gate(rulebooks, known_on)
    if gate is None or not _figures_exist(gate, figures) or not _may_change(gate, change):
        return EXIT_USAGE
    from creditgate.cli.case_files import CaseFiles
    from creditgate.cli.printing import Suggest, printer

    day = None if on is None else on.date()
    cases = CaseFiles(files, gate.vocabulary)
    printed = printer(
        "record" if recording else output, lang, explain=explain, names=names,
        as_known=known_on is not None,
        suggest=Suggest(change or None, horizon) if suggest else None,
    )  # fmt: skip
    return _decide_all(cases, gate, day, figures, printed)


def loaded_gate(rulebooks: Sequence[str], known_on: date | None = None) -> Gate | None:
    """Load rulebooks as known on a day, or print what is wrong with them and return None."""
    import gc

    from creditgate.base.failures import RulebookRejected
    from creditgate.pipeline import Gate

    # What loading makes stays for the whole run: looking through it for garbage is lost time.
    gc.disable()
    try:
        return Gate.load(rulebooks, known_on=known_on)
    except RulebookRejected as rejected:
        print_diagnostics(rejected.diagnostics, "text")
        return None
    finally:
        gc.freeze()
        gc.enable()


def _figures_exist(gate: Gate, figures: Sequence[str]) -> bool:
    """Tell whether each figure is one of the event as a whole, and print what is wrong."""
    from creditgate.base.codes import Code
    from creditgate.base.suggest import nearest
    from creditgate.decide.faults import fault

    if not figures:
        return True
    books = [engine.rulebook for engine in gate.engines]
    whole = {n for book in books for n, figure in book.figures.items() if figure.of is None}
    known = whole | {name for book in books for name in book.determinations}
    found = []
    for name in figures:
        if name in known:
            continue
        of = next((b.figures[name].of for b in books if name in b.figures), None)
        near = nearest(name, known)
        hint = f"did you mean `{near}`?" if near else "`creditgate show` lists the figures"
        if of is not None:
            hint = (
                f"it is a figure of each {of}: `creditgate compute order.{of}.{name}` asks for one"
            )
        message = f"`{name}` is no figure of the rulebooks as a whole"
        found.append(fault(Code.UNKNOWN_FIGURE, "", message, hint))
    print_diagnostics(found, "text")
    return not found


def _may_change(gate: Gate, change: Sequence[str]) -> bool:
    """Tell whether each fact that is to be changed can be, and print what is wrong."""
    if not change:
        return True
    from creditgate.nearest.moves import wrong_paths

    found = wrong_paths(gate.vocabulary, change)
    print_diagnostics(found, "text")
    return not found


def _decide_all(
    cases: CaseFiles, gate: Gate, on: date | None, figures: tuple[str, ...], printed: Printer
) -> int:
    from creditgate.cli.progress import watched

    all_approved, something = True, False
    for case in watched(cases):
        if case.is_case:
            something = True
            approved = _decide_one(case, gate, on, figures, printed)
            all_approved = all_approved and approved
        else:
            printed.diagnose(case.place, case.diagnostics)
    printed.finish()
    if printed.unread or not something:
        return EXIT_USAGE
    return EXIT_CLEAN if all_approved else EXIT_FINDINGS


def _decide_one(
    case: CaseInput, gate: Gate, on: date | None, figures: tuple[str, ...], printed: Printer
) -> bool:
    """Decide one case, print it, and tell whether it is approved.

    What is wrong with the facts is known to the reader only, so they are read here.
    """
    from creditgate.decide.decision import Decision, Source
    from creditgate.decide.read import FactsRefused

    diagnostics = case.diagnostics
    if case.data is None:
        core = gate.refused(diagnostics)
        decision = Decision(core, Source(gate, None, on, figures))
    else:
        try:
            decision = gate.decide(gate.read(case.data), on=on, figures=figures)
        except FactsRefused as refused:
            diagnostics = (*diagnostics, *refused.diagnostics)
            decision = gate.decide(case.data, on=on, figures=figures)
    printed.decision(case.place, decision, diagnostics)
    return decision.is_approved
