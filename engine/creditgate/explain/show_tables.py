"""Cells of a table as few rows as say the same: members with equal cells share a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any, Final

from creditgate.backends.words.constants import Grammar, constant_text, value_text
from creditgate.domain.dsl_types import Type, without_none
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Band, Key
from creditgate.ir.rulebook import Sheet, TableDefinition

_MOST_NAMED: Final = 4
KeyText = Callable[[int, str], str]
Group = tuple[Key, ...]


def cells_of(
    table: TableDefinition, sheet: Sheet, vocabulary: Vocabulary, grammar: Grammar, key: KeyText
) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a sheet as texts, the keys first."""
    cells = {
        keys: tuple(constant_text(cell, vocabulary, grammar) for cell in values.values())
        for keys, values in sheet.rows
    }
    groups = [_groups(place, cells) for place in range(len(table.dimensions))]
    shown = []
    for chosen in product(*groups):
        texts = [
            _text(place, group, groups[place], table, vocabulary, grammar, key)
            for place, group in enumerate(chosen)
        ]
        shown.append((*texts, *cells[tuple(group[0] for group in chosen)]))
    return tuple(shown)


def _groups(place: int, rows: Mapping[tuple[Key, ...], tuple[str, ...]]) -> list[Group]:
    """Return the keys of one dimension, those together whose cells are the same everywhere."""
    cells: dict[Key, list[Any]] = {}
    for keys, values in rows.items():
        cells.setdefault(keys[place], []).append((*keys[:place], *keys[place + 1 :], values))
    found: dict[tuple[Any, ...], list[Key]] = {}
    for name, others in cells.items():
        found.setdefault(tuple(others), []).append(name)
    groups = [tuple(names) for names in found.values()]
    return sorted(groups, key=lambda group: _is_rest(group, groups))


def _is_rest(group: Group, groups: Sequence[Group]) -> bool:
    return len(group) > _MOST_NAMED and group == max(groups, key=len)


def _text(
    place: int, group: Group, groups: Sequence[Group], table: TableDefinition,
    vocabulary: Vocabulary, grammar: Grammar, key: KeyText,
) -> str:  # fmt: skip
    chinese = grammar.id == "zh"
    if len(groups) == 1:
        return "全部" if chinese else "all"
    if _is_rest(group, groups):
        return "其他" if chinese else "all others"
    kind = without_none(table.dimensions[place].type)
    names = [
        _band(name, kind, vocabulary, grammar) if not isinstance(name, str) else key(place, name)
        for name in group
    ]
    return ("；" if chinese else "; ").join(names)


def _band(band: Band | None, kind: Type, vocabulary: Vocabulary, grammar: Grammar) -> str:
    chinese = grammar.id == "zh"
    if band is None:
        return "无" if chinese else "none"
    low, high = (
        None if end is None else value_text(end, kind, vocabulary, grammar)
        for end in (band.low, band.high)
    )
    if low is None and high is None:
        return "全部" if chinese else "all"
    if low is None:
        return f"低于{high}" if chinese else f"below {high}"
    if high is None:
        return f"{low}及以上" if chinese else f"{low} and above"
    return f"{low}至低于{high}" if chinese else f"{low} to below {high}"
