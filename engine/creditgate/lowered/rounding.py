"""The nearest integers to a quotient, by the rounding functions of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def round_down(numerator: int, denominator: int) -> int:
    """Return the largest integer not above a quotient; the denominator is above zero."""
    return numerator // denominator


def round_up(numerator: int, denominator: int) -> int:
    """Return the smallest integer not below a quotient."""
    return -(-numerator // denominator)


def round_half_up(numerator: int, denominator: int) -> int:
    """Return the nearest integer to a quotient; a tie goes away from zero."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def round_half_even(numerator: int, denominator: int) -> int:
    """Return the nearest integer to a quotient; a tie goes to the even one."""
    whole, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and whole % 2):
        whole += 1
    return whole


ROUNDING: Mapping[str, Callable[[int, int], int]] = {
    "round_down": round_down,
    "round_up": round_up,
    "round_half_up": round_half_up,
    "round_half_even": round_half_even,
}
