"""Rules in plain words on both sides, where these differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from creditgate.diff.meaning_parts import BookMeaning, RuleMeaning
from creditgate.diff.stands import Stand
from creditgate.domain.citation import Bilingual
from creditgate.explain.show import one
from creditgate.explain.show_parts import ShownRule


def in_words(meaning: BookMeaning, before: Stand, after: Stand) -> BookMeaning:
    """Return a comparison whose rules stand in it in words, as of the first day spoken of."""
    return replace(meaning, rules=tuple(_in_words(rule, before, after) for rule in meaning.rules))


def _in_words(rule: RuleMeaning, before: Stand, after: Stand) -> RuleMeaning:
    if rule.kind != "rule" or (rule.last is None and rule.first is None):
        return rule
    day = rule.last if rule.last is not None else rule.first
    assert day is not None
    old = _clauses(before, rule.before_id or rule.id, day)
    new = _clauses(after, rule.id, day)
    if old == new:
        return rule
    return replace(
        rule,
        before=tuple(clause for clause in old if clause not in new),
        after=tuple(clause for clause in new if clause not in old),
    )


def _clauses(stand: Stand, name: str, day: int) -> Sequence[Bilingual]:
    judged = stand.day(day)
    if not stand.book.covers(judged):
        return ()
    told = [one(stand.book, name, language, judged) for language in ("en", "zh")]
    if not all(isinstance(item, ShownRule) and item.active for item in told):
        return ()
    parts = [_parts(item) for item in told if isinstance(item, ShownRule)]
    return [Bilingual(en, zh) for en, zh in zip(*parts, strict=False)]


def _parts(rule: ShownRule) -> list[str]:
    exempt = [clause for item in rule.exemptions if item.active for clause in item.when]
    return [*rule.applies, *rule.requires, *exempt]
