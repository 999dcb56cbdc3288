"""Figures and determinations that are not computed alike, whether or not a rule reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from creditgate.diff.meaning_parts import OTHER, RuleMeaning
from creditgate.diff.stands import Pair
from creditgate.domain.citation import Bilingual
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Epoch
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.recursion import room_to_recurse
from creditgate.lowered.terms import Terms
from creditgate.prove.search import Days

FORMULA: Final = "formula"
CASES: Final = "cases"
ADDED: Final = "added"
REMOVED: Final = "removed"
Made = tuple[object, ...]


def other_things(pair: Pair) -> Iterator[RuleMeaning]:
    """Yield the figures and determinations that differ, each on the last days on which it does.

    They are told apart by what they are made of; two that are made of other things and always give
    the same value are told apart as well.
    """
    terms = Terms()
    met: set[tuple[str, str]] = set()
    for days in pair.spans():
        before, after = pair.before.epoch(days.first), pair.after.epoch(days.first)
        if before is None or after is None:
            continue
        with room_to_recurse():
            mine, theirs = _made(terms, before), _made(terms, after)
        for key in sorted(mine.keys() | theirs.keys()):
            if key in met or mine.get(key) == theirs.get(key):
                continue
            if _is_renamed(key, mine, theirs):
                continue
            met.add(key)
            yield _meaning(key, before, after, days, mine, theirs)


def _made(terms: Terms, epoch: Epoch) -> dict[tuple[str, str], Made]:
    lowering = Lowering(terms, epoch.rulebook.vocabulary)

    def index(node: Expr | None) -> object:
        return None if node is None else lowering.term(node).index

    found: dict[tuple[str, str], Made] = {}
    for name, formula in epoch.figures.items():
        if epoch.rulebook.figures[name].of is None:
            found["figure", name] = (index(formula),)
    for item in epoch.determinations:
        cases = tuple((to, index(when)) for to, when in item.cases)
        found["determination", item.name] = (*cases, index(item.previous), item.first)
    return found


def _is_renamed(
    key: tuple[str, str], mine: dict[tuple[str, str], Made], theirs: dict[tuple[str, str], Made]
) -> bool:
    """Tell whether the thing stands on the other side under a name that is not there on this one."""
    own, other = (mine, theirs) if key in mine else (theirs, mine)
    if key in other:
        return False
    return any(
        kind == key[0] and (kind, name) not in own and made == own[key]
        for (kind, name), made in other.items()
    )


def _meaning(
    key: tuple[str, str], before: Epoch, after: Epoch, days: Days,
    mine: dict[tuple[str, str], Made], theirs: dict[tuple[str, str], Made],
) -> RuleMeaning:  # fmt: skip
    kind, name = key
    why = ADDED if key not in mine else REMOVED if key not in theirs else ""
    book = (before if key not in theirs else after).rulebook
    title: Bilingual
    if kind == "figure":
        title, event = book.figures[name].title, ""
        why = why or FORMULA
    else:
        item = book.determinations[name]
        title, event, why = item.title, item.event, why or CASES
    return RuleMeaning(name, kind, event, title, OTHER, why, "", days.first, days.last)
