"""A report as blocks in one language: the verdict first, then why, then what is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Final

from creditgate.base.diagnostic import Diagnostic, Severity
from creditgate.base.render import render_text
from creditgate.diff.blocks import Block, Folded, Grid, Heading, Items, Line, Pre
from creditgate.diff.meaning_parts import (
    STRICTER,
    BookMeaning,
    Effect,
    Member,
    Region,
    RuleMeaning,
)
from creditgate.diff.report import DiffReport, SideShown
from creditgate.diff.told_impact import impact_blocks
from creditgate.diff.told_text import text_blocks
from creditgate.diff.words import (
    KINDS,
    MEANS,
    REASONS_WHY,
    TITLE,
    VERDICTS,
    WHY,
    Speech,
)

_AS_RULES: Final = ("rule", "governs")


def told(report: DiffReport, language: str) -> list[Block]:
    """Return a report as blocks."""
    return list(_Teller(report, language).blocks())


class _Teller:
    def __init__(self, report: DiffReport, language: str) -> None:
        self.report, self.language = report, language
        self.say = Speech(language)

    def blocks(self) -> Iterator[Block]:
        report, say = self.report, self.say
        yield Heading(1, TITLE.of(self.language))
        yield Items([
            f"{say(word)}{say('colon')}{self._side(side)}"
            for word, side in (("before", report.before), ("after", report.after))
        ])  # fmt: skip
        verdict = report.verdict
        if verdict is not None:
            yield Line(say.of(MEANS, verdict), say.of(VERDICTS, verdict))
        else:
            yield Line(say("not_compared"))
        if report.unanswered:
            yield Heading(2, say("open_questions"))
            for found in report.unanswered:
                yield from self._unanswered(found)
        changed = [book for book in report.meaning or () if book.verdict != "equal" or book.rules]
        if changed:
            yield Heading(2, say("decisions"))
        for book in changed:
            yield from self._book(book, is_alone=len(changed) == 1)
        if report.impact is not None:
            yield from impact_blocks(report.impact, say)
        yield from text_blocks(report, say)
        yield from self._problems()

    def _side(self, side: SideShown) -> str:
        named = self.say("as_of", side.rulebooks[0], date.fromordinal(side.on)) if side.on else ""
        if side.on is None or len(side.rulebooks) != 1:
            return side.spec
        return named

    def _unanswered(self, found: Diagnostic) -> Iterator[Block]:
        why = REASONS_WHY.get(found.code.number)
        yield Pre("", render_text([found]))
        if why is not None:
            yield Line(self.say("why_matters", why.of(self.language)))

    # Meaning

    def _book(self, book: BookMeaning, *, is_alone: bool) -> Iterator[Block]:
        say = self.say
        if not is_alone:
            yield Heading(3, f"{book.title.of(self.language)} ({book.after})")
            yield Line(say.of(MEANS, book.verdict), say.of(VERDICTS, book.verdict))
        if book.why:
            yield Line(say.of(WHY, book.why, about=book.about))
        rules = [rule for rule in book.rules if rule.kind in _AS_RULES]
        if rules:
            head = [say("rule"), say("comes_to"), say("why"), say("days")]
            yield Grid(head, [self._rule(rule) for rule in rules])
        for rule in rules:
            yield from self._clauses(rule)
        others = [rule for rule in book.rules if rule.kind not in _AS_RULES]
        if others:
            names = say("and").join(
                f"{rule.title.of(self.language)} (`{rule.id}`)" for rule in others
            )
            yield Line(say("figures", names))
        if book.asked:
            yield Line(say("asked", self._members(book.asked, named=True)))
        if book.dropped:
            yield Line(say("dropped", self._members(book.dropped, named=True)))
        if book.alike:
            yield Line(say("alike", book.alike))
        for effect in book.effects:
            yield from self._effect(effect)

    def _rule(self, rule: RuleMeaning) -> list[str]:
        say = self.say
        title = f"{rule.title.of(self.language)} (`{rule.id}`)"
        if rule.before_id is not None:
            title += f"{say('semicolon')}{say('was_called', rule.before_id)}"
        if rule.kind == "governs":
            title = f"{say.of(KINDS, 'governs')}{say('colon')}{rule.title.of(self.language)}"
        why = say.of(WHY, rule.why, about=rule.about) if rule.why else ""
        if rule.warns:
            why = say("semicolon").join(filter(None, (why, say("warns"))))
        days = self._days(rule.first, rule.last)
        return [title, say.of(VERDICTS, rule.verdict), why, days]

    def _clauses(self, rule: RuleMeaning) -> Iterator[Block]:
        if not rule.before and not rule.after:
            return
        yield Line(f"{rule.title.of(self.language)}{self.say('colon').rstrip()}")
        yield Items([
            *[self.say("words_before", words.of(self.language)) for words in rule.before],
            *[self.say("words_after", words.of(self.language)) for words in rule.after],
        ])  # fmt: skip

    def _days(self, first: int | None, last: int | None) -> str:
        if first is None:
            return ""
        start = date.fromordinal(first).isoformat()
        if last is None:
            return self.say("from", start)
        end = date.fromordinal(last).isoformat()
        return self.say("on", start) if start == end else self.say("between", start, end)

    def _effect(self, effect: Effect) -> Iterator[Block]:
        say = self.say
        title = (effect.action.title if effect.action else effect.event_title).of(self.language)
        name = effect.action.name if effect.action else effect.event
        key = "stricter" if effect.direction == STRICTER else "looser"
        yield Heading(3, say(key, f"{title} (`{name}`)"))
        if effect.witness is None:
            yield Line(say.of(WHY, effect.why))
            return
        for region in effect.regions:
            yield Line(self._region(region))
        witness = effect.witness
        yield Line(say("smallest" if witness.is_smallest else "small"))
        yield Pre(say("before"), witness.before.words.of(self.language))
        yield Pre(say("after"), witness.after.words.of(self.language))
        yield Folded(say("facts"), json.dumps(witness.document, ensure_ascii=False))

    def _region(self, region: Region) -> str:
        say, title = self.say, region.title.of(self.language)
        if len(region.not_met) < len(region.met):
            said = say("but", title, self._members(region.not_met))
        else:
            said = say("met", title, self._members(region.met))
        return said + (say("open", self._members(region.open)) if region.open else "")

    def _members(self, members: tuple[Member, ...], *, named: bool = False) -> str:
        return self.say("and").join(
            f"{member.title.of(self.language)} (`{member.name}`)"
            if named
            else member.title.of(self.language)
            for member in members
        )

    def _problems(self) -> Iterator[Block]:
        found = [each for each in self.report.problems if each.severity is not Severity.NOTE]
        if found:
            yield Heading(2, self.say("problems"))
            yield Pre("", render_text(found))
