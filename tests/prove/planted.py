"""Planted cases: small rulebooks about which the answers are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from tests.cases.small_rulebooks import DEFAULT_HEADERS, OVERLAY, REGULATOR, WORLD, write

from creditgate.admit.admission import admit
from creditgate.check.load import Catalogue
from creditgate.load.rulebook_files import Shelf
from creditgate.prove.answers import Answer
from creditgate.prove.questions import QUESTIONS, Asked
from creditgate.prove.rulebooks import Library, Subject

CASES: Final = Path(__file__).parent / "cases"
SECONDS: Final = 10.0
RULE: Final = (
    "on: order, reason: too_large, title: {en: A title, zh: 标题}, "
    "breach: {en: Not so., zh: 不符。}, in_force: [{from: 2020-01-02, %s}]"
)
ACT: Final = "cite: {instrument: act}, evidence: official"
HOUSE: Final = "cite: {instrument: manual}, evidence: official"
WORDS: Final = {
    "<rule>": RULE % ACT,
    "<house_rule>": RULE % HOUSE,
    "<act>": ACT,
    "<house>": HOUSE,
    "<title>": "title: {en: A title, zh: 标题}",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A case: chapters, a question, and every answer to it, as `question subject with: verdict`."""

    topic: str
    name: str
    stated: dict[str, Any]

    @property
    def question(self) -> str:
        """Return what is asked."""
        return str(self.stated["question"])

    @property
    def expected(self) -> dict[str, str]:
        """Return the verdicts by what they are about."""
        words = {True: "yes", False: "no"}
        found = {str(key): words[value] for key, value in self.stated["expect"].items()}
        if self.question == "only_tightens":
            return {f"only_tightens {key}".strip(): value for key, value in found.items()}
        return {key.strip(): value for key, value in found.items()}

    def files(self) -> dict[str, str]:
        """Return the files of the rulebooks."""
        files = {}
        for name in ("act", "house", "other"):
            if name in self.stated and str(self.stated[name]).strip() != "{}":
                files[f"{name}/chapter.yaml"] = self._chapter(str(self.stated[name]))
        files["act/rulebook.yaml"] = DEFAULT_HEADERS["act"]
        if "house" in self.stated:
            mode = self.stated.get("mode", "tightens")
            header = OVERLAY.format(id="house", base="act", mode=mode)
            removes = self.stated.get("removes")
            files["house/rulebook.yaml"] = header + (f"removes: {removes}\n" if removes else "")
        if "other" in self.stated:
            files["other/rulebook.yaml"] = REGULATOR.format(id="other")
        return files

    @staticmethod
    def _chapter(text: str) -> str:
        for word, long in WORDS.items():
            text = text.replace(word, long)
        return "chapter: {en: Chapter, zh: 章}\n" + text


def planted() -> Iterator[Planted]:
    """Yield every case."""
    for path in sorted(CASES.glob("*.yaml")):
        for stated in yaml.safe_load(path.read_text("utf-8")):
            yield Planted(path.stem, str(stated["name"]), stated)


def subject(library: Library, name: str) -> Subject:
    """Return a rulebook that must be usable."""
    found = library.subject(name)
    assert found is not None, library.diagnostics
    return found


def asked_of(case: Planted, root: Path) -> tuple[Asked, list[Answer]]:
    """Write the rulebooks of a case, ask its question, and return the answers."""
    write(root, case.files())
    library = Library((root, WORLD))
    book = subject(library, "house" if "house" in case.stated else "act")
    if case.stated.get("mode") == "replaces" and case.question == "only_tightens":
        book = Subject(book.book, book.base, True, book.doubts, book.folder)
    other = subject(library, "other") if "other" in case.stated else None
    facts = []
    for fact in case.stated.get("facts", ()):
        entity, _, name = str(fact).partition(".")
        facts.append((entity, name))
    thoroughly = bool(case.stated.get("thoroughly")) or case.stated.get("mode") == "replaces"
    asked = Asked(book, SECONDS, None, other, tuple(facts), thoroughly)
    return asked, list(QUESTIONS[case.question](asked))


def about(answer: Answer) -> str:
    """Return what an answer is about."""
    parts = [answer.question, answer.subject]
    if answer.question == "contradict":
        parts.append(answer.words.get("with", ""))
    return " ".join(parts).strip()


def loads(root: Path) -> bool:
    """Tell whether the house rulebook is admitted, without a solver."""
    roots = (root,) if (root / "vocabulary").exists() else (root, WORLD)
    return Catalogue(Shelf(roots), admit).checked("house") is not None
