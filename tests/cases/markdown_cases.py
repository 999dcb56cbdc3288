"""Case files: a topic in Markdown, each case a sentence with files and what is said of them.

A case begins with `## ` and its sentence. Its fenced blocks are

- `yaml PATH`: a file; `require`, `unless`, `formula UNIT`: an expression in a chapter of `act`;
- `on DAY` (folder lint): the day that days of review are held against;
- `check NAMES`: which rulebooks are loaded, where not all of them are meant;
- `diagnostics`: everything that is said of them; empty if nothing is;
- `reads` (folder load): the file as it was read; `tree` (folder syntax): the tree of the expression.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BLOCK: Final = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CASE: Final = re.compile(r"^## (?P<name>[^\n]+)\n", re.MULTILINE)
GOLDEN: Final = ("diagnostics", "reads", "tree")


@dataclass(frozen=True, slots=True)
class MarkdownCase:
    """One case; `start` and `end` are offsets of its text in the file."""

    path: Path
    name: str
    blocks: tuple[tuple[str, str], ...]
    start: int
    end: int

    def block(self, kind: str) -> str | None:
        """Return the text of the block of a kind, or None."""
        return next((body for found, body in self.blocks if found == kind), None)

    @property
    def files(self) -> dict[str, str]:
        """Return the files of the case by path, expressions in a chapter of their own."""
        found = {}
        for kind, body in self.blocks:
            word, _, rest = kind.partition(" ")
            if word == "yaml":
                found[rest] = body
            elif word in _PROBES:
                lines = textwrap.indent(body.rstrip("\n"), _INDENT[word])
                found["act/probe.yaml"] = _PROBES[word].format(text=lines, unit=rest)
        return found

    @property
    def on(self) -> str | None:
        """Return the day that lints are asked about, or None."""
        kind = next((kind for kind, _ in self.blocks if kind.startswith("on ")), "")
        return kind.removeprefix("on ") or None

    @property
    def checked(self) -> tuple[str, ...]:
        """Return the rulebooks named for loading; none for all."""
        kind = next((kind for kind, _ in self.blocks if kind.startswith("check ")), "")
        return tuple(kind.split()[1:])


_INDENT: Final = {"require": " " * 6, "unless": " " * 10, "formula": " " * 6}
_PROBES: Final = {
    "require": """\
chapter: {{en: Probe, zh: 试验}}
rules:
  probe:
    require: >-
{text}
    <rule>
""",
    "unless": """\
chapter: {{en: Probe, zh: 试验}}
rules:
  probe:
    require: order.quantity <= 100 shares
    unless:
      exempt:
        in_force: [{{<since>}}]
        when: >-
{text}
    <rule>
""",
    "formula": """\
chapter: {{en: Probe, zh: 试验}}
figures:
  probe:
    <title>
    unit: {unit}
    formula: >-
{text}
""",
}


def cases_of(path: Path) -> Iterator[MarkdownCase]:
    """Yield the cases of a file."""
    text = path.read_text(encoding="utf-8")
    heads = list(_CASE.finditer(text))
    for place, head in enumerate(heads):
        end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        body = text[head.end() : end]
        blocks = tuple((m["kind"].strip(), m["body"]) for m in _BLOCK.finditer(body))
        yield MarkdownCase(path, head["name"], blocks, head.start(), end)


def rewritten(case: MarkdownCase, golden: dict[str, str]) -> str:
    """Return the text of a case with its golden blocks replaced, those that are missing added."""
    text = case.path.read_text(encoding="utf-8")[case.start : case.end]
    for kind, body in golden.items():
        block = f"```{kind}\n{body}```"
        pattern = re.compile(rf"^```{kind}\n.*?^```$", re.MULTILINE | re.DOTALL)
        if pattern.search(text):
            text = pattern.sub(block.replace("\\", r"\\"), text)
        else:
            text = f"{text.rstrip()}\n\n{block}\n\n"
    return text
