"""How large numbers get in a kernel, from the least and greatest of each column it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

Range = tuple[int, int]
UNKNOWN_SIZE: Final = 2**400  # larger than anything that can be computed with
_NOT_KNOWN: Final = (-UNKNOWN_SIZE, UNKNOWN_SIZE)
_CONDITION: Final = (0, 1)
_PLACES: Final = (0, 2**40)  # more rows than any table has


@dataclass(slots=True)
class Sizes:
    """The ranges that the numbers of a kernel can have.

    `largest` bounds every number that is computed; `expressions` are the ranges by the identity of
    the node, `variables` those of all values that a variable, or an array that is filled, is given.
    """

    largest: int = 0
    expressions: dict[int, Range] = field(default_factory=dict)
    variables: dict[str, Range] = field(default_factory=dict)


_State = dict[str, Range]


@dataclass(slots=True)
class _Loop:
    """A loop over the rows of a list: what each pass adds to the variables that only add up."""

    adders: frozenset[str]
    added: _State = field(default_factory=dict)


class _Walk:
    """Go through the source of a kernel with ranges in place of numbers."""

    def __init__(self, columns: Mapping[str, Range], longest: int) -> None:
        self._columns, self._longest = columns, longest
        self._state: _State = {}
        self._loop: _Loop | None = None
        self.sizes = Sizes()

    def statements(self, lines: list[ast.stmt]) -> None:
        """Take statements in."""
        for line in lines:
            match line:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._assign(name, value)
                case ast.For(body=body, target=ast.Name(id="place")):
                    # Nothing is handed on from one order to the next.
                    self._set("place", _PLACES)
                    self.statements(body)
                case ast.For(body=body, target=ast.Name(id=name)):
                    self._set(name, _PLACES)
                    self._repeated(body)
                case ast.If(test=test, body=body):
                    self.of(test)
                    before = dict(self._state)
                    self.statements(body)
                    self._state = _joined(before, self._state)
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))], value=value):
                    self._note_variable(name, self.of(value))
                case _:
                    self.sizes.largest = UNKNOWN_SIZE

    def _repeated(self, body: list[ast.stmt]) -> None:
        """Take in the body of a loop: a second pass has to find what the first one left."""
        outside, before = self._loop, dict(self._state)
        loop = self._loop = _Loop(_adders(body))
        self.statements(body)
        begun = _joined(before, self._state)
        for name, (low, high) in loop.added.items():
            start = before.get(name, _NOT_KNOWN)
            total = start[0] + low * self._longest, start[1] + high * self._longest
            begun[name] = self._noted(total)
            self._note_variable(name, total)
        first, loop.added = dict(loop.added), {}
        self._state = dict(begun)
        self.statements(body)
        if _joined(begun, self._state) != begun or loop.added != first:
            self.sizes.largest = UNKNOWN_SIZE
        self._state, self._loop = begun, outside

    def _assign(self, name: str, value: ast.expr) -> None:
        match value:
            case ast.BinOp(right=right) if self._loop is not None and name in self._loop.adders:
                low, high = self.of(right)
                before = self._loop.added.get(name, (0, 0))
                self._loop.added[name] = before[0] + min(0, low), before[1] + max(0, high)
                found = self._state.get(name, _NOT_KNOWN)
                self._note_expression(value.left, found)
                self._note_expression(value, found)
            case _:
                self._set(name, self.of(value))

    def _set(self, name: str, found: Range) -> None:
        self._state[name] = found
        self._note_variable(name, found)

    def _note_variable(self, name: str, found: Range) -> None:
        known = self.sizes.variables.get(name, found)
        self.sizes.variables[name] = _hull(known, found)

    def of(self, node: ast.expr) -> Range:
        """Return the range of an expression; conditions are zero or one."""
        found = self._of(node)
        self._note_expression(node, found)
        return found

    def _note_expression(self, node: ast.expr, found: Range) -> None:
        known = self.sizes.expressions.get(id(node), found)
        self.sizes.expressions[id(node)] = _hull(known, found)

    def _of(self, node: ast.expr) -> Range:
        match node:
            case ast.Constant(value=bool()):
                return _CONDITION
            case ast.Constant(value=int(value)):
                return self._noted((value, value))
            case ast.Name(id=name):
                return self._state.get(name, _NOT_KNOWN)
            case ast.Subscript(value=ast.Name(id="bits")):
                return _CONDITION  # words of outcomes are no numbers
            case ast.Subscript(value=ast.Name(id=name), slice=place):
                self.of(place)
                return self._columns.get(name, _NOT_KNOWN)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.of(test)
                return _hull(self.of(body), self.of(orelse))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                low, high = self.of(operand)
                return self._noted((-high, -low))
            case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd(), right=right):
                self.of(left)
                self.of(right)
                return _CONDITION
            case ast.BinOp(left=left, op=op, right=right):
                return self._noted(_computed(op, self.of(left), self.of(right)))
            case ast.Compare(left=left, comparators=[right]):
                self.of(left)
                self.of(right)
                return _CONDITION
            case ast.UnaryOp(operand=operand):
                self.of(operand)
                return _CONDITION
            case ast.BoolOp(values=values):
                for each in values:
                    self.of(each)
                return _CONDITION
            case _:
                return self._noted(_NOT_KNOWN)

    def _noted(self, found: Range) -> Range:
        size = max(abs(found[0]), abs(found[1]))
        self.sizes.largest = max(self.sizes.largest, size)
        return found if size < UNKNOWN_SIZE else _NOT_KNOWN


def _hull(one: Range, other: Range) -> Range:
    return min(one[0], other[0]), max(one[1], other[1])


def _joined(one: _State, other: _State) -> _State:
    return other | {name: _hull(found, other.get(name, found)) for name, found in one.items()}


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
            least = max(right[0], 1)  # what is divided by is above zero
            return min(left[0] // least, 0), max(left[1] // least, 0)
        case ast.Mod():
            return 0, max(right[1] - 1, 0)
        case _:
            return _NOT_KNOWN


def _adders(body: list[ast.stmt]) -> frozenset[str]:
    """Return the variables that a loop does nothing to but add what does not depend on them."""
    adders: set[str] = set()
    others: set[str] = set()
    for line in _of_this_loop(body):
        match line:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=right),
            ) if left == name and name not in _names(right):
                adders.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                others.add(name)
            case ast.For():
                others |= {
                    inner.id
                    for inner in ast.walk(line)
                    if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
                }
            case _:
                pass
    return frozenset(adders - others)


def _of_this_loop(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for line in body:
        yield line
        if isinstance(line, ast.If):
            yield from _of_this_loop(line.body)


def _names(node: ast.expr) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


@lru_cache(maxsize=256)
def parsed(source: str) -> Any:
    """Return the function that a source defines."""
    return ast.parse(source).body[0]


def sizes_of(function: Any, columns: Mapping[str, Range], longest: int) -> Sizes:
    """Return the ranges of all that a kernel computes.

    `function` is a kernel of plain arithmetic that was `parsed`; `columns` are the least and
    greatest of each array it reads, `longest` the length of the longest list.
    """
    walk = _Walk({"rows": _PLACES, **columns}, longest)
    walk.statements(function.body)
    return walk.sizes


def largest_number(source: str, columns: Mapping[str, Range], longest: int) -> int:
    r"""Return a bound of the size of every number that a kernel computes.

    >>> source = "def kernel(end, of_a):\n  for place in range(end):\n    v1 = of_a[place] * 5"
    >>> largest_number(source, {"of_a": (-3, 2)}, 0)
    15
    """
    return _largest(source, tuple(sorted(columns.items())), longest)


@lru_cache(maxsize=1024)
def _largest(source: str, columns: tuple[tuple[str, Range], ...], longest: int) -> int:
    """Return what tables of one kind ask for again and again."""
    return sizes_of(parsed(source), dict(columns), longest).largest
