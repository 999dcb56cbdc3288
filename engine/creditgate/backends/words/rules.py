"""A rule as one sentence: whom it binds, what it requires or forbids, and what it excepts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from creditgate.backends.words.sentences import Words
from creditgate.domain.citation import Bilingual
from creditgate.ir.nodes import Not
from creditgate.ir.rulebook import ExemptionDefinition, RuleDefinition

_BINDS: Final = Bilingual("{0}, if {1}: ", "{0}，如{1}：")
_BINDS_ALL: Final = Bilingual("{0}: ", "{0}：")
_REQUIRES: Final = Bilingual("it is required that {0}", "要求{0}")
_FORBIDS: Final = Bilingual("it is forbidden that {0}", "禁止{0}")
_DUE: Final = Bilingual(", by {0}", "，期限为{0}")
_EXCEPTED: Final = Bilingual(" Excepted: {0}", "例外：{0}")
_BETWEEN: Final = Bilingual("; ", "；")
_STOP: Final = Bilingual(".", "。")
_TITLED: Final = Bilingual("{0} ({1})", "{0}（{1}）")


def rule_sentence(
    words: Words, rule: RuleDefinition, exemptions: Iterable[ExemptionDefinition]
) -> str:
    """Return a rule in words, with those exemptions, in the language of the words.

    Shape:   `Order, if the order's credit action is Short sale: it is required that the order's
             limit price is at least the last price.`
    """
    language = words.grammar.id
    event = words.rulebook.vocabulary.events[rule.event].title.of(language)
    required = rule.require
    if rule.forbids and isinstance(required, Not):
        required = required.item
    said = _BINDS_ALL.of(language).format(event)
    if rule.when is not None:
        said = _BINDS.of(language).format(event, words.value(rule.when))
    said += (_FORBIDS if rule.forbids else _REQUIRES).of(language).format(words.value(required))
    if rule.deadline is not None:
        said += _DUE.of(language).format(words.value(rule.deadline.due))
    said += _STOP.of(language)
    excepted = []
    for item in exemptions:
        when = words.value(item.when)
        title = None if item.title is None else item.title.of(language)
        excepted.append(when if title is None else _TITLED.of(language).format(title, when))
    if excepted:
        listed = _BETWEEN.of(language).join(excepted)
        said += _EXCEPTED.of(language).format(listed) + _STOP.of(language)
    return said
