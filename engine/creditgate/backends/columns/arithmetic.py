"""How a kernel computes with numbers: plainly in 64 bits, or by functions on wider ones."""

from __future__ import annotations

from typing import Protocol

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_FUNCTIONS = {"+": "add", "-": "subtract", "*": "multiply", "//": "floor", "%": "rest"}
_NAMES = {
    "<": "less", "<=": "less_or_equal", ">": "greater", ">=": "greater_or_equal", "==": "equal",
    "!=": "not_equal",
}  # fmt: skip


class Arithmetic(Protocol):
    """Source of numbers; every text given and returned is a name, a literal, or in brackets."""

    def constant(self, value: int) -> str:
        """Return an integer."""

    def loaded(self, text: str) -> str:
        """Return what a column holds."""

    def narrow(self, text: str) -> str:
        """Return a number that is known to be small as an index."""

    def negative(self, text: str) -> str:
        """Return the number with the other sign."""

    def binary(self, symbol: str, left: str, right: str) -> str:
        """Return a sum, a difference, a product, a quotient rounded down, or the rest of it."""

    def compared(self, symbol: str, left: str, right: str) -> str:
        """Return a condition."""


class Plain:
    """Integers as the language of the kernel has them."""

    def constant(self, value: int) -> str:
        """Return an integer."""
        return f"({value})" if value < 0 else f"{value}"

    def loaded(self, text: str) -> str:
        """Return what a column holds."""
        return text

    def narrow(self, text: str) -> str:
        """Return a number that is known to be small as an index."""
        return text

    def negative(self, text: str) -> str:
        """Return the number with the other sign."""
        return f"(-{text})"

    def binary(self, symbol: str, left: str, right: str) -> str:
        """Return a sum, a difference, a product, a quotient rounded down, or the rest of it."""
        return f"({left} {symbol} {right})"

    def compared(self, symbol: str, left: str, right: str) -> str:
        """Return a condition."""
        return f"({left} {symbol} {right})"


class Wide:
    """Integers of 128 bits, by functions that the kernel is given."""

    def constant(self, value: int) -> str:
        """Return an integer."""
        return f"wide({value})"

    def loaded(self, text: str) -> str:
        """Return what a column holds."""
        return f"wide({text})"

    def narrow(self, text: str) -> str:
        """Return a number that is known to be small as an index."""
        return f"narrow({text})"

    def negative(self, text: str) -> str:
        """Return the number with the other sign."""
        return f"subtract(wide(0), {text})"

    def binary(self, symbol: str, left: str, right: str) -> str:
        """Return a sum, a difference, a product, a quotient rounded down, or the rest of it."""
        return f"{_FUNCTIONS[symbol]}({left}, {right})"

    def compared(self, symbol: str, left: str, right: str) -> str:
        """Return a condition."""
        return f"{_NAMES[symbol]}({left}, {right})"
