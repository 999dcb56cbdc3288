"""`creditgate new`: the beginning of a rule with its scenarios, written into the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_USAGE
from creditgate.cli.output import print_diagnostics

if TYPE_CHECKING:
    from creditgate.check.load import Catalogue
    from creditgate.domain.vocabulary import Event, Vocabulary
    from creditgate.load.located import Map
    from creditgate.load.rulebook_files import RulebookSource

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_FROM: Final = re.compile(r"\bfrom: (\d{4}-\d{2}-\d{2})")
_RULE: Final = """\
{name}:
  title: {{en: "To write: what the rule demands, as a sentence", zh: 待填写：规则的要求}}
  on: {event}
{when}  require: condition_to_write
{due}  reason: reason_to_choose
  breach:
    en: "To write: what is wrong, and what would pass."
    zh: 待填写：违反之处，以及如何符合。
  in_force:
    - from: {day}
      cite: {{instrument: instrument_to_cite, article: "article to cite"}}
      evidence: unverified
"""
_CASE: Final = """\
- name: "to write: {name} is {outcome}"
  rule: {name}
  on: {day}
{event}  facts: {facts}
{missing}  expect: {{outcome: {outcome}}}
"""
_OUTCOMES: Final = ("satisfied", "breached", "undecided")
_OUTCOMES_WITH_DEADLINE: Final = (*_OUTCOMES, "pending")


@click.group("new")
def command() -> None:
    """Write the beginning of something new into the files of a rulebook."""


@command.command(
    "rule",
    epilog="\b\nExamples:\n"
    "  creditgate new rule short_sale_in_hours --rulebook cn/sse --chapter trading.yaml\n"
    "  creditgate new rule call_by_noon --rulebook my_rules --chapter calls \\\n"
    "      --on-event account_close_of_day --from 2026-01-19\n"
    "  creditgate new rule call_met --rulebook my_rules --chapter calls \\\n"
    "      --on-event account_close_of_day --due",
)
@click.argument("name")
@click.option("--rulebook", required=True, metavar="PATH", help="Its folder, or its id.")
@click.option("--chapter", required=True, metavar="FILE", help="The chapter; made if need be.")
@click.option("--on-event", "event", default="order", show_default=True, help="What it judges.")
@click.option(
    "--from",
    "start",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The first trading day affected; by default the latest day in its files.",
)
@click.option("--due", is_flag=True, help="What it requires has a deadline.")
def rule(
    name: str, rulebook: str, chapter: str, event: str, start: datetime | None, due: bool
) -> int:  # fmt: skip
    """Write the beginning of the rule NAME into a chapter, and its cases into the scenarios.

    All keys that a rule needs are there, in both languages. `creditgate lint` then points at what
    has to be filled in: the condition, the reason and the legal text. A name that the rulebook
    already knows is refused.
    """
    from creditgate.pipeline import catalogue, located

    book_id, root = located(rulebook)
    shelf = catalogue(() if root is None else (root,))
    vocabulary = shelf.vocabulary()
    source = shelf.shelf.read(book_id, shelf.collector)
    if source is None or shelf.collector.has_errors:
        print_diagnostics(shelf.collector.diagnostics, "text")
        return EXIT_USAGE
    declared = _declared(vocabulary, event)
    if due and declared.rules_name is not None:
        raise click.BadParameter(f"a rule on {event} has no deadline", param_hint="'--due'")
    _check_name(name, source, shelf)
    day = start.date().isoformat() if start is not None else _latest(source.folder)
    stem = Path(chapter).name.removesuffix(".yaml")
    chapter_path = source.folder / f"{stem}.yaml"
    cases_path = source.folder / "scenarios" / f"{stem}.yaml"
    text = _rule_text(name, declared, day, due=due)
    _add_to_section(chapter_path, "rules", text, _chapter_start(chapter_path))
    wanted = _OUTCOMES_WITH_DEADLINE if due else _OUTCOMES
    cases = "".join(_case_text(name, declared, day, o, vocabulary) for o in wanted)
    _add_to_section(cases_path, "cases", cases, _scenarios_start(cases_path, shelf, source))
    click.echo(f"rule {name} is in {chapter_path}")
    click.echo(f"its cases are in {cases_path}")
    click.echo(f"next: fill in what `creditgate lint {rulebook}` points at")
    return EXIT_CLEAN


def _declared(vocabulary: Vocabulary, event: str) -> Event:
    from creditgate.base.suggest import nearest

    if event not in vocabulary.events:
        near = nearest(event, vocabulary.events)
        known = f"did you mean {near}?" if near else f"known: {', '.join(vocabulary.events)}"
        raise click.BadParameter(f"there is no event {event}; {known}", param_hint="'--on-event'")
    return vocabulary.events[event]


def _check_name(name: str, source: RulebookSource, shelf: Catalogue) -> None:
    """Refuse a name that is malformed, or known to the rulebook or to one it builds on."""
    from creditgate.explain.show import names_of
    from creditgate.load.located import Map
    from creditgate.load.reading import texts_at

    if _NAME.fullmatch(name) is None:
        raise click.BadParameter(
            "a name has small letters, digits and `_`, a letter first", param_hint="'NAME'"
        )
    sections = [section for _, chapter in source.chapters for _, section in chapter.entries]
    known = {key.value for part in sections if isinstance(part, Map) for key, _ in part.entries}
    for base in texts_at(source.header, "extends"):
        checked = shelf.checked(base)
        known.update(() if checked is None else names_of(checked.rulebook))
    if name in known:
        raise click.BadParameter(
            f"{source.id} already has something called {name}", param_hint="'NAME'"
        )


def _latest(folder: Path) -> str:
    """Return the latest day from which something holds, as the files state it."""
    texts = (path.read_text("utf-8") for path in sorted(folder.glob("*.yaml")))
    return max((day for text in texts for day in _FROM.findall(text)), default="2000-01-01")


def _rule_text(name: str, event: Event, day: str, *, due: bool) -> str:
    named = event.rules_name
    when = "" if named is None else f"  when: {'.'.join(named)} is {named[1]}_to_choose\n"
    deadline = "  due: deadline_to_write\n" if due else ""
    return _RULE.format(name=name, event=event.name, when=when, due=deadline, day=day)


def _case_text(name: str, event: Event, day: str, outcome: str, vocabulary: Vocabulary) -> str:
    entity, fact, value = _some_fact(event, vocabulary)
    missing = f"  missing: [{entity}.{fact}]\n" if outcome == "undecided" else ""
    judged = "" if event.name == "order" else f"  event: {event.name}\n"
    return _CASE.format(
        name=name,
        outcome=outcome,
        day=day,
        event=judged,
        facts=f"{{{entity}: {{{fact}: {value}}}}}",
        missing=missing,
    )


def _some_fact(event: Event, vocabulary: Vocabulary) -> tuple[str, str, str]:
    """Return a fact of the event's first subject with a value that it may have."""
    entity = vocabulary.entities[event.subjects[0]]
    for fact in entity.facts.values():
        if fact.low is not None and fact.none_when is None:
            return entity.name, fact.name, str(fact.low)
    for fact in entity.facts.values():
        if fact.kind == "boolean":
            return entity.name, fact.name, "no"
    return entity.name, entity.key or "id", '"1"'


def _chapter_start(path: Path) -> str:
    return (
        f'{_schema_line(path, "chapter")}chapter: {{en: "To write: the title", zh: 待填写：章名}}\n'
    )


def _scenarios_start(path: Path, shelf: Catalogue, source: RulebookSource) -> str:
    from creditgate.load.reading import text_at

    names = source.id
    if text_at(source.header, "abstract") in {"yes", "true"}:
        names = f"[{', '.join(_overlays(shelf, source.id))}]"
    return f"{_schema_line(path, 'scenarios')}rulebook: {names}\n"


def _overlays(shelf: Catalogue, base: str) -> Iterator[str]:
    """Yield the regulators' rulebooks that are laid over a base; they judge its scenarios."""
    from creditgate.base.collector import Collector
    from creditgate.load.reading import text_at, texts_at

    for name in shelf.shelf.ids():
        folder = shelf.shelf.folder(name)
        assert folder is not None
        header = shelf.shelf.document(folder / "rulebook.yaml", "rulebook", Collector())
        if header is None or base not in texts_at(header, "extends"):
            continue
        if text_at(header, "mode") != "tightens":
            yield name


def _schema_line(path: Path, kind: str) -> str:
    from creditgate.cli.fmt import with_header

    return with_header("", path, kind)


def _add_to_section(path: Path, section: str, text: str, start: str) -> None:
    """Put text at the end of a section of a file, making the section and the file if need be."""
    from creditgate.base.collector import Collector
    from creditgate.base.spans import SourceFile
    from creditgate.load.located import Map
    from creditgate.load.yaml_reader import read_yaml

    before = path.read_text("utf-8") if path.is_file() else start
    tree = read_yaml(SourceFile(str(path), before), Collector())
    assert isinstance(tree, Map)
    node = tree.get(section)
    if node is None:
        after = f"{before.rstrip()}\n\n{section}:\n{_indented(text, '  ')}"
    else:
        line_end = before.find("\n", max(node.span.end - 1, 0))
        end = len(before) if line_end < 0 else line_end
        blank = "\n" if section == "rules" else ""
        added = f"\n{blank}{_indented(text, _indent_of(tree, section, before))}".rstrip("\n")
        after = before[:end].rstrip() + added + (before[end:] or "\n")
    path.parent.mkdir(exist_ok=True)
    path.write_text(after, "utf-8", newline="\n")


def _indent_of(tree: Map, section: str, text: str) -> str:
    """Return the blanks in front of the entries of a section."""
    node = tree.get(section)
    assert node is not None
    line = text[text.rfind("\n", 0, node.span.start) + 1 :]
    return line[: len(line) - len(line.lstrip(" "))]


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in text.splitlines())
