"""Sort rules by the facts they ask for, so that cost follows the rules that may apply.

Where a fact is known to have a value, conditions on it are settled at once and rules that cannot
apply are left out. A member of an enum is a choice between few branches; a key or a text, of which
there may be thousands, is looked up in an index. Where the fact is missing or none, every rule that
asks for it is judged the plain way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from creditgate.lowered.rules import Rule
from creditgate.lowered.terms import Reading, Term, Terms
from creditgate.lowered.values_asked import known, values_asked

DEEPEST = 3  # choices in one another, where not more than FEWEST_APART rules are left
FEWEST = {1: 2}  # rules that make a choice worth while, by depth
FEWEST_BELOW = 12
FEWEST_APART = 64
# A rule that names several keys is written again for each, as long as that makes so many times the
# code; those that name most are written once and judged apart, which is slower.
MOST_TIMES = 2


@dataclass(frozen=True, slots=True)
class Leaf:
    """Rules that are judged one after the other."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Unsorted:
    """Rules that are sorted when they are first asked for.

    They are asked for where `fact` has the `value`, if there is one. The facts in `settled` say
    nothing more of them.
    """

    rules: tuple[Rule, ...]
    settled: frozenset[Term]
    depth: int
    fact: Term | None = None
    value: str = ""

    def sorted(self, terms: Terms) -> Tree:
        """Return the rules as a tree."""
        known_so_far = self.rules
        if self.fact is not None:
            known_so_far = tuple(known(terms, self.rules, self.fact, self.value))
        return sorted_by_facts(terms, known_so_far, self.depth, self.settled)


@dataclass(frozen=True, slots=True)
class Choice:
    """Rules chosen by the value of a fact, `always` those that do not ask for it."""

    fact: Term
    branches: Mapping[str, Tree]
    other: Tree
    unknown: Tree
    always: Tree


@dataclass(frozen=True, slots=True)
class Index:
    """Rules found by the key that a fact holds, `always` those that do not ask for it.

    `keys` gives the places of a key's groups. A group is the rules of one key, or rules that
    all name the same keys.
    """

    fact: Term
    keys: Mapping[str, tuple[int, ...]]
    groups: tuple[Unsorted, ...]
    unknown: Unsorted
    always: Tree


Tree: TypeAlias = Leaf | Unsorted | Choice | Index


def sorted_by_facts(
    terms: Terms, rules: Sequence[Rule], depth: int = 1, settled: frozenset[Term] = frozenset()
) -> Tree:
    """Return the rules as a tree; no choice is made by a fact that is `settled`."""
    live = tuple([rule for rule in rules if not rule.applies.is_constant(False)])
    pairs = [(rule, values_asked(rule.applies)) for rule in live]
    count = Counter([fact for _, values in pairs for fact in values if fact not in settled])
    fact = min(count, key=lambda fact: (-count[fact], fact.index), default=None)
    too_deep = depth > DEEPEST and len(live) <= FEWEST_APART
    if fact is None or too_deep or count[fact] < FEWEST.get(depth, FEWEST_BELOW):
        return Leaf(live)
    free = tuple([rule for rule, values in pairs if fact not in values])
    bound = [(rule, values[fact]) for rule, values in pairs if fact in values]
    assert isinstance(fact.own, Reading)
    if fact.own.identity:
        return _index(terms, fact, bound, free, depth, settled)
    return _choice(terms, fact, bound, free, depth, settled)


Bound: TypeAlias = Sequence[tuple[Rule, frozenset[str]]]


def _choice(
    terms: Terms, fact: Term, bound: Bound, free: tuple[Rule, ...], depth: int,
    settled: frozenset[Term],
) -> Choice:  # fmt: skip
    apart = len(free) > FEWEST_APART
    always = sorted_by_facts(terms, free, depth + 1, settled) if apart else Leaf(())
    chosen: dict[str, list[Rule]] = defaultdict(list)
    for rule, values in bound:
        for value in values:
            chosen[value].append(rule)
    shared = () if apart else free
    branches = {}
    for value in sorted(chosen):
        rules = tuple(sorted([*chosen[value], *shared], key=_place))
        branch = Unsorted(rules, settled, depth + 1, fact, value)
        branches[value] = branch if len(rules) > FEWEST_APART else branch.sorted(terms)
    uncertain = sorted([*[rule for rule, _ in bound], *shared], key=_place)
    unknown = Unsorted(tuple(uncertain), settled | {fact}, depth + 1)
    return Choice(
        fact,
        branches,
        other=Leaf(shared),
        unknown=unknown if len(uncertain) > FEWEST_APART else Leaf(unknown.rules),
        always=always,
    )


def _index(
    terms: Terms, fact: Term, bound: Bound, free: tuple[Rule, ...], depth: int,
    settled: frozenset[Term],
) -> Index:  # fmt: skip
    own: dict[str, list[Rule]] = defaultdict(list)
    shared: dict[frozenset[str], list[Rule]] = defaultdict(list)
    written = 0
    for rule, values in sorted(bound, key=lambda pair: len(pair[1])):
        written += len(values)
        if written > MOST_TIMES * len(bound):
            shared[values].append(rule)
        else:
            for value in values:
                own[value].append(rule)
    keys: dict[str, list[int]] = defaultdict(list)
    groups: list[Unsorted] = []
    for key in sorted(own):
        keys[key].append(len(groups))
        rules = tuple(sorted(own[key], key=_place))
        groups.append(Unsorted(rules, settled, depth + 1, fact, key))
    for values in sorted(shared, key=lambda values: shared[values][0].index):
        for key in values:
            keys[key].append(len(groups))
        groups.append(Unsorted(tuple(shared[values]), settled | {fact}, depth + 1))
    return Index(
        fact,
        {key: tuple(keys[key]) for key in sorted(keys)},
        tuple(groups),
        unknown=Unsorted(tuple([rule for rule, _ in bound]), settled | {fact}, depth + 1),
        always=sorted_by_facts(terms, free, depth, settled),
    )


def _place(rule: Rule) -> int:
    return rule.index
