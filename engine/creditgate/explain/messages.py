"""Messages of rules with the values of their expressions filled in."""

from __future__ import annotations

from creditgate.domain.citation import Bilingual
from creditgate.explain.shown_values import NOT_KNOWN, Speech
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Message, Rulebook
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Evaluation


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
