"""Rules, their exemptions, messages and remedies; and determinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.suggest import nearest
from creditgate.check.actions import names_fact
from creditgate.check.deadlines import deadline_of
from creditgate.check.environment import Names, Scope
from creditgate.check.guards import guards_of
from creditgate.check.paths import FAILURE, resolve
from creditgate.check.phrases import condition, formula, message, tree_of
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import BOOLEAN, Type
from creditgate.ir.nodes import Expr, Not
from creditgate.ir.rulebook import (
    Case,
    DeterminationDefinition,
    ExemptionDefinition,
    Message,
    Remedy,
    RuleDefinition,
)
from creditgate.load.located import Map, Node, Text
from creditgate.load.reading import (
    bilingual_at,
    items_at,
    map_at,
    maps_at,
    span_of,
    text_at,
)
from creditgate.syntax.nodes import Path


def scope_of_event(node: Map, names: Names, collector: Collector) -> Scope:
    """Return the scope of a rule or determination on an event."""
    event = text_at(node, "on")
    declared = names.vocabulary.events.get(event)
    if declared is None:
        near = nearest(event, names.vocabulary.events)
        collector.add(
            error(
                Code.UNKNOWN_EVENT,
                f"there is no event `{event}`",
                span_of(node, "on"),
                hint=f"did you mean `{near}`?" if near else "events stand in the vocabulary",
            )
        )
        return Scope(names)
    return Scope(names, subjects=declared.subjects)


def rule_from_map(
    name: str, node: Map, chapter: Bilingual, origin: str, names: Names, collector: Collector
) -> RuleDefinition:
    """Return a rule with every expression typed."""
    scope = scope_of_event(node, names, collector)
    when: Expr | None = None
    inside = scope
    if node.get("when") is not None:
        when, tree = condition(node.get("when"), scope, collector)
        if tree is not None:
            inside = scope.assuming(guards_of(tree, scope, holds=True))
    exemptions = tuple(
        exemption_from_map(key.value, item, origin, inside, collector)
        for key, item in map_at(node, "unless").entries
        if isinstance(item, Map)
    )
    forbids = node.get("forbid") is not None
    written = node.get("forbid") if forbids else node.get("require")
    require, _ = condition(written, inside, collector)
    if forbids and require is not FAILURE:
        require = Not(BOOLEAN, require)
    reason = text_at(node, "reason")
    if reason not in names.vocabulary.reasons:
        near = nearest(reason, names.vocabulary.reasons)
        collector.add(
            error(
                Code.UNKNOWN_REASON,
                f"there is no reason `{reason}`",
                span_of(node, "reason"),
                hint=f"did you mean `{near}`?" if near else "reasons stand in the vocabulary",
            )
        )
    event = text_at(node, "on")
    _check_names_fact(event, when, node, names, collector)
    breach = map_at(node, "breach")
    return RuleDefinition(
        name,
        origin,
        chapter,
        bilingual_at(node),
        event,
        when,
        text_at(node, "when") or None,
        exemptions,
        require,
        written.value if isinstance(written, Text) else "",
        forbids,
        text_at(node, "effect", "reject"),
        reason,
        Message(
            message(breach.get("en"), inside, collector),
            message(breach.get("zh"), inside, collector),
        ),
        tuple(_remedy(item, inside, collector) for item in maps_at(node, "remedy")),
        names.publication.forces(node, "in_force", collector),
        deadline_of(node, names.vocabulary.events.get(event), inside, collector),
        node.span,
    )


def exemption_from_map(
    name: str, node: Map, origin: str, scope: Scope, collector: Collector
) -> ExemptionDefinition:
    """Return an exemption; only here may claims stand."""
    when, _ = condition(node.get("when"), replace(scope, claims_allowed=True), collector)
    title = bilingual_at(node) if node.get("title") is not None else None
    text = text_at(node, "when")
    forces = scope.names.publication.forces(node, "in_force", collector)
    return ExemptionDefinition(name, origin, title, when, text, forces, node.span)


def _check_names_fact(
    event: str, when: Expr | None, node: Map, names: Names, collector: Collector
) -> None:
    declared = names.vocabulary.events.get(event)
    if declared is None or declared.rules_name is None or when is FAILURE:
        return
    entity, fact = declared.rules_name
    if not names_fact(when, declared):
        collector.add(
            error(
                Code.NO_ACTION_NAMED,
                f"the rule does not say for which `{entity}.{fact}` it is meant",
                span_of(node, "when"),
                hint=f"begin `when` with `{entity}.{fact} is ...` or `{entity}.{fact} in {{...}}`, "
                "so that closing orders are never stopped by what guards opening ones",
            )
        )


def _remedy(node: Map, scope: Scope, collector: Collector) -> Remedy:
    when: Expr | None = None
    inside = scope
    if node.get("when") is not None:
        when, tree = condition(node.get("when"), scope, collector)
        if tree is not None:
            inside = scope.assuming(guards_of(tree, scope, holds=True))
    parts = [map_at(node, "set")] if node.get("set") is not None else []
    parts += [part for part in items_at(node, "split") if isinstance(part, Map)]
    title = bilingual_at(node) if node.get("title") is not None else None
    return Remedy(when, tuple(_changes(part, inside, collector) for part in parts), title)


def _changes(node: Map, scope: Scope, collector: Collector) -> Mapping[tuple[str, str], Expr]:
    changes = {}
    for key, value in node.entries:
        found = tree_of(key, collector)
        if found is None:
            continue
        tree, context = found
        if not isinstance(tree, Path) or len(tree.names) != 2:
            collector.add(
                error(Code.WRONG_PLACE, "a remedy changes facts such as `order.price`", key.span)
            )
            continue
        _, kind = resolve(tree, replace(scope, guards=type(scope.guards)()), context)
        changes[tree.names[0], tree.names[1]] = formula(value, kind, scope, collector)
    return changes


def determination_from_map(
    name: str, node: Map, chapter: Bilingual, origin: str, names: Names, collector: Collector
) -> DeterminationDefinition:
    """Return a determination; its last case stands without a condition."""
    scope = scope_of_event(node, names, collector)
    values = {
        key.value: Bilingual(text_at(item, "en"), text_at(item, "zh"))
        for key, item in map_at(node, "values").entries
        if isinstance(item, Map)
    }
    cases: list[Case] = []
    inside = scope
    for item in maps_at(node, "cases"):
        to = text_at(item, "to")
        if to != "previous" and to not in values:
            near = nearest(to, values)
            collector.add(
                error(
                    Code.UNKNOWN_MEMBER,
                    f"`{to}` is not one of the values",
                    span_of(item, "to"),
                    hint=f"did you mean `{near}`?" if near else f"values: {', '.join(values)}",
                )
            )
        when: Expr | None = None
        if item.get("when") is not None:
            when, tree = condition(item.get("when"), inside, collector)
            if tree is not None:
                inside = inside.assuming(guards_of(tree, inside, holds=False))
        cases.append(Case(None if to == "previous" else to, when, text_at(item, "when") or None))
    _check_cases(cases, node, collector)
    previous: Expr | None = None
    if node.get("previous") is not None:
        previous = _any_type(node.get("previous"), scope, collector)
    return DeterminationDefinition(
        name,
        origin,
        chapter,
        bilingual_at(node),
        text_at(node, "on"),
        values,
        tuple(cases),
        text_at(node, "predicts") or None,
        previous,
        text_at(node, "first") or None,
        names.publication.forces(node, "in_force", collector),
        node.span,
    )


def _check_cases(cases: list[Case], node: Map, collector: Collector) -> None:
    if not cases or cases[-1].when is not None or any(c.when is None for c in cases[:-1]):
        collector.add(
            error(
                Code.TABLE_GAP,
                "the cases do not cover everything",
                span_of(node, "cases"),
                hint="the last case, and only the last, stands without `when`",
            )
        )
    if any(case.to is None for case in cases) and node.get("previous") is None:
        collector.add(
            error(
                Code.NOT_DEFINED,
                "a case goes to `previous`, but no fact says what that was",
                span_of(node, "cases"),
                hint="add `previous:` with the fact of the status before",
            )
        )


def _any_type(node: Node | None, scope: Scope, collector: Collector) -> Expr:
    found = tree_of(node, collector)
    if found is None or not isinstance(found[0], Path):
        return FAILURE
    value: tuple[Expr, Type] = resolve(found[0], scope, found[1])
    return value[0]
