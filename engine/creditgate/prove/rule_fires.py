"""Can a rule be breached at all, and can what it looks at be satisfied at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import outcome
from creditgate.backends.solver.pieces import Formula
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer, Verdict
from creditgate.prove.search import Found, Search
from creditgate.prove.versions import Version

NEVER: Final = "never_fires"
ALWAYS: Final = "always_fires"
PROHIBITION: Final = "prohibition"
VERDICTS: Final[dict[str, Verdict]] = {"none": YES, "some": NO, "unknown": NOT_DECIDED}


def never_fires(search: Search, version: Version) -> Answer:
    """Answer whether no order can breach a rule; no comes with an order that does."""
    rule = version.rule

    def wanted(encoding: Encoding) -> list[Formula]:
        return [encoding.piece(version.event.governs).holds, outcome(encoding, rule).breached]

    found = search.find(
        wanted, version.days, [version.event],
        lambda runs: runs[0].outcomes[rule.rule.id] == "breached",
    )  # fmt: skip
    return answer(NEVER, version, found, is_finding=found.found == "none")


def always_fires(search: Search, version: Version) -> Answer:
    """Answer whether every order a rule applies to breaches it; no comes with one that does not.

    A rule whose requirement is no condition at all is a prohibition and means to.
    """
    rule = version.rule
    if rule.require.is_constant(False):
        return answer(ALWAYS, version, Found("none", why=PROHIBITION), is_finding=False)

    def wanted(encoding: Encoding) -> list[Formula]:
        here = outcome(encoding, rule)
        governs = encoding.piece(version.event.governs).holds
        return [governs, here.applies, here.requirement_holds]

    found = search.find(
        wanted, version.days, [version.event],
        lambda runs: runs[0].outcomes[rule.rule.id] == "satisfied",
    )  # fmt: skip
    return answer(ALWAYS, version, found, is_finding=found.found == "none")


def rule_fires(search: Search, found: Iterator[Version]) -> Iterator[Answer]:
    """Answer both questions about each rule."""
    for version in found:
        never = never_fires(search, version)
        yield never
        if never.verdict != YES:
            yield always_fires(search, version)


def answer(question: str, version: Version, found: Found, *, is_finding: bool) -> Answer:
    """Return the answer that a search for the opposite gives."""
    rule = version.rule.rule
    return Answer(
        question, version.event.epoch.rulebook.id, VERDICTS[found.found], rule.id,
        version.days.first, version.days.last, found.orders, found.why, is_finding,
        {"about": found.about},
    )  # fmt: skip
