"""Answers: yes, no with a concrete order, or not decided with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Verdict = Literal["yes", "no", "not_decided"]
YES: Final[Verdict] = "yes"
NO: Final[Verdict] = "no"
NOT_DECIDED: Final[Verdict] = "not_decided"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a rulebook says of an order on the reference."""

    rulebook: str
    decision: str
    breached: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A concrete order: a facts document, and what was decided, first and by whom.

    `decisions` were made by the reference on the document as it stands here.
    """

    document: Mapping[str, Any]
    decisions: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question about one thing.

    `subject` is the id of a rule, a figure or a fact, or several; `first` and `last` are the days
    (ordinals) spoken of, None where there is no end. `why` names the reason of what is not
    decided, or how a yes came about. `is_finding` tells what a reader of the rulebook should look
    at.
    """

    question: str
    rulebook: str
    verdict: Verdict
    subject: str = ""
    first: int | None = None
    last: int | None = None
    order: tuple[Order, ...] = ()
    why: str = ""
    is_finding: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
