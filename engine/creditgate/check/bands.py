"""Bands of numbers in tables: read from words, and shown in words."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import ScalarMap
from creditgate.check.environment import Scope
from creditgate.check.phrases import constant
from creditgate.domain.dsl_types import Type
from creditgate.domain.shown import shown
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Band, Key
from creditgate.ir.rulebook import Dimension
from creditgate.load.located import Text

_BAND: Final = re.compile(
    r"below\s+(?P<high>.+)|(?P<low>.+?)\s+to\s+below\s+(?P<top>.+)|(?P<above>.+?)\s+and\s+above"
)


def band_from_text(
    node: Text, text: str, kind: Type, scope: Scope, collector: Collector
) -> Band | bool:
    """Return the band that words such as `180% to below 240%` name; False after reporting."""
    match = _BAND.fullmatch(text)
    if match is None:
        collector.add(
            error(
                Code.BAD_LITERAL,
                f"`{text}` is not a band",
                node.span,
                hint="write `below 180%`, `180% to below 240%` or `240% and above`",
            )
        )
        return False
    low = match["low"] or match["above"]
    high = match["high"] or match["top"]
    ends: list[Fraction | None] = []
    for end in (low, high):
        if end is None:
            ends.append(None)
            continue
        part = Text(end, node.span, _within(node, end), "plain")
        value = constant(part, kind, scope, collector)
        if value is None or not isinstance(value.value, Fraction):
            return False
        ends.append(value.value)
    if ends[0] is not None and ends[1] is not None and ends[0] >= ends[1]:
        collector.add(error(Code.TABLE_GAP, f"the band `{text}` is empty", node.span))
        return False
    return Band(ends[0], ends[1])


def _within(node: Text, part: str) -> ScalarMap:
    span = node.map.span(start := node.value.find(part.split()[0]), start + len(part))
    return ScalarMap(span.file, span.start, span.end, "plain", part)


def shown_keys(
    keys: tuple[Key, ...], dimensions: tuple[Dimension, ...], vocabulary: Vocabulary
) -> str:
    """Return the keys of a cell in the words in which rows are written."""
    words = []
    for key, dimension in zip(keys, dimensions, strict=True):
        if not isinstance(key, Band):
            words.append("none" if key is None else key)
            continue
        ends = (key.low, key.high)
        low, high = ("" if end is None else shown(end, dimension.type, vocabulary) for end in ends)
        if low and high:
            words.append(f"{low} to below {high}")
        elif low:
            words.append(f"{low} and above")
        else:
            words.append(f"below {high}" if high else "every number")
    return ", ".join(words)
