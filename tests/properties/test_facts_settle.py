"""Facts only settle: what fewer facts decide, more facts leave as it is.

Taken from the scenarios of the rulebooks that come with the package, judged by the reference.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.shipped import cases_by_rulebook
from tests.cases.small_facts import without

from creditgate.check.actions import members_met
from creditgate.check.load import Catalogue
from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.decide.plan import day_of
from creditgate.decide.read import FactsRefused
from creditgate.domain.facts import Facts
from creditgate.pipeline import Gate, catalogue
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge
from creditgate.scenarios.case import Case

SHELF: Final[Catalogue] = catalogue()
# What an outcome may become when more is known. A rule whose requirement holds is satisfied before
# it is known whether it applies at all; in either case it lets the order pass.
LATER: Final = {
    "satisfied": {"satisfied", "not_applicable"},
    "not_applicable": {"not_applicable"},
    "breached": {"breached"},
    "pending": {"satisfied", "not_applicable", "pending"},
    "undecided": {"satisfied", "not_applicable", "breached", "undecided", "pending"},
}
BOUNDED: Final = settings(
    max_examples=200, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
# What closes a position, in the words of the vocabulary.
CLOSING: Final = (
    "sell_to_repay", "buy_to_return", "cash_repay", "stock_return", "collateral_sell", "sell", "buy",
)  # fmt: skip


@cache
def gate(rulebook: str) -> Gate:
    checked = SHELF.checked(rulebook)
    assert checked is not None
    return Gate([Engine(checked.rulebook)], SHELF.vocabulary())


@cache
def cases() -> tuple[Case, ...]:
    loadable = [i for i in SHELF.shelf.ids() if is_loadable(i)]
    return tuple(case for name in loadable for case in cases_by_rulebook().get(name, ()))


def is_loadable(name: str) -> bool:
    checked = SHELF.checked(name)
    return checked is not None and not checked.rulebook.abstract


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of the facts of a document, keys of list rows left where they are."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list):
                yield from paths_of(inner, (*path, key))
            if path and not (key == "id" and isinstance(path[-1], int)):
                yield (*path, key)
    elif isinstance(value, list):
        for place, row in enumerate(value):
            if isinstance(row, Mapping):
                yield from paths_of(row, (*path, place))


def removable(document: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    stated = {key: part for key, part in document.items() if key not in {"event", "claims"}}
    keys = {part.key for part in SHELF.vocabulary().entities.values()}
    return [p for p in paths_of(stated) if not (isinstance(p[-2], int) and p[-1] in keys)]


def independent(paths: set[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return paths of which none lies below another."""
    return [p for p in paths if not any(p[:n] in paths for n in range(1, len(p)))]


def read(rulebook: str, document: Mapping[str, Any]) -> Facts | None:
    try:
        return gate(rulebook).read(dict(document))
    except FactsRefused:
        return None


def judged(rulebook: str, facts: Facts) -> tuple[dict[str, str], Decision]:
    engine = gate(rulebook).engines[0]
    day = day_of(facts, engine.rulebook.vocabulary.events[facts.event])
    epoch = None if day is None else engine.epoch(day)
    evaluation = Evaluation(facts, day, engine.rulebook.calendars)
    rules = () if epoch is None else epoch.rules
    found = {r.id: judge(evaluation, r).outcome for r in rules if r.event == facts.event}
    return found, gate(rulebook).decide(facts)


@BOUNDED
@given(data=st.data())
def test_adding_facts_never_undoes_a_settled_outcome(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases()))
    paths = removable(case.facts)
    taken = data.draw(st.sets(st.sampled_from(paths), min_size=1, max_size=6)) if paths else set()
    fewer_still = data.draw(st.sets(st.sampled_from(paths), max_size=6)) if paths else set()
    stages = [set[tuple[Any, ...]](), taken, taken | fewer_still]
    found = [read(case.rulebook, without(case.facts, independent(stage))) for stage in stages]
    for more, fewer in pairwise(found):
        if more is None or fewer is None:
            continue
        after, decided_after = judged(case.rulebook, more)
        before, decided_before = judged(case.rulebook, fewer)
        for rule, outcome in before.items():
            assert after[rule] in LATER[outcome], rule
        if decided_before.is_approved:
            assert decided_after.is_approved


@BOUNDED
@given(data=st.data())
def test_taking_facts_away_never_approves(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases()))
    paths = removable(case.facts)
    if not paths or gate(case.rulebook).decide(dict(case.facts)).is_approved:
        return
    taken = data.draw(st.sets(st.sampled_from(paths), min_size=1, max_size=10))
    fewer = without(case.facts, independent(taken))
    assert not gate(case.rulebook).decide(fewer).is_approved


@BOUNDED
@given(data=st.data())
def test_the_order_of_rows_decides_nothing(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases()))
    shuffled = in_other_order(case.facts, random.Random(data.draw(st.integers(0, 1_000))))
    usual = gate(case.rulebook).decide(dict(case.facts))
    assert gate(case.rulebook).decide(shuffled).core_bytes() == usual.core_bytes()


def in_other_order(value: Any, source: random.Random) -> Any:
    if isinstance(value, Mapping):
        keys = list(value)
        source.shuffle(keys)
        return {key: in_other_order(value[key], source) for key in keys}
    if isinstance(value, list):
        rows = [in_other_order(row, source) for row in value]
        source.shuffle(rows)
        return rows
    return value


@pytest.mark.parametrize("rulebook", [i for i in SHELF.shelf.ids() if is_loadable(i)])
def test_closing_orders_meet_only_rules_that_name_them(rulebook: str) -> None:
    book = gate(rulebook).engines[0].rulebook
    event = book.vocabulary.events["order"]
    members = book.vocabulary.enums["credit_action"].members
    closing = [action for action in CLOSING if action in members]
    assert closing
    for rule in book.rules.values():
        if rule.event != "order":
            continue
        assert rule.when is not None
        met = members_met(rule.when, event, book.vocabulary)
        assert met is not None
        for action in closing:
            assert action not in met or action in (rule.when_text or ""), (rule.id, action)


@BOUNDED
@given(data=st.data())
def test_rules_that_name_only_opening_actions_never_touch_closing_ones(
    data: st.DataObject,
) -> None:
    case = data.draw(st.sampled_from([c for c in cases() if c.event == "order"]))
    book = gate(case.rulebook).engines[0].rulebook
    members = book.vocabulary.enums["credit_action"].members
    action = data.draw(st.sampled_from([name for name in CLOSING if name in members]))
    document = {**case.facts, "order": {**case.facts.get("order", {}), "action": action}}
    paths = [p for p in removable(document) if p != ("order", "action")]
    taken = data.draw(st.sets(st.sampled_from(paths), max_size=6)) if paths else set()
    facts = read(case.rulebook, without(document, independent(taken)))
    if facts is None:
        return
    found, _ = judged(case.rulebook, facts)
    for rule, outcome in found.items():
        text = book.rules[rule.rpartition("/")[2]].when_text or ""
        assert action in text.replace("{", " ").replace(",", " ").replace("}", " ").split() or (
            outcome == "not_applicable"
        ), rule
