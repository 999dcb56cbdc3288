"""How large numbers get in a kernel, from the least and greatest of each column it reads."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Range = tuple[int, int]
UNKNOWN_SIZE = 2**400  # larger than anything that can be computed with


class _Ranges:
    """Walk the source of a kernel with ranges in place of numbers."""

    def __init__(self, columns: Mapping[str, Range], longest: int) -> None:
        self._columns, self._longest = columns, longest
        self._known: dict[str, Range] = {}
        self.largest = 0

    def statements(self, lines: list[ast.stmt], *, looping: bool = False) -> None:
        """Take statements in."""
        for line in lines:
            match line:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._assign(name, value, looping=looping)
                case ast.For(body=body, target=ast.Name(id=name)):
                    self._known[name] = (0, 2**40)
                    outermost = name == "place"
                    self.statements(body, looping=not outermost)
                case ast.If(body=body):
                    self.statements(body, looping=True)
                case _:
                    pass  # an array is filled

    def _assign(self, name: str, value: ast.expr, *, looping: bool) -> None:
        before = self._known.get(name)
        match value:
            case ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=right) if (
                looping and left == name and before is not None
            ):
                low, high = self.of(right)
                times = self._longest
                self._known[name] = self._noted(
                    (before[0] + min(0, low * times), before[1] + max(0, high * times))
                )
            case _:
                found = self.of(value)
                if looping and before is not None:
                    found = min(before[0], found[0]), max(before[1], found[1])
                self._known[name] = found

    def of(self, node: ast.expr) -> Range:
        """Return the range of an expression; conditions are zero or one."""
        match node:
            case ast.Constant(value=bool()):
                return 0, 1
            case ast.Constant(value=int(value)):
                return self._noted((value, value))
            case ast.Name(id=name):
                return self._known.get(name, (-UNKNOWN_SIZE, UNKNOWN_SIZE))
            case ast.Subscript(value=ast.Name(id=name)):
                return self._columns.get(name, (-UNKNOWN_SIZE, UNKNOWN_SIZE))
            case ast.IfExp(body=body, orelse=orelse):
                one, other = self.of(body), self.of(orelse)
                return min(one[0], other[0]), max(one[1], other[1])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                low, high = self.of(operand)
                return self._noted((-high, -low))
            case ast.BinOp(left=left, op=op, right=right):
                return self._noted(_computed(op, self.of(left), self.of(right)))
            case ast.Compare(left=left, comparators=[right]):
                self.of(left)
                self.of(right)
                return 0, 1
            case ast.UnaryOp(operand=operand):
                self.of(operand)
                return 0, 1
            case _:
                return -UNKNOWN_SIZE, UNKNOWN_SIZE

    def _noted(self, found: Range) -> Range:
        self.largest = max(self.largest, abs(found[0]), abs(found[1]))
        return found


def _computed(op: ast.operator, left: Range, right: Range) -> Range:
    match op:
        case ast.Add():
            return left[0] + right[0], left[1] + right[1]
        case ast.Sub():
            return left[0] - right[1], left[1] - right[0]
        case ast.Mult():
            products = [a * b for a in left for b in right]
            return min(products), max(products)
        case ast.FloorDiv():
            size = max(abs(left[0]), abs(left[1]))  # what is divided by is above zero
            return -size - 1, size
        case ast.Mod():
            size = max(abs(right[0]), abs(right[1]))
            return 0, size
        case _:
            return 0, 1  # `|` and `&` of conditions


@lru_cache(maxsize=64)
def _parsed(source: str) -> Any:
    return ast.parse(source).body[0]


def largest_number(source: str, columns: Mapping[str, Range], longest: int) -> int:
    r"""Return a bound of the size of every number that a kernel computes.

    `source` is the kernel with plain arithmetic; `columns` are the least and greatest of each
    array it reads, `longest` the length of the longest list.

    >>> source = "def kernel(end, of_a):\n  for place in range(end):\n    v1 = of_a[place] * 5"
    >>> largest_number(source, {"of_a": (-3, 2)}, 0)
    15
    """
    ranges = _Ranges(columns, longest)
    ranges.statements(_parsed(source).body)
    return ranges.largest
