"""Small rulebooks for tests: a made-up market, headers nobody has to repeat, and the check.

`world/` holds the vocabulary and the calendars. A test states the files it is about; where it
states no header, folder `act` is a regulator's rulebook and `house` tightens it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from creditgate.admit.admission import admit
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.render import render_text
from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.load.rulebook_files import Shelf

WORLD: Final = Path(__file__).parent / "world"

_MACROS: Final = {
    "<title>": "title: {en: A title, zh: 标题}",
    "<cite>": "cite: {instrument: act}, evidence: official",
    "<house>": 'cite: {instrument: manual, article: "7"}, evidence: official',
    "<since>": "from: 2020-01-02, cite: {instrument: act}, evidence: official",
}
_RULE: Final = (
    "on: order",
    "reason: too_large",
    "title: {en: A title, zh: 标题}",
    "breach: {en: Not so., zh: 不符。}",
    "in_force: [{from: 2020-01-02, cite: {instrument: act}, evidence: official}]",
)
_RULE_LINE: Final = re.compile(r"^( *)<rule>$", re.MULTILINE)

REGULATOR: Final = """\
rulebook: {id}
title: {{en: The act, zh: 法}}
authority: {{en: The regulator, zh: 监管机构}}
currency: CNY
time_zone: Asia/Shanghai
calendars: {{trading: TRADING, settlement: SETTLEMENT}}
in_force: {{from: 2020-01-02, cite: {{instrument: act}}, evidence: official}}
governs: {{order: "yes"}}
instruments:
  act: {{title: {{en: The act, zh: 法}}, issued: 2019-12-01}}
"""
OVERLAY: Final = """\
rulebook: {id}
title: {{en: House rules, zh: 内部规则}}
authority: {{en: A house, zh: 公司}}
extends: [{base}]
mode: {mode}
instruments:
  manual: {{title: {{en: The manual, zh: 手册}}, issued: 2019-12-01}}
"""
DEFAULT_HEADERS: Final = {
    "act": REGULATOR.format(id="act"),
    "house": OVERLAY.format(id="house", base="act", mode="tightens"),
    "exchange": OVERLAY.format(id="exchange", base="act", mode="replaces"),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading some rulebooks gave; a refused one is None."""

    catalogue: Catalogue
    rulebooks: Mapping[str, Checked | None]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return the findings in order."""
        return self.catalogue.collector.diagnostics

    def found(self) -> set[str]:
        """Return the numbers of the codes found."""
        return {diagnostic.code.number for diagnostic in self.diagnostics}

    def text(self, root: Path) -> str:
        """Return the findings as text, with paths below `root`."""
        return render_text(self.diagnostics).replace(f"{root.as_posix()}/", "")

    def accepted(self, rulebook: str) -> Checked:
        """Return a rulebook that must have been accepted."""
        checked = self.rulebooks[rulebook]
        assert checked is not None, render_text(self.diagnostics)
        return checked


def expanded(text: str) -> str:
    """Return a file with the short words for what every rule has to say written out."""
    for short, long in _MACROS.items():
        text = text.replace(short, long)
    return _RULE_LINE.sub(lambda m: "\n".join(m[1] + line for line in _RULE), text)


def write(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write files and the headers they leave out; return the rulebooks, bases first."""
    texts = {path: expanded(text) for path, text in files.items()}
    folders = dict.fromkeys(path.rpartition("/")[0] for path in texts)
    for folder in ("act", *folders):
        is_needed = folder in folders or "house" in folders or "exchange" in folders
        if is_needed and folder in DEFAULT_HEADERS:
            texts.setdefault(f"{folder}/rulebook.yaml", DEFAULT_HEADERS[folder])
    for path, text in texts.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    headers = [path for path in texts if path.endswith("/rulebook.yaml")]
    return sorted((path.removesuffix("/rulebook.yaml") for path in headers), key=_below_first)


def load(root: Path, files: Mapping[str, str], ids: Sequence[str] = ()) -> Loaded:
    """Write files below `root` and load the rulebooks they make (or those named)."""
    written = write(root, files)
    catalogue = Catalogue(Shelf((root, WORLD)), admit)
    return Loaded(catalogue, {name: catalogue.checked(name) for name in ids or written})


def _below_first(name: str) -> tuple[bool, str]:
    return name != "act", name
