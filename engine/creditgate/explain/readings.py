"""What a rule read, ready to be shown: facts by path, and parameters, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from creditgate.decide.values import fraction_text
from creditgate.domain.citation import Bilingual
from creditgate.explain.authorities import Authority, day_text, of_figure, of_parameter, of_table
from creditgate.explain.shown_values import NOT_KNOWN, ShownValue, Speech
from creditgate.explain.tracing import NameRead, Tracing
from creditgate.ir.rulebook import Rulebook, TableDefinition
from creditgate.reference.evaluate import Unknown


@dataclass(frozen=True, slots=True)
class FactShown:
    """A fact that was read."""

    path: str
    title: Bilingual
    value: ShownValue


@dataclass(frozen=True, slots=True)
class NameShown:
    """A parameter, table or figure that was read, by what authority and since when it is so.

    `at` is the day whose version was asked for, where it is not the day judged. `words` are the
    title, that of a table with the keys that were looked up.
    """

    kind: str
    name: str
    title: Bilingual
    words: Bilingual
    value: ShownValue
    at: str | None
    authority: Authority


def facts_shown(evaluation: Tracing, book: Rulebook) -> tuple[FactShown, ...]:
    """Return the facts that an evaluation has read, in the order of reading."""
    speech = Speech.of(book)
    shown = []
    for read in evaluation.facts_read.values():
        declared = book.vocabulary.fact(read.entity, read.node.name)
        title = Bilingual(read.node.name, read.node.name) if declared is None else declared.title
        shown.append(FactShown(read.path, title, speech.value(read.value, read.node.type)))
    return tuple(shown)


def names_shown(evaluation: Tracing, book: Rulebook, day: int) -> tuple[NameShown, ...]:
    """Return what an evaluation has read by name, as of the day judged."""
    speech = Speech.of(book)
    return tuple(_shown(read, book, speech, day) for read in evaluation.names_read.values())


def _shown(read: NameRead, book: Rulebook, speech: Speech, day: int) -> NameShown:
    node, as_of = read.node, day if read.day is None else read.day
    title: Bilingual | None = None
    keys: tuple[Bilingual, ...] = ()
    name = node.name.rpartition("/")[2]
    if node.kind == "parameter":
        authority = of_parameter(book, book.parameters[name], as_of)
        title = book.parameters[name].title
    elif node.kind == "table":
        authority = of_table(book, book.tables[name], _known(read.keys), read.value, as_of)
        title = book.tables[name].title
        if read.keys is not None:
            keys = tuple(_in_words(read.keys, book.tables[name], speech))
            name = f"{name}[{', '.join(map(_key, read.keys))}]"
    else:
        figure, authority = of_figure(book, node.name, as_of)
        title = None if figure is None else figure.title
        name = f"{read.of}.{name}" if read.of is not None else name
    title = title or Bilingual(name, name)
    words = title
    if keys:
        english, chinese = ", ".join(key.en for key in keys), "、".join(key.zh for key in keys)
        words = Bilingual(f"{title.en} ({english})", f"{title.zh}（{chinese}）")
    return NameShown(
        node.kind, name, title, words, speech.value(read.value, node.type),
        None if read.day is None else day_text(read.day), authority,
    )  # fmt: skip


def _in_words(keys: tuple[Any, ...], table: TableDefinition, speech: Speech) -> Iterator[Bilingual]:
    for key, dimension in zip(keys, table.dimensions, strict=True):
        yield speech.words(key, dimension.type)


def _known(keys: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    unknown = keys is None or any(isinstance(key, Unknown) for key in keys)
    return None if unknown else keys


def _key(key: Any) -> str:
    if isinstance(key, Unknown):
        return NOT_KNOWN.en
    if key is None:
        return "none"
    return fraction_text(key) if isinstance(key, Fraction) else str(key)
