"""What generated code calls: functions of days, rounding to even, verdicts."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from creditgate.domain.facts import MISSING

Verdict: TypeAlias = tuple[Any, tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]


class Blank:
    """Stand in for a record that was not given: every fact of it is missing."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return MISSING


BLANK: Final = Blank()


def clear(governs: Any) -> Verdict:
    """Return the verdict of an event with nothing breached, undecided or warned of."""
    return (governs, (), (), (), ())


GOVERNED: Final = clear(True)
NOT_GOVERNED: Final = clear(False)


def verdict(
    governs: Any, breached: list[int], undecided: list[int], warnings: frozenset[int]
) -> Verdict:
    """Return the verdict with indices of rules in legal order, warnings apart."""
    if warnings.isdisjoint(breached) and warnings.isdisjoint(undecided):
        return governs, tuple(sorted(breached)), tuple(sorted(undecided)), (), ()
    return (
        governs,
        tuple(sorted([index for index in breached if index not in warnings])),
        tuple(sorted([index for index in undecided if index not in warnings])),
        tuple(sorted([index for index in breached if index in warnings])),
        tuple(sorted([index for index in undecided if index in warnings])),
    )
