"""Which parameters, tables and figures an expression reads."""

from __future__ import annotations

from creditgate.ir.nodes import AtDate, Expr, FigureUse, Parameter, TableCell
from creditgate.ir.walk import children

Reference = tuple[str, str]


def references(node: Expr, *, other_days: bool = False) -> frozenset[Reference]:
    """Return what an expression names: (parameters | tables | figures, name).

    What is read `at` another date counts only with `other_days`: before its first entry it is
    unknown, not a mistake. The keys and the date of such a reading always count.
    """
    found: set[Reference] = set()
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        match current:
            case Parameter(name=name):
                found.add(("parameters", name))
            case TableCell(name=name):
                found.add(("tables", name))
            case FigureUse(name=name):
                found.add(("figures", name))
            case AtDate(item=item, date=date) if not other_days:
                waiting.extend((*children(item), date))
                continue
        waiting.extend(children(current))
    return frozenset(found)
