"""Prove on the spot that a formula is never below, or never above, the meaning it replaces."""

from __future__ import annotations

from fractions import Fraction

from creditgate.ir.bounds import Bounds, Range, implied
from creditgate.ir.nodes import Apply, Base, Expr, If
from creditgate.ir.walk import every

Known = tuple[tuple[Expr, Range], ...]


def never_looser(formula: Expr, stricter: str, bounds: Bounds, known: Known = ()) -> bool:
    """Tell whether `formula` is provably at least `base` (`higher`) or at most it (`lower`).

    False means not proved; it does not mean that there is a counterexample.
    """
    higher = stricter == "higher"
    match formula:
        case Base():
            return True
        case If(test=test, then=then, otherwise=otherwise):
            yes = (*known, *implied(test, holds=True))
            no = (*known, *implied(test, holds=False))
            return never_looser(then, stricter, bounds, yes) and never_looser(
                otherwise, stricter, bounds, no
            )
        case Apply(operator="maximum" | "minimum" as operator, arguments=arguments):
            proved = [never_looser(item, stricter, bounds, known) for item in arguments]
            helps = (operator == "maximum") is higher
            return any(proved) if helps else all(proved)
        case Apply(operator="add", arguments=(left, right)):
            return _with_rest(left, right, higher, bounds, known) or _with_rest(
                right, left, higher, bounds, known
            )
        case Apply(operator="subtract", arguments=(left, right)):
            rest = bounds.of(right, known)
            good = rest.is_negative if higher else rest.is_positive
            return good and never_looser(left, stricter, bounds, known)
        case Apply(operator="multiply", arguments=(left, right)):
            return _scaled(left, right, higher, bounds, known) or _scaled(
                right, left, higher, bounds, known
            )
        case _:
            return False


def mentions_base(formula: Expr) -> bool:
    """Tell whether a formula builds on what it replaces."""
    return any(isinstance(part, Base) for part in every(formula))


def _with_rest(base: Expr, rest: Expr, higher: bool, bounds: Bounds, known: Known) -> bool:
    size = bounds.of(rest, known)
    good = size.is_positive if higher else size.is_negative
    return good and never_looser(base, "higher" if higher else "lower", bounds, known)


def _scaled(base: Expr, factor: Expr, higher: bool, bounds: Bounds, known: Known) -> bool:
    """Tell whether a factor proves it: only of `base` itself, where that is never negative."""
    if not isinstance(base, Base):
        return False
    size = bounds.of(factor, known)
    one = Fraction(1)
    if not bounds.of(base, known).is_positive:
        return False
    if higher:
        return size.low is not None and size.low >= one
    return size.is_positive and size.high is not None and size.high <= one
