"""How many orders came out how: by rule, by missing fact, by day and action."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.decision import APPROVED, REJECTED, UNDECIDED
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Enum
from creditgate.domain.vocabulary import Vocabulary
from creditgate.replay.outcomes import Outcome

_DIVIDER: Final = "\t"
_KEY: Final = re.compile(r"\[.*?\](?=[. ]|$)")


def actions_of(vocabulary: Vocabulary) -> Mapping[str, Bilingual]:
    """Return the actions of orders with their titles; none where orders have no such fact."""
    named = vocabulary.events[DEFAULT_EVENT].rules_name
    fact = None if named is None else vocabulary.fact(*named)
    if fact is None or not isinstance(fact.type, Enum):
        return {}
    return vocabulary.enums[fact.type.name].members


def fact_without_keys(path: str, vocabulary: Vocabulary) -> str:
    """Return the path of a fact without the keys of records, so that facts can be counted.

    What the vocabulary does not know is left out: senders cannot make up things to count.
    """
    first, *names = _KEY.sub("", path).split(" ")[0].split(".")
    entity, kept = vocabulary.entities.get(first), [first]
    if entity is None:
        return "-"
    for name in names:
        fact = None if entity is None else entity.facts.get(name)
        if fact is None:
            break
        kept.append(name)
        entity = vocabulary.entities.get(fact.target or "")
    return ".".join(kept)


@dataclass(slots=True)
class Counts:
    """Numbers of orders. One order may stand under several rules or facts.

    `by_day` counts by day, action and decision; `-` stands for a day or an action not known.
    `unread` counts the orders whose facts could not all be read.
    """

    decisions: Counter[str] = field(default_factory=Counter)
    rejected_by: Counter[str] = field(default_factory=Counter)
    undecided_by: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    by_day: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unread: int = 0

    @property
    def orders(self) -> int:
        """Return the number of orders."""
        return self.decisions.total()

    @property
    def is_all_approved(self) -> bool:
        """Tell whether there are orders and every one is approved."""
        return 0 < self.orders == self.decisions[APPROVED]

    def add(self, outcomes: Iterable[Outcome], vocabulary: Vocabulary) -> None:
        """Count outcomes; an action that the vocabulary does not know is counted as not known."""
        actions = actions_of(vocabulary)
        for item in outcomes:
            self.decisions[item.decision] += item.times
            self.unread += item.times if item.diagnostics else 0
            if item.decision == REJECTED:
                _add(self.rejected_by, item.breached, item.times)
            if item.decision == UNDECIDED:
                _add(self.undecided_by, item.undecided, item.times)
                missing = {fact_without_keys(path, vocabulary) for path in item.missing}
                _add(self.missing, missing, item.times)
            action = item.action if item.action in actions else "-"
            self.by_day[item.day or "-", action or "-", item.decision] += item.times

    def merge(self, other: Counts) -> None:
        """Add the counts of others."""
        self.decisions += other.decisions
        self.rejected_by += other.rejected_by
        self.undecided_by += other.undecided_by
        self.missing += other.missing
        self.by_day += other.by_day
        self.unread += other.unread

    def plain(self) -> dict[str, Any]:
        """Return the counts as values of JSON.

        >>> Counts(Counter(approved=2)).plain()["decisions"]
        {'approved': 2}
        """
        by_day = {_DIVIDER.join(key): n for key, n in sorted(self.by_day.items())}
        return {
            "decisions": _sorted(self.decisions), "rejected_by": _sorted(self.rejected_by),
            "undecided_by": _sorted(self.undecided_by), "missing": _sorted(self.missing),
            "by_day": by_day, "unread": self.unread,
        }  # fmt: skip

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Counts:
        """Return the counts that `plain` wrote."""
        by_day: Counter[tuple[str, str, str]] = Counter()
        for key, number in plain["by_day"].items():
            day, action, decision = key.split(_DIVIDER)
            by_day[day, action, decision] = number
        return cls(
            Counter(plain["decisions"]), Counter(plain["rejected_by"]),
            Counter(plain["undecided_by"]), Counter(plain["missing"]), by_day, plain["unread"],
        )  # fmt: skip


def _add(counted: Counter[str], names: Iterable[str], times: int) -> None:
    for name in names:
        counted[name] += times


def _sorted(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items()))
