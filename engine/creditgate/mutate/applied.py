"""Rulebooks with one thing changed, wherever the same thing stands in them.

An overlay holds what it inherits as the same objects: they are found by identity, and what it has
replaced is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeVar

from creditgate.domain.timeline import Timeline
from creditgate.ir.nodes import Band, Expr, Key, Literal
from creditgate.ir.rulebook import (
    Case,
    Deadline,
    DeterminationDefinition,
    Entry,
    ExemptionDefinition,
    FigureDefinition,
    FigureVersion,
    Force,
    Rulebook,
    RuleDefinition,
    Sheet,
)
from creditgate.mutate.change import Apply
from creditgate.mutate.expressions import swapped

Thing = TypeVar("Thing")
Item = TypeVar("Item")


def _with(book: Rulebook, section: str, name: str, thing: Any) -> Rulebook:
    fields: dict[str, Any] = {section: {**getattr(book, section), name: thing}}
    return replace(book, **fields)


def _on(section: str, name: str, change: Callable[[Any], Any]) -> Apply:
    """Return the change of one thing; the thing is not touched where it comes out the same."""

    def apply(book: Rulebook) -> Rulebook | None:
        thing = getattr(book, section).get(name)
        changed = thing if thing is None else change(thing)
        return None if changed is thing else _with(book, section, name, changed)

    return apply


def _each(items: tuple[Item, ...], change: Callable[[Item], Item]) -> tuple[Item, ...]:
    """Return items changed; the same tuple where none is."""
    changed = tuple(map(change, items))
    return items if all(a is b for a, b in zip(items, changed, strict=True)) else changed


def other_entry(name: str, old: Entry, value: Expr) -> Apply:
    """Return the change of the value of one entry of a parameter."""

    def change(thing: Any) -> Any:
        entries = _each(
            thing.history.entries,
            lambda e: (e[0], replace(old, value=value)) if e[1] is old else e,
        )
        same = entries is thing.history.entries
        return thing if same else replace(thing, history=Timeline(entries))

    return _on("parameters", name, change)


def other_day(section: str, name: str, is_it: Callable[[int, Any], bool], day: int) -> Apply:
    """Return the change of the day on which an entry of a history begins."""

    def moved(history: Timeline[Any]) -> Timeline[Any]:
        entries = _each(history.entries, lambda e: (day, e[1]) if is_it(*e) else e)
        days = [first for first, _ in entries]
        in_order = all(one < two for one, two in pairwise(days))
        return history if entries is history.entries or not in_order else Timeline(entries)

    def change(thing: Any) -> Any:
        if isinstance(thing, FigureDefinition):
            return _layers(thing, lambda f: _if_new(f, versions=moved(f.versions)))
        return _if_new(thing, history=moved(thing.history))

    return _on(section, name, change)


def _if_new(thing: Thing, **fields: Any) -> Thing:
    """Return a thing with other fields; itself where all are what they were."""
    if all(getattr(thing, name) is value for name, value in fields.items()):
        return thing
    changed: Thing = replace(thing, **fields)  # type: ignore[type-var]  # things are dataclasses
    return changed


def other_cell(name: str, old: Literal, new: Literal) -> Apply:
    """Return the change of a cell of a table, on all days on which it stands as it was written."""

    def row(item: tuple[tuple[Key, ...], Mapping[str, Literal]]) -> Any:
        keys, cells = item
        if all(cell is not old for cell in cells.values()):
            return item
        return keys, {c: new if cell is old else cell for c, cell in cells.items()}

    return _sheets(name, lambda rows: _each(rows, row))


def other_edge(name: str, place: int, old: Fraction, new: Fraction) -> Apply:
    """Return the change of the limit between two bands of a table."""

    def key(band: Key) -> Key:
        if not isinstance(band, Band) or old not in (band.low, band.high):
            return band
        low, high = [new if end == old else end for end in (band.low, band.high)]
        return Band(low, high)

    def row(item: tuple[tuple[Key, ...], Any]) -> Any:
        keys, cells = item
        changed = key(keys[place])
        return (
            item
            if changed is keys[place]
            else ((*keys[:place], changed, *keys[place + 1 :]), cells)
        )

    return _sheets(name, lambda rows: _each(rows, row))


def _sheets(name: str, change: Callable[[Any], Any]) -> Apply:
    def sheet(entry: tuple[int, Sheet]) -> tuple[int, Sheet]:
        day, item = entry
        rows = change(item.rows)
        return entry if rows is item.rows else (day, replace(item, rows=rows))

    def table(thing: Any) -> Any:
        entries = _each(thing.history.entries, sheet)
        same = entries is thing.history.entries
        return thing if same else replace(thing, history=Timeline(entries))

    return _on("tables", name, table)


def _layers(
    figure: FigureDefinition, change: Callable[[FigureDefinition], FigureDefinition]
) -> FigureDefinition:  # fmt: skip
    """Return a figure with a change in it or in what it replaces."""
    below = None if figure.replaced is None else _layers(figure.replaced, change)
    changed = change(figure)
    return changed if below is changed.replaced else replace(changed, replaced=below)


def other_part(section: str, name: str, old: Expr, new: Expr) -> Apply:
    """Return the change of a part of an expression of a rule, a figure or a determination."""

    def change(thing: Any) -> Any:
        match thing:
            case FigureDefinition():
                return _layers(thing, lambda f: _formulas(f, old, new))
            case RuleDefinition():
                return _rule(thing, old, new)
            case DeterminationDefinition():
                cases = _each(thing.cases, lambda c: _if_new(c, when=_swap(c.when, old, new)))
                return _if_new(thing, cases=cases)
            case _:
                return thing

    return _on(section, name, change)


def _swap(root: Expr | None, old: Expr, new: Expr) -> Expr | None:
    return None if root is None else swapped(root, old, new)


def _formulas(figure: FigureDefinition, old: Expr, new: Expr) -> FigureDefinition:
    def version(entry: tuple[int, FigureVersion]) -> tuple[int, FigureVersion]:
        day, item = entry
        formula = swapped(item.formula, old, new)
        return entry if formula is item.formula else (day, replace(item, formula=formula))

    entries = _each(figure.versions.entries, version)
    same = entries is figure.versions.entries
    return figure if same else replace(figure, versions=Timeline(entries))


def _rule(rule: RuleDefinition, old: Expr, new: Expr) -> RuleDefinition:
    deadline = rule.deadline
    if deadline is not None:
        due, before = swapped(deadline.due, old, new), swapped(deadline.before, old, new)
        if due is not deadline.due or before is not deadline.before:
            deadline = Deadline(due, before, deadline.text)
    exemptions = _each(rule.exemptions, lambda e: _if_new(e, when=swapped(e.when, old, new)))
    return _if_new(
        rule, when=_swap(rule.when, old, new), require=swapped(rule.require, old, new),
        exemptions=exemptions, deadline=deadline,
    )  # fmt: skip


def other_governs(event: str, old: Expr, new: Expr) -> Apply:
    """Return the change of a part of the condition under which an event is governed."""

    def apply(book: Rulebook) -> Rulebook | None:
        root = book.governs.get(event)
        changed = _swap(root, old, new)
        if root is None or changed is None or changed is root:
            return None
        return replace(book, governs={**book.governs, event: changed})

    return apply


def other_force(section: str, name: str, old: Force, new: Force) -> Apply:
    """Return the change of the days on which something, or an exemption of it, is in force."""

    def forces(items: tuple[Force, ...]) -> tuple[Force, ...]:
        return _each(items, lambda force: new if force is old else force)

    def change(thing: Any) -> Any:
        changed = _if_new(thing, in_force=forces(thing.in_force))
        if not isinstance(changed, RuleDefinition):
            return changed
        exemptions = _each(
            changed.exemptions, lambda e: _if_new(e, in_force=forces(e.in_force))
        )  # fmt: skip
        return _if_new(changed, exemptions=exemptions)

    return _on(section, name, change)


def without_rule(old: RuleDefinition) -> Apply:
    """Return the change that takes a rule out."""

    def apply(book: Rulebook) -> Rulebook | None:
        found = book.rules.get(old.name)
        if found is None or found.origin != old.origin:
            return None
        return replace(book, rules={n: r for n, r in book.rules.items() if n != old.name})

    return apply


def other_effect(old: RuleDefinition, effect: str) -> Apply:
    """Return the change of what a breach of a rule does."""
    return _on(
        "rules", old.name, lambda r: replace(r, effect=effect) if r.origin == old.origin else r
    )


def without_exemption(rule: str, old: ExemptionDefinition) -> Apply:
    """Return the change that takes an exemption out."""

    def change(thing: Any) -> Any:
        kept = tuple(item for item in thing.exemptions if item is not old)
        return thing if len(kept) == len(thing.exemptions) else replace(thing, exemptions=kept)

    return _on("rules", rule, change)


def other_case(name: str, old: Case, new: Case | None) -> Apply:
    """Return the change of a case of a determination; None takes it out."""

    def change(thing: Any) -> Any:
        if all(case is not old for case in thing.cases):
            return thing
        cases = [new if case is old else case for case in thing.cases]
        return replace(thing, cases=tuple(case for case in cases if case is not None))

    return _on("determinations", name, change)


def other_time(rulebook: str, field: str, day: int) -> Apply:
    """Return the change of the first or the last day of a rulebook (`start` or `end`)."""

    def apply(book: Rulebook) -> Rulebook | None:
        fields: dict[str, Any] = {field: day}
        return replace(book, **fields) if book.id == rulebook else None

    return apply
