"""A small rulebook as it was and as it is, each below a folder with the vocabulary of the tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.cases.small_rulebooks import DEFAULT_HEADERS, WORLD, expanded

from creditgate import Gate
from creditgate.admit.admission import admit
from creditgate.check.load import Catalogue
from creditgate.decide.engine import Engine
from creditgate.load.rulebook_files import Shelf

HEADER: Final = DEFAULT_HEADERS["act"].replace('governs: {order: "yes"}', 'governs: {trade: "yes"}')
RULE: Final = (
    "on: trade, reason: too_large, title: {en: A title, zh: 标题}, "
    "breach: {en: Not so., zh: 不符。}, "
    "in_force: [{from: 2020-01-02, cite: {instrument: act}, evidence: official}]"
)
LIMIT: Final = """\
parameters:
  most:
    title: {en: Most shares, zh: 最多股数}
    type: quantity
    stricter: lower
    history:
      - {from: 2020-01-02, value: 500 shares, cite: {instrument: act, article: "3"}, evidence: official}
rules:
  small:
    {<rule>, when: "order.action in {open_long, open_short}", require: order.quantity <= most}
  all_orders:
    {<rule>, when: "order.action in {open_long, open_short, close_long, close_short}",
     require: order.quantity <= 900_000 shares}
"""


@dataclass(frozen=True, slots=True)
class Books:
    """The folders of both sides; the rulebook is `act` below each."""

    before: Path
    after: Path

    @property
    def sides(self) -> tuple[Path, Path]:
        """Return the rulebook on both sides."""
        return self.before / "act", self.after / "act"


def chapter(text: str) -> str:
    """Return a chapter whose rules may leave out what is the same for all."""
    body = text.replace("<rule>", RULE)
    return "chapter: {en: Chapter, zh: 章}\n" + expanded(body)


def write_book(root: Path, text: str, files: dict[str, str] | None = None) -> Path:
    """Write one rulebook with its vocabulary below a folder."""
    for part in ("vocabulary", "calendars"):
        shutil.copytree(WORLD / part, root / part, dirs_exist_ok=True)
    (root / "act").mkdir(parents=True, exist_ok=True)
    (root / "act" / "rulebook.yaml").write_text(HEADER, "utf-8")
    if text:
        (root / "act" / "rules.yaml").write_text(chapter(text), "utf-8")
    for name, content in (files or {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    return root


def made(root: Path, before: str, after: str, **files: Any) -> Books:
    """Write both sides; `files_before` and `files_after` are more files below them."""
    return Books(
        write_book(root / "old", before, files.get("files_before")),
        write_book(root / "new", after, files.get("files_after")),
    )


def gate_of(root: Path) -> Gate:
    """Return the gate of the rulebook `act` below a folder, with the vocabulary beside it."""
    checked = Catalogue(Shelf((root,)), admit).checked("act")
    assert checked is not None
    return Gate([Engine(checked.rulebook)], checked.rulebook.vocabulary)
