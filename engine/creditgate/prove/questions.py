"""The questions, by the names under which the command asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from creditgate.domain.dsl_types import Number, without_none
from creditgate.prove.agreement import agree
from creditgate.prove.answers import YES, Answer
from creditgate.prove.contradictions import contradictions
from creditgate.prove.missing_facts import approves_without, facts_read
from creditgate.prove.more_never_hurts import more_never_hurts
from creditgate.prove.only_tightens import only_tightens
from creditgate.prove.rule_binds import rule_binds
from creditgate.prove.rule_fires import rule_fires
from creditgate.prove.rulebooks import Subject
from creditgate.prove.search import Epochs, Search
from creditgate.prove.undated import undated
from creditgate.prove.versions import Version, versions

WALK: Final = "walk"
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: of which rulebook, by how many seconds a question, on which day, about what.

    `thoroughly` asks the solver also where admission has settled that an overlay only tightens.
    """

    subject: Subject
    seconds: float
    on: int | None = None
    other: Subject | None = None
    facts: tuple[Fact, ...] = ()
    thoroughly: bool = False
    epochs: Epochs = field(default_factory=Epochs)
    searches: dict[str, Search] = field(default_factory=dict)

    def search(self, event: str) -> Search:
        """Return the search over an event of the rulebook, and of its base."""
        if event not in self.searches:
            books = [self.subject.book]
            books += [] if self.subject.base is None else [self.subject.base]
            self.searches[event] = Search(books, event, self.seconds, self.epochs)
        return self.searches[event]

    def events(self) -> list[str]:
        """Return the events that the rulebook governs."""
        return sorted(self.subject.book.governs)


Question = Callable[[Asked], Iterator[Answer]]


def _tightens(asked: Asked) -> Iterator[Answer]:
    subject = asked.subject
    if not subject.tightens or subject.base is None:
        return
    words = {"base": subject.base.id}
    # A certificate is believed when rulebooks are loaded; here is the solver to prove it again.
    if not (subject.doubts or subject.certified or asked.thoroughly):
        yield Answer("only_tightens", subject.book.id, YES, why=WALK, words=words)
        return
    yield from only_tightens(subject.base, subject.book, asked.seconds, asked.on, asked.epochs)


def _own(asked: Asked, search: Search) -> Iterator[Version]:
    """Yield the rules that do not stand in the base alike: of those the base is asked."""
    base = asked.subject.base
    for version in versions(search, asked.subject.book, asked.on):
        below = None if base is None else search.rules(base, version.among.first)
        known = () if below is None else below.rules
        if not any(
            each.rule.id == version.rule.rule.id
            and all(a is b for a, b in zip(each.parts, version.rule.parts, strict=True))
            for each in known
        ):
            yield version


def _fires(asked: Asked) -> Iterator[Answer]:
    for event in asked.events():
        search = asked.search(event)
        yield from rule_fires(search, _own(asked, search))


def _binds(asked: Asked) -> Iterator[Answer]:
    for event in asked.events():
        search = asked.search(event)
        yield from rule_binds(search, _own(asked, search))


def _latest(asked: Asked, event: str) -> Iterator[Version]:
    """Yield one rule of the last epoch, or that of the day, for the others beside it."""
    found = list(versions(asked.search(event), asked.subject.book, asked.on))
    last = max((version.among.first for version in found), default=None)
    yield from [version for version in found if version.among.first == last][:1]


def _contradicts(asked: Asked) -> Iterator[Answer]:
    for event in asked.events():
        search = asked.search(event)
        for version in _latest(asked, event):
            own = {each.rule.rule.id for each in _own(asked, search)}
            settled = {rule.rule.id for rule in version.event.rules} - own
            if own:
                yield from contradictions(search, version.event, version.among, settled)


def _undated(asked: Asked) -> Iterator[Answer]:
    for event in asked.events():
        for version in _latest(asked, event):
            yield from undated(asked.search(event), version.event, version.among)


def _approves_without(asked: Asked) -> Iterator[Answer]:
    vocabulary = asked.subject.book.vocabulary
    for event in asked.events():
        declared = vocabulary.events[event]
        for version in _latest(asked, event):
            search = asked.search(event)
            known = facts_read(search, version.event)
            named = () if declared.rules_name is None else (declared.rules_name,)
            wanted = asked.facts or named
            facts = [fact for fact in wanted if fact in known]
            yield from approves_without(search, version.event, version.among, facts)


def _more(asked: Asked) -> Iterator[Answer]:
    vocabulary = asked.subject.book.vocabulary
    for event in asked.events():
        for version in _latest(asked, event):
            search = asked.search(event)
            known = facts_read(search, version.event)
            facts = [fact for fact in asked.facts if fact in known]
            numbers = [
                (entity, name)
                for entity, name in facts
                if isinstance(without_none(vocabulary.entities[entity].facts[name].type), Number)
            ]
            yield from more_never_hurts(search, version.event, version.among, numbers)


def _agrees(asked: Asked) -> Iterator[Answer]:
    if asked.other is not None:
        yield from agree(
            asked.subject.book, asked.other.book, asked.seconds, asked.on, asked.epochs
        )


QUESTIONS: Final[Mapping[str, Question]] = {
    "only_tightens": _tightens,
    "fires": _fires,
    "binds": _binds,
    "contradicts": _contradicts,
    "undated": _undated,
    "approves_without": _approves_without,
    "more_never_hurts": _more,
    "agrees": _agrees,
}


def is_certifiable(asked: Asked, answers: list[Answer]) -> bool:
    """Tell whether answers prove what admission left open, on all days."""
    proved = [answer for answer in answers if answer.question == "only_tightens"]
    settled = bool(proved) and all(answer.verdict == YES for answer in proved)
    return settled and asked.on is None and bool(asked.subject.doubts)
