"""The outcomes of a rule."""

from __future__ import annotations

from typing import Final

SATISFIED: Final = "satisfied"
PENDING: Final = "pending"
BREACHED: Final = "breached"
UNDECIDED: Final = "undecided"
NOT_APPLICABLE: Final = "not_applicable"
