"""Rulebooks closed for one epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.cases.small_facts import COMPLETE, reader
from tests.cases.small_rulebooks import load

from creditgate.decide.engine import Engine
from creditgate.domain.dsl_types import BOOLEAN
from creditgate.ir.nodes import (
    AtDate,
    Base,
    Expr,
    FigureUse,
    Literal,
    Named,
    Parameter,
    TableCell,
    Variable,
)  # fmt: skip
from creditgate.ir.rulebook import Epoch, Rulebook
from creditgate.ir.specialise import epoch_bounds, plain, specialise
from creditgate.ir.walk import children, every, rebuild
from creditgate.reference.evaluate import Evaluation

ACT = """\
chapter: {en: Chapter, zh: 章}
parameters:
  floor: {<title>, type: ratio, history: [{from: 2020-01-02, value: 50%, <cite>}, {from: 2021-01-04, value: 80%, <cite>}]}
  late: {<title>, type: boolean, history: [{from: 2020-01-02, value: no, <cite>}, {from: 2022-01-04, value: yes, <cite>}]}
tables:
  cap: {<title>, columns: {class: security_class}, value: ratio, history: [{from: 2020-01-02, <cite>, rows: [{class: any, value: 20%}]}, {from: 2023-01-03, <cite>, rows: [{class: bond, value: 30%}]}]}
figures:
  needed: {<title>, unit: ratio, formula: floor + 10%}
  of_security: {<title>, of: security, as: s, unit: ratio, formula: "min(s.haircut, cap[s.class])"}
  unread: {<title>, unit: ratio, versions: [{from: 2024-01-03, formula: floor, <cite>}]}
rules:
  ratio:
    require: account.agreed_ratio >= needed and (if late then order.urgent else account.score >= order.security.of_security)
    <rule>
"""
EXCHANGE = """\
chapter: {en: Chapter, zh: 章}
figures:
  needed: {replaces: yes, versions: [{from: 2020-01-02, formula: base * 2, <house>}, {from: 2021-06-01, formula: base * 3 + base, <house>}]}
  of_security: {replaces: yes, of: security, as: x, unit: ratio, formula: "max(base, x.haircut)"}
"""


def days(*texts: str) -> list[int]:
    return [date.fromisoformat(text).toordinal() for text in texts]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Rulebook]:
    files = {"act/chapter.yaml": ACT, "exchange/chapter.yaml": EXCHANGE}
    loaded = load(tmp_path_factory.mktemp("books"), files)
    return {name: loaded.accepted(name).rulebook for name in ("act", "exchange")}


def epoch_at(book: Rulebook, text: str) -> Epoch:
    epoch = specialise(book, days(text)[0])
    assert epoch is not None
    return epoch


def figure(book: Rulebook, name: str, text: str) -> Any:
    epoch = epoch_at(book, text)
    facts = reader().from_plain(dict(COMPLETE))
    return Evaluation(facts, epoch.start, book.calendars).value(epoch.figures[name])


def test_an_epoch_lasts_from_one_change_to_the_day_before_the_next(
    books: Mapping[str, Rulebook],
) -> None:
    changes = days("2020-01-02", "2021-01-04", "2022-01-04", "2023-01-03", "2024-01-03")
    assert list(books["act"].change_days()) == changes
    first, second = changes[0], changes[1]
    assert epoch_bounds(books["act"], first - 1) is None
    assert epoch_bounds(books["act"], first) == (first, second - 1)
    assert epoch_bounds(books["act"], second - 1) == (first, second - 1)
    assert epoch_bounds(books["act"], changes[-1] + 5_000) == (changes[-1], None)
    assert specialise(books["act"], first - 1) is None


def test_a_rulebook_that_has_ended_covers_no_day_after_its_last(
    books: Mapping[str, Rulebook],
) -> None:
    last = days("2022-06-30")[0]
    ended = replace(books["act"], end=last)
    assert list(ended.change_days()) == days("2020-01-02", "2021-01-04", "2022-01-04")
    assert epoch_bounds(ended, last) == (days("2022-01-04")[0], last)
    assert epoch_bounds(ended, last + 1) is None
    assert specialise(ended, last + 1) is None
    engine = Engine(ended)
    assert engine.epoch(last) is not None
    assert engine.epoch(last + 1) is None
    assert engine.digest != Engine(books["act"]).digest


def test_an_overlay_adds_its_own_days_of_change(books: Mapping[str, Rulebook]) -> None:
    assert set(books["exchange"].change_days()) == {
        *books["act"].change_days(),
        *days("2021-06-01"),
    }


def test_a_closed_expression_names_nothing_to_look_up(books: Mapping[str, Rulebook]) -> None:
    for book in books.values():
        for day in book.change_days():
            epoch = specialise(book, day)
            assert epoch is not None
            roots = [rule.require for rule in epoch.rules]
            roots += [*epoch.figures.values(), *epoch.governs.values()]
            for root in roots:
                for node in every(root):
                    assert not isinstance(node, Parameter | TableCell | FigureUse | AtDate | Base)
                    assert not isinstance(node, Variable)


def test_a_constant_decides_a_branch(books: Mapping[str, Rulebook]) -> None:
    def reads_urgent(text: str) -> bool:
        require = epoch_at(books["act"], text).rules[0].require
        return any(getattr(node, "name", None) == "urgent" for node in every(require))

    assert not reads_urgent("2020-06-01")
    assert reads_urgent("2022-06-01")


def test_what_is_written_alike_is_one_object(books: Mapping[str, Rulebook]) -> None:
    require = epoch_at(books["exchange"], "2022-01-03").rules[0].require
    named = [n for n in every(require) if isinstance(n, Named) and n.name == "floor"]
    assert len(named) == 1


@pytest.mark.parametrize(
    ("book", "day", "ratio"),
    [
        ("act", "2020-06-01", "0.6"),
        ("act", "2021-02-01", "0.9"),
        ("exchange", "2020-06-01", "1.2"),
        ("exchange", "2021-02-01", "1.8"),
        ("exchange", "2021-07-01", "3.6"),
    ],
)
def test_base_means_what_is_replaced_on_that_day(
    books: Mapping[str, Rulebook], book: str, day: str, ratio: str
) -> None:
    assert figure(books[book], "needed", day) == Fraction(ratio)


def test_a_figure_without_a_version_that_day_is_not_offered(books: Mapping[str, Rulebook]) -> None:
    assert "unread" not in epoch_at(books["act"], "2023-12-29").figures
    assert "unread" in epoch_at(books["act"], "2024-01-03").figures


def test_figures_of_an_entity_are_not_offered_without_one(books: Mapping[str, Rulebook]) -> None:
    assert "of_security" not in epoch_at(books["act"], "2024-01-03").figures


def test_names_are_seen_through() -> None:
    yes = Literal(BOOLEAN, True)
    assert (
        plain(Named(BOOLEAN, "figure", "f", None, Named(BOOLEAN, "figure", "g", None, yes))) is yes
    )


def test_a_walk_reaches_every_part_and_a_rebuilt_tree_has_them_all(
    books: Mapping[str, Rulebook],
) -> None:
    require = books["act"].rules["ratio"].require
    seen: list[Expr] = []

    def keep(node: Expr) -> Expr:
        seen.append(node)
        return rebuild(node, keep)

    copy = keep(require)
    assert len(list(every(require))) == len(seen)
    assert [type(node) for node in every(copy)] == [type(node) for node in every(require)]
    assert all(child in seen for child in children(require))


def test_work_does_not_double_with_each_layer(tmp_path: Path) -> None:
    """Each figure reads the one before it twice, through a record, and is replaced."""
    many = 17
    act = "chapter: {en: Chapter, zh: 章}\nfigures:\n" + "".join(
        f"  f{n}: {{<title>, of: security, as: s, unit: ratio, formula: 1%}}\n" for n in range(many)
    )
    act += f"rules: {{r: {{{_FLOW_RULE}, require: order.security.f{many - 1} >= 0%}}}}\n"
    exchange = "chapter: {en: Chapter, zh: 章}\nfigures:\n" + "".join(
        f"  f{n}: {{replaces: yes, of: security, as: s, unit: ratio, "
        f"formula: {f'base + s.f{n - 1} + s.f{n - 1}' if n else 'base'}}}\n"
        for n in range(many)
    )
    loaded = load(tmp_path, {"act/chapter.yaml": act, "exchange/chapter.yaml": exchange})
    epoch = epoch_at(loaded.accepted("exchange").rulebook, "2021-03-01")
    assert len(list(every(epoch.rules[0].require))) < 10 * many


_FLOW_RULE = (
    "on: order, reason: too_large, <title>, breach: {en: No., zh: 否。}, in_force: [{<since>}]"
)


COUNTED = """\
chapter: {en: Chapter, zh: 章}
figures:
  next_day: {<title>, unit: date, formula: order.trade_date + 1 trading days}
  next_settlement: {<title>, unit: date, formula: order.trade_date + 1 settlement days}
"""
OTHER_DAYS = """\
rulebook: exchange
title: {en: The exchange, zh: 交易所}
authority: {en: The exchange, zh: 交易所}
extends: [act]
mode: replaces
calendars: {trading: SETTLEMENT, settlement: TRADING}
instruments: {manual: {title: {en: The manual, zh: 手册}, issued: 2019-12-01}}
"""


@pytest.mark.parametrize(
    ("name", "trading", "settlement"),
    # TRADING is closed on Monday 2024-01-01, SETTLEMENT on the Tuesday after it.
    [("act", "2024-01-02", "2024-01-01"), ("exchange", "2024-01-01", "2024-01-02")],
)
def test_an_overlay_counts_what_it_inherits_by_its_own_days(
    tmp_path: Path, name: str, trading: str, settlement: str
) -> None:
    files = {"act/chapter.yaml": COUNTED, "exchange/rulebook.yaml": OTHER_DAYS}
    epoch = epoch_at(load(tmp_path, files).accepted(name).rulebook, "2023-12-29")
    order = {**COMPLETE["order"], "trade_date": "2023-12-29"}
    facts = reader().from_plain({**COMPLETE, "order": order})
    evaluation = Evaluation(facts, epoch.start, epoch.rulebook.calendars)
    found = [evaluation.value(epoch.figures[f]) for f in ("next_day", "next_settlement")]
    assert found == days(trading, settlement)
