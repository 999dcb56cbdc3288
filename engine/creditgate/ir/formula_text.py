"""Resolved expressions as text of the language, short enough for one line of evidence."""

from __future__ import annotations

from datetime import date
from typing import Final, assert_never

from creditgate.domain.dsl_types import SetOf, Text, Type
from creditgate.domain.shown import shown
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AsOf,
    AtDate,
    Base,
    Claimed,
    Dated,
    Expr,
    Fact,
    FigureUse,
    If,
    IsEmpty,
    IsNone,
    Literal,
    Lookup,
    Named,
    Not,
    Or,
    OrElse,
    Parameter,
    Root,
    Row,
    TableCell,
    Unpublished,
    Value,
    Variable,
)
from creditgate.ir.operators import OPERATORS

_NO_NAMES: Final = Vocabulary({}, {}, {}, {}, {})


def formula_text(node: Expr) -> str:
    """Return an expression as text; what bears a name is shown by its name.

    >>> from creditgate.domain.dsl_types import DATE, DAYS
    >>> formula_text(Apply(DATE, "add_days", (AsOf(DATE), Literal(DAYS, 35))))
    'as_of + 35 days'
    """
    match node:
        case Literal(type=kind, value=value):
            return _constant(value, kind)
        case Root(entity=entity):
            return entity
        case Variable(name=name):
            return _plain_name(name)
        case Row(source=source, key=key):
            return f"{formula_text(source)}[{shown_key(key)}]"
        case Parameter(name=name):
            return name
        case Fact(record=record, name=name):
            return f"{formula_text(record)}.{name}"
        case AsOf():
            return "as_of"
        case Claimed(claim=claim):
            return f"claimed({claim})"
        case Apply():
            return _applied(node)
        case And(items=items):
            return " and ".join(map(_inside, items))
        case Or(items=items):
            return " or ".join(map(_inside, items))
        case Not(item=item):
            return f"not {_inside(item)}"
        case If(test=test, then=then, otherwise=other):
            parts = (formula_text(test), formula_text(then), formula_text(other))
            return "if {} then {} else {}".format(*parts)
        case IsNone(item=item):
            return f"{_inside(item)} is none"
        case OrElse(item=item, other=other):
            return f"{_inside(item)} or if none {_inside(other)}"
        case IsEmpty(item=item):
            return f"{_inside(item)} is empty"
        case Aggregate():
            return _aggregate(node)
        case TableCell(name=name, keys=keys):
            return f"{name}[{', '.join(map(formula_text, keys))}]"
        case FigureUse(name=name, subject=subject):
            return name if subject is None else f"{formula_text(subject)}.{name}"
        case AtDate(item=item, date=when):
            return f"{formula_text(item)} at {_inside(when)}"
        case Base():
            return "base"
        case Unpublished():
            return "not published"
        case Lookup(keys=keys):
            return f"[{', '.join(map(formula_text, keys))}]"
        case Dated(entries=entries, date=when):
            return f"{formula_text(entries[-1][1])} at {_inside(when)}"
        case Named():
            return _named(node)
        case _:
            assert_never(node)


def shown_key(key: str | int) -> str:
    """Return the key of a row as text; a date is held as an ordinal.

    >>> shown_key("F1"), shown_key(733044)
    ('F1', '2008-01-03')
    """
    return key if isinstance(key, str) else date.fromordinal(key).isoformat()


def _constant(value: Value, kind: Type) -> str:
    if isinstance(value, frozenset):
        member = kind.member if isinstance(kind, SetOf) else kind
        items = [_constant(item, member) if isinstance(item, str) else str(item) for item in value]
        return "{" + ", ".join(sorted(items)) + "}"
    if isinstance(value, str):
        return f'"{value}"' if isinstance(kind, Text) else value
    return shown(value, kind, _NO_NAMES)


def _named(node: Named) -> str:
    name = node.name.rpartition("/")[2]
    if node.kind == "table" and isinstance(node.body, Lookup | Dated):
        return f"{name}{_keys(node.body)}"
    if node.kind == "parameter" and isinstance(node.body, Dated):
        return f"{name} at {_inside(node.body.date)}"
    return name if node.subject is None else f"{formula_text(node.subject)}.{name}"


def _keys(body: Lookup | Dated) -> str:
    if isinstance(body, Lookup):
        return formula_text(body)
    inner = body.entries[-1][1]
    keys = formula_text(inner) if isinstance(inner, Lookup) else ""
    return f"{keys} at {_inside(body.date)}"


def _applied(node: Apply) -> str:
    symbol = OPERATORS[node.operator].symbol
    parts = node.arguments
    if node.operator in {"minimum", "maximum"}:
        return f"{symbol}({', '.join(map(formula_text, parts))})"
    if len(parts) == 1:
        between = "" if symbol == "-" else " "
        return f"{symbol}{between}{_inside(parts[0])}"
    return f"{_inside(parts[0])} {symbol} {_inside(parts[1])}"


def _aggregate(node: Aggregate) -> str:
    name = _plain_name(node.variable.name)
    source = formula_text(node.source)
    where = "" if node.where is None else f" where {formula_text(node.where)}"
    each = name if node.element is None else formula_text(node.element)
    return f"{node.kind}({each} for {name} in {source}{where})"


def _plain_name(name: str) -> str:
    """Return the name of a variable as it was written, without the mark that makes it unique."""
    return name.partition("#")[0]


def _inside(node: Expr) -> str:
    """Return an operand, in brackets where it would otherwise be read differently."""
    text = formula_text(node)
    needs = isinstance(node, And | Or | If | OrElse | Not | IsNone | IsEmpty) or (
        isinstance(node, Apply)
        and len(node.arguments) == 2
        and node.operator not in {"minimum", "maximum", "multiply", "divide"}
    )
    return f"({text})" if needs else text
