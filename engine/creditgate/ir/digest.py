"""The digest of a rulebook's meaning: stable bytes of its normal form.

The normal form leaves out titles, citations, notes, places and the order of files. Two rulebooks
with one digest decide every order alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import Any

from creditgate.domain.dsl_types import Type
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Aggregate, Band, Expr, Literal, Lookup, Named, Variable
from creditgate.ir.rulebook import FigureDefinition, Force, Rulebook, RuleDefinition
from creditgate.ir.walk import children

LENGTH = 32


def meaning_digest(rulebook: Rulebook) -> str:
    """Return the digest of what a rulebook decides, vocabulary and calendars included.

    Units:   64 hexadecimal digits of SHA-256.
    """
    form = Form()
    parts: list[Any] = [
        ["id", rulebook.id, rulebook.currency, rulebook.time_zone, rulebook.start, rulebook.end],
        ["governs", sorted((e, form.node(n)) for e, n in rulebook.governs.items())],
        ["parameters", [_parameter(form, name, p) for name, p in sorted(rulebook.parameters.items())]],
        ["tables", [_table(name, t) for name, t in sorted(rulebook.tables.items())]],
        ["figures", [_figure(form, name, f) for name, f in sorted(rulebook.figures.items())]],
        ["rules", [_rule(form, r) for _, r in sorted(rulebook.rules.items())]],
        ["determinations", [_determination(form, d) for _, d in sorted(rulebook.determinations.items())]],
        ["days", rulebook.trading_calendar, rulebook.settlement_calendar],
        ["calendars", [hashlib.sha256(c.canonical()).hexdigest() for _, c in sorted(rulebook.calendars.items())]],
        ["vocabulary", vocabulary_digest(rulebook.vocabulary)],
    ]  # fmt: skip
    if not rulebook.is_known:
        parts.append(["not known"])
    return _hash(parts)


def rule_digest(rule: RuleDefinition) -> str:
    """Return the digest of what a rule asks, whatever it is called and whenever it is in force.

    Units:   64 hexadecimal digits of SHA-256.
    """
    form = Form()
    exemptions = sorted(form.node(item.when) for item in rule.exemptions)
    due = None if rule.deadline is None else rule.deadline.before
    asked = [form.node(rule.when), exemptions, form.node(rule.require), form.node(due)]
    return _hash([rule.event, rule.effect, *asked])


def vocabulary_digest(vocabulary: Vocabulary) -> str:
    """Return the digest of names, types, scales and bounds."""
    parts = [
        [
            entity.name, entity.kind, entity.key, entity.list_name,
            [
                [
                    f.name, f.kind, repr(f.type), f.scale, str(f.low), str(f.high), f.may_be_none,
                    [f.none_when.fact, *sorted(f.none_when.members)] if f.none_when else None,
                ]
                for _, f in sorted(entity.facts.items())
            ],
        ]
        for _, entity in sorted(vocabulary.entities.items())
    ]  # fmt: skip
    enums = [[name, sorted(enum.members)] for name, enum in sorted(vocabulary.enums.items())]
    events = [
        [e.name, sorted(e.subjects), list(e.dated_by), list(e.timed_by or ())]
        for _, e in sorted(vocabulary.events.items())
    ]
    reasons = [[name, reason.fix_103] for name, reason in sorted(vocabulary.reasons.items())]
    lists = [[item.name, sorted(item.carries)] for _, item in sorted(vocabulary.lists.items())]
    return _hash([parts, enums, events, sorted(vocabulary.claims), reasons, lists])


def text_digest(words: Iterable[str]) -> str:
    """Return the digest of titles, messages and citations, in their order."""
    return _hash(list(words))


def _hash(parts: Any) -> str:
    return hashlib.sha256(_bytes(parts)).hexdigest()[: 2 * LENGTH]


def _bytes(value: Any) -> bytes:
    """Return a length-prefixed encoding, so that no two values share one."""
    if value is None:
        return b"NoneType4:None"
    if isinstance(value, str):
        raw = value.encode()
        return b"%b%d:%b" % (type(value).__name__.encode(), len(raw), raw)
    if isinstance(value, list | tuple):
        return b"[%d:%b]" % (len(value), b"".join(map(_bytes, value)))
    raw = repr(value).encode()
    return b"%b%d:%b" % (type(value).__name__.encode(), len(raw), raw)


class Form:
    """Digests of expressions; bound variables are numbered by their place.

    What an expression names is part of it by its name, and not by what it means.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[str, ...]], str] = {}
        self._kept: list[Expr] = []

    def node(self, node: Expr | None, bound: tuple[str, ...] = ()) -> str:
        """Return the digest of an expression, in which some variables are bound."""
        if node is None:
            return "-"
        key = (id(node), bound)
        if key not in self._known:
            self._kept.append(node)
            self._known[key] = self._digest(node, bound)
        return self._known[key]

    def _digest(self, node: Expr, bound: tuple[str, ...]) -> str:
        own: list[Any] = [type(node).__name__, _type_text(node.type)]
        if isinstance(node, Literal):
            own.append(_value(node.value))
        elif isinstance(node, Variable):
            place = len(bound) - bound.index(node.name) if node.name in bound else 0
            own.append(place or "subject")
        elif isinstance(node, Lookup):
            own.append([[_keys(keys), _value(cell.value)] for keys, cell in node.rows])
        elif isinstance(node, Aggregate):
            inside = (*bound, node.variable.name)
            own += [
                node.kind,
                self.node(node.source, bound),
                self.node(node.where, inside),
                self.node(node.element, inside),
            ]
            return _hash(own)
        elif isinstance(node, Named):
            own.append([node.kind, node.name])
        else:
            for name in ("entity", "name", "scale", "claim", "operator", "calendar", "column"):
                own.append(getattr(node, name, None))
            own.append([day for day, _ in getattr(node, "entries", ())])
        return _hash([*own, [self.node(child, bound) for child in children(node)]])


@cache
def _type_text(kind: Type) -> str:
    return repr(kind)


def _value(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, frozenset):
        return sorted(str(_value(item)) for item in value)
    return value


def _keys(keys: tuple[Any, ...]) -> list[Any]:
    return [[_value(k.low), _value(k.high)] if isinstance(k, Band) else k for k in keys]


def _forces(forces: tuple[Force, ...]) -> list[Any]:
    return [[force.interval.start, force.interval.end] for force in forces]


def _parameter(form: Form, name: str, parameter: Any) -> list[Any]:
    history = [[day, form.node(entry.value)] for day, entry in parameter.history.entries]
    return [name, parameter.stricter, history]


def _table(name: str, table: Any) -> list[Any]:
    sheets = [
        [
            day,
            [
                [_keys(keys), [[c, _value(cell.value)] for c, cell in sorted(cells.items())]]
                for keys, cells in sheet.rows
            ],
        ]
        for day, sheet in table.history.entries
    ]
    return [name, table.stricter, sheets]


def _figure(form: Form, name: str, figure: FigureDefinition) -> list[Any]:
    bound = () if figure.variable is None else (figure.variable,)
    versions = [[day, form.node(v.formula, bound)] for day, v in figure.versions.entries]
    replaced = None if figure.replaced is None else _figure(form, name, figure.replaced)
    return [name, figure.of, versions, replaced]


def _rule(form: Form, rule: Any) -> list[Any]:
    exemptions = [
        [item.id, form.node(item.when), _forces(item.in_force)]
        for item in sorted(rule.exemptions, key=lambda item: str(item.id))
    ]
    return [
        rule.id, rule.event, rule.effect, rule.reason, form.node(rule.when),
        exemptions, form.node(rule.require), _forces(rule.in_force),
        form.node(None if rule.deadline is None else rule.deadline.before),
    ]  # fmt: skip


def _determination(form: Form, item: Any) -> list[Any]:
    cases = [[case.to, form.node(case.when)] for case in item.cases]
    return [
        item.name, item.event, cases, form.node(item.previous), item.first, _forces(item.in_force)
    ]  # fmt: skip
