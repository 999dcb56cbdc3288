"""Facts for small rulebooks, and decisions by the reference alone."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from tests.cases.small_rulebooks import WORLD

from creditgate.admit.admission import admit
from creditgate.check.load import Catalogue
from creditgate.decide.plan import day_of
from creditgate.decide.read import FactsReader
from creditgate.domain.facts import Facts
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import specialise
from creditgate.load.rulebook_files import Shelf
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge

VOCABULARY: Final[Vocabulary] = Catalogue(Shelf((WORLD,)), admit).vocabulary()
# Every fact of the small market, with values that break nothing.
COMPLETE: Final[Mapping[str, Any]] = {
    "event": "order",
    "order": {
        "action": "open_long", "type": "limit", "quantity": 100, "price": "10.00",
        "security": "S1", "pair": None, "trade_date": "2021-03-01", "expires_on": None,
        "entered_at": "2021-03-01T10:00:00+08:00", "sent_at": "10:00:00", "urgent": False,
        "mark": "m", "channels": ["desk"], "waited": 5,
    },
    "account": {
        "cash": "1000.00", "debt": "100.00", "agreed_ratio": "1.0", "other_ratio": "1.0",
        "score": "0.5", "rank": 5, "opened_on": "2020-06-01", "valued_on": "2021-03-01",
        "term": 2, "status_before": None, "line": "1.3",
        "holdings": [
            {"id": "1", "security": "S1", "quantity": 10, "value": "100.00", "gain": "-5.00",
             "rank": 1, "bought_on": "2020-12-01", "sold_on": None, "pledged": False},
            {"id": "2", "security": "S2", "quantity": 20, "value": "50.00", "gain": "5.00",
             "rank": 2, "bought_on": "2020-12-02", "sold_on": "2021-01-04", "pledged": True},
        ],
    },
    "securities": [
        {"id": "S1", "class": "stock", "price": "10.00", "haircut": "0.7", "listed": True},
        {"id": "S2", "class": "fund", "price": "2.50", "haircut": "0.9", "listed": False},
    ],
}  # fmt: skip


def reader(vocabulary: Vocabulary = VOCABULARY) -> FactsReader:
    """Return a reader of facts."""
    return FactsReader(vocabulary)


def changed(document: Mapping[str, Any], **parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with facts of some entities changed."""
    result = copy.deepcopy(dict(document))
    for entity, facts in parts.items():
        result[entity] = {**result.get(entity, {}), **facts}
    return result


def without(document: Mapping[str, Any], paths: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Return a document without the facts at some paths of keys and places in lists."""
    result = copy.deepcopy(dict(document))
    for path in paths:
        holder: Any = result
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
    return result


def outcomes(book: Rulebook, facts: Facts, day: int) -> dict[str, str]:
    """Return the outcome of each rule in force on a day, by the reference."""
    epoch = specialise(book, day)
    if epoch is None:
        return {}
    evaluation = Evaluation(facts, day, book.calendars)
    rules = [rule for rule in epoch.rules if rule.event == facts.event]
    return {rule.id: judge(evaluation, rule).outcome for rule in rules}


def decision(book: Rulebook, facts: Facts, on: date | None = None) -> str:
    """Return approved, rejected, undecided, pending or out_of_scope, as the language defines them."""
    day = day_of(facts, book.vocabulary.events[facts.event]) if on is None else on.toordinal()
    if day is None:
        return "undecided"
    epoch = specialise(book, day)
    if epoch is None or facts.event not in epoch.governs:
        return "out_of_scope"
    governs = Evaluation(facts, day, book.calendars).value(epoch.governs[facts.event])
    if governs is False:
        return "out_of_scope"
    deciding = {rule.id for rule in epoch.rules if rule.effect == "reject"}
    found = {o for rule, o in outcomes(book, facts, day).items() if rule in deciding}
    if "breached" in found:
        return "rejected"
    if "undecided" in found or isinstance(governs, Unknown):
        return "undecided"
    return "pending" if "pending" in found else "approved"
