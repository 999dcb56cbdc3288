"""Integers of 128 bits in kernels: a type of the compiler, and the functions that compute with it.

Sums, products and comparisons are instructions of the machine. Division is written out here, for
the compiler's own would call a library that need not be there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, models, register_model

BITS: Final = 128
_I64, _I128 = ir.IntType(64), ir.IntType(BITS)


class WideInteger(types.Type):
    """The type of an integer of 128 bits."""

    def __init__(self) -> None:
        super().__init__(name="WideInteger")


WIDE: Final = WideInteger()


@register_model(WideInteger)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _I128)  # type: ignore[no-untyped-call]  # numba says no types


def _function(result: Any, build: Callable[..., Any], *kinds: Any) -> Any:
    """Return a function of the compiler that is made of instructions."""

    def written(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return build(builder, *values)

    if len(kinds) == 1:

        @intrinsic
        def one(_typing: Any, a: Any) -> Any:
            return (result(*kinds), written) if a == kinds[0] else None

        return one

    @intrinsic
    def two(_typing: Any, a: Any, b: Any) -> Any:
        return (result(*kinds), written) if (a, b) == kinds else None

    return two


def _wide(_typing: Any, a: Any) -> Any:
    if not isinstance(a, types.Integer | types.Boolean):
        return None
    # What is unknown stands as False in sums that nobody looks at.
    is_plain = isinstance(a, types.IntegerLiteral | types.Boolean)
    kind: Any = types.int64 if is_plain else a

    def written(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        held = context.cast(builder, values[0], signature.args[0], kind)
        return (builder.sext if kind.signed else builder.zext)(held, _I128)

    return WIDE(kind), written


#: Makes an integer of at most 64 bits one of 128.
wide: Final[Any] = intrinsic(_wide)


def _compared(symbol: str) -> Any:
    return _function(types.boolean, lambda b, x, y: b.icmp_signed(symbol, x, y), WIDE, WIDE)


def _joined(builder: Any, high: Any, low: Any) -> Any:
    shifted = builder.shl(builder.sext(high, _I128), ir.Constant(_I128, 64))
    return builder.or_(shifted, builder.zext(low, _I128))


narrow: Final = _function(types.int64, lambda b, x: b.trunc(x, _I64), WIDE)
add: Final = _function(WIDE, lambda b, x, y: b.add(x, y), WIDE, WIDE)
subtract: Final = _function(WIDE, lambda b, x, y: b.sub(x, y), WIDE, WIDE)
multiply: Final = _function(WIDE, lambda b, x, y: b.mul(x, y), WIDE, WIDE)
less: Final = _compared("<")
less_or_equal: Final = _compared("<=")
greater: Final = _compared(">")
greater_or_equal: Final = _compared(">=")
equal: Final = _compared("==")
not_equal: Final = _compared("!=")
_join: Final = _function(WIDE, _joined, types.int64, types.uint64)
_low: Final = _function(types.uint64, lambda b, x: b.trunc(x, _I64), WIDE)
_high: Final = _function(
    types.uint64, lambda b, x: b.trunc(b.lshr(x, ir.Constant(_I128, 64)), _I64), WIDE
)
_complement: Final = _function(WIDE, lambda b, x: b.not_(x), WIDE)
_leading_zeros: Final = _function(
    types.uint64, lambda b, x: b.ctlz(x, ir.Constant(ir.IntType(1), 0)), types.uint64
)


@njit(nogil=True)
def joined(high: Any, low: Any) -> Any:
    """Return the integer whose upper half is `high`, with the sign, and whose lower is `low`."""
    return _join(np.int64(high), np.uint64(low))


_ONE, _DIGIT, _WORD = np.uint64(1), np.uint64(32), np.uint64(64)
_DIGITS, _LOWEST = np.uint64(2**32), np.uint64(2**32 - 1)
_ZERO = np.uint64(0)


@njit(nogil=True)
def _digit(high: Any, following: Any, by: Any) -> Any:
    """Return the next digit of a quotient, and what is left with the following digit brought down."""
    by_high, by_low = by >> _DIGIT, by & _LOWEST
    digit = high // by_high
    left = high - digit * by_high
    while digit >= _DIGITS or digit * by_low > (left << _DIGIT) + following:
        digit -= _ONE
        left += by_high
        if left >= _DIGITS:
            break
    return digit, (high << _DIGIT) + following - digit * by


@njit(nogil=True)
def _divided(high: Any, low: Any, by: Any) -> Any:
    """Divide a number of two words by one that is greater than the upper; return both results.

    This is Knuth's algorithm D (The Art of Computer Programming, volume 2, 4.3.1) with digits of
    32 bits, as Warren has it (Hacker's Delight, 9-4).
    """
    shift = _leading_zeros(by)
    by = by << shift
    if shift > _ZERO:
        high = (high << shift) | (low >> (_WORD - shift))
        low = low << shift
    first, middle = _digit(high, low >> _DIGIT, by)
    second, left = _digit(middle, low & _LOWEST, by)
    return (first << _DIGIT) + second, left >> shift


@njit(nogil=True)
def _whole(value: Any, by: Any) -> Any:
    """Return the quotient, rounded down, of a number not below zero and one above zero.

    Both are below 2^126, so that a divisor more than the number is not too large.
    """
    if _high(by) == _ZERO:
        divisor = _low(by)
        upper = _high(value) // divisor
        lower, _ = _divided(_high(value) - upper * divisor, _low(value), divisor)
        return _join(np.int64(upper), lower)
    # Both lose so many bits that the divisor has one word left; the quotient, which has one word
    # too, is then at most one too large.
    shift = _WORD - _leading_zeros(_high(by))
    first = (_high(by) << (_WORD - shift)) | (_low(by) >> shift)
    above = _high(value) >> shift
    under = (_high(value) << (_WORD - shift)) | (_low(value) >> shift)
    guess, _ = _divided(above, under, first)
    found = _join(np.int64(0), guess)
    return subtract(found, wide(1)) if less(value, multiply(found, by)) else found


@njit(nogil=True)
def _fits(value: Any) -> Any:
    return equal(value, wide(narrow(value)))


@njit(nogil=True)
def floor(left: Any, right: Any) -> Any:
    """Return a quotient rounded down; what is divided by is above zero."""
    if _fits(left) and _fits(right):
        return wide(narrow(left) // narrow(right))
    if less(left, wide(0)):
        return _complement(_whole(_complement(left), right))
    return _whole(left, right)


@njit(nogil=True)
def rest(left: Any, right: Any) -> Any:
    """Return what is left over of a quotient rounded down; what is divided by is above zero."""
    return subtract(left, multiply(floor(left, right), right))
