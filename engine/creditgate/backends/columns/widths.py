"""Give each number of a kernel the width that it needs: 64 bits, or 128 by functions on wider ones.

A kernel is written with plain arithmetic. Where the ranges of its columns do not prove that a
number stays within 64 bits, that number, and no other, is computed by the functions of `wide`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, Final

from creditgate.backends.columns.bounds import Range, Sizes, sizes_of
from creditgate.backends.columns.kernel import Body

MOST_IN_64_BITS: Final = 2**62
MOST_IN_128_BITS: Final = 2**126
_COMPUTED: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.FloorDiv: "floor",
    ast.Mod: "rest",
}  # fmt: skip
_COMPARED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Lt: "less", ast.LtE: "less_or_equal", ast.Gt: "greater", ast.GtE: "greater_or_equal",
    ast.Eq: "equal", ast.NotEq: "not_equal",
}  # fmt: skip
#: The functions that a kernel with wide numbers calls.
FUNCTIONS: Final = ("wide", "joined", "narrow", *_COMPUTED.values(), *_COMPARED.values())
_HALF: Final = 2**64
_Written = tuple[ast.expr, bool]


def widened(
    body: Body, columns: Mapping[str, Range], longest: int, most: int = MOST_IN_64_BITS
) -> Body:
    """Return what judges a row with those numbers wide that may reach `most`.

    `columns` are the ranges of the arrays that are read, `longest` the length of the longest list.
    It is not exact for other columns, nor where a number reaches `MOST_IN_128_BITS`.
    """
    kernel = body.by_numbers()
    function: Any = ast.parse(kernel.source).body[0]  # its own: it is written anew
    sizes = sizes_of(function, {**kernel.ranges(), **columns}, longest)
    writer = _Widths(sizes, most)
    (loop,) = function.body
    statements = writer.statements(loop.body[2:])
    if not writer.is_wide:
        return body
    return body.written([line for each in statements for line in ast.unparse(each).splitlines()])


class _Widths:
    """Write the statements of a kernel again with the functions that wide numbers need."""

    def __init__(self, sizes: Sizes, most: int) -> None:
        self._sizes, self._most = sizes, most
        # Places of rows, and what is said of them, are small whatever is made wide.
        self._narrow = {"place", "i", "decided"}
        self.is_wide = False

    def statements(self, lines: list[ast.stmt]) -> list[ast.stmt]:
        """Return statements anew."""
        for line in lines:
            match line:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    line.value = self._as(self._of(value), is_wide=self._is_variable_wide(name))
                case ast.Assign(targets=[ast.Subscript() as target], value=value):
                    target.slice = self._place(target.slice)
                    line.value = self._as(self._of(value), is_wide=False)
                case ast.If(test=test, body=body):
                    line.test = self._of(test)[0]
                    line.body = self.statements(body)
                case ast.For(target=ast.Name(id=name), iter=ast.Call() as rows, body=body):
                    self._narrow.add(name)
                    rows.args = [self._place(each) for each in rows.args]
                    line.body = self.statements(body)
                case _:
                    raise TypeError(f"{type(line).__name__} in a kernel")
        return lines

    def _is_variable_wide(self, name: str) -> bool:
        known = self._sizes.variables.get(name)
        return known is not None and name not in self._narrow and self._exceeds(known)

    def _exceeds(self, known: Range) -> bool:
        return max(abs(known[0]), abs(known[1])) >= self._most

    def _of(self, node: ast.expr) -> _Written:
        """Return an expression anew, and whether it is wide."""
        match node:
            case ast.Constant(value=bool()):
                return node, False
            case ast.Constant(value=int(value)):
                return (node, False) if value < 2**63 else (self._joined(value), True)
            case ast.Name(id=name):
                return node, self._is_variable_wide(name)
            case ast.Subscript():
                node.slice = self._place(node.slice)
                return node, False
            case ast.IfExp():
                node.test = self._of(node.test)[0]
                one, other = self._of(node.body), self._of(node.orelse)
                is_wide = one[1] or other[1]
                node.body, node.orelse = (
                    self._as(one, is_wide=is_wide),
                    self._as(other, is_wide=is_wide),
                )
                return node, is_wide
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                zero: _Written = (ast.Constant(0), False)
                part = self._of(operand)
                if part[1] or self._exceeds(self._sizes.expressions[id(node)]):
                    return self._computed("subtract", zero, part, node)
                node.operand = part[0]
                return node, False
            case ast.UnaryOp(operand=operand):
                node.operand = self._of(operand)[0]
                return node, False
            case ast.BoolOp(values=values):
                node.values = [self._of(each)[0] for each in values]
                return node, False
            case ast.BinOp(left=left, op=op, right=right):
                parts = self._of(left), self._of(right)
                kind = _COMPUTED.get(type(op))
                needed = self._exceeds(self._sizes.expressions[id(node)])
                if kind is not None and (needed or parts[0][1] or parts[1][1]):
                    return self._computed(kind, *parts, node)
                node.left, node.right = parts[0][0], parts[1][0]
                return node, False
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                parts = self._of(left), self._of(right)
                if parts[0][1] or parts[1][1]:
                    sides = [self._as(part, is_wide=True) for part in parts]
                    return self._call(_COMPARED[type(op)], *sides), False
                node.left, node.comparators = parts[0][0], [parts[1][0]]
                return node, False
            case _:
                raise TypeError(f"{type(node).__name__} in a kernel")

    def _computed(self, kind: str, left: _Written, right: _Written, node: ast.expr) -> _Written:
        """Return what is computed of wide numbers; a small result goes on as a small number."""
        sides = [self._as(part, is_wide=True) for part in (left, right)]
        made = self._call(kind, *sides)
        if self._exceeds(self._sizes.expressions[id(node)]):
            return made, True
        return self._call("narrow", made), False

    def _place(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Tuple):
            node.elts = [self._place(each) for each in node.elts]
            return node
        # A place lies within its array, whatever the range of the numbers it is chosen from.
        return self._as(self._of(node), is_wide=False)

    def _as(self, written: _Written, *, is_wide: bool) -> ast.expr:
        node, was_wide = written
        if is_wide == was_wide:
            return node
        return self._call("wide" if is_wide else "narrow", node)

    def _joined(self, value: int) -> ast.expr:
        return self._call("joined", ast.Constant(value // _HALF), ast.Constant(value % _HALF))

    def _call(self, name: str, *parts: ast.expr) -> ast.expr:
        self.is_wide = True
        return ast.Call(ast.Name(name, ast.Load()), list(parts), [])
