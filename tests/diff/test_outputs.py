"""Text, JSON, Markdown and the page to review, in both languages.

`CREDITGATE_WRITE_GOLDEN=1` writes the golden files anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from tests.diff.two_books import LIMIT, Books

from creditgate.diff.as_markdown import markdown_of
from creditgate.diff.blocks import Line

pytest.importorskip("z3")

Make = Callable[..., Books]
Run = Callable[..., Any]
GOLDEN: Final = Path(__file__).parent / "golden"
HOSTILE: Final = '<script src="http://x.example/a.js"></script> | **bold** `code` @everyone &amp; [link](http://x.example)'
REPORT: Final = {
    "form", "verdict", "status", "before", "after", "meaning", "text", "impact", "unchanged",
    "unanswered", "problems",
}  # fmt: skip
BOOK: Final = {
    "before", "after", "title", "verdict", "rules", "effects", "asked", "dropped", "alike", "why",
    "about",
}  # fmt: skip
RULE: Final = {
    "id", "kind", "event", "title", "verdict", "why", "about", "first", "last", "warns",
    "before_id", "before", "after",
}  # fmt: skip
EFFECT: Final = {
    "event", "event_title", "action", "direction", "witness", "why", "regions", "first", "last",
}  # fmt: skip
CHANGE: Final = {
    "what", "kind", "rulebook", "name", "file", "title", "name_before", "file_before", "texts",
}  # fmt: skip


class Page(HTMLParser):
    """The tags of a page with their attributes, and what is written between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_form_is_as_it_was(
    creditgate: Run, books: Make, form: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = books(LIMIT, LIMIT.replace("500 shares", "400 shares").replace("small", "not_too_large"))
    monkeypatch.chdir(made.before.parent)
    done = creditgate(
        "diff", "old/act", "new/act", "--text-only", "--format", form, "--lang", language
    )
    path = GOLDEN / f"{form}.{language}.txt"
    if os.environ.get("CREDITGATE_WRITE_GOLDEN"):
        path.write_text(done.out, "utf-8")
    assert done.out == path.read_text("utf-8")


def test_json_keeps_its_shape(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, LIMIT.replace("500 shares", "400 shares"))
    report = json.loads(creditgate("diff", *made.sides, "--format", "json").out)
    assert report.keys() == REPORT
    assert report["form"] == "creditgate/diff/1"
    (book,) = report["meaning"]
    assert book.keys() == BOOK
    assert all(rule.keys() == RULE for rule in book["rules"])
    assert book["effects"]
    for effect in book["effects"]:
        assert effect.keys() == EFFECT
        assert effect["witness"].keys() == {"document", "before", "after", "is_smallest"}
        assert effect["witness"]["before"].keys() == {"decision", "breached", "words"}
    assert all(change.keys() == CHANGE for change in report["text"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_needs_nothing_from_elsewhere_and_can_be_signed(
    creditgate: Run, books: Make, language: str, tmp_path: Path
) -> None:
    made = books(LIMIT, LIMIT.replace("500 shares", "400 shares"))
    out = tmp_path / "review.html"
    done = creditgate(
        "diff", *made.sides, "--format", "html", "--out", out, "--lang", language
    )  # fmt: skip
    assert (done.status, done.out) == (1, "")
    page = out.read_text("utf-8")
    found = Page(page)
    names = [tag for tag, _ in found.tags]
    assert not {"script", "link", "img", "iframe", "object", "embed", "base"} & set(names)
    for _, attributes in found.tags:
        assert not {"src", "href", "srcset", "action", "onclick", "onload"} & attributes.keys()
    assert "url(" not in page
    assert "@import" not in page
    assert dict(found.tags)["html"]["lang"] == ("zh-CN" if language == "zh" else "en")
    fields = {a.get("name") for tag, a in found.tags if tag in {"input", "textarea"}}
    assert fields == {"reviewer", "date", "decision", "remarks"}
    # Every field stands inside its label, every choice in a set with a legend.
    assert names.count("label") == 6
    assert names.count("legend") == names.count("fieldset") == 1
    assert all(a.get("scope") == "col" for tag, a in found.tags if tag == "th")
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_what_rulebooks_say_is_no_markup(creditgate: Run, books: Make) -> None:
    words = json.dumps(HOSTILE)
    made = books(LIMIT, LIMIT)
    made.after.joinpath("act/rules.yaml").write_text(
        made.before.joinpath("act/rules.yaml")
        .read_text("utf-8")
        .replace("en: Most shares", f"en: {words}"),
        "utf-8",
    )
    page = Page(
        creditgate("diff", *made.sides, "--text-only", "--format", "html", "--lang", "en").out
    )
    assert "script" not in [tag for tag, _ in page.tags]
    assert '<script src="http://x.example/a.js">' in page.text
    told = creditgate(
        "diff", *made.sides, "--text-only", "--format", "markdown", "--lang", "en"
    ).out
    assert "<script" not in told
    assert "**bold**" not in told
    assert not re.search(r"(?<!\\)\]\(http", told)
    assert "@everyone" not in told
    assert all(line.count("|") - line.count("\\|") in {0, 5} for line in told.splitlines())


def test_a_long_comment_is_cut() -> None:
    told = markdown_of([Line("word " * 10), Line("more " * 100)], "en", 200)
    assert told.startswith("word word")
    assert told.endswith("The rest is left out here: it is too long.\n")


def test_chinese_is_chinese(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, LIMIT.replace("500 shares", "400 shares"))
    done = creditgate("diff", *made.sides, "--lang", "zh")
    assert "收紧" in done.out
    assert "融资买入 (`open_long`)：原可通过的将被阻止" in done.out
    assert "最多股数" in done.out
    assert not re.search(r"^[A-Z][a-z]+ [a-z]+ [a-z]+", done.out, re.MULTILINE)
