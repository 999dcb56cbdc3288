"""Words as integers: members of enums, texts and keys of records."""

from __future__ import annotations

from collections.abc import Iterable

from creditgate.backends.solver.pieces import Formula, both, either


class Codes:
    """One integer for each word; integers without a word are words that no rule names."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._words: list[str] = []

    def of(self, word: str) -> int:
        """Return the integer of a word."""
        code = self._codes.setdefault(word, len(self._words))
        if code == len(self._words):
            self._words.append(word)
        return code

    def __len__(self) -> int:
        return len(self._words)

    def word(self, code: int) -> str:
        """Return the word of an integer, made up where no rule names one."""
        return self._words[code] if code < len(self._words) else f"X{code}"

    def is_one_of(self, value: Formula, words: Iterable[str]) -> Formula:
        """Return whether a value is the integer of one of some words."""
        codes = sorted({self.of(word) for word in words})
        found = []
        start = 0
        for place in range(1, len(codes) + 1):
            if place == len(codes) or codes[place] != codes[place - 1] + 1:
                low, high = codes[start], codes[place - 1]
                found.append(value == low if low == high else both(value >= low, value <= high))
                start = place
        return either(*found)
