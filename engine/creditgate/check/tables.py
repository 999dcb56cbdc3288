"""Tables: rows of keys and constants, checked for gaps and overlaps on every day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise, product
from math import prod
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Label, error
from creditgate.base.spans import Span
from creditgate.check.bands import band_from_text, shown_keys
from creditgate.check.environment import Scope, TableSignature
from creditgate.check.parameters import check_order
from creditgate.check.phrases import constant
from creditgate.check.publication import ALWAYS, NOTHING_KNOWN
from creditgate.check.table_titles import column_titles
from creditgate.check.types import type_from_words
from creditgate.domain.citation import Bilingual, Source
from creditgate.domain.dsl_types import FAILED, Enum, Optional, Type, without_none
from creditgate.domain.timeline import Timeline
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Band, Key, Literal
from creditgate.ir.rulebook import Dimension, Sheet, TableDefinition
from creditgate.load.located import Map, Node, Text
from creditgate.load.reading import bilingual_at, day_at, map_at, maps_at, noted, text_at

ANY: Final = "any"
MOST_WORK: Final = 500_000  # rows looked at for all cells of all entries


@dataclass(frozen=True, slots=True)
class Row:
    """A row as written: a pattern a dimension (`any` matches all) and the cells it states."""

    pattern: tuple[Key, ...]
    cells: Mapping[str, Literal]
    span: Span

    def matches(self, keys: tuple[Key, ...]) -> bool:
        """Tell whether the row speaks of these keys; bands are given by a point inside."""
        return all(_covers(want, have) for want, have in zip(self.pattern, keys, strict=True))

    @property
    def precision(self) -> int:
        """Return how many keys the row names itself."""
        return sum(want != ANY for want in self.pattern)


def _covers(want: Key, have: Key) -> bool:
    if want in (ANY, have):
        return True
    if not isinstance(want, Band) or not isinstance(have, Band):
        return False
    low = want.low is None or (have.low is not None and want.low <= have.low)
    high = want.high is None or (have.high is not None and have.high <= want.high)
    return low and high


@dataclass(frozen=True, slots=True)
class Written:
    """One entry of a table's history as written; not whole where a row had to be left out.

    `is_known` tells whether it was published by the day of knowledge.
    """

    day: int
    rows: tuple[Row, ...]
    source: Source
    span: Span
    is_whole: bool = True
    is_known: bool = True


def table_signature(
    node: Map, currency: str, vocabulary: Vocabulary, collector: Collector
) -> tuple[TableSignature, tuple[Dimension, ...]]:
    """Return the types of a table's keys and columns."""
    dimensions = []
    for key, words in map_at(node, "columns").entries:
        text = words.value if isinstance(words, Text) else ""
        optional = text.endswith(" or none")
        inner = text.removesuffix(" or none").removeprefix("band of ")
        kind = type_from_words(inner, currency, vocabulary)
        if kind is None or ("band of" not in text and not isinstance(kind, Enum)):
            collector.add(
                error(
                    Code.TYPE_MISMATCH,
                    f"`{text}` is neither an enum nor a band of numbers",
                    words.span,
                    hint="write the name of an enum, or `band of ratio`",
                )
            )
            kind = FAILED
        enum = kind.name if isinstance(kind, Enum) else None
        dimensions.append(Dimension(key.value, Optional(kind) if optional else kind, enum))
    columns = {}
    stated: list[tuple[str, Node | None]] = [
        (key.value, words) for key, words in map_at(node, "values").entries
    ]
    for name, stated_type in stated or [("value", node.get("value"))]:
        text = stated_type.value if isinstance(stated_type, Text) else ""
        kind = type_from_words(text, currency, vocabulary)
        if kind is None and stated_type is not None:
            message = f"`{text}` is not a type"
            collector.add(error(Code.TYPE_MISMATCH, message, stated_type.span))
        columns[name] = FAILED if kind is None else kind
    signature = TableSignature(tuple(d.type for d in dimensions), columns)
    return signature, tuple(dimensions)


def written_entries(
    node: Map, dimensions: tuple[Dimension, ...], columns: Mapping[str, Type], scope: Scope,
    collector: Collector,
) -> list[Written]:  # fmt: skip
    """Return the entries of a table's history as written."""
    entries = []
    publication = scope.names.publication
    for entry in maps_at(node, "history"):
        day = day_at(entry, "from", collector)
        source = noted(publication.source(entry, day, collector), node)
        rows = [_row(r, dimensions, columns, scope, collector) for r in maps_at(entry, "rows")]
        if day is not None:
            kept = tuple(row for row in rows if row is not None)
            stated = [sum(r.get(c) is not None for c in columns) for r in maps_at(entry, "rows")]
            is_whole = stated == [0 if row is None else len(row.cells) for row in rows]
            is_known = publication.knows(source)
            entries.append(Written(day, kept, source, entry.span, is_whole, is_known))
    check_order([(entry.day, entry.span) for entry in entries], collector)
    return entries


def table_from_entries(
    name: str, node: Map, chapter: Bilingual, origin: str, dimensions: tuple[Dimension, ...],
    columns: Mapping[str, Type], entries: list[Written], vocabulary: Vocabulary,
    inherited: TableDefinition | None, collector: Collector,
) -> TableDefinition:  # fmt: skip
    """Return a table whose entries each restate only the cells that change.

    `entries` stand in the order of the rulebooks they come from, the farthest base first: what an
    overlay says of a cell stands over its base from its day on, also when the base changes later.
    An entry that is not known says nothing; before the first known one no cell is known.
    """
    sheets = []
    if _is_too_large(name, dimensions, entries, vocabulary, node.span, collector):
        entries = []
    known = [entry for entry in entries if entry.is_known]
    if min((e.day for e in known), default=0) != min((e.day for e in entries), default=0):
        sheets.append((ALWAYS, Sheet((), NOTHING_KNOWN)))
    for day in sorted({entry.day for entry in known}):
        layers = [entry for entry in known if entry.day <= day]
        newest = next(entry for entry in reversed(layers) if entry.day == day)
        rows = _resolved(name, dimensions, columns, layers, vocabulary, collector)
        sheets.append((day, Sheet(rows, newest.source, newest.span)))
    title = bilingual_at(node) if map_at(node, "title").entries else None
    return TableDefinition(
        name,
        origin,
        inherited.chapter if inherited else chapter,
        title or (inherited.title if inherited else Bilingual(name, name)),
        dimensions,
        columns,
        text_at(node, "stricter") or (inherited.stricter if inherited else None),
        Timeline(tuple(sheets)),
        column_titles(node, dimensions, columns, inherited, collector),
        node.span,
    )


def _is_too_large(
    name: str, dimensions: tuple[Dimension, ...], entries: list[Written], vocabulary: Vocabulary,
    span: Span, collector: Collector,
) -> bool:  # fmt: skip
    cells = prod(len(_domain(i, d, entries, vocabulary)) for i, d in enumerate(dimensions))
    if cells * len(entries) * sum(len(entry.rows) for entry in entries) <= MOST_WORK:
        return False
    message = f"the table `{name}` has {cells} cells, too many to look for gaps and overlaps"
    hint = "take a column away, or write several tables"
    collector.add(error(Code.TOO_MANY_ITEMS, message, span, hint=hint))
    return True


def _row(
    node: Map, dimensions: tuple[Dimension, ...], columns: Mapping[str, Type], scope: Scope,
    collector: Collector,
) -> Row | None:  # fmt: skip
    pattern: list[Key] = []
    for dimension in dimensions:
        key = _key(node.get(dimension.name), dimension, node, scope, collector)
        if key is False:
            return None
        pattern.append(key)  # type: ignore[arg-type]  # False is handled above
    cells = {}
    for column, kind in columns.items():
        if node.get(column) is not None:
            value = constant(node.get(column), kind, scope, collector)
            if value is not None:
                cells[column] = value
    known = {*columns, *(dimension.name for dimension in dimensions)}
    for stated, _ in node.entries:
        if stated.value not in known:
            collector.add(
                error(
                    Code.UNKNOWN_NAME,
                    f"`{stated.value}` is neither a key nor a value of this table",
                    stated.span,
                    hint=f"its columns are {', '.join(sorted(known))}",
                )
            )
    return Row(tuple(pattern), cells, node.span)


def _key(
    node: Node | None, dimension: Dimension, row: Map, scope: Scope, collector: Collector
) -> Key | bool:
    if not isinstance(node, Text):
        message = f"the row does not say its `{dimension.name}`"
        collector.add(error(Code.TABLE_GAP, message, row.span, hint="write `any` for all"))
        return False
    text = " ".join(node.value.split())
    if text == ANY:
        return ANY
    if text == "none" and isinstance(dimension.type, Optional):
        return None
    if dimension.enum is not None:
        value = constant(node, without_none(dimension.type), scope, collector)
        return str(value.value) if value is not None else False
    return band_from_text(node, text, without_none(dimension.type), scope, collector)


def _resolved(
    name: str, dimensions: tuple[Dimension, ...], columns: Mapping[str, Type],
    layers: list[Written], vocabulary: Vocabulary, collector: Collector,
) -> tuple[tuple[tuple[Key, ...], Mapping[str, Literal]], ...]:  # fmt: skip
    rows = []
    for keys in product(*(_domain(i, d, layers, vocabulary) for i, d in enumerate(dimensions))):
        cells: dict[str, Literal] = {}
        shown = partial(shown_keys, keys, dimensions, vocabulary)
        for column in columns:
            value = _cell(name, keys, shown, column, layers, collector)
            if value is not None:
                cells[column] = value
        if len(cells) == len(columns):
            rows.append((keys, cells))
    return tuple(rows)


def _domain(
    place: int, dimension: Dimension, layers: list[Written], vocabulary: Vocabulary
) -> list[Key]:
    keys: list[Key] = [None] if isinstance(dimension.type, Optional) else []
    if dimension.enum is not None:
        return [*keys, *vocabulary.enums[dimension.enum].members]
    points: set[Fraction] = set()
    for layer in layers:
        for row in layer.rows:
            band = row.pattern[place]
            if isinstance(band, Band):
                points.update(end for end in (band.low, band.high) if end is not None)
    edges = [None, *sorted(points), None]
    return [*keys, *(Band(low, high) for low, high in pairwise(edges))]


def _cell(
    name: str, keys: tuple[Key, ...], shown: Callable[[], str], column: str, layers: list[Written],
    collector: Collector,
) -> Literal | None:  # fmt: skip
    for layer in reversed(layers):
        rows = [row for row in layer.rows if column in row.cells and row.matches(keys)]
        if not rows:
            continue
        best = max(row.precision for row in rows)
        chosen = [row for row in rows if row.precision == best]
        if len(chosen) > 1 and layer.day == max(other.day for other in layers):
            collector.add(
                error(
                    Code.TABLE_OVERLAP,
                    f"two rows of `{name}` both speak of {shown()}",
                    chosen[1].span,
                    secondary=(Label(chosen[0].span, "the other row"),),
                    hint="narrow one of them",
                )
            )
        return chosen[0].cells[column]
    if not all(layer.is_whole for layer in layers):
        return None  # a row that could not be read may have spoken of it
    collector.add(
        error(
            Code.TABLE_GAP,
            f"no row of `{name}` speaks of {shown()}",
            layers[-1].span,
            hint="add a row for it, or one with `any`",
        )
    )
    return None
