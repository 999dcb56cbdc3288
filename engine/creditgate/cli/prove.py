"""`creditgate prove`: questions about all orders at once."""

from __future__ import annotations

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import (
    format_option,
    language_option,
    print_diagnostics,
    print_json,
)

if TYPE_CHECKING:
    from creditgate.prove.answers import Answer
    from creditgate.prove.questions import Asked
    from creditgate.prove.rulebooks import Library, Subject

EXTRA: Final = "prove"
NAMES: Final = (
    "only_tightens", "fires", "binds", "contradicts", "undated", "approves_without",
    "more_never_hurts", "agrees",
)  # fmt: skip
# What is asked where no question is named; the others need a fact or a second rulebook.
USUAL: Final = ("only_tightens", "fires", "binds", "contradicts", "undated", "approves_without")


@click.command(
    "prove",
    epilog="""\b
Examples:
  creditgate prove brokers/example_cn_member --question only_tightens
  creditgate prove cn/sse --question fires --question binds --verbose
  creditgate prove cn/sse --question more_never_hurts --fact account.cash
  creditgate prove cn/sse --question agrees --with cn/szse
  creditgate prove --all rulebooks/

\b
Questions:
  only_tightens     whatever the overlay lets through its base lets through; where loading leaves
                    that open, a proof leaves a certificate beside the overlay
  fires             can each rule be breached, and can what it looks at satisfy it
  binds             does each rule stop something by itself, or does another rule hide it
  contradicts       are there two rules that nothing can satisfy together
  undated           is a value asked for at a date before its first version
  approves_without  can anything be approved while a fact is missing (--fact)
  more_never_hurts  does an approval stay one where a number is larger (--fact)
  agrees            do two rulebooks say the same (--with)

\b
Each answer is yes, no, or not decided with the reason. Every order shown has been decided by the
reference evaluator under the rulebooks named.

\b
Exit status:
  0 nothing to look at; 1 something to look at, or an overlay that is not proved to tighten;
  2 something could not be read or used; 3 a fault of creditgate.""",
)
@click.argument("rulebook", required=False)
@click.option(
    "--question", "questions", multiple=True, type=click.Choice(NAMES), metavar="NAME",
    help="Ask this; repeat it for several.",
)  # fmt: skip
@click.option("--with", "other", metavar="ID", help="The other rulebook, for `agrees`.")
@click.option(
    "--fact", "facts", multiple=True, metavar="ENTITY.FACT",
    help="Ask about this fact; repeat it for several.",
)  # fmt: skip
@click.option(
    "--all", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR", help="Ask of every rulebook below a folder.",
)  # fmt: skip
@click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="As the rules stand on this day; by default as each stands last.",
)  # fmt: skip
@click.option(
    "--limit", "seconds", type=click.FloatRange(min=0.1), default=5.0, show_default=True,
    metavar="SECONDS", help="The time limit of each search.",
)  # fmt: skip
@click.option(
    "--thoroughly", is_flag=True,
    help="Ask the solver also what loading has settled about overlays.",
)  # fmt: skip
@click.option("--verbose", is_flag=True, help="Show every answer, not only what to look at.")
@format_option
@language_option
def command(
    rulebook: str | None, questions: tuple[str, ...], other: str | None, facts: tuple[str, ...],
    folder: Path | None, on: datetime | None, seconds: float, thoroughly: bool, verbose: bool,
    output: str, lang: str,
) -> int:  # fmt: skip
    """Ask questions about RULEBOOK (an id or a folder) that no number of test cases answers."""
    if find_spec("z3") is None:
        _print_missing()
        return EXIT_USAGE
    if (rulebook is None) == (folder is None):
        raise click.UsageError("name a rulebook, or a folder of them with --all")
    if ("agrees" in questions) != (other is not None):
        raise click.UsageError("`agrees` and --with go together")
    if "more_never_hurts" in questions and not facts:
        raise click.UsageError("`more_never_hurts` needs a fact, such as --fact account.cash")
    day = None if on is None else on.date().toordinal()
    named = [_fact(text) for text in facts]
    wanted = questions or USUAL
    if folder is not None:
        return _all(folder, wanted, seconds, day, named, thoroughly, verbose, output, lang)
    assert rulebook is not None
    return _one(rulebook, wanted, other, seconds, day, named, thoroughly, verbose, output, lang)


def _print_missing() -> None:
    from creditgate.base.codes import Code
    from creditgate.decide.faults import fault

    message = f"`z3-solver` must be installed for this; the extra `{EXTRA}` brings it"
    hint = f"pip install 'creditgate[{EXTRA}]'"
    print_diagnostics([fault(Code.EXTRA_MISSING, "", message, hint)], "text")


def _fact(text: str) -> tuple[str, str]:
    entity, dot, name = text.partition(".")
    if not dot or not entity or not name:
        raise click.UsageError(f"`{text}` is no fact; write it as `account.cash`")
    return entity, name


def _one(
    rulebook: str, questions: tuple[str, ...], other: str | None, seconds: float,
    day: int | None, facts: list[tuple[str, str]], thoroughly: bool, verbose: bool, output: str,
    lang: str,
) -> int:  # fmt: skip
    from creditgate.pipeline import located
    from creditgate.prove.questions import QUESTIONS, Asked
    from creditgate.prove.rulebooks import Library

    names = [located(name) for name in (rulebook, *([] if other is None else [other]))]
    library = Library(tuple(dict.fromkeys(root for _, root in names if root is not None)))
    subjects = [_subject(library, name) for name, _ in names]
    if any(subject is None for subject in subjects):
        return EXIT_USAGE
    known = [subject for subject in subjects if subject is not None]
    for entity, name in facts:
        if known[0].book.vocabulary.fact(entity, name) is None:
            raise click.UsageError(f"there is no fact `{entity}.{name}`")
    asked = Asked(
        known[0], seconds, day, known[1] if other is not None else None, tuple(facts), thoroughly
    )
    answers = [answer for name in questions for answer in QUESTIONS[name](asked)]
    _show(answers, verbose or len(questions) == 1, output, lang)
    _certify(asked, answers, output)
    return _status(answers)


def _subject(library: Library, name: str) -> Subject | None:
    from creditgate.base.codes import Code
    from creditgate.decide.faults import fault

    subject = library.subject(name)
    if subject is None:
        found = library.diagnostics or (
            fault(Code.ABSTRACT_RULEBOOK, "", f"`{name}` is a base and decides nothing by itself"),
        )
        print_diagnostics(found, "text")
    return subject


def _certify(asked: Asked, answers: list[Answer], output: str) -> None:
    """Leave a certificate beside an overlay that the solver, not loading, proved to tighten."""
    from creditgate.admit.certificates import certificate, write_certificate
    from creditgate.prove.questions import is_certifiable

    subject = asked.subject
    if subject.base is None or subject.folder is None or not is_certifiable(asked, answers):
        return
    if not subject.only_figures:
        return
    rules = tuple(a.subject for a in answers if a.question == "only_tightens" and a.subject)
    path = write_certificate(subject.folder, certificate(subject.base, subject.book, rules))
    if output == "text":
        click.echo(f"certificate: {path}")


def _all(
    folder: Path, questions: tuple[str, ...], seconds: float, day: int | None,
    facts: list[tuple[str, str]], thoroughly: bool, verbose: bool, output: str, lang: str,
) -> int:  # fmt: skip
    from creditgate.load.rulebook_files import Shelf
    from creditgate.prove.every_rulebook import Task, every_answer
    from creditgate.prove.shown_answers import summary_lines

    root = folder.resolve()
    tasks = [
        Task((root,), name, tuple(questions), seconds, day, tuple(facts), thoroughly)
        for name in Shelf((root,)).ids()
    ]
    if not tasks:
        raise click.UsageError(f"there is no rulebook below {folder}")
    every: list[Answer] = []
    is_wrong = False
    for done in every_answer(tasks):
        every += done.answers
        if done.diagnostics:
            is_wrong = True
            print_diagnostics(done.diagnostics, "text")
        if output == "text":
            _show(list(done.answers), verbose, output, lang, done.rulebook)
    if output == "json":
        _show(every, verbose, output, lang)
    else:
        for line in summary_lines(every, lang):
            click.echo(line)
    return EXIT_USAGE if is_wrong else _status(every)


def _show(
    answers: list[Answer], verbose: bool, output: str, lang: str, rulebook: str | None = None
) -> None:
    from creditgate.base.render import visible
    from creditgate.prove.shown_answers import answer_json, answer_lines, summary_lines

    if output == "json":
        print_json([answer_json(answer) for answer in answers])
        return
    shown = [a for a in answers if verbose or a.is_finding or a.verdict == "not_decided"]
    if rulebook is not None and (shown or answers):
        click.echo(rulebook)
    for answer in shown:
        for line in answer_lines(answer, lang):
            click.echo(visible(line))
    if rulebook is None:
        for line in summary_lines(answers, lang):
            click.echo(line)


def _status(answers: list[Answer]) -> int:
    """Return the exit status: what is not decided counts only about overlays."""
    open_overlay = any(a.question == "only_tightens" and a.verdict != "yes" for a in answers)
    return EXIT_FINDINGS if open_overlay or any(a.is_finding for a in answers) else EXIT_CLEAN
