"""How a kernel is written to compute with integers; their width is chosen afterwards."""

from __future__ import annotations


class Arithmetic:
    """Source of numbers; every text given and returned is a name, a literal, or in brackets."""

    def constant(self, value: int) -> str:
        """Return an integer."""
        return f"({value})" if value < 0 else f"{value}"

    def negative(self, text: str) -> str:
        """Return the number with the other sign."""
        return f"(-{text})"

    def binary(self, symbol: str, left: str, right: str) -> str:
        """Return a sum, a difference, a product, a quotient rounded down, or the rest of it."""
        return f"({left} {symbol} {right})"

    def compared(self, symbol: str, left: str, right: str) -> str:
        """Return a condition."""
        return f"({left} {symbol} {right})"
