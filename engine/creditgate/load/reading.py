"""Read small values out of located maps that a schema has already approved."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from creditgate.base.collector import Collector
from creditgate.base.spans import NOWHERE, Span
from creditgate.domain.citation import Bilingual, Citation, Source
from creditgate.load.located import Map, Node, Seq, Text
from creditgate.load.scalars import read_date, read_decimal


def text_at(node: Map, key: str, otherwise: str = "") -> str:
    """Return the text of a key, or `otherwise` where it is absent."""
    value = node.get(key)
    return value.value if isinstance(value, Text) else otherwise


def map_at(node: Map, key: str) -> Map:
    """Return the map of a key; an empty one where it is absent."""
    value = node.get(key)
    return value if isinstance(value, Map) else Map((), node.span)


def items_at(node: Map, key: str) -> tuple[Node, ...]:
    """Return the items of a key; none where it is absent."""
    value = node.get(key)
    return value.items if isinstance(value, Seq) else ()


def maps_at(node: Map, key: str) -> tuple[Map, ...]:
    """Return the items of a key that are maps."""
    return tuple(item for item in items_at(node, key) if isinstance(item, Map))


def texts_at(node: Map, key: str) -> tuple[str, ...]:
    """Return the items of a key that are text."""
    return tuple(item.value for item in items_at(node, key) if isinstance(item, Text))


def bilingual_at(node: Map, key: str = "title", otherwise: str = "") -> Bilingual:
    """Return words in both languages."""
    words = map_at(node, key)
    return Bilingual(text_at(words, "en", otherwise), text_at(words, "zh", otherwise))


def span_of(node: Map, key: str) -> Span:
    """Return the place of a value, or of the map where it is absent."""
    value = node.get(key)
    return node.span if value is None else value.span


def key_span(node: Map, key: str) -> Span:
    """Return the place of a key."""
    found = node.key(key)
    return NOWHERE if found is None else found.span


def note_at(node: Map) -> Bilingual | None:
    """Return what is noted, in both languages or in one for both; None where nothing is."""
    value = node.get("note")
    if isinstance(value, Map):
        return Bilingual(text_at(value, "en"), text_at(value, "zh"))
    return Bilingual(value.value, value.value) if isinstance(value, Text) else None


def day_at(node: Map, key: str, collector: Collector) -> int | None:
    """Return a date as an ordinal, reporting one that does not exist."""
    value = node.get(key)
    found = read_date(value, collector) if isinstance(value, Text) else None
    return None if found is None else found.toordinal()


def decimal_at(node: Map, key: str, collector: Collector) -> Decimal | None:
    """Return an exact number, reporting what is none."""
    value = node.get(key)
    return read_decimal(value, collector) if isinstance(value, Text) else None


def source_at(node: Map, collector: Collector, *, otherwise: Source | None = None) -> Source:
    """Return the citation, grade, note and stated days of publication and review of an entry."""
    cite = node.get("cite")
    citation = None
    if isinstance(cite, Map):
        article = text_at(cite, "article") or None
        citation = Citation(text_at(cite, "instrument"), article)
    elif otherwise is not None:
        citation = otherwise.citation
    grade = text_at(node, "evidence") or (otherwise.evidence if otherwise else "unverified")
    note = note_at(node) or (otherwise.note if otherwise else None)
    published, review = (day_at(node, key, collector) for key in ("published", "review"))
    return Source(citation, grade, note, published, review)


def noted(source: Source, whole: Map) -> Source:
    """Return the source of an entry; what the whole notes about itself holds for each."""
    return source if source.note else replace(source, note=note_at(whole))
