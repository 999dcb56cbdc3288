"""No expression walks one list anew for each record of another: work stays linear in the lists.

A list inside the record may be walked, and so may a list that has nothing to do with the record
(it is walked once). What is refused is a search through one list for each record of another.
"""

from __future__ import annotations

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import Span
from creditgate.check.coverage import rule_expressions
from creditgate.ir.bounds import layers
from creditgate.ir.nodes import Aggregate, Expr, FigureUse, Variable
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.walk import children

Bound = frozenset[str]


def check_linear(rulebook: Rulebook, collector: Collector) -> None:
    """Report each rule and figure that walks one list for each record of another."""
    search = _Search(rulebook)
    for rule in rulebook.rules.values():
        if any(search.crosses(node, frozenset()) for node in rule_expressions(rule)):
            _report(rule.name, rule.span, collector)
    for figure in rulebook.figures.values():
        if any(search.crosses(node, frozenset()) for node in layers(figure)):
            _report(figure.name, figure.span, collector)
    for item in rulebook.determinations.values():
        conditions = [case.when for case in item.cases if case.when is not None]
        if any(search.crosses(node, frozenset()) for node in conditions):
            _report(item.name, item.span, collector)


class _Search:
    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._free: dict[int, Bound] = {}
        self._figures: dict[str, bool] = {}

    def crosses(self, node: Expr, bound: Bound) -> bool:
        """Tell whether a list is walked for each record of the variables in `bound`."""
        waiting = [(node, bound)]
        while waiting:
            current, inside = waiting.pop()
            if isinstance(current, Aggregate):
                body = [part for part in (current.where, current.element) if part is not None]
                used = frozenset[str]().union(*map(self.free, body)) & inside
                if used and not self.free(current.source) & inside:
                    return True
                inside = inside | {current.variable.name}
            elif (
                isinstance(current, FigureUse)
                and current.subject is not None
                and self.free(current.subject) & inside
                and self._figure(current.name)
            ):
                return True
            waiting.extend((child, inside) for child in children(current))
        return False

    def free(self, node: Expr) -> Bound:
        """Return the variables an expression depends on."""
        found = self._free.get(id(node))
        if found is None:
            found = frozenset[str]().union(*map(self.free, children(node)))
            if isinstance(node, Variable):
                found = frozenset({node.name})
            elif isinstance(node, Aggregate):
                found -= {node.variable.name}
            self._free[id(node)] = found
        return found

    def _figure(self, name: str) -> bool:
        """Tell whether a figure walks a list that does not belong to its subject."""
        if name not in self._figures:
            self._figures[name] = False
            figure = self._rulebook.figures.get(name)
            if figure is not None and figure.variable is not None:
                bound = frozenset({figure.variable})
                self._figures[name] = any(self.crosses(n, bound) for n in layers(figure))
        return self._figures[name]


def _report(name: str, span: Span, collector: Collector) -> None:
    collector.add(
        error(
            Code.LIST_FOR_EACH_RECORD,
            f"`{name}` walks one list anew for each record of another",
            span,
            hint="let the input state the fact, or walk a list inside the record",
        )
    )
