"""Whether raising something can only refuse more, or only approve more: the polarity walk.

What says `stricter: higher` or `lower` is verified against every rule that it reaches: moved that
way, no requirement may become true, no condition false and no exemption true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Label, error
from creditgate.check.references import Reference
from creditgate.ir.bounds import Bounds, Range, implied, layers
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AtDate,
    Base,
    Expr,
    FigureUse,
    If,
    IsNone,
    Not,
    Or,
    OrElse,
    Parameter,
    TableCell,
)
from creditgate.ir.rulebook import (
    FigureDefinition,
    ParameterDefinition,
    Rulebook,
    RuleDefinition,
    TableDefinition,
)
from creditgate.ir.walk import children

UP: Final = 1
DOWN: Final = -1
EITHER: Final = 0
Effects = Mapping[Reference, int]
Known = tuple[tuple[Expr, Range], ...]

_RISING: Final = frozenset(
    {
        "add", "minimum", "maximum", "add_days", "add_months", "add_elapsed", "add_trading_days",
        "add_settlement_days", "first_trading_day", "last_trading_day", "first_settlement_day",
        "last_settlement_day", "date_of",
    }
)  # fmt: skip


def check_stricter(rulebook: Rulebook, collector: Collector) -> None:
    """Report each stated `stricter` that some rule of the rulebook contradicts."""
    stated: dict[Reference, ParameterDefinition | TableDefinition | FigureDefinition] = {
        **{("parameters", n): p for n, p in rulebook.parameters.items() if p.stricter},
        **{("tables", n): t for n, t in rulebook.tables.items() if t.stricter},
        **{("figures", n): f for n, f in rulebook.figures.items() if f.stricter},
    }
    if not stated:
        return
    walk = Polarity(rulebook)
    for event, node in rulebook.governs.items():
        for reference in walk.effects(node).keys() & stated.keys():
            collector.add(
                error(
                    Code.POLARITY,
                    f"`{reference[1]}` says which way it is stricter, but it decides which "
                    f"{event} the rulebook governs at all",
                    stated[reference].span,
                    hint="take `stricter` away, or let `governs` ask for facts alone",
                )
            )
    for rule in rulebook.rules.values():
        if rule.effect != "reject":
            continue
        effects = walk.strictness(rule)
        for reference in sorted(effects.keys() & stated.keys()):
            item, found = stated[reference], effects[reference]
            wanted = UP if item.stricter == "higher" else DOWN
            if found != wanted:
                how = "may" if found == EITHER else "does"
                moved = "raising" if wanted == UP else "lowering"
                collector.add(
                    error(
                        Code.POLARITY,
                        f"`{reference[1]}` says `stricter: {item.stricter}`, but {moved} it {how} "
                        f"let an order pass the rule `{rule.name}`",
                        item.span,
                        secondary=(Label(rule.span, "this rule"),),
                        hint="take `stricter` away, or write the rule so that the direction is plain",
                    )
                )


class Polarity:
    """In which direction values move when the things they are made of are raised."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.bounds = Bounds(rulebook)
        self._figures: dict[str, Effects] = {}
        self._replaced: list[Effects] = []

    def strictness(self, rule: RuleDefinition) -> Effects:
        """Return how raising each thing changes how much a rule refuses."""
        found = opposite(self.effects(rule.require))
        if rule.deadline is not None:
            found = together(found, opposite(self.effects(rule.deadline.before)))
        if rule.when is not None:
            found = together(found, self.effects(rule.when))
        for exemption in rule.exemptions:
            found = together(found, opposite(self.effects(exemption.when)))
        return found

    def effects(self, node: Expr, known: Known = ()) -> Effects:
        """Return the direction of a value (of truth, for conditions) for each thing in it."""
        match node:
            case Parameter(name=name):
                return {("parameters", name): UP}
            case TableCell(name=name, keys=keys):
                return together({("tables", name): UP}, self._unclear(keys, known))
            case FigureUse(name=name, subject=subject):
                inner = together(self._figure(name), {("figures", name): UP})
                outer = () if subject is None else (subject,)
                return together(inner, self._unclear(outer, known))
            case AtDate(item=item, date=date):
                return together(self.effects(item, known), self._unclear((date,), known))
            case And(items=items) | Or(items=items):
                return self._united(items, known)
            case Not(item=item):
                return opposite(self.effects(item, known))
            case If(test=test, then=then, otherwise=otherwise):
                yes = self.effects(then, (*known, *implied(test, holds=True)))
                no = self.effects(otherwise, (*known, *implied(test, holds=False)))
                return together(together(yes, no), self._unclear((test,), known))
            case OrElse(item=item, other=other):
                return self._united((item, other), known)
            case Aggregate():
                return self._aggregate(node, known)
            case Apply():
                return self._applied(node, known)
            case IsNone(item=item):
                return self._noneness(item, known)
            case Base():
                return self._replaced[-1] if self._replaced else {}
            case _:
                return self._unclear(children(node), known)

    def _noneness(self, node: Expr, known: Known) -> Effects:
        """Return what decides whether a value is none: the tests and lists on the way to it."""
        match node:
            case If(test=test, then=then, otherwise=otherwise):
                inside = together(self._noneness(then, known), self._noneness(otherwise, known))
                return together(self._unclear((test,), known), inside)
            case OrElse(item=item, other=other):
                return together(self._noneness(item, known), self._noneness(other, known))
            case Aggregate(source=source, where=where):
                return self._unclear((source, *(() if where is None else (where,))), known)
            case FigureUse(name=name):
                found: Effects = {}
                figure = self.rulebook.figures.get(name)
                for formula in [] if figure is None else layers(figure):
                    found = together(found, self._noneness(formula, known))
                return found
            case _:
                return {}

    def _figure(self, name: str) -> Effects:
        if name not in self._figures:
            self._figures[name] = {}
            figure = self.rulebook.figures.get(name)
            self._figures[name] = {} if figure is None else self._layered(figure)
        return self._figures[name]

    def _layered(self, figure: FigureDefinition) -> Effects:
        """Return the effects on the topmost formulas; `base` in them moves as what is replaced."""
        self._replaced.append({} if figure.replaced is None else self._layered(figure.replaced))
        found: Effects = {}
        for _, version in figure.versions.entries:
            found = together(found, self.effects(version.formula))
        self._replaced.pop()
        return found

    def _united(self, nodes: tuple[Expr, ...], known: Known) -> Effects:
        found: Effects = {}
        for node in nodes:
            found = together(found, self.effects(node, known))
        return found

    def _unclear(self, nodes: tuple[Expr, ...], known: Known) -> Effects:
        return dict.fromkeys(self._united(nodes, known), EITHER)

    def _aggregate(self, node: Aggregate, known: Known) -> Effects:
        found = self._unclear((node.source,), known)
        inside = known if node.where is None else (*known, *implied(node.where, holds=True))
        if node.where is not None:
            chosen = self.effects(node.where, known)
            found = together(found, self._chosen(chosen, node, inside))
        if node.element is None:
            return found
        return together(found, self.effects(node.element, inside))

    def _chosen(self, chosen: Effects, node: Aggregate, inside: Known) -> Effects:
        """Return what follows from choosing more records of the list."""
        match node.kind:
            case "count" | "any":
                return chosen
            case "all":
                return opposite(chosen)
            case "sum" if node.element is not None:
                return self._scaled(chosen, node.element, inside)
            case _:
                return dict.fromkeys(chosen, EITHER)

    def _applied(self, node: Apply, known: Known) -> Effects:
        arguments = node.arguments
        match node.operator:
            case operator if operator in _RISING:
                return self._united(arguments, known)
            case "negate":
                return opposite(self.effects(arguments[0], known))
            case "greater" | "greater_or_equal" | "subtract" | "days_between" | "elapsed_between":
                taken = opposite(self.effects(arguments[1], known))
                return together(self.effects(arguments[0], known), taken)
            case "less" | "less_or_equal":
                falling = opposite(self.effects(arguments[0], known))
                return together(falling, self.effects(arguments[1], known))
            case "multiply":
                left, right = arguments
                found = self._scaled(self.effects(left, known), right, known)
                return together(found, self._scaled(self.effects(right, known), left, known))
            case "divide":
                above, below = arguments
                found = self._scaled(self.effects(above, known), below, known)
                down = opposite(self.effects(below, known))
                size = self.bounds.of(below, known)
                # Raised from zero, a divisor makes known what was unknown and so refused.
                if size.low is None or size.low <= 0:
                    down = dict.fromkeys(down, EITHER)
                return together(found, self._scaled(down, above, known))
            case "round_down" | "round_up" | "round_half_up" | "round_half_even":
                step = self._unclear(arguments[1:], known)
                return together(self.effects(arguments[0], known), step)
            case _:
                return self._unclear(arguments, known)

    def _scaled(self, effects: Effects, factor: Expr, known: Known) -> Effects:
        if not effects:
            return effects
        bounds = self.bounds.of(factor, known)
        if bounds.is_positive:
            return effects
        if bounds.is_negative:
            return opposite(effects)
        return dict.fromkeys(effects, EITHER)


def opposite(effects: Effects) -> Effects:
    """Return the effects on the opposite of a value."""
    return {reference: -direction for reference, direction in effects.items()}


def together(left: Effects, right: Effects) -> Effects:
    """Return the effects on something that rises with two values."""
    if not right:
        return left
    found = dict(left)
    for reference, direction in right.items():
        found[reference] = direction if found.get(reference, direction) == direction else EITHER
    return found
