"""Rules that mean the same under two names."""

from __future__ import annotations

from collections.abc import Iterator

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, Label, warning
from creditgate.ir.digest import rule_digest
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import RuleDefinition
from creditgate.ir.walk import children
from creditgate.lint.stated import Stated


def duplicate_rules(stated: Stated) -> Iterator[Diagnostic]:
    """Yield rules that say what another rule of the rulebook says, on days that they share.

    Reasons, messages and titles do not count; inherited rules do.
    """
    first: dict[str, list[RuleDefinition]] = {}
    own = {rule.name for rule in stated.rules}
    for rule in _candidates(stated, own):
        alike = first.setdefault(rule_digest(rule), [])
        if rule.name in own:
            for other in alike:
                if _share_a_day(rule, other):
                    message = f"`{rule.name}` says the same as `{other.name}`"
                    hint = "keep one of them"
                    label = Label(other.span, "the other")
                    yield warning(
                        Code.DUPLICATE_RULE, message, rule.span, hint=hint, secondary=(label,)
                    )
                    break
        alike.append(rule)


def _candidates(stated: Stated, own: set[str]) -> Iterator[RuleDefinition]:
    """Yield rules that look alike at first sight, inherited ones before the own ones like them."""
    groups: dict[object, list[RuleDefinition]] = {}
    for rule in stated.book.rules.values():
        look = (
            rule.event,
            rule.effect,
            len(rule.exemptions),
            _look(rule.when),
            _look(rule.require),
        )
        groups.setdefault(look, []).append(rule)
    for group in groups.values():
        if len(group) > 1 and any(rule.name in own for rule in group):
            yield from sorted(group, key=lambda rule: rule.name in own)


def _look(node: Expr | None, depth: int = 3) -> object:
    if node is None:
        return None
    named = [getattr(node, name, None) for name in ("operator", "name", "kind", "value")]
    inside = [_look(child, depth - 1) for child in children(node)] if depth else []
    return (type(node).__name__, *named, *inside)


def _share_a_day(left: RuleDefinition, right: RuleDefinition) -> bool:
    return any(
        (ours.interval.end is None or theirs.interval.start <= ours.interval.end)
        and (theirs.interval.end is None or ours.interval.start <= theirs.interval.end)
        for ours in left.in_force
        for theirs in right.in_force
    )
