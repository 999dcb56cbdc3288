"""Values and messages as evidence shows them: exact text for machines, words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from creditgate.backends.words.chinese import Chinese
from creditgate.backends.words.constants import value_text
from creditgate.decide.values import value_of
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Duration, ListOf, Number, Type, without_none
from creditgate.domain.shown import shown
from creditgate.domain.units import SHARE
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Message, Rulebook
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Evaluation, Unknown

NOT_KNOWN: Final = Bilingual("not known", "未知")


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value: `state` is value, none or unknown; `exact` its text, `unit` what it measures."""

    state: str
    exact: str | None
    unit: str | None
    words: Bilingual


@dataclass(frozen=True, slots=True)
class Speech:
    """What is needed to say a value: the names of members, and the zone of the market."""

    vocabulary: Vocabulary
    zone: str

    @classmethod
    def of(cls, book: Rulebook) -> Speech:
        """Return the speech of a rulebook."""
        return cls(book.vocabulary, book.time_zone)

    def words(self, value: Any, kind: Type) -> Bilingual:
        """Return a value in words; an unknown one is “not known”."""
        if isinstance(value, Unknown):
            return NOT_KNOWN
        if isinstance(value, frozenset) and not value:
            return Bilingual("no member", "无成员")
        if isinstance(without_none(kind), ListOf) and value is not None:
            return Bilingual(f"{len(value)} row{'' if len(value) == 1 else 's'}", f"{len(value)}条")
        english = shown(value, kind, self.vocabulary, "en", self.zone)
        chinese = shown(value, kind, self.vocabulary, "zh", self.zone)
        match without_none(kind):
            case Number(unit) if value is not None and unit.dimensions:
                english = english.removesuffix("s") if unit == SHARE and value == 1 else english
                if unit != SHARE:
                    chinese = value_text(value, without_none(kind), self.vocabulary, Chinese())
            case Duration() if value == 1:
                english = english.removesuffix("s")
        return Bilingual(english, chinese)

    def value(self, value: Any, kind: Type) -> ShownValue:
        """Return a value with its exact text, its unit and its words.

        >>> from fractions import Fraction
        >>> from creditgate.domain.dsl_types import QUANTITY
        >>> speech = Speech(Vocabulary({}, {}, {}, {}, {}), "UTC")
        >>> speech.value(Fraction(1050), QUANTITY).words.en
        '1,050 shares'
        """
        words = self.words(value, kind)
        if isinstance(without_none(kind), ListOf) and not isinstance(value, Unknown | None):
            return ShownValue("value", str(len(value)), "rows", words)
        plain = value_of(value, kind)
        return ShownValue(plain.state, plain.value, plain.unit, words)


def filled(message: Message, book: Rulebook, day: int, evaluation: Evaluation) -> Bilingual:
    """Return a message in both languages as of the first day of an epoch.

    A placeholder whose value is not known reads “not known”; one that is none reads “none”.
    """
    speech = Speech.of(book)

    def words(part: str | Expr) -> Bilingual:
        if isinstance(part, str):
            return Bilingual(part, part)
        try:
            node = closed(book, part, day)
        except KeyError:
            # What the message names has no version yet on this day.
            return NOT_KNOWN
        return speech.words(evaluation.value(node), node.type)

    return Bilingual(
        "".join(words(part).en for part in message.en),
        "".join(words(part).zh for part in message.zh),
    )
