"""How small and how large a number can be, from the bounds of facts and the histories of constants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

from creditgate.domain.dsl_types import Record, without_none
from creditgate.ir.nodes import (
    Aggregate,
    Apply,
    AtDate,
    Base,
    Dated,
    Expr,
    Fact,
    FigureUse,
    If,
    Literal,
    Lookup,
    Named,
    OrElse,
    Parameter,
    TableCell,
)
from creditgate.ir.rulebook import FigureDefinition, Rulebook
from creditgate.ir.walk import children


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included; None leaves a side open."""

    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def is_positive(self) -> bool:
        """Tell whether no value lies below zero."""
        return self.low is not None and self.low >= 0

    @property
    def is_negative(self) -> bool:
        """Tell whether no value lies above zero."""
        return self.high is not None and self.high <= 0

    def __add__(self, other: Range) -> Range:
        return Range(_sum(self.low, other.low), _sum(self.high, other.high))

    def __neg__(self) -> Range:
        low = None if self.high is None else -self.high
        return Range(low, None if self.low is None else -self.low)

    def hull(self, other: Range) -> Range:
        """Return the smallest range that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Range(low, high)

    def meet(self, other: Range) -> Range:
        """Return the range of what lies in both."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Range(max(lows, default=None), min(highs, default=None))


EVERYTHING = Range()


def _sum(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left + right


def same(left: Expr, right: Expr) -> bool:
    """Tell whether two expressions are written alike."""
    if left is right:
        return True
    if type(left) is not type(right) or left.type != right.type:
        return False
    for name in ("entity", "name", "claim", "operator", "kind", "column", "value", "key"):
        if getattr(left, name, None) != getattr(right, name, None):
            return False
    ours, theirs = children(left), children(right)
    return len(ours) == len(theirs) and all(map(same, ours, theirs))


class Bounds:
    """Ranges of the expressions of one rulebook, over all its versions."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._figures: dict[str, Range] = {}

    def of(self, node: Expr, known: tuple[tuple[Expr, Range], ...] = ()) -> Range:
        """Return the range of a number; `known` are ranges that hold where it stands."""
        stated = [bounds for expression, bounds in known if same(node, expression)]
        if stated:
            return reduce(Range.meet, stated)
        match node:
            case Literal(value=Fraction() as value):
                return Range(value, value)
            case Fact():
                return self._fact(node)
            case Parameter(name=name):
                history = self.rulebook.parameters[name].history.entries
                return _hull(self.of(entry.value) for _, entry in history)
            case TableCell(name=name, column=column):
                sheets = self.rulebook.tables[name].history.entries
                cells = [cells[column] for _, sheet in sheets for _, cells in sheet.rows]
                return _hull(self.of(cell) for cell in cells)
            case AtDate(item=item):
                return self.of(item)
            case FigureUse(name=name):
                return self._figure(name)
            case If(test=test, then=then, otherwise=otherwise):
                yes = (*known, *implied(test, holds=True))
                no = (*known, *implied(test, holds=False))
                branches = [(then, yes), (otherwise, no)]
                return _hull(self.of(part, inside) for part, inside in branches if not _none(part))
            case OrElse(item=item, other=other):
                return self.of(item, known).hull(self.of(other, known))
            case Aggregate():
                return self._aggregate(node, known)
            case Apply(operator=operator, arguments=arguments):
                return _applied(operator, [self.of(item, known) for item in arguments])
            case Named(body=body):
                return self.of(body, known)
            case Dated(entries=entries):
                return _hull(self.of(entry) for _, entry in entries)
            case Lookup(rows=rows):
                return _hull(self.of(cell) for _, cell in rows)
            case _:
                return EVERYTHING

    def _fact(self, node: Fact) -> Range:
        holder = without_none(node.record.type)
        if not isinstance(holder, Record):
            return EVERYTHING
        declared = self.rulebook.vocabulary.fact(holder.entity, node.name)
        if declared is None:
            return EVERYTHING
        return Range(_exact(declared.low), _exact(declared.high))

    def _figure(self, name: str) -> Range:
        if name not in self._figures:
            self._figures[name] = EVERYTHING
            figure = self.rulebook.figures.get(name)
            if figure is not None:
                self._figures[name] = self.of_figure(figure)
        return self._figures[name]

    def of_figure(self, figure: FigureDefinition) -> Range:
        """Return the range of a figure over its versions; `base` has that of what it replaces."""
        known = self.knowing_base(figure)
        return _hull(self.of(version.formula, known) for _, version in figure.versions.entries)

    def knowing_base(self, figure: FigureDefinition) -> tuple[tuple[Expr, Range], ...]:
        """Return what is known of `base` in the formulas of a figure."""
        if figure.replaced is None:
            return ()
        return ((Base(figure.type), self.of_figure(figure.replaced)),)

    def _aggregate(self, node: Aggregate, known: tuple[tuple[Expr, Range], ...]) -> Range:
        if node.kind == "count":
            return Range(Fraction(0), None)
        if node.element is None:
            return EVERYTHING
        where = () if node.where is None else implied(node.where, holds=True)
        element = self.of(node.element, (*known, *where))
        if node.kind != "sum":
            return element
        low = Fraction(0) if element.is_positive else None
        return Range(low, Fraction(0) if element.is_negative else None)


def _none(node: Expr) -> bool:
    return isinstance(node, Literal) and node.value is None


def implied(test: Expr, *, holds: bool) -> tuple[tuple[Expr, Range], ...]:
    """Return the ranges that a comparison with a constant makes certain."""
    if not isinstance(test, Apply) or len(test.arguments) != 2:
        return ()
    left, right = test.arguments
    limit = _constant(right)
    if limit is None:
        return ()
    above = {"greater", "greater_or_equal"}
    below = {"less", "less_or_equal"}
    if test.operator in (above if holds else below):
        return ((left, Range(limit, None)),)
    if test.operator in (below if holds else above):
        return ((left, Range(None, limit)),)
    return ()


def _constant(node: Expr) -> Fraction | None:
    match node:
        case Literal(value=Fraction() as value):
            return value
        case Apply(operator="negate", arguments=(Literal(value=Fraction() as value),)):
            return -value
        case _:
            return None


def _exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _hull(ranges: Iterable[Range]) -> Range:
    found = list(ranges)
    if not found:
        return EVERYTHING
    result = found[0]
    for other in found[1:]:
        result = result.hull(other)
    return result


def _times(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left * right


def _product(left: Range, right: Range) -> Range:
    nothing = Range(Fraction(0), Fraction(0))
    if nothing in (left, right):
        return nothing
    if left.is_positive and right.is_positive:
        return Range(_times(left.low, right.low), _times(left.high, right.high))
    if left.is_negative:
        return -_product(-left, right)
    if right.is_negative:
        return -_product(left, -right)
    return EVERYTHING


def _quotient(above: Range, below: Range) -> Range:
    if above.is_positive and below.is_positive:
        return Range(Fraction(0), None)
    if above.is_negative and below.is_positive:
        return Range(None, Fraction(0))
    return EVERYTHING


def _smallest(ranges: list[Range]) -> Range:
    lows = [r.low for r in ranges]
    highs = [r.high for r in ranges if r.high is not None]
    low = None if any(v is None for v in lows) else min(v for v in lows if v is not None)
    return Range(low, min(highs, default=None))


def _largest(ranges: list[Range]) -> Range:
    return -_smallest([-r for r in ranges])


def _rounding(ranges: list[Range]) -> Range:
    low = Fraction(0) if ranges[0].is_positive else None
    return Range(low, Fraction(0) if ranges[0].is_negative else None)


_APPLIED: Mapping[str, Callable[[list[Range]], Any]] = {
    "add": lambda r: r[0] + r[1],
    "subtract": lambda r: r[0] + -r[1],
    "negate": lambda r: -r[0],
    "multiply": lambda r: _product(r[0], r[1]),
    "divide": lambda r: _quotient(r[0], r[1]),
    "minimum": _smallest,
    "maximum": _largest,
    "round_down": _rounding,
    "round_up": _rounding,
    "round_half_up": _rounding,
    "round_half_even": _rounding,
}


def _applied(operator: str, ranges: list[Range]) -> Range:
    compute = _APPLIED.get(operator)
    result: Range = EVERYTHING if compute is None else compute(ranges)
    return result


def layers(figure: FigureDefinition) -> list[Expr]:
    """Return every formula of a figure, those it replaces included."""
    found: list[Expr] = []
    layer: FigureDefinition | None = figure
    while layer is not None:
        found += [version.formula for _, version in layer.versions.entries]
        layer = layer.replaced
    return found
