"""One rulebook, checked whole: its own files over what it inherits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import NOWHERE, Span
from creditgate.base.suggest import nearest
from creditgate.check.environment import FigureSignature, Names, Scope, TableSignature
from creditgate.check.figures import figure_from_map, figure_signature
from creditgate.check.header import Header, header_from_map
from creditgate.check.naming import (
    check_figure_kept,
    check_name,
    check_table_kept,
    check_type_kept,
)
from creditgate.check.parameters import parameter_from_map, parameter_type
from creditgate.check.phrases import condition
from creditgate.check.rules import determination_from_map, rule_from_map
from creditgate.check.sections import Item, all_items, sections_of
from creditgate.check.tables import (
    Written,
    table_from_entries,
    table_signature,
    written_entries,
)
from creditgate.domain.calendar import Calendar
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
from creditgate.load.reading import map_at, span_of
from creditgate.load.rulebook_files import RulebookSource


@dataclass(frozen=True, slots=True)
class Checked:
    """A rulebook with what its admission and later overlays need of it beside its meaning.

    `folder` is where it lies, `certificate` the proof of its admission that lies there, if any.
    """

    rulebook: Rulebook
    signatures: Mapping[str, FigureSignature]
    written_tables: Mapping[str, tuple[Written, ...]]
    header: Header
    folder: Path
    certificate: bytes | None


def check_rulebook(
    source: RulebookSource, base: Checked | None, vocabulary: Vocabulary,
    calendars: Callable[[str, Span, Collector], Calendar | None], collector: Collector,
    known_on: int | None = None,
) -> Checked | None:  # fmt: skip
    """Return the rulebook of some schema-valid files, or None if mistakes were reported.

    With `known_on` only what was published by that day (an ordinal) is in it, as in `base`.
    """
    below = base.header if base else None
    header = header_from_map(source, below, vocabulary, collector, known_on)
    used = {}
    stated = map_at(source.header, "calendars")
    keys = {header.settlement_calendar: "settlement", header.trading_calendar: "trading"}
    for name, key in keys.items():
        calendar = calendars(name, span_of(stated, key), collector)
        if calendar is not None:
            used[name] = calendar
    own = sections_of(source, base.rulebook if base else None, collector)
    reader = _Reader(source.id, header, base, vocabulary, own, collector)
    rulebook = reader.rulebook(used)
    # Gaps in what was known are no mistakes: what falls into one is unknown.
    if collector.has_errors and known_on is None:
        return None
    return Checked(
        rulebook, reader.signatures, reader.written, header, source.folder, source.certificate
    )


class _Reader:
    """Reads the sections in the order in which they need one another."""

    def __init__(
        self, origin: str, header: Header, base: Checked | None, vocabulary: Vocabulary,
        own: dict[str, dict[str, Item]], collector: Collector,
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
            before = self.parameters.get(item.name)
            known = None if before is None else before.type
            check_type_kept(item.name, known, kinds[item.name], item.key_span, collector)
        tables: dict[str, tuple[TableSignature, tuple[Dimension, ...]]] = {
            name: (TableSignature(tuple(d.type for d in t.dimensions), t.columns), t.dimensions)
            for name, t in self.tables.items()
        }
        for item in self.own["tables"].values():
            if item.name not in tables or item.node.get("columns") is not None:
                stated = table_signature(item.node, header.currency, vocabulary, collector)
                inherited, _ = tables.get(item.name, (None, ()))
                if check_table_kept(item.name, inherited, stated[0], item.key_span, collector):
                    tables[item.name] = stated
        self.signatures.update(header.declared)
        for item in self.own["figures"].values():
            declared = self.signatures.get(item.name)
            self.signatures[item.name] = figure_signature(
                item.node, declared, header.currency, vocabulary, collector
            )
            check_figure_kept(
                item.name, declared, self.signatures[item.name], item.key_span, collector
            )
        names = Names(
            vocabulary,
            header.currency,
            header.trading_calendar,
            header.settlement_calendar,
            kinds,
            {name: signature for name, (signature, _) in tables.items()},
            self.signatures,
            header.publication,
        )
        self._check_names()
        self._read_parameters(names, kinds)
        self._read_tables(names, tables)
        for item in self.own["figures"].values():
            self.figures[item.name] = figure_from_map(
                item.name, item.node, item.chapter, self.origin, self.signatures[item.name],
                self.figures.get(item.name), names, collector,
            )  # fmt: skip
        for item in self.own["rules"].values():
            rule = rule_from_map(item.name, item.node, item.chapter, self.origin, names, collector)
            self.rules[item.name] = rule
            if rule.effect != "reject" and header.mode != "tightens":
                self._report_warning(item)
        for item in self.own["determinations"].values():
            self.determinations[item.name] = determination_from_map(
                item.name, item.node, item.chapter, self.origin, names, collector
            )
        self._remove()
        self._check_cited()
        if not header.abstract:
            self._check_declared()
        return Rulebook(
            self.origin, header.title, header.authority, header.mode, header.lineage,
            header.abstract, header.currency, header.time_zone, header.trading_calendar,
            header.settlement_calendar, header.start, header.end, header.start_source,
            self._governs(names), header.instruments, self.parameters, self.tables, self.figures,
            self.rules, self.determinations, header.recited, vocabulary, dict(calendars),
            header.publication.known_on, header.is_known, header.declared_titles,
        )  # fmt: skip

    def _report_warning(self, item: Item) -> None:
        self.collector.add(
            error(
                Code.OVERLAY_NOT_ALLOWED,
                f"the rule `{item.name}` only warns, which regulators' rules never do",
                span_of(item.node, "effect"),
                hint="take `effect: warn` away, or say `mode: tightens` if these are house rules",
            )
        )

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

    def _check_names(self) -> None:
        for section, item in all_items(self.own):
            if section not in {"rules", "determinations"}:
                of = self.signatures[item.name].of if section == "figures" else None
                check_name(item.name, of, item.key_span, self.vocabulary, self.collector)

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
        near = nearest(name, self._rules_and_exemptions())
        hint = "rules are removed by name, exemptions as `rule.exemption`"
        self.collector.add(
            error(
                Code.NOTHING_TO_REPLACE,
                f"`{name}` removes nothing: no rulebook below has it",
                span,
                hint=f"did you mean `{near}`?" if near else hint,
            )
        )

    def _rules_and_exemptions(self) -> list[str]:
        exemptions = [f"{r.name}.{e.id}" for r in self.rules.values() for e in r.exemptions]
        return [*self.rules, *exemptions]

    def _check_cited(self) -> None:
        known = {
            *self._rules_and_exemptions(), *self.parameters, *self.tables, *self.figures,
            *self.determinations,
        }  # fmt: skip
        for name, span in self.header.cited_names:
            if name not in known:
                near = nearest(name, known)
                hint = "cite what the rulebook inherits: a rule, an exemption as `rule.exemption`"
                self.collector.add(
                    error(
                        Code.NOTHING_TO_REPLACE,
                        f"`{name}` is cited, but the rulebook has nothing of that name",
                        span,
                        hint=f"did you mean `{near}`?" if near else hint,
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
