"""A report as blocks, of which every form of output is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; 1 is the title of the whole."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `mark` is a word set before it, such as a verdict."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; columns of `numbers` stand at the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Pre:
    """Text whose lines are kept, under a caption."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Text that is long and seldom read: a form that can fold it shows the caption alone."""

    caption: str
    text: str


Block = Heading | Line | Items | Grid | Pre | Folded
