"""On every day on which a rule is in force, everything it reads has a version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Label, error
from creditgate.base.spans import NOWHERE, Span
from creditgate.check.references import Reference, references
from creditgate.ir.nodes import Expr, FigureUse
from creditgate.ir.rulebook import FigureDefinition, Force, Rulebook, RuleDefinition
from creditgate.ir.specialise import in_force
from creditgate.ir.walk import children

MOST_DEPTH = 110


def check_coverage(rulebook: Rulebook, collector: Collector) -> None:
    """Report circles of figures, expressions too deep, and days without a version."""
    if _has_circle(rulebook, collector) or _too_deep(rulebook, collector) or rulebook.abstract:
        return
    reads: dict[int, frozenset[Reference]] = {}

    def read_by(node: Expr) -> frozenset[Reference]:
        if id(node) not in reads:
            reads[id(node)] = references(node)
        return reads[id(node)]

    readers = [_Reader.of(*each, read_by) for each in _expressions(rulebook)]
    reported: set[tuple[str, Reference]] = set()
    for day in rulebook.change_days():
        covered: set[Reference] = set()  # what this and all that it needs has a version of the day
        found_whole: set[frozenset[Reference]] = {frozenset()}  # most rules read what others read
        for reader in readers:
            for forces, together in reader.parts:
                if together in found_whole or not reader.reads_on(day, forces):
                    continue
                waiting, seen, whole = list(together), set(covered), True
                while waiting:
                    reference = waiting.pop()
                    if reference in seen:
                        continue
                    seen.add(reference)
                    formulas = _formulas_at(rulebook, reference, day)
                    if formulas is None:
                        whole = False
                        if (reader.words, reference) not in reported:
                            reported.add((reader.words, reference))
                            _report(rulebook, reader, reference, day, collector)
                        continue
                    waiting.extend(r for node in formulas for r in read_by(node))
                if whole:
                    covered = seen
                    found_whole.add(together)


Forces: TypeAlias = tuple[Force, ...]
Parts: TypeAlias = Sequence[tuple[Forces | None, Sequence[Expr]]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is decided while it is in force, in words, and what is read for it.

    Each of its parts has its own time; None is always.
    """

    words: str
    span: Span
    forces: Forces | None
    parts: tuple[tuple[Forces | None, frozenset[Reference]], ...]

    @classmethod
    def of(
        cls, words: str, span: Span, forces: Forces | None, parts: Parts,
        read_by: Callable[[Expr], frozenset[Reference]],
    ) -> _Reader:  # fmt: skip
        read = tuple(
            (each, frozenset[Reference]().union(*map(read_by, nodes))) for each, nodes in parts
        )
        return cls(words, span, forces, read)

    def reads_on(self, day: int, forces: Forces | None) -> bool:
        """Tell whether a part with a time of its own is read on a day."""
        both = (self.forces, forces)
        return all(each is None or in_force(each, day) is not None for each in both)


def _expressions(rulebook: Rulebook) -> Iterator[tuple[str, Span, Forces | None, Parts]]:
    for rule in rulebook.rules.values():
        said = [p for p in (*rule.breach.en, *rule.breach.zh) if not isinstance(p, str)]
        offered = [v for r in rule.remedies for part in r.parts for v in part.values()]
        offered += [remedy.when for remedy in rule.remedies if remedy.when is not None]
        parts: list[tuple[Forces | None, list[Expr]]] = [
            (None, [*_deciding(rule), *said, *offered]),
            *[(exemption.in_force, [exemption.when]) for exemption in rule.exemptions],
        ]
        yield f"the rule `{rule.name}`", rule.span, rule.in_force, parts
    for item in rulebook.determinations.values():
        found = [case.when for case in item.cases if case.when is not None]
        found += [] if item.previous is None else [item.previous]
        yield f"the determination `{item.name}`", item.span, item.in_force, [(None, found)]
    for event, node in rulebook.governs.items():
        yield f"what governs each {event}", NOWHERE, None, [(None, [node])]


def _deciding(rule: RuleDefinition) -> list[Expr]:
    found = [rule.require] if rule.when is None else [rule.when, rule.require]
    return found if rule.deadline is None else [*found, rule.deadline.before]


def rule_expressions(rule: RuleDefinition, day: int | None = None) -> list[Expr]:
    """Return the expressions of a rule that decide; on `day` where one is given."""
    exempting = [
        exemption.when
        for exemption in rule.exemptions
        if day is None or in_force(exemption.in_force, day) is not None
    ]
    return [*_deciding(rule), *exempting]


def _formulas_at(rulebook: Rulebook, reference: Reference, day: int) -> list[Expr] | None:
    section, name = reference
    if section == "parameters":
        entry = rulebook.parameters[name].history.at(day)
        return None if entry is None else [entry.value]
    if section == "tables":
        return None if rulebook.tables[name].history.at(day) is None else []
    found: list[Expr] = []
    figure: FigureDefinition | None = rulebook.figures[name]
    while figure is not None:
        version = figure.versions.at(day)
        if version is None:
            return None
        found.append(version.formula)
        figure = figure.replaced
    return found


def _report(
    rulebook: Rulebook, reader: _Reader, reference: Reference, day: int, collector: Collector
) -> None:
    section, name = reference
    definitions: dict[str, dict[str, Span]] = {
        "parameters": {n: p.span for n, p in rulebook.parameters.items()},
        "tables": {n: t.span for n, t in rulebook.tables.items()},
        "figures": {n: f.span for n, f in rulebook.figures.items()},
    }
    collector.add(
        error(
            Code.NOT_COVERED,
            f"on {date.fromordinal(day)} {reader.words} needs `{name}`, which has no "
            "version on that day",
            definitions[section][name],
            f"the history of `{name}`",
            secondary=(Label(reader.span, "what needs it that day"),),
            hint="add an entry that begins on or before that day, or let what needs it begin later",
        )
    )


def _layers(figure: FigureDefinition) -> list[Expr]:
    found: list[Expr] = []
    layer: FigureDefinition | None = figure
    while layer is not None:
        found.extend(version.formula for _, version in layer.versions.entries)
        layer = layer.replaced
    return found


def _has_circle(rulebook: Rulebook, collector: Collector) -> bool:
    inner = {
        name: {
            other
            for formula in _layers(figure)
            for section, other in references(formula, other_days=True)
            if section == "figures" and other in rulebook.figures
        }
        for name, figure in rulebook.figures.items()
    }
    done: set[str] = set()
    for start in inner:
        path: list[str] = []
        stack = [(start, iter(inner[start]))]
        while stack:
            name, following = stack[-1]
            if name not in path:
                path.append(name)
            following_name = next(following, None)
            if following_name is None:
                done.add(name)
                path.pop()
                stack.pop()
            elif following_name in path:
                circle = [*path[path.index(following_name) :], following_name]
                collector.add(
                    error(
                        Code.CYCLE,
                        f"figures need one another in a circle: {' -> '.join(circle)}",
                        rulebook.figures[following_name].span,
                        hint="let one of them take facts instead of the next one",
                    )
                )
                return True
            elif following_name not in done:
                stack.append((following_name, iter(inner[following_name])))
    return False


def _too_deep(rulebook: Rulebook, collector: Collector) -> bool:
    depths: dict[str, int] = {}

    def settle(name: str) -> None:
        stack = [name]
        while stack:
            current = stack[-1]
            needed = {
                other
                for formula in _layers(rulebook.figures[current])
                for section, other in references(formula, other_days=True)
                if section == "figures" and other in rulebook.figures and other not in depths
            }
            if needed:
                stack.extend(needed)
                continue
            stack.pop()
            layers = _layers(rulebook.figures[current])
            depths[current] = sum(_depth(formula, depths) for formula in layers) + 1

    for name, figure in rulebook.figures.items():
        settle(name)
        if depths[name] > MOST_DEPTH:
            _report_depth(name, figure.span, collector)
            return True
    for rule in rulebook.rules.values():
        if any(_depth(node, depths) > MOST_DEPTH for node in rule_expressions(rule)):
            _report_depth(rule.name, rule.span, collector)
            return True
    return False


def _depth(node: Expr, figures: dict[str, int]) -> int:
    deepest, waiting = 0, [(node, 1)]
    while waiting:
        current, level = waiting.pop()
        own = figures.get(current.name, 0) if isinstance(current, FigureUse) else 0
        deepest = max(deepest, level + own)
        waiting.extend((child, level + 1) for child in children(current))
    return deepest


def _report_depth(name: str, span: Span, collector: Collector) -> None:
    collector.add(
        error(
            Code.TOO_DEEP,
            f"`{name}` builds on too many layers of formulas to be read by anyone",
            span,
            hint="take facts that are already known instead of building figure upon figure",
        )
    )
