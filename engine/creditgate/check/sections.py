"""The named things that the chapters of a rulebook define, before their expressions are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Label, error
from creditgate.base.spans import Span
from creditgate.base.suggest import nearest
from creditgate.domain.citation import Bilingual
from creditgate.ir.rulebook import Rulebook
from creditgate.load.located import Map
from creditgate.load.reading import bilingual_at, map_at, text_at
from creditgate.load.rulebook_files import RulebookSource

SECTIONS = ("parameters", "tables", "figures", "rules", "determinations")


@dataclass(frozen=True, slots=True)
class Item:
    """One named thing as written, with the chapter it stands in and the place of its name."""

    name: str
    node: Map
    chapter: Bilingual
    key_span: Span


def sections_of(
    source: RulebookSource, base: Rulebook | None, collector: Collector
) -> dict[str, dict[str, Item]]:
    """Return what each section defines by name, reporting names taken twice."""
    found: dict[str, dict[str, Item]] = {section: {} for section in SECTIONS}
    seen: dict[str, Span] = {}
    for _, chapter in source.chapters:
        title = bilingual_at(chapter, "chapter")
        for section in SECTIONS:
            for key, node in map_at(chapter, section).entries:
                if not isinstance(node, Map):
                    continue
                if key.value in seen:
                    collector.add(
                        error(
                            Code.DUPLICATE_NAME,
                            f"`{key.value}` is defined twice",
                            key.span,
                            secondary=(Label(seen[key.value], "here too"),),
                            hint="give one of them another name",
                        )
                    )
                seen[key.value] = key.span
                # Findings about the whole thing underline its name.
                named = replace(node, span=key.span)
                found[section][key.value] = Item(key.value, named, title, key.span)
    _check_replacements(found, base, collector)
    return found


def _inherited(base: Rulebook, section: str) -> Mapping[str, Any]:
    inherited: Mapping[str, Any] = getattr(base, section)
    return inherited


def _check_replacements(
    own: dict[str, dict[str, Item]], base: Rulebook | None, collector: Collector
) -> None:
    for section, item in all_items(own):
        says = any(text_at(item.node, key) in {"yes", "true"} for key in ("replaces", "fixes"))
        inherited = {} if base is None else _inherited(base, section)
        if says and item.name not in inherited:
            near = nearest(item.name, inherited)
            hint = "take `replaces` or `fixes` away, or correct the name"
            collector.add(
                error(
                    Code.NOTHING_TO_REPLACE,
                    f"`{item.name}` replaces nothing: no rulebook below has it among its {section}",
                    item.key_span,
                    hint=f"did you mean `{near}`?" if near else hint,
                )
            )
        if not says and base is not None:
            for other in SECTIONS:
                known = _inherited(base, other).get(item.name)
                if known is not None:
                    collector.add(
                        error(
                            Code.DUPLICATE_NAME,
                            f"`{item.name}` is inherited from {known.origin}",
                            item.key_span,
                            secondary=(Label(known.span, "there"),),
                            hint="say `replaces: yes` to restate it, or choose another name",
                        )
                    )


def all_items(own: dict[str, dict[str, Item]]) -> Iterator[tuple[str, Item]]:
    """Yield each thing with its section."""
    for section, items in own.items():
        for item in items.values():
            yield section, item
