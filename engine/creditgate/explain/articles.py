"""Places in a legal text as a sentence has them: articles, paragraphs, chapters, sections."""

from __future__ import annotations

import re
from typing import Final

_SECTION: Final = re.compile(r"\d{3}\.\d+(?:\(\w+\))*")
_ARTICLE: Final = re.compile(r"\d+(?:\.\d+)*(?:\(\w+\))*")
_PARAGRAPH: Final = re.compile(r"(first|second|third|fourth|fifth|sixth) paragraph")
_CHAPTER: Final = re.compile(r"chapter (\d+)")
_ORDINALS: Final = {
    "first": "一", "second": "二", "third": "三", "fourth": "四", "fifth": "五", "sixth": "六",
}  # fmt: skip


def article_words(article: str, language: str) -> str:
    """Return a place in a text, as it stands behind the title of the text.

    >>> article_words("12, second paragraph", "zh"), article_words("22, 28", "en")
    ('第12条第二款', ', articles 22 and 28')
    >>> article_words("242.203(b)(1)", "en"), article_words("chapter 3", "zh")
    (', 242.203(b)(1)', '第3章')
    """
    parts = [part.strip() for part in article.split(",")]
    numbers = [part for part in parts if _ARTICLE.fullmatch(part)]
    rest = parts[len(numbers) :]
    is_known = numbers == parts[: len(numbers)] and all(map(_known, rest))
    if not is_known:
        return f"，{article}" if language == "zh" else f", {article}"
    return _chinese(numbers, rest) if language == "zh" else _english(numbers, rest)


def _known(part: str) -> bool:
    return bool(_PARAGRAPH.fullmatch(part) or _CHAPTER.fullmatch(part))


def _english(numbers: list[str], rest: list[str]) -> str:
    plural = "s" if len(numbers) > 1 else ""
    listed = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if plural else numbers)
    # A section of a code is cited by its number alone.
    word = "" if numbers and _SECTION.fullmatch(numbers[0]) else f"article{plural} "
    named = [f"{word}{listed}"] if numbers else []
    return "".join(f", {part}" for part in (*named, *rest))


def _chinese(numbers: list[str], rest: list[str]) -> str:
    said = "、".join(f"第{number}条" for number in numbers)
    for part in rest:
        paragraph, chapter = _PARAGRAPH.fullmatch(part), _CHAPTER.fullmatch(part)
        if paragraph is not None:
            said += f"第{_ORDINALS[paragraph[1]]}款"
        elif chapter is not None:
            said += f"第{chapter[1]}章"
    return said
