"""`creditgate test --generate`: scenarios made from rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from creditgate.base.codes import Code
from creditgate.cli.main import EXIT_CLEAN, EXIT_USAGE
from creditgate.cli.output import print_diagnostics, print_json

if TYPE_CHECKING:
    from creditgate.check.load import Catalogue
    from creditgate.generate.generated_file import Target
    from creditgate.ir.rulebook import Rulebook

EXTRA: Final = "prove"


def generate_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of `--generate` to a command, which receives them as keywords."""
    for option in (
        click.option("--figures", is_flag=True,
                     help="With --generate: also the conditions by which figures choose."),
        click.option("--all", "everything", is_flag=True,
                     help="With --generate: also what scenarios cover already."),
        click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY",
                     help="With --generate: only the rules as they stand on this day."),
        click.option("--rule", "rules", multiple=True, metavar="ID",
                     help="With --generate: only this rule; repeat it for several."),
        click.option("--into", type=click.Path(path_type=Path), metavar="FILE|FOLDER",
                     help="With --generate: write here, in a folder one file a chapter."),
        click.option("--generate", is_flag=True,
                     help="Make scenarios from the rules: each condition alone decides, at its "
                          "limits, and with each fact missing."),
    ):  # fmt: skip
        command = option(command)
    return command


def check_options(
    generate: bool, given: dict[str, Any], rulebooks: tuple[str, ...], *, runs: bool
) -> None:
    """Refuse options that do not go together.

    Errors: UsageError.
    """
    if generate and len(rulebooks) != 1:
        raise click.UsageError("--generate makes the scenarios of one rulebook: name it")
    if generate and runs:
        raise click.UsageError("--generate runs no scenarios: --coverage and --only go without it")
    wrong = [name for name in ("into", "rules", "on", "everything", "figures") if given[name]]
    if wrong and not generate:
        name = {"rules": "rule", "everything": "all"}.get(wrong[0], wrong[0])
        raise click.UsageError(f"--{name} goes with --generate")


def generate(
    rulebook: str, output: str, *, into: Path | None, rules: tuple[str, ...], on: datetime | None,
    everything: bool, figures: bool, lang: str,
) -> int:  # fmt: skip
    """Make the scenarios of a rulebook, write them, and say what was made."""
    from creditgate.decide.faults import fault

    if find_spec("z3") is None:
        message = f"`z3-solver` must be installed for this; the extra `{EXTRA}` brings it"
        hint = f"pip install 'creditgate[{EXTRA}]'"
        print_diagnostics([fault(Code.EXTRA_MISSING, "", message, hint)], output)
        return EXIT_USAGE
    day = None if on is None else on.date().toordinal()
    try:
        return _generate(rulebook, output, into, rules, day, everything, figures, lang)
    except KeyboardInterrupt:
        message = "the scenarios were not finished"
        hint = "files that are there are whole; run it again, or name fewer rules with --rule"
        print_diagnostics([fault(Code.GENERATION_INTERRUPTED, "", message, hint)], output)
        return EXIT_USAGE


def _generate(
    rulebook: str, output: str, into: Path | None, rules: tuple[str, ...], day: int | None,
    everything: bool, figures: bool, lang: str,
) -> int:  # fmt: skip
    from creditgate.generate.generated_file import NotWritten, refuse_unwritable

    try:
        refuse_unwritable(into)
        return _written(rulebook, output, into, rules, day, everything, figures, lang)
    except NotWritten as problem:
        print_diagnostics([problem.diagnostic], output)
        return EXIT_USAGE


def _written(
    rulebook: str, output: str, into: Path | None, rules: tuple[str, ...], day: int | None,
    everything: bool, figures: bool, lang: str,
) -> int:  # fmt: skip
    from creditgate.cli.fmt import with_header
    from creditgate.generate.generated_file import (
        Composer,
        is_generated,
        outside_scenarios,
        refuse_overwriting,
        targets_of,
        write,
    )
    from creditgate.generate.rulebook_cases import RulebookCases
    from creditgate.generate.summary import Summary, summary_lines, summary_map
    from creditgate.pipeline import catalogue, checked_for_use, located
    from creditgate.scenarios.suite import cases_for

    name, root = located(rulebook)
    shelf = catalogue(() if root is None else (root,))
    checked = checked_for_use(shelf, name)
    if checked is None or shelf.collector.has_errors:
        print_diagnostics(shelf.collector.diagnostics, output)
        return EXIT_USAGE
    book = checked.rulebook
    wanted = _rules(book, rules)
    scenarios = [
        case
        for case in cases_for(shelf, [name])
        if case.rulebook == name and case.kind == "rule" and case.known_on is None
        and not (case.span.file is not None and is_generated(case.span.file.text))
    ]  # fmt: skip
    if shelf.collector.has_errors:
        print_diagnostics(shelf.collector.diagnostics, output)
        return EXIT_USAGE
    base = _base(shelf, book)
    made = RulebookCases(
        book, base, scenarios, on=day, rules=wanted, everything=everything, figures=figures
    )
    targets = targets_of(into, list(made.versions()))
    for target in targets:
        if target.path is not None:
            refuse_overwriting(target.path)
    composer = Composer(book, shelf)
    composed = [composer.composed(target) for target in targets]
    files: list[Path] = []
    for text, target in composed:
        if text is None:
            continue
        if target.path is not None:
            write(target.path, with_header(text, target.path, "scenarios"))
            files.append(target.path)
        elif output == "text":
            click.echo(text, nl=False)
    summary = Summary(
        name, None if base is None else base.id, made.left_to_base, _parts(composed),
        tuple(str(path) for path in files), outside_scenarios(files),
    )  # fmt: skip
    if output == "json":
        print_json(summary_map(summary))
    else:
        for line in summary_lines(summary, lang):
            click.echo(line, err=into is None)
    return EXIT_CLEAN


def _parts(composed: list[tuple[str | None, Target]]) -> tuple[Any, ...]:
    return tuple(part for _, target in composed for part in target.parts)


def _base(shelf: Catalogue, book: Rulebook) -> Rulebook | None:
    """Return the rulebook that this one tightens, where it decides by itself."""
    if book.mode != "tightens" or len(book.lineage) < 2:
        return None
    found = shelf.checked(book.lineage[-2])
    return None if found is None or found.rulebook.abstract else found.rulebook


def _rules(book: Rulebook, named: tuple[str, ...]) -> frozenset[str] | None:
    """Return the names of the rules asked for, None for all.

    Errors: UsageError where there is no such rule.
    """
    if not named:
        return None
    from creditgate.base.suggest import nearest

    by_id = {rule.id: rule.name for rule in book.rules.values()}
    found = set()
    for text in named:
        name = by_id.get(text, text)
        if name not in book.rules:
            near = nearest(text.rpartition("/")[2], book.rules)
            hint = f"; did you mean {near}?" if near else ""
            raise click.UsageError(f"{book.id} has no rule {text}{hint}")
        found.add(name)
    return frozenset(found)
