"""Does a rule ever decide by itself, or do other rules stop all that it stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import RuleTerms, outcome
from creditgate.backends.solver.pieces import Formula, opposite
from creditgate.prove.answers import YES, Answer
from creditgate.prove.reference_runs import Run
from creditgate.prove.rule_fires import answer
from creditgate.prove.search import Found, Search
from creditgate.prove.versions import Version

BINDS: Final = "never_binds"
HIDDEN: Final = "hidden"


def never_binds(search: Search, version: Version) -> Answer:
    """Answer whether no order is stopped by this rule alone; no comes with one that is."""
    rule = version.rule
    others = [each for each in version.event.deciding if each is not rule]

    def wanted(encoding: Encoding) -> list[Formula]:
        passed = [outcome(encoding, other).passes for other in others]
        governs = encoding.piece(version.event.governs).holds
        return [governs, outcome(encoding, rule).breached, *passed]

    def confirm(runs: Sequence[Run]) -> bool:
        return runs[0].decided.breached == (rule.rule.id,) and not runs[0].decided.undecided

    found = search.find(wanted, version.among, [version.event], confirm)
    return replace(
        answer(BINDS, version, found, is_finding=found.found == "none"),
        first=version.among.first,
    )


def hidden(search: Search, version: Version) -> Answer:
    """Answer whether one other rule is breached by every order that breaches this one."""
    rule = version.rule
    others = [each for each in version.event.deciding if each is not rule]
    seen: list[Found] = []
    for other in others:
        if any(other.rule.id not in found.runs[0].decided.breached for found in seen):
            continue  # an order is known that breaches this rule and not the other
        found = _without(search, version, other)
        if found.found == "none":
            made = answer(HIDDEN, version, Found("none"), is_finding=True)
            return replace(made, words={"by": other.rule.id}, first=version.among.first)
        if found.found == "unknown":
            return answer(HIDDEN, version, found, is_finding=False)
        seen.append(found)
    orders = seen[0] if seen else Found("some")
    return answer(HIDDEN, version, orders, is_finding=False)


def _without(search: Search, version: Version, other: RuleTerms) -> Found:
    """Look for an order that breaches a rule and not another."""
    rule = version.rule

    def wanted(encoding: Encoding) -> list[Formula]:
        governs = encoding.piece(version.event.governs).holds
        untouched = opposite(outcome(encoding, other).breached)
        return [governs, outcome(encoding, rule).breached, untouched]

    def confirm(runs: Sequence[Run]) -> bool:
        breached = runs[0].decided.breached
        return rule.rule.id in breached and other.rule.id not in breached

    return search.find(wanted, version.among, [version.event], confirm)


def rule_binds(search: Search, found: Iterator[Version]) -> Iterator[Answer]:
    """Answer both questions about each rule that decides: one that binds is not hidden."""
    for version in found:
        if not version.rule.decides:
            continue
        binds = never_binds(search, version)
        yield binds
        if binds.verdict == YES and len(version.event.deciding) > 1:
            yield hidden(search, version)
