"""`creditgate facts`: the facts that a rulebook reads, with what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_USAGE
from creditgate.cli.output import format_option, language_option, print_diagnostics, print_json

if TYPE_CHECKING:
    from creditgate.domain.vocabulary import DailyList, Entity, FactDeclaration, Vocabulary
    from creditgate.ir.nodes import Expr
    from creditgate.ir.rulebook import Rulebook

_WORDS = {
    "events": ("Events", "事件"),
    "claims": ("Claims", "声明"),
    "members": ("Members", "枚举取值"),
    "lists": ("Daily lists, stated in `{0}`", "每日名单（在 `{0}` 中列明）"),
    "carries": ("{0} (carries {1})", "{0}（包含 {1}）"),
    "dated": ("dated by", "日期字段"),
    "single": ("one record", "单条记录"),
    "table": ("list `{list}`, by `{key}`", "列表 `{list}`，键 `{key}`"),
    "element": ("rows of a list, by `{key}`", "列表中的行，键 `{key}`"),
    "to": ("{0} to {1}", "{0} 至 {1}"),
    "decimals": ("{0} decimals at most", "最多 {0} 位小数"),
    "ratio": ("1 is 100%", "1 即 100%"),
    "none_when": ("none when {0} is {1}", "{0} 为 {1} 时无此值"),
    "none": ("may be none", "可以为无"),
    "currency": ("the currency of the rulebook", "规则手册的币种"),
}


@click.command(
    "facts",
    epilog="\b\nExamples:\n"
    "  creditgate facts cn/sse\n"
    "  creditgate facts cn/sse --on 2015-07-01 --lang zh\n"
    "  creditgate facts --format json",
)
@click.argument("rulebook", required=False)
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only what is read on this day; by default what is read on any day.",
)
@language_option
@format_option
def command(rulebook: str | None, on: datetime | None, lang: str, output: str) -> int:
    """List the facts that RULEBOOK (an id or a folder) reads, by entity.

    Each fact stands with its meaning, its type and unit, its bounds, whether it may be none, and
    what FIX and broker counters call it. Without RULEBOOK the whole vocabulary is listed. A fact
    that is not given is unknown, and an order for which it matters is not approved.
    """
    from creditgate.pipeline import catalogue, located

    book_id, root = located(rulebook) if rulebook is not None else (None, None)
    shelf = catalogue(() if root is None else (root,))
    vocabulary = shelf.vocabulary()
    checked = None if book_id is None else shelf.checked(book_id)
    if shelf.collector.has_errors or (book_id is not None and checked is None):
        print_diagnostics(shelf.collector.diagnostics, output)
        return EXIT_USAGE
    if on is not None and checked is None:
        raise click.UsageError("`--on` needs a rulebook")
    book = None if checked is None else checked.rulebook
    listing = _Listing(vocabulary, book, None if on is None else on.date().toordinal(), lang)
    if output == "json":
        print_json(listing.as_map())
    else:
        click.echo("\n".join(listing.lines()))
    return EXIT_CLEAN


class _Listing:
    """The facts, claims and events to list, in one language."""

    def __init__(
        self, vocabulary: Vocabulary, book: Rulebook | None, day: int | None, language: str
    ) -> None:
        self.vocabulary, self.book, self.language = vocabulary, book, language
        self.needed: frozenset[tuple[str, str]] | None = None
        self.claims = list(vocabulary.claims)
        self.events = list(vocabulary.events)
        if book is not None:
            from creditgate.decide.facts_needed import events_asked

            self.needed, claims = _read_by(book, day)
            self.claims = [name for name in self.claims if name in claims]
            self.events = [name for name in self.events if name in events_asked(book)]

    def entities(self) -> Iterator[tuple[Entity, list[FactDeclaration]]]:
        """Yield entities with the facts to list; keys of records are always among them."""
        named = None if self.needed is None else {entity for entity, _ in self.needed}
        for entity in self.vocabulary.entities.values():
            if named is not None and entity.name not in named:
                continue
            yield entity, [fact for fact in entity.facts.values() if self._listed(entity, fact)]

    def _listed(self, entity: Entity, fact: FactDeclaration) -> bool:
        return (
            self.needed is None
            or (entity.name, fact.name) in self.needed
            or fact.name == entity.key
        )

    def lists(self) -> Iterator[tuple[DailyList, list[str]]]:
        """Yield daily lists with the paths of the facts to list that they carry."""
        for item in self.vocabulary.lists.values():
            needed = [f for f in item.carries if self.needed is None or f in self.needed]
            if needed:
                yield item, [".".join(fact) for fact in needed]

    def lines(self) -> Iterator[str]:
        """Yield the listing as text."""
        from creditgate.domain.vocabulary import PUBLISHED_LIST
        from creditgate.explain.show_layout import padded, width_of, wrapped

        yield f"{self._say('events')}:"
        for name in self.events:
            event = self.vocabulary.events[name]
            path = ".".join(event.dated_by)
            yield f"  {name}: {event.title.of(self.language)} ({self._say('dated')} {path})"
        for entity, facts in self.entities():
            how = self._say(entity.kind).format(list=entity.list_name, key=entity.key)
            yield from ("", f"{entity.name}: {entity.title.of(self.language)} ({how})")
            column = 2 + max((width_of(fact.name) for fact in facts), default=0)
            blank = "  " + " " * column
            for fact in facts:
                title = fact.title.of(self.language)
                yield from wrapped(title, "  " + padded(fact.name, column), blank)
                yield from wrapped(", ".join(self._shape(fact)), blank, blank)
                if fact.aliases:
                    said = " · ".join(f"{system} {name}" for system, name in fact.aliases)
                    yield from wrapped(said, blank, blank)
        if self._enums():
            yield from ("", f"{self._say('members')}:")
        for name in self._enums():
            members = self.vocabulary.enums[name].members.items()
            said = ", ".join(f"{key} ({title.of(self.language)})" for key, title in members)
            yield from wrapped(f"{name}: {said}", "  ", "    ")
        lists = list(self.lists())
        if lists:
            table = self.vocabulary.entities[PUBLISHED_LIST].list_name
            yield from ("", f"{self._say('lists').format(table)}:")
        for item, carried in lists:
            said = self._say("carries").format(item.title.of(self.language), ", ".join(carried))
            yield from wrapped(f"{item.name}: {said}", "  ", "    ")
        if self.claims:
            yield from ("", f"{self._say('claims')}:")
        for name in self.claims:
            claim = self.vocabulary.claims[name]
            who = "" if claim.who is None else f" ({claim.who.of(self.language)})"
            yield from wrapped(f"{name}: {claim.title.of(self.language)}{who}", "  ", "    ")

    def as_map(self) -> dict[str, Any]:
        """Return the listing as a map."""
        return {
            "rulebook": None if self.book is None else self.book.id,
            "events": [
                {
                    "name": name,
                    "title": self.vocabulary.events[name].title.of(self.language),
                    "dated_by": ".".join(self.vocabulary.events[name].dated_by),
                    "subjects": list(self.vocabulary.events[name].subjects),
                }
                for name in self.events
            ],
            "entities": [
                {
                    "name": entity.name,
                    "kind": entity.kind,
                    "title": entity.title.of(self.language),
                    "key": entity.key,
                    "list": entity.list_name,
                    "facts": [self._fact_map(fact) for fact in facts],
                }
                for entity, facts in self.entities()
            ],
            "enums": {
                name: {
                    key: title.of(self.language)
                    for key, title in self.vocabulary.enums[name].members.items()
                }
                for name in self._enums()
            },
            "lists": [
                {"name": item.name, "title": item.title.of(self.language), "carries": carried}
                for item, carried in self.lists()
            ],
            "claims": [
                {"name": name, "title": self.vocabulary.claims[name].title.of(self.language)}
                for name in self.claims
            ],
        }

    def _fact_map(self, fact: FactDeclaration) -> dict[str, Any]:
        return {
            "name": fact.name,
            "meaning": fact.title.of(self.language),
            "type": fact.kind,
            "described": self._kind(fact),
            "target": fact.target,
            "min": None if fact.low is None else str(fact.low),
            "max": None if fact.high is None else str(fact.high),
            "decimals": fact.scale if fact.low is not None else None,
            "none": fact.may_be_none,
            "none_when": None
            if fact.none_when is None
            else {"fact": fact.none_when.fact, "in": sorted(fact.none_when.members)},
            "aliases": dict(fact.aliases),
        }

    def _shape(self, fact: FactDeclaration) -> Iterator[str]:
        yield self._kind(fact)
        if fact.kind == "ratio":
            yield self._say("ratio")
        if fact.low is not None and fact.high is not None:
            yield self._say("to").format(f"{fact.low:,}", f"{fact.high:,}")
            if fact.scale:
                yield self._say("decimals").format(fact.scale)
        if fact.none_when is not None:
            members = " / ".join(sorted(fact.none_when.members))
            yield self._say("none_when").format(fact.none_when.fact, members)
        elif fact.may_be_none:
            yield self._say("none")

    def _kind(self, fact: FactDeclaration) -> str:
        from creditgate.backends.words.kinds import kind_text
        from creditgate.check.types import in_currency
        from creditgate.domain.dsl_types import without_none
        from creditgate.domain.vocabulary import CURRENCY_PLACEHOLDER

        kind = without_none(fact.type)
        if self.book is not None:
            kind = in_currency(kind, self.book.currency)
        said = kind_text(kind, self.vocabulary, self.language)
        return said.replace(CURRENCY_PLACEHOLDER, self._say("currency"))

    def _enums(self) -> list[str]:
        enums = self.vocabulary.enums
        used = {fact.target for _, facts in self.entities() for fact in facts}
        return [name for name in enums if name in used]

    def _say(self, word: str) -> str:
        return _WORDS[word][self.language == "zh"]


def _read_by(book: Rulebook, day: int | None) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Return the facts and the claims that a rulebook reads, on any day or on one."""
    from creditgate.decide.facts_needed import events_asked, facts_in, facts_read
    from creditgate.ir.nodes import Claimed
    from creditgate.ir.walk import every

    if day is None:
        exempt = [item.when for rule in book.rules.values() for item in rule.exemptions]
        claimed = (n.claim for e in exempt for n in every(e) if isinstance(n, Claimed))
        return facts_read(book), frozenset(claimed)
    nodes = _in_force(book, day)
    events = book.vocabulary.events
    dates = {events[name].dated_by for name in events_asked(book)}
    claims = {n.claim for node in nodes for n in every(node) if isinstance(n, Claimed)}
    return facts_in(nodes) | dates, frozenset(claims)


def _in_force(book: Rulebook, day: int) -> list[Expr]:
    from creditgate.decide.facts_needed import expressions_on
    from creditgate.ir.specialise import specialise

    epoch = specialise(book, day)
    if epoch is None:
        raise click.BadParameter(f"{book.id} is not in force on this day", param_hint="'--on'")
    found = [*epoch.figures.values()]
    for event in book.vocabulary.events:
        found += expressions_on(epoch, event, determinations=True)
    return found
