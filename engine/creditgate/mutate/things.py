"""The changes of each kind of thing: parameters, tables, figures, rules, determinations, header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Final

from creditgate.admit.admission import TIGHTENS
from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.check.tables import Row, Written
from creditgate.domain.citation import Bilingual
from creditgate.ir.nodes import Band, Literal
from creditgate.ir.rulebook import (
    DeterminationDefinition,
    FigureDefinition,
    ParameterDefinition,
    Rulebook,
    RuleDefinition,
    TableDefinition,
)
from creditgate.mutate import applied
from creditgate.mutate.change import (
    CASE,
    DATE,
    EFFECT,
    EXEMPTION,
    HEADER,
    RULE,
    STATUS,
    Change,
    Days,
)
from creditgate.mutate.changes import Drafts, iso, numbered, spans_of
from creditgate.mutate.expressions import CONSTANT, MEMBER
from creditgate.mutate.steps import neighbour_edges, neighbours

_VALUE: Final = Bilingual("value", "取值")
_BAND: Final = Bilingual("limit between bands", "分档界限")
_SINCE: Final = Bilingual("first day", "首日")
_IN_FORCE: Final = Bilingual("in force, first day", "施行首日")
_FORMULA: Final = Bilingual("formula", "公式")
_APPLIES: Final = Bilingual("applies to", "适用")
_REQUIRES: Final = Bilingual("requires", "要求")
_FORBIDS: Final = Bilingual("forbids", "禁止")
_DUE: Final = Bilingual("due", "期限")
_WHOLE: Final = Bilingual("the whole rule", "整条规则")
_EFFECT: Final = Bilingual("effect", "效力")
_THERE: Final = Bilingual("there", "保留")
_GONE: Final = Bilingual("taken out", "删除")
_GOVERNS: Final = Bilingual("governs", "适用范围")
_FIRST: Final = Bilingual("the rulebook's first day", "规则手册首日")
_LAST: Final = Bilingual("the rulebook's last day", "规则手册末日")


def changes_of(shelf: Catalogue, checked: Checked, books: Sequence[Rulebook]) -> list[Change]:
    """Return all changes of what a rulebook itself defines, with their ids.

    `books` are the rulebooks whose scenarios are to tell: itself, or those that extend an abstract
    base.
    """
    drafts = Drafts(shelf, checked, books)
    return list(numbered(checked.rulebook.id, _every(drafts)))


def _every(drafts: Drafts) -> Iterator[Change]:
    yield from _header(drafts)
    for parameter in drafts.own("parameters"):
        yield from _parameter(drafts, parameter)
    for table in drafts.own("tables"):
        yield from _table(drafts, table)
    for figure in drafts.own("figures"):
        yield from _figure(drafts, figure)
    for rule in drafts.own("rules"):
        yield from _rule(drafts, rule)
    for item in drafts.own("determinations"):
        yield from _determination(drafts, item)


def _header(drafts: Drafts) -> Iterator[Change]:
    book = drafts.book
    for event in sorted(drafts.checked.header.governs):
        part = Bilingual(f"{_GOVERNS.en} {event}", f"{_GOVERNS.zh} {event}")
        yield from drafts.in_expression(
            HEADER, event, part, book.governs[event], ("governs", event), None,
            partial(applied.other_governs, event),
        )  # fmt: skip
    if book.abstract:
        return
    for field, part, day in (("start", _FIRST, book.start), ("end", _LAST, book.end)):
        key = "until" if field == "end" else "from"
        if day is None or not drafts.files.states("in_force", key):
            continue
        for other in drafts.sessions_around(day):
            is_end = field == "end"
            seen = (min(day, other) + is_end, max(day, other) - (not is_end))
            yield Change(
                DATE, HEADER, field, part, iso(day), iso(other),
                applied.other_time(book.id, field, other), seen,
                drafts.files.of_header("in_force", key),
            )  # fmt: skip


def _seen(drafts: Drafts, name: str, days: Days) -> Days | None:
    return None if name in drafts.other_days else days


def _parameter(drafts: Drafts, thing: ParameterDefinition) -> Iterator[Change]:
    base = None if drafts.base is None else drafts.base.rulebook.parameters.get(thing.name)
    inherited = set() if base is None else {id(entry) for _, entry in base.history.entries}
    for entry, days in spans_of(thing.history):
        seen = _seen(drafts, thing.name, days)
        hidden = seen is not None and not drafts.is_seen(seen)
        if id(entry) in inherited or hidden or not isinstance(entry.value, Literal):
            continue
        for value in neighbours(entry.value, drafts.vocabulary):
            kind = MEMBER if isinstance(value.value, frozenset) else CONSTANT
            apply = applied.other_entry(thing.name, entry, value)
            yield Change(
                kind, "parameters", thing.name, _VALUE, entry.value, value, apply, seen, entry.span
            )
    yield from drafts.moved(
        "parameters", thing.name, _SINCE, thing.history.entries, lambda entry: entry.span,
        lambda entry: id(entry) not in inherited,
    )  # fmt: skip


def _table(drafts: Drafts, thing: TableDefinition) -> Iterator[Change]:
    below = () if drafts.base is None else drafts.base.written_tables.get(thing.name, ())
    inherited = {id(entry) for entry in below}
    written = [e for e in drafts.checked.written_tables[thing.name] if id(e) not in inherited]
    for entry in written:
        seen = _seen(drafts, thing.name, (entry.day, None))
        for row in entry.rows:
            yield from _cells(drafts, thing, row, seen)
    yield from _edges(thing, written)
    own = [entry.span for entry in written]
    yield from drafts.moved(
        "tables", thing.name, _SINCE, thing.history.entries, lambda sheet: sheet.span,
        lambda sheet: sheet.span in own,
    )  # fmt: skip


def _cells(
    drafts: Drafts, thing: TableDefinition, row: Row, seen: Days | None
) -> Iterator[Change]:  # fmt: skip
    keys = ", ".join(_key_words(key) for key in row.pattern)
    for column, cell in row.cells.items():
        part = Bilingual(f"{column} at {keys}", f"{column}（{keys}）")
        for value in neighbours(cell, drafts.vocabulary):
            apply = applied.other_cell(thing.name, cell, value)
            yield Change(CONSTANT, "tables", thing.name, part, cell, value, apply, seen, row.span)


def _key_words(key: object) -> str:
    if isinstance(key, Band):
        return f"{'' if key.low is None else key.low}..{'' if key.high is None else key.high}"
    return "none" if key is None else str(key)


def _edges(thing: TableDefinition, written: Sequence[Written]) -> Iterator[Change]:
    for place, dimension in enumerate(thing.dimensions):
        found: dict[Fraction, Row] = {}
        for row in (row for entry in written for row in entry.rows):
            band = row.pattern[place]
            if isinstance(band, Band) and band.high is not None:
                found.setdefault(band.high, row)
        for edge, row in found.items():
            for other in neighbour_edges(edge, dimension.type):
                old, new = [_limit(end, dimension.type) for end in (edge, other)]
                apply = applied.other_edge(thing.name, place, edge, other)
                yield Change(CONSTANT, "tables", thing.name, _BAND, old, new, apply, None, row.span)


def _limit(value: Fraction, kind: object) -> Literal:
    return Literal(getattr(kind, "of", kind), value)  # type: ignore[arg-type]  # a type of the language


def _figure(drafts: Drafts, thing: FigureDefinition) -> Iterator[Change]:
    for place, (version, days) in enumerate(spans_of(thing.versions)):
        always = len(thing.versions.entries) == 1
        keys: tuple[str | int, ...] = ("versions", place, "formula")
        if always and drafts.files.place("figures", thing.name, *keys) == drafts.files.place(
            "figures", thing.name
        ):
            keys = ("formula",)
        yield from drafts.in_expression(
            "figures", thing.name, _FORMULA, version.formula, keys, days
        )
    yield from drafts.moved(
        "figures", thing.name, _SINCE, thing.versions.entries, lambda version: version.span,
        lambda _: len(thing.versions.days) > 1,
    )  # fmt: skip


def _rule(drafts: Drafts, thing: RuleDefinition) -> Iterator[Change]:
    name = thing.name
    whole = drafts.files.place("rules", name)
    yield Change(
        RULE, "rules", name, _WHOLE, _THERE, _GONE, applied.without_rule(thing), None, whole
    )
    if drafts.book.mode == TIGHTENS:
        other = "warn" if thing.effect == "reject" else "reject"
        yield Change(
            EFFECT, "rules", name, _EFFECT, Bilingual(thing.effect, thing.effect),
            Bilingual(other, other), applied.other_effect(thing, other), None, whole,
        )  # fmt: skip
    yield from drafts.in_expression("rules", name, _APPLIES, thing.when, ("when",))
    key = "forbid" if thing.forbids else "require"
    says = _FORBIDS if thing.forbids else _REQUIRES
    yield from drafts.in_expression("rules", name, says, thing.require, (key,))
    if thing.deadline is not None:
        yield from drafts.in_expression("rules", name, _DUE, thing.deadline.due, ("due",))
    yield from drafts.moved_forces("rules", name, _IN_FORCE, thing.in_force, ("in_force",))
    for item in thing.exemptions:
        part = Bilingual(f"unless {item.id}", f"除外 {item.id}")
        keys = ("unless", item.id)
        span = drafts.files.place("rules", name, *keys)
        apply = applied.without_exemption(name, item)
        yield Change(EXEMPTION, "rules", name, part, item.when, _GONE, apply, None, span)
        yield from drafts.in_expression("rules", name, part, item.when, (*keys, "when"))
        since = Bilingual(f"{part.en}, first day", f"{part.zh}，首日")
        yield from drafts.moved_forces("rules", name, since, item.in_force, (*keys, "in_force"))


def _determination(drafts: Drafts, thing: DeterminationDefinition) -> Iterator[Change]:
    name, statuses = thing.name, list(thing.values)
    for place, case in enumerate(thing.cases):
        part = Bilingual(f"case {place + 1}", f"第{place + 1}种情形")
        span = drafts.files.place("determinations", name, "cases", place)
        if case.when is not None:
            apply = applied.other_case(name, case, None)
            yield Change(CASE, "determinations", name, part, case.when, _GONE, apply, None, span)
            keys = ("cases", place, "when")
            yield from drafts.in_expression("determinations", name, part, case.when, keys)
        if case.to is not None and len(statuses) > 1:
            other = statuses[(statuses.index(case.to) + 1) % len(statuses)]
            apply = applied.other_case(name, case, replace(case, to=other))
            yield Change(
                STATUS, "determinations", name, part, thing.values[case.to], thing.values[other],
                apply, None, span,
            )  # fmt: skip
    yield from drafts.moved_forces("determinations", name, _IN_FORCE, thing.in_force, ("in_force",))
