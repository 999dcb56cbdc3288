"""Kernels whose larger numbers are wide, run so that no number may leave the width it was given."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from creditgate.backends.columns.bounds import Range
from creditgate.backends.columns.compile import Run, uncompiled
from creditgate.backends.columns.kernel import Body, Kernel
from creditgate.backends.columns.widths import widened

#: Numbers are wide from these sizes on: nearly all of them, some, and what 64 bits cannot hold.
SIZES = (2, 2**10, 2**33, 2**62)
LONGEST = 3
_COMPUTED = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)
_SMALL = """
def small(value):
    if abs(value) >= {most}:
        raise OverflowError(f"{{value}} was taken to be below {most}")
    return value

"""


def ranges_of(arrays: Mapping[str, Any]) -> dict[str, Range]:
    """Return the ranges of arrays, zero among them; days are those of the years 1 to 9999."""
    found = {
        name: (min(0, int(array.min(initial=0))), max(0, int(array.max(initial=0))))
        for name, array in arrays.items()
    }
    return found | {"day_of": (0, 3_652_059)}


def wide_from(body: Body, arrays: Mapping[str, Any], most: int) -> Kernel:
    """Return a kernel in which numbers that may reach a size are wide."""
    return widened(body, ranges_of(arrays), LONGEST, most).by_numbers()


def guarded(kernel: Kernel, most: int) -> Run:
    """Return a kernel as plain Python that refuses a number which is not wide and reaches a size."""
    source = ast.unparse(_Guarding().visit(ast.parse(kernel.source)))
    return uncompiled(replace(kernel, source=_SMALL.format(most=most) + source))


class _Guarding(ast.NodeTransformer):
    """Guard sums and products, but not within places of arrays: these are chosen from all sizes."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, _COMPUTED):
            return node
        return ast.Call(ast.Name("small", ast.Load()), [node], [])
