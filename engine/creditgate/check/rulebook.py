"""One rulebook, checked whole: its own files over what it inherits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Label, error
from creditgate.base.spans import NOWHERE, Span
from creditgate.check.environment import FigureSignature, Names, Scope, TableSignature
from creditgate.check.figures import figure_from_map, figure_signature
from creditgate.check.header import Header, header_from_map
from creditgate.check.parameters import parameter_from_map, parameter_type
from creditgate.check.phrases import condition
from creditgate.check.rules import determination_from_map, rule_from_map
from creditgate.check.tables import (
    Written,
    table_from_entries,
    table_signature,
    written_entries,
)
from creditgate.domain.calendar import Calendar
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Type
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import (
    DeterminationDefinition,
    Dimension,
    FigureDefinition,
    ParameterDefinition,
    Rulebook,
    RuleDefinition,
    TableDefinition,
)
from creditgate.load.located import Map
from creditgate.load.reading import bilingual_at, map_at, text_at
from creditgate.load.rulebook_files import RulebookSource

SECTIONS = ("parameters", "tables", "figures", "rules", "determinations")


@dataclass(frozen=True, slots=True)
class Checked:
    """A rulebook with what later overlays need of it beside its meaning."""

    rulebook: Rulebook
    signatures: Mapping[str, FigureSignature]
    written_tables: Mapping[str, tuple[Written, ...]]
    header: Header


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    node: Map
    chapter: Bilingual
    key_span: Span


def check_rulebook(
    source: RulebookSource, base: Checked | None, vocabulary: Vocabulary,
    calendars: Callable[[str, Span, Collector], Calendar | None], collector: Collector,
) -> Checked | None:  # fmt: skip
    """Return the rulebook of some schema-valid files, or None if mistakes were reported."""
    header = header_from_map(source, base.header if base else None, vocabulary, collector)
    used = {}
    for name in (header.trading_calendar, header.settlement_calendar):
        calendar = calendars(name, source.header.span, collector)
        if calendar is not None:
            used[name] = calendar
    own = _sections(source, base, collector)
    reader = _Reader(source.id, header, base, vocabulary, own, collector)
    rulebook = reader.rulebook(used)
    return None if collector.has_errors else Checked(
        rulebook, reader.signatures, reader.written, header
    )  # fmt: skip


def _sections(
    source: RulebookSource, base: Checked | None, collector: Collector
) -> dict[str, dict[str, _Item]]:
    found: dict[str, dict[str, _Item]] = {section: {} for section in SECTIONS}
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
                found[section][key.value] = _Item(key.value, node, title, key.span)
    _check_replacements(found, base, collector)
    return found


def _inherited(base: Checked, section: str) -> Mapping[str, Any]:
    inherited: Mapping[str, Any] = getattr(base.rulebook, section)
    return inherited


def _check_replacements(
    own: dict[str, dict[str, _Item]], base: Checked | None, collector: Collector
) -> None:
    for section, item in _all_items(own):
        says = any(text_at(item.node, key) in {"yes", "true"} for key in ("replaces", "fixes"))
        inherited = {} if base is None else _inherited(base, section)
        if says and item.name not in inherited:
            collector.add(
                error(
                    Code.NOTHING_TO_REPLACE,
                    f"`{item.name}` replaces nothing: no rulebook below has it among its {section}",
                    item.key_span,
                    hint="take `replaces` or `fixes` away, or correct the name",
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


def _all_items(own: dict[str, dict[str, _Item]]) -> Iterator[tuple[str, _Item]]:
    for section, items in own.items():
        for item in items.values():
            yield section, item


class _Reader:
    """Reads the sections in the order in which they need one another."""

    def __init__(
        self, origin: str, header: Header, base: Checked | None, vocabulary: Vocabulary,
        own: dict[str, dict[str, _Item]], collector: Collector,
    ) -> None:  # fmt: skip
        self.origin, self.header, self.base = origin, header, base
        self.vocabulary, self.own, self.collector = vocabulary, own, collector
        book = base.rulebook if base else None
        self.parameters: dict[str, ParameterDefinition] = dict(book.parameters) if book else {}
        self.tables: dict[str, TableDefinition] = dict(book.tables) if book else {}
        self.figures: dict[str, FigureDefinition] = dict(book.figures) if book else {}
        self.rules: dict[str, RuleDefinition] = dict(book.rules) if book else {}
        self.determinations: dict[str, DeterminationDefinition] = (
            dict(book.determinations) if book else {}
        )
        self.signatures: dict[str, FigureSignature] = dict(base.signatures) if base else {}
        self.written: dict[str, tuple[Written, ...]] = dict(base.written_tables) if base else {}

    def rulebook(self, calendars: Mapping[str, Calendar]) -> Rulebook:
        header, vocabulary, collector = self.header, self.vocabulary, self.collector
        kinds: dict[str, Type] = {name: p.type for name, p in self.parameters.items()}
        for item in self.own["parameters"].values():
            kinds[item.name] = parameter_type(
                item.node, self.parameters.get(item.name), header.currency, vocabulary, collector
            )
        tables: dict[str, tuple[TableSignature, tuple[Dimension, ...]]] = {
            name: (TableSignature(tuple(d.type for d in t.dimensions), t.columns), t.dimensions)
            for name, t in self.tables.items()
        }
        for item in self.own["tables"].values():
            if item.name not in tables or item.node.get("columns") is not None:
                tables[item.name] = table_signature(
                    item.node, header.currency, vocabulary, collector
                )
        self.signatures.update(header.declared)
        for item in self.own["figures"].values():
            self.signatures[item.name] = figure_signature(
                item.node, self.signatures.get(item.name), header.currency, vocabulary, collector
            )
        names = Names(
            vocabulary,
            header.currency,
            header.trading_calendar,
            header.settlement_calendar,
            kinds,
            {name: signature for name, (signature, _) in tables.items()},
            self.signatures,
        )
        self._check_clashes()
        self._read_parameters(names, kinds)
        self._read_tables(names, tables)
        for item in self.own["figures"].values():
            self.figures[item.name] = figure_from_map(
                item.name, item.node, item.chapter, self.origin, self.signatures[item.name],
                self.figures.get(item.name), names, collector,
            )  # fmt: skip
        for item in self.own["rules"].values():
            self.rules[item.name] = rule_from_map(
                item.name, item.node, item.chapter, self.origin, names, collector
            )
        for item in self.own["determinations"].values():
            self.determinations[item.name] = determination_from_map(
                item.name, item.node, item.chapter, self.origin, names, collector
            )
        self._remove()
        if not header.abstract:
            self._check_declared()
        return Rulebook(
            self.origin, header.title, header.authority, header.mode, header.lineage,
            header.abstract, header.currency, header.time_zone, header.trading_calendar,
            header.settlement_calendar, header.start, header.start_source,
            self._governs(names), header.instruments, self.parameters, self.tables, self.figures,
            self.rules, self.determinations, header.recited, vocabulary, dict(calendars),
        )  # fmt: skip

    def _governs(self, names: Names) -> dict[str, Expr]:
        inherited = dict(self.base.rulebook.governs) if self.base else {}
        for event, node in self.header.governs.items():
            declared = self.vocabulary.events.get(event)
            subjects = declared.subjects if declared else None
            inherited[event], _ = condition(node, Scope(names, subjects=subjects), self.collector)
        return inherited

    def _read_parameters(self, names: Names, kinds: Mapping[str, Type]) -> None:
        for item in self.own["parameters"].values():
            self.parameters[item.name] = parameter_from_map(
                item.name, item.node, item.chapter, self.origin, kinds[item.name],
                self.parameters.get(item.name), Scope(names), self.collector,
            )  # fmt: skip

    def _read_tables(
        self, names: Names, tables: Mapping[str, tuple[TableSignature, tuple[Dimension, ...]]]
    ) -> None:
        for item in self.own["tables"].values():
            signature, dimensions = tables[item.name]
            entries = written_entries(
                item.node, dimensions, signature.columns, Scope(names), self.collector
            )
            both = [*self.written.get(item.name, ()), *entries]
            self.written[item.name] = tuple(both)
            self.tables[item.name] = table_from_entries(
                item.name, item.node, item.chapter, self.origin, dimensions, signature.columns,
                both, self.vocabulary, self.tables.get(item.name), self.collector,
            )  # fmt: skip

    def _check_clashes(self) -> None:
        members = {m for enum in self.vocabulary.enums.values() for m in enum.members}
        for section, item in _all_items(self.own):
            if section in {"rules", "determinations"}:
                continue
            if item.name in members or item.name in self.vocabulary.entities:
                what = "an enum has a member" if item.name in members else "there is an entity"
                self.collector.add(
                    error(
                        Code.NAME_CLASH,
                        f"{what} of the name `{item.name}`",
                        item.key_span,
                        hint="choose another name, so that each word has one meaning",
                    )
                )

    def _remove(self) -> None:
        for name, span in self.header.removed_rules:
            if self.rules.pop(name, None) is None:
                self._nothing_to_remove(name, span)
        for name, span in self.header.removed_exemptions:
            rule_name, _, exemption = name.partition(".")
            rule = self.rules.get(rule_name)
            if rule is None or all(item.id != exemption for item in rule.exemptions):
                self._nothing_to_remove(name, span)
                continue
            kept = tuple(item for item in rule.exemptions if item.id != exemption)
            self.rules[rule_name] = replace(rule, exemptions=kept)

    def _nothing_to_remove(self, name: str, span: Span) -> None:
        self.collector.add(
            error(
                Code.NOTHING_TO_REPLACE,
                f"`{name}` removes nothing: no rulebook below has it",
                span,
                hint="rules are removed by name, exemptions as `rule.exemption`",
            )
        )

    def _check_declared(self) -> None:
        for name in self.signatures:
            if name not in self.figures:
                self.collector.add(
                    error(
                        Code.NOT_DEFINED,
                        f"the rulebook must define the figure `{name}`",
                        self.header.span if self.header.span is not NOWHERE else NOWHERE,
                        hint="its base declares it; add it under `figures`",
                    )
                )
