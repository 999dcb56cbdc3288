"""Passages: sentences that know their parts, so that they can be set as a list or on one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from creditgate.backends.words.phrases import PHRASES

#: Brackets of groups, until a text is finished: those of titles and values do not count.
OPENS: Final = "\ue000"
CLOSES: Final = "\ue001"
_FIRST_NAME: Final = 0xE100
_LAST_NAME: Final = 0xF8FF
_CIRCLES: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
_HAN: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")


class Passage(str):
    """A sentence on one line that knows its `lead` and the `parts` of the list behind it.

    `named` says that the parts tell what the numbers in circles of the lead stand for.

    >>> Passage("all of these hold", [Passage("the price is given"), Passage("it is above zero")])
    'all of these hold: (a) the price is given; (b) it is above zero'
    """

    lead: str
    parts: tuple[Passage, ...]
    language: str
    named: bool

    def __new__(
        cls, lead: str, parts: Sequence[Passage] = (), *, language: str = "en",
        named: bool = False, depth: int = 0,
    ) -> Passage:  # fmt: skip
        """Return a passage; `depth` says in how many lists its own list stands."""
        inside = [part._at(depth if named else depth + 1) for part in parts]
        made = super().__new__(cls, _line(lead, inside, language, named, depth))
        made.lead, made.parts = lead, tuple(inside)
        made.language, made.named = language, named
        return made

    def said(self, form: str) -> Passage:
        """Return the passage with its lead set in a form that ends with it."""
        return Passage(form.format(self.lead), self.parts, language=self.language, named=self.named)

    @property
    def all_of_these(self) -> bool:
        """Tell whether this is a list of what must all hold and nothing else."""
        return bool(self.parts) and self.lead == PHRASES[self.language]["list.all"]

    def _at(self, depth: int) -> Passage:
        if not self.parts:
            return self
        return Passage(self.lead, self.parts, language=self.language, named=self.named, depth=depth)


def name_of(place: int) -> str:
    """Return the mark of what is told apart, until a text is finished."""
    return chr(_FIRST_NAME + place)


def names_in(text: str) -> Iterator[int]:
    """Yield the places of what a text tells apart, in the order of mention."""
    for character in text:
        if _FIRST_NAME <= ord(character) <= _LAST_NAME:
            yield ord(character) - _FIRST_NAME


def finished(text: str, names: Mapping[int, int], brackets: tuple[str, str]) -> str:
    """Return a text with brackets, and numbers in circles for what is told apart."""
    text = text.replace(OPENS, brackets[0]).replace(CLOSES, brackets[1])
    for place, number in names.items():
        text = text.replace(name_of(place), circled(number))
    return text


def circled(number: int) -> str:
    """Return a number from zero on in a circle, or in brackets where none is left; the first is one.

    >>> circled(0), circled(20)
    ('①', '(21)')
    """
    return _CIRCLES[number] if number < len(_CIRCLES) else f"({number + 1})"


def _line(lead: str, parts: Sequence[Passage], language: str, named: bool, depth: int) -> str:
    if not parts:
        return lead
    semicolon, colon = ("；", "：") if language == "zh" else ("; ", ": ")
    if named:
        blank = "" if language == "zh" else " "
        return f"{lead}{blank}{semicolon.join(parts)}"
    items = [f"{_mark(place, language, depth)}{part}" for place, part in enumerate(parts)]
    return f"{lead}{colon if lead else ''}{semicolon.join(items)}"


def _mark(place: int, language: str, depth: int) -> str:
    """Return what stands before an item of a list on one line.

    >>> [_mark(1, "en", depth) for depth in range(3)], [_mark(1, "zh", depth) for depth in range(3)]
    (['(b) ', '(ii) ', '(2) '], ['（二）', '2.', '（2）'])
    """
    number = str(place + 1)
    if language == "zh":
        if depth == 0:
            return f"（{_HAN[place] if place < len(_HAN) else number}）"
        return f"{number}." if depth == 1 else f"（{number}）"
    marks: Sequence[str] = (_LETTERS, _ROMAN)[depth] if depth < 2 else ()
    return f"({marks[place] if place < len(marks) else number}) "
