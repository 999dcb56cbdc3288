"""Planted cases: small rulebooks under which the nearest approval is known by hand.

What is expected stands by fact and direction: the value, `none`, `not_decided`, `not_given` or
`not_read`. `facts` change the complete facts of the small market.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from tests.cases.small_facts import COMPLETE, changed
from tests.cases.small_rulebooks import DEFAULT_HEADERS, WORLD, write

from creditgate.admit.admission import admit
from creditgate.base.render import render_text
from creditgate.check.load import Catalogue
from creditgate.decide.engine import Engine
from creditgate.load.rulebook_files import Shelf
from creditgate.nearest.answers import FOUND, NearestApproval, Suggestion
from creditgate.pipeline import Gate

CASES: Final = Path(__file__).parent / "cases"
RULE: Final = (
    "on: order, reason: too_large, title: {en: A title, zh: 标题}, "
    "breach: {en: Not so., zh: 不符。}, in_force: [{from: 2020-01-02, %s}]"
)
ACT: Final = "cite: {instrument: act}, evidence: official"
WORDS: Final = {
    "<rule>": RULE % ACT,
    "<house_rule>": RULE % "cite: {instrument: manual}, evidence: official",
    "<act>": ACT,
    "<price>": "(order.price or if none 1 CNY/share)",
    "<title>": "title: {en: A title, zh: 标题}",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A case as it is stated."""

    topic: str
    name: str
    stated: dict[str, Any]

    @property
    def change(self) -> list[str]:
        """Return the facts that may change."""
        return [str(path) for path in self.stated["change"]]

    @property
    def document(self) -> dict[str, Any]:
        """Return the facts document."""
        document = changed(COMPLETE, **self.stated.get("facts", {}))
        for path in self.stated.get("missing", ()):
            entity, _, name = str(path).partition(".")
            del document[entity][name]
        return document

    def expected(self, key: str) -> dict[str, Any]:
        """Return what is expected of facts alone, or together, as text."""
        return {str(name): value for name, value in self.stated.get(key, {}).items()}


def planted() -> Iterator[Planted]:
    """Yield every case."""
    for path in sorted(CASES.glob("*.yaml")):
        for stated in yaml.safe_load(path.read_text("utf-8")):
            yield Planted(path.stem, str(stated["name"]), stated)


def chapter(text: str) -> str:
    """Return a chapter with the short words for what every rule has to say written out."""
    for word, long in WORDS.items():
        # On a line of its own it is written out by `write`.
        short, full = (f", {word}}}", f", {long}}}") if "rule" in word else (word, long)
        text = text.replace(short, full)
    return "chapter: {en: Chapter, zh: 章}\n" + text


def gate_of(root: Path, chapters: Mapping[str, str], rulebooks: tuple[str, ...] = ()) -> Gate:
    """Write rulebooks (`act`, and over it `house`) and return the gate of those named."""
    files = {f"{name}/chapter.yaml": chapter(text) for name, text in chapters.items()}
    write(root, {**files, "act/rulebook.yaml": DEFAULT_HEADERS["act"]})
    catalogue = Catalogue(Shelf((root, WORLD)), admit)
    found = [catalogue.checked(name) for name in rulebooks or tuple(chapters)]
    assert all(found), render_text(catalogue.collector.diagnostics)
    engines = [Engine(item.rulebook) for item in found if item is not None]
    return Gate(engines, catalogue.vocabulary())


def said(answer: NearestApproval) -> dict[str, str]:
    """Return the answer about each fact alone, as cases state them."""
    return {
        f"{item.paths[0]} {item.directions[0]}": item.state
        if item.state != FOUND
        else str(item.changes[0].value.exact)
        for item in answer.alone
    }


def together(suggestion: Suggestion) -> dict[str, str]:
    """Return what is to change together: the value of each fact."""
    return {change.path: str(change.value.exact) for change in suggestion.changes}
