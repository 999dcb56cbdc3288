"""What a comparison of meanings says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from creditgate.domain.citation import Bilingual

Verdict = Literal["equal", "stricter", "looser", "both", "facts", "other", "not_decided"]
Direction = Literal["stricter", "looser"]
EQUAL: Final[Verdict] = "equal"
STRICTER: Final[Direction] = "stricter"
LOOSER: Final[Direction] = "looser"
BOTH: Final[Verdict] = "both"
FACTS: Final[Verdict] = "facts"
OTHER: Final[Verdict] = "other"
NOT_DECIDED: Final[Verdict] = "not_decided"


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision in words, in both languages."""

    decision: str
    breached: tuple[str, ...]
    words: Bilingual


@dataclass(frozen=True, slots=True)
class Witness:
    """An order that is decided differently, as a facts document, with both decisions.

    Both were made anew by the reference. `is_smallest` tells whether no smaller quantity was found
    to do, for certain.
    """

    document: Mapping[str, Any]
    before: Explained
    after: Explained
    is_smallest: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enum."""

    name: str
    title: Bilingual


@dataclass(frozen=True, slots=True)
class Region:
    """For which values of a fact orders are decided differently.

    `met` are those of an order that was found, `not_met` those without one, `open` those that could
    not be settled.
    """

    fact: str
    title: Bilingual
    met: tuple[Member, ...]
    not_met: tuple[Member, ...] = ()
    open: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleMeaning:
    """A rule that is not the same on both sides.

    `kind` is `rule`, `figure`, `determination` or `governs`; `why` names how the verdict came
    about, or why there is none; `first` and `last` are the days (ordinals) spoken of. `before` and
    `after` are the rule in words.
    """

    id: str
    kind: str
    event: str
    title: Bilingual
    verdict: Verdict
    why: str = ""
    about: str = ""
    first: int | None = None
    last: int | None = None
    warns: bool = False
    before_id: str | None = None
    before: tuple[Bilingual, ...] = ()
    after: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """Orders of one action, or other events of one kind, that are decided more strictly or loosely.

    Without a witness nothing was found: `why` says whether there is none, because other rules stop
    the same, or whether that could not be settled.
    """

    event: str
    event_title: Bilingual
    action: Member | None
    direction: Direction
    witness: Witness | None = None
    why: str = ""
    regions: tuple[Region, ...] = ()
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class BookMeaning:
    """What two rulebooks, or one at two times, decide differently.

    `asked` are facts that rules of the later one read and no rule of the earlier one, `dropped` the
    reverse; `alike` is the number of rules that are the same.
    """

    before: str
    after: str
    title: Bilingual
    verdict: Verdict
    rules: tuple[RuleMeaning, ...] = ()
    effects: tuple[Effect, ...] = ()
    asked: tuple[Member, ...] = ()
    dropped: tuple[Member, ...] = ()
    alike: int = 0
    why: str = ""
    about: str = ""


def together(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict on a whole from those on its parts.

    >>> together(["equal", "stricter"]), together(["stricter", "looser"])
    ('stricter', 'both')
    """
    found = set(verdicts)
    if BOTH in found or {STRICTER, LOOSER} <= found:
        return BOTH
    if NOT_DECIDED in found:
        return NOT_DECIDED
    order: tuple[Verdict, ...] = (STRICTER, LOOSER, OTHER, FACTS)
    return next((verdict for verdict in order if verdict in found), EQUAL)
