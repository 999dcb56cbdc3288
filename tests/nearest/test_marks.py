"""What may be marked as changeable, and how marks and names choose what is asked about."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest
from tests.cases import shipped
from tests.cases.small_facts import COMPLETE, changed
from tests.cases.small_rulebooks import DEFAULT_HEADERS, WORLD, write
from tests.nearest.planted import chapter, said

from creditgate.admit.admission import admit
from creditgate.check.load import Catalogue
from creditgate.decide.engine import Engine
from creditgate.load.rulebook_files import Shelf
from creditgate.pipeline import Gate

QUANTITY: Final = "quantity: {type: quantity, "
CASH: Final = "cash: {type: money, "
ROWS: Final = "rank: {type: count, "


def catalogue_with(root: Path, file: str, fact: str, mark: str) -> Catalogue:
    """Return the catalogue of the small market with a fact of a vocabulary file marked."""
    shutil.copytree(WORLD, root / "world")
    path = root / "world" / "vocabulary" / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert text.count(fact) == 1
    path.write_text(text.replace(fact, f"{fact}changeable: {mark}, "), "utf-8")
    rules = "rules: {most: {require: order.quantity <= 70 shares and account.cash >= 0, <rule>}}\n"
    write(root, {"act/chapter.yaml": chapter(rules), "act/rulebook.yaml": DEFAULT_HEADERS["act"]})
    return Catalogue(Shelf((root, root / "world")), admit)


@pytest.mark.parametrize(
    ("file", "fact", "mark", "message"),
    [
        ("order", QUANTITY, "{to: [later]}", "`order.quantity` cannot become later"),
        ("order", "trade_date: {type: date, ", "{to: [lower]}", "cannot become lower"),
        ("order", "urgent: {type: boolean, ", "{to: [higher]}", "cannot become higher"),
        ("order", QUANTITY, "{to: [lower], step: order.price}", "`order.price` is no step of"),
        ("order", QUANTITY, "{to: [lower], step: holding.quantity}", "is no step of"),
        ("order", QUANTITY, "{to: [lower], step: order.size}", "`order.size` is no step of"),
        ("order", QUANTITY, "{to: [lower], in: [account.holdings]}", "is no list of `order`"),
        ("holding", ROWS, "{to: [lower]}", "`in` names the lists of an element"),
        ("holding", ROWS, "{to: [lower], in: [account.rank]}", "`account.rank` is no list of"),
        ("order", QUANTITY, "{to: [sideways]}", "`sideways`"),
        ("order", QUANTITY, "{step: order.price}", "needs the key `to`"),
    ],
)
def test_a_mark_that_cannot_be_is_reported(
    tmp_path: Path, file: str, fact: str, mark: str, message: str
) -> None:
    catalogue = catalogue_with(tmp_path, file, fact, mark)
    catalogue.vocabulary()
    assert any(message in item.message for item in catalogue.collector.diagnostics)


def test_marked_facts_are_asked_about_in_their_directions(tmp_path: Path) -> None:
    catalogue = catalogue_with(tmp_path, "order", QUANTITY, "{to: [lower]}")
    checked = catalogue.checked("act")
    assert checked is not None, catalogue.collector.diagnostics
    gate = Gate([Engine(checked.rulebook)], catalogue.vocabulary())
    document = changed(COMPLETE, order={"quantity": 90})
    assert said(gate.decide(document).nearest_approval()) == {"order.quantity lower": "70"}


def test_marks_do_not_change_what_a_rulebook_means(tmp_path: Path) -> None:
    marked = catalogue_with(tmp_path / "marked", "account", CASH, "{to: [higher]}")
    plain = catalogue_with(tmp_path / "plain", "account", CASH, "{to: [lower, higher]}")
    digests = [Engine(c.checked("act").rulebook).digest for c in (marked, plain)]  # type: ignore[union-attr]  # both load
    assert digests[0] == digests[1]


def test_every_marked_fact_of_the_vocabulary_may_be_named() -> None:
    vocabulary = shipped.gate("cn/sse").vocabulary
    marked = {
        f"{entity.name}.{fact.name}"
        for entity in vocabulary.entities.values()
        for fact in entity.facts.values()
        if fact.changeable is not None
    }
    assert {"order.quantity", "order.price", "order.trade_date", "account.cash"} <= marked
    assert {"position.quantity", "account.deposit_for_order"} <= marked


def test_values_are_said_in_the_currency_of_the_rulebook_that_governs() -> None:
    engines = [e for name in ("cn/sse", "us/reg_t") for e in shipped.gate(name).engines]
    gate = Gate(engines, shipped.gate("us/reg_t").vocabulary)
    wanted = "a purchase one cent of margin short is refused"
    (case,) = [c for c in shipped.cases("us/reg_t") if c.name == wanted]
    decision = gate.decide(dict(case.facts))
    (found,) = decision.nearest_approval(["account.deposit_for_order"]).found
    assert found.changes[0].value.words.en == "1,500.00 USD"
