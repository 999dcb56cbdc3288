"""One change of a rulebook: what it is, where it stands, what stood there and what stands there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from creditgate.base.spans import NOWHERE, Span
from creditgate.domain.citation import Bilingual
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Rulebook
from creditgate.mutate.expressions import CONSTANT, MEMBER, NEGATED, OPERATOR

DATE: Final = "date"
EXEMPTION: Final = "exemption"
CASE: Final = "case"
RULE: Final = "rule"
STATUS: Final = "status"
EFFECT: Final = "effect"
KINDS: Final = (
    CONSTANT, OPERATOR, NEGATED, MEMBER, DATE, EXEMPTION, CASE, RULE, STATUS, EFFECT
)  # fmt: skip
#: The section of what stands in the header.
HEADER: Final = "header"

Told: TypeAlias = Expr | Bilingual
#: From a rulebook to the one with the change; None where the change does not touch it.
Apply: TypeAlias = Callable[[Rulebook], Rulebook | None]
#: The first and the last day (None: without end) on which a change can be seen.
Days: TypeAlias = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    `section` and `name` say what is changed, `part` which part of it. `days` are those on which it
    can be seen; None where it may be seen on any. `around` is the comparison that it stands in,
    before and after.
    """

    kind: str
    section: str
    name: str
    part: Bilingual
    old: Told
    new: Told
    apply: Apply
    days: Days | None = None
    span: Span = NOWHERE
    around: tuple[Expr, Expr] | None = None
    id: str = ""

    def text(self) -> str:
        """Return what tells the change from others of the rulebook."""
        words = (
            self.kind,
            self.section,
            self.name,
            self.part.en,
            _plain(self.old),
            _plain(self.new),
        )
        return "\n".join(words)

    def sees(self, day: int) -> bool:
        """Tell whether the change can be seen on a day."""
        if self.days is None:
            return True
        first, last = self.days
        return first <= day and (last is None or day <= last)


def identity(rulebook: str, change: Change, before: int) -> str:
    """Return the id of a change, the same wherever in its file the thing stands.

    `before` is how many changes with the same text stand before it.
    """
    words = f"{rulebook}\n{change.text()}\n{before}"
    return hashlib.sha256(words.encode()).hexdigest()[:10]


def _plain(told: Told) -> str:
    return told.en if isinstance(told, Bilingual) else formula_text(told)
