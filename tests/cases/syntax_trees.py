"""Syntax trees on one line, in brackets, the operator first."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree


def shown_tree(tree: Tree) -> str:
    """Return a tree as text: names as they are, everything else as `(kind part ...)`.

    >>> from creditgate.base.collector import Collector
    >>> from creditgate.base.spans import ScalarMap
    >>> from creditgate.syntax.parse import parse
    >>> text = "a.b * 2 + 30%"
    >>> tree = parse(text, ScalarMap(None, 0, len(text), "plain", text), Collector())
    >>> shown_tree(tree) if tree else None
    '(+ (* a.b 2) 30%)'
    """
    match tree:
        case nodes.Path(names=names):
            return ".".join(names)
        case nodes.NumberLiteral(kind=kind, number=number, currency=currency):
            words = {
                "plain": f"{number}",
                "percent": f"{number * 100}%",
                "money": f"{number} {currency}",
                "price": f"{number} {currency}/share",
                "shares": f"{number} shares",
            }
            return words[kind]
        case nodes.DurationLiteral(count=count, unit=unit):
            return f"({unit} {count})"
        case nodes.DateLiteral(ordinal=ordinal):
            return "no day" if ordinal is None else date.fromordinal(ordinal).isoformat()
        case nodes.TimeLiteral(minutes=minutes):
            return "no time" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"
        case nodes.BooleanLiteral(value=value):
            return "yes" if value else "no"
        case nodes.NoneLiteral():
            return "none"
        case nodes.AsOfWord():
            return "as_of"
        case nodes.Operation(symbol=symbol, left=left, right=right):
            return f"({symbol} {shown_tree(left)} {shown_tree(right)})"
        case nodes.Bracketed(item=item):
            return f"[{shown_tree(item)}]"
        case _:
            own = [
                _shown_part(getattr(tree, f.name)) for f in fields(tree) if "place" not in f.name
            ]
            return f"({type(tree).__name__} {' '.join(part for part in own if part)})"


def _shown_part(part: object) -> str:
    if isinstance(part, tuple):
        return " ".join(_shown_part(item) for item in part)
    if part is None:
        return ""
    return part if isinstance(part, str) else shown_tree(part)  # type: ignore[arg-type]  # a tree
