"""The decision: an immutable value whose core has stable bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from creditgate.domain.facts import Facts

if TYPE_CHECKING:
    from creditgate.nearest.answers import NearestApproval

APPROVED: Final = "approved"
REJECTED: Final = "rejected"
UNDECIDED: Final = "undecided"
PENDING: Final = "pending"
OUT_OF_SCOPE: Final = "out_of_scope"


class GoverningRulebook(msgspec.Struct, frozen=True):
    """A loaded rulebook: whether it governs (`yes`, `no`, `unknown`) and its meaning digest."""

    id: str
    digest: str
    governs: str


class BreachedRule(msgspec.Struct, frozen=True):
    """A rule that is breached, with its reason and the value of FIX OrdRejReason(103).

    `due` is its deadline where it has one: a date, or an instant with the offset of the rulebook's
    zone.
    """

    rule: str
    reason: str
    fix_103: int
    due: str | None = None


class UndecidedRule(msgspec.Struct, frozen=True):
    """A rule that cannot be decided: the facts that are missing, and other causes."""

    rule: str
    missing: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


class PendingRule(msgspec.Struct, frozen=True):
    """A rule whose requirement may still be met, and until when: a date, or an instant."""

    rule: str
    due: str


class WarnedRule(msgspec.Struct, frozen=True):
    """A rule that only warns, its outcome, and its deadline where it has one."""

    rule: str
    outcome: str
    due: str | None = None


class Refusal(msgspec.Struct, frozen=True):
    """Why facts could not be read: the code and the sentence of a diagnostic."""

    code: str
    message: str


class Value(msgspec.Struct, frozen=True):
    """A figure or determination: exact value as text, its unit, or what is missing.

    `state` is value, none or unknown.
    """

    state: str
    value: str | None = None
    unit: str | None = None
    missing: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


class Core(msgspec.Struct, frozen=True):
    """What is compared byte for byte: outcomes, values, ids; no words.

    `what_if` marks an answer by the law of another day than the event's own; `known_on` one with
    only what was published by that day.
    """

    decision: str
    event: str
    as_of: str | None
    rulebooks: tuple[GoverningRulebook, ...]
    breached: tuple[BreachedRule, ...] = ()
    undecided: tuple[UndecidedRule, ...] = ()
    pending: tuple[PendingRule, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[WarnedRule, ...] = ()
    claims: tuple[str, ...] = ()
    figures: Mapping[str, Value] = msgspec.field(default_factory=dict)
    determinations: Mapping[str, Value] = msgspec.field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    what_if: bool = False
    known_on: str | None = None


_ENCODER: Final = msgspec.json.Encoder()


class Source(msgspec.Struct, frozen=True, gc=False):
    """What a decision was made from: enough to explain it and to make it again.

    `gate` is the gate that decided. `facts` is None where the facts were refused; `refused` is
    then the document as it was given.
    """

    gate: Any
    facts: Facts | None
    on: date | None = None
    figures: tuple[str, ...] = ()
    refused: Any = None


class Decision(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Approve or refuse, and why.

    Truth value: a decision has none on purpose; ask `is_approved`.

    Example:
        >>> decision = Decision(Core("approved", "order", "2026-01-19", ()))
        >>> decision.is_approved
        True

    """

    core: Core
    source: Source | None = None

    def __eq__(self, other: object) -> bool:
        return self.core == other.core if isinstance(other, Decision) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.core_bytes())

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("core", self.core)]

    @property
    def outcome(self) -> str:
        """Return approved, rejected, undecided, pending or out_of_scope."""
        return self.core.decision

    @property
    def is_approved(self) -> bool:
        """Tell whether the order may pass. Nothing but `approved` may."""
        return self.core.decision == APPROVED

    @property
    def breached(self) -> tuple[str, ...]:
        """Return the ids of the rules breached."""
        return tuple(item.rule for item in self.core.breached)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Return the ids of the rules that cannot be decided."""
        return tuple(item.rule for item in self.core.undecided)

    @property
    def pending(self) -> tuple[str, ...]:
        """Return the ids of the rules whose deadline is still to come."""
        return tuple(item.rule for item in self.core.pending)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the paths of the facts that are missing."""
        return self.core.missing

    def nearest_approval(
        self, change: Sequence[str] | None = None, *, horizon_days: int | None = None,
        limit: int | None = None,
    ) -> NearestApproval:  # fmt: skip
        """Return what would have to change for an approval, the facts otherwise as they are.

        `change` names the facts that may change, as `order.quantity` or
        `account.collateral[600036].quantity`; without it those that the vocabulary marks. Dates
        lie at most `horizon_days` calendar days off; `limit` bounds the work of each search.
        Every value that is returned was decided by the gate and approved, and the next nearer one
        was not.

        Errors: ChangeRefused, with diagnostics, where a fact is not known or is neither a number
                nor a date, and where the facts of the decision could not be read.
        """
        from creditgate.nearest.ask import nearest_approval

        return nearest_approval(self, change, horizon_days=horizon_days, limit=limit)

    def __bool__(self) -> bool:
        raise TypeError("ask `decision.is_approved`: a decision has no truth value")

    def core_bytes(self) -> bytes:
        """Return the core as JSON: the same bytes for the same facts, day and digests."""
        return _ENCODER.encode(self.core)
