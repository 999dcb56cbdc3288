"""Compare the histories of constants day by day: a house value is never looser than its base."""

from __future__ import annotations

from typing import Any

from creditgate.admit.wording import looser_value, not_allowed, overtaken, too_early
from creditgate.base.collector import Collector
from creditgate.check.polarity import Polarity
from creditgate.domain.dsl_types import Date, Duration, Number, Time, Type
from creditgate.domain.shown import shown
from creditgate.ir.bounds import same
from creditgate.ir.nodes import Band, Key, Literal
from creditgate.ir.rulebook import Entry, ParameterDefinition, Rulebook, Sheet, TableDefinition


def check_parameter(
    house: ParameterDefinition, regulator: ParameterDefinition, above: Rulebook,
    collector: Collector,
) -> None:  # fmt: skip
    """Report the first day on which a house parameter is looser than the regulator's.

    What the regulator leaves to an agreement a house may fix. Its values need an order only where
    they decide a rule.
    """
    if house.stricter != regulator.stricter or house.type != regulator.type:
        message = f"`{house.name}` must keep its type and its `stricter: {regulator.stricter}`"
        collector.add(not_allowed(message, house.span))
        return
    for day in _days(house.history.days, regulator.history.days):
        ours, theirs = house.history.at(day), regulator.history.at(day)
        if ours is not None and theirs is None:
            collector.add(too_early(house.name, ours.span))
            return
        if ours is None or theirs is None or ours is theirs:
            continue
        if theirs.is_open:
            if ours.is_open and not same(ours.value, theirs.value):
                message = f"`{house.name}` is left to an agreement; a house may fix it, not read it elsewhere"
                collector.add(not_allowed(message, ours.span, "give it a value"))
                return
            if not _decides_a_rule(house.name, above):
                continue
        if not _comparable(house.name, regulator.stricter, regulator.type, house, collector):
            return
        if theirs.is_open:
            continue
        if ours.is_open or _is_looser(ours.value, theirs.value, regulator.stricter):
            _report(house.name, day, house.history.days, ours, theirs, above, collector)
            return


def check_table(
    house: TableDefinition, regulator: TableDefinition, above: Rulebook, collector: Collector
) -> None:
    """Report the first day on which a cell of a house table is looser than the regulator's."""
    kinds = list(regulator.columns.values())
    if not all(_comparable(house.name, regulator.stricter, k, house, collector) for k in kinds):
        return
    if house.stricter != regulator.stricter or dict(house.columns) != dict(regulator.columns):
        message = f"`{house.name}` must keep its columns and its `stricter: {regulator.stricter}`"
        collector.add(not_allowed(message, house.span))
        return
    for day in _days(house.history.days, regulator.history.days):
        ours, theirs = house.history.at(day), regulator.history.at(day)
        if ours is not None and theirs is None:
            collector.add(too_early(house.name, ours.span))
            return
        if ours is None or theirs is None:
            continue
        found = _looser_cell(ours, theirs, regulator.stricter)
        if found is not None:
            own_day, own = _own_entry(house, regulator, day)
            spans = (own.span, theirs.span)
            words = (_words(found[0], above), _words(found[1], above))
            sources = (own.source, theirs.source)
            if own_day == day:
                collector.add(looser_value(house.name, words, spans, sources, above))
            else:
                collector.add(overtaken(house.name, day, words, spans, sources, above))
            return


def _decides_a_rule(name: str, above: Rulebook) -> bool:
    walk = Polarity(above)
    rules = (rule for rule in above.rules.values() if rule.effect == "reject")
    return any(("parameters", name) in walk.strictness(rule) for rule in rules)


def _own_entry(house: TableDefinition, regulator: TableDefinition, day: int) -> tuple[int, Sheet]:
    """Return the last entry up to `day` that the house wrote itself, with its day."""
    inherited = {sheet.span for _, sheet in regulator.history.entries}
    entries = [entry for entry in house.history.entries if entry[0] <= day]
    return next((e for e in reversed(entries) if e[1].span not in inherited), entries[-1])


def _comparable(
    name: str, stricter: str | None, kind: Type, house: Any, collector: Collector
) -> bool:
    if stricter is None:
        message = f"`{name}` does not say which way it is stricter, so it cannot be replaced"
        hint = "add a rule of your own beside the regulator's"
        collector.add(not_allowed(message, house.span, hint))
        return False
    if not isinstance(kind, Number | Duration | Date | Time):
        message = f"values of `{name}` have no order in which one is stricter"
        collector.add(not_allowed(message, house.span))
        return False
    return True


def _days(house: tuple[int, ...], regulator: tuple[int, ...]) -> list[int]:
    return sorted({*house, *regulator})


def _is_looser(house: Any, regulator: Any, stricter: str | None) -> bool:
    if not isinstance(house, Literal) or not isinstance(regulator, Literal):
        return True
    ours: Any = house.value
    theirs: Any = regulator.value
    return bool(ours < theirs if stricter == "higher" else ours > theirs)


def _report(
    name: str, day: int, house_days: tuple[int, ...], ours: Entry, theirs: Entry,
    above: Rulebook, collector: Collector,
) -> None:  # fmt: skip
    words = (_words(ours.value, above), _words(theirs.value, above))
    spans, sources = (ours.span, theirs.span), (ours.source, theirs.source)
    if day in house_days:
        collector.add(looser_value(name, words, spans, sources, above))
    else:
        collector.add(overtaken(name, day, words, spans, sources, above))


def _words(value: Any, above: Rulebook) -> str:
    if not isinstance(value, Literal):
        return "left to a fact"
    return shown(value.value, value.type, above.vocabulary)


def _looser_cell(
    ours: Sheet, theirs: Sheet, stricter: str | None
) -> tuple[Literal, Literal] | None:
    for keys, cells in ours.rows:
        for other, base in theirs.rows:
            if all(_overlap(a, b) for a, b in zip(keys, other, strict=True)):
                for column, cell in cells.items():
                    if _is_looser(cell, base[column], stricter):
                        return cell, base[column]
    return None


def _overlap(left: Key, right: Key) -> bool:
    if not isinstance(left, Band) or not isinstance(right, Band):
        return left == right
    low = right.high is None or left.low is None or left.low < right.high
    high = left.high is None or right.low is None or right.low < left.high
    return low and high
