"""Rules and the fact they must name: which members each rule meets, and that each member is met.

The vocabulary says for an event which fact the condition of every rule must name (`rules_name`;
for orders the action). No member of it may be governed without a rule: nothing is approved because
nobody thought of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import Span
from creditgate.domain.vocabulary import Event, Vocabulary
from creditgate.ir.nodes import And, Apply, Expr, Fact, Literal, Not, Or, Root
from creditgate.ir.rulebook import Force, Rulebook
from creditgate.ir.specialise import in_force

Members = frozenset[str]


def names_fact(node: Expr | None, event: Event) -> bool:
    """Tell whether a condition says by `is` or `in` for which members of the fact it can hold.

    Naming those for which it does not hold is not enough: the others would meet the rule unnamed.
    """
    match node:
        case And(items=items):
            return any(names_fact(item, event) for item in items)
        case Or(items=items):
            return all(names_fact(item, event) for item in items)
        case Apply(operator="equal" | "member", arguments=(left, Literal())):
            return _is_named(left, event)
        case _:
            return False


def members_met(node: Expr, event: Event, vocabulary: Vocabulary) -> Members | None:
    """Return the members for which a condition can hold; None where it does not name the fact."""
    match node:
        case And(items=items):
            return _meet(members_met(item, event, vocabulary) for item in items)
        case Or(items=items):
            found = [members_met(item, event, vocabulary) for item in items]
            if any(part is None for part in found):
                return None
            return frozenset[str]().union(*(part for part in found if part is not None))
        case Not(item=Apply() as item):
            inner = members_met(item, event, vocabulary)
            return None if inner is None else all_members(event, vocabulary) - inner
        case Apply(operator="equal" | "not_equal" | "member" as operator, arguments=(left, right)):
            if not _is_named(left, event) or not isinstance(right, Literal):
                return None
            value = right.value
            named = value if isinstance(value, frozenset) else frozenset({str(value)})
            return all_members(event, vocabulary) - named if operator == "not_equal" else named
        case _:
            return None


def check_governed(rulebook: Rulebook, span: Span, collector: Collector) -> None:
    """Report rules and determinations of a rulebook that governs nothing: none would be asked."""
    judging = (*rulebook.rules, *rulebook.determinations)
    if judging and not rulebook.governs and not rulebook.abstract:
        collector.add(
            error(
                Code.MISSING_KEY,
                f"the rulebook needs the key `governs`: without it nothing asks `{judging[0]}`",
                span,
                hint="say for each event when the rulebook governs it; only one of figures alone "
                "may leave it out",
            )
        )


def check_actions(rulebook: Rulebook, span: Span, collector: Collector) -> None:
    """Report members of the named fact that are governed on some day without any rule."""
    for name in rulebook.governs:
        event = rulebook.vocabulary.events[name]
        if event.rules_name is None or rulebook.abstract:
            continue
        every = all_members(event, rulebook.vocabulary)
        looks = members_looked_at(rulebook, event)
        for day in rulebook.change_days():
            met = looked_at(looks, every, day) or frozenset()
            if every - met:
                _report(sorted(every - met), event, day, span, collector)
                break


Looks = Sequence[tuple[tuple[Force, ...], Members]]


def members_looked_at(rulebook: Rulebook, event: Event) -> Looks:
    """Return for each rule that can refuse an event its time and the members that it looks at."""
    return [
        (
            rule.in_force,
            (None if rule.when is None else members_met(rule.when, event, rulebook.vocabulary))
            or frozenset(),
        )
        for rule in rulebook.rules.values()
        if rule.event == event.name and rule.effect == "reject"
    ]


def looked_at(looks: Looks, every: Members, day: int) -> Members | None:
    """Return those of all members that a rule in force looks at; None where there is no rule."""
    met: Members | None = None
    for forces, members in looks:
        if met is not None and members <= met:
            continue
        if in_force(forces, day) is not None:
            met = members if met is None else met | members
            if every <= met:
                break
    return met


def _report(members: list[str], event: Event, day: int, span: Span, collector: Collector) -> None:
    path = ".".join(event.rules_name or ())
    shown = ", ".join(f"`{member}`" for member in members)
    collector.add(
        error(
            Code.MEMBER_WITHOUT_RULE,
            f"from {date.fromordinal(day)} no rule looks at {path} {shown}, so each such "
            f"{event.name} would be approved unseen",
            span,
            hint="write a rule that names them, if only one that refuses what does not belong here",
        )
    )


def _is_named(node: Expr, event: Event) -> bool:
    return (
        isinstance(node, Fact)
        and isinstance(node.record, Root)
        and (node.record.entity, node.name) == event.rules_name
    )


def all_members(event: Event, vocabulary: Vocabulary) -> Members:
    """Return the members of the fact that every rule on an event must name."""
    entity, fact = event.rules_name or ("", "")
    declared = vocabulary.fact(entity, fact)
    enum = vocabulary.enums.get(declared.target or "") if declared is not None else None
    return frozenset() if enum is None else frozenset(enum.members)


def _meet(found: Iterable[Members | None]) -> Members | None:
    known = [part for part in found if part is not None]
    if not known:
        return None
    result = known[0]
    for part in known[1:]:
        result &= part
    return result
