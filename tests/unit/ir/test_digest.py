"""The digest of meaning: blind to words, places and files, and to nothing that decides."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from tests.cases.sealed_calendars import resealed
from tests.cases.small_facts import COMPLETE, changed
from tests.cases.small_rulebooks import DEFAULT_HEADERS, WORLD, expanded

from creditgate.admit.admission import admit
from creditgate.base.render import render_text
from creditgate.check.load import Catalogue
from creditgate.decide.engine import Engine
from creditgate.ir.digest import meaning_digest, text_digest, vocabulary_digest
from creditgate.ir.rulebook import Rulebook
from creditgate.load.rulebook_files import Shelf
from creditgate.pipeline import Gate

PARAMETERS: Final = """\
chapter: {en: Parameters, zh: 参数}
parameters:
  floor:
    title: {en: The floor, zh: 下限}
    type: ratio
    stricter: higher
    history:
      - {from: 2020-01-02, value: 50%, cite: {instrument: act, article: "3"}, evidence: official, note: as printed}
      - {from: 2021-01-04, open: account.agreed_ratio, cite: {instrument: act}, evidence: secondary}
tables:
  cap:
    title: {en: The cap, zh: 上限}
    columns: {line: band of ratio or none, class: security_class}
    value: ratio
    history:
      - from: 2020-01-02
        cite: {instrument: act}
        evidence: official
        rows: [{line: none, class: any, value: 10%}, {line: below 180%, class: any, value: 20%}, {line: 180% and above, class: any, value: 30%}]
"""
RULES: Final = """\
chapter: {en: Rules, zh: 规则}
figures:
  worth: {title: {en: Worth, zh: 市值}, of: holding, as: h, unit: money, formula: h.quantity * h.security.price}
  total: {title: {en: Total, zh: 合计}, unit: money, formula: sum(h.worth for h in account.holdings where h.rank <= 5)}
rules:
  size:
    title: {en: Size, zh: 数量}
    on: order
    when: order.type is limit
    require: order.quantity <= 100 shares
    unless:
      urgent: {when: order.urgent, in_force: [{from: 2020-01-02, cite: {instrument: act}, evidence: official}]}
      makers: {when: claimed(market_making), in_force: [{from: 2020-01-02, cite: {instrument: act}, evidence: official}]}
    reason: too_large
    breach: {en: "{order.quantity} is too much.", zh: 过多。}
    remedy: [{set: {order.quantity: 100 shares}}]
    in_force: [{from: 2020-01-02, until: 2023-12-29, cite: {instrument: act}, evidence: official}]
  cover:
    title: {en: Cover, zh: 担保}
    on: order
    require: account.score >= cap[account.line, order.security.class] and total >= account.debt * floor
    due: account.opened_on + 2 trading days
    reason: too_thin
    breach: {en: Too thin., zh: 不足。}
    in_force: [{from: 2020-01-02, cite: {instrument: act}, evidence: official}]
determinations:
  status:
    title: {en: Status, zh: 状态}
    on: valuation
    values: {good: {en: Good, zh: 好}, bad: {en: Bad, zh: 坏}}
    cases: [{to: bad, when: account.score < 0%}, {to: previous}]
    previous: account.status_before
    first: good
    in_force: [{from: 2020-01-02, cite: {instrument: act}, evidence: official}]
"""
FILES: Final = {
    "act/rulebook.yaml": DEFAULT_HEADERS["act"],
    "act/parameters.yaml": PARAMETERS,
    "act/rules.yaml": RULES,
}


def rulebook(
    root: Path, files: Mapping[str, str], world: Mapping[str, tuple[str, str]]
) -> Rulebook:
    shutil.copytree(WORLD, root, dirs_exist_ok=True)
    for path, (old, new) in world.items():
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        changed_text = text.replace(old, new)
        sealed = resealed(changed_text) if path.startswith("calendars/") else changed_text
        (root / path).write_text(sealed, encoding="utf-8")
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(expanded(text), encoding="utf-8")
    catalogue = Catalogue(Shelf((root,)), admit)
    checked = catalogue.checked("act")
    assert checked is not None, render_text(catalogue.collector.diagnostics)
    return checked.rulebook


def with_change(path: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[path], old
    return {**FILES, path: FILES[path].replace(old, new, 1)}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> str:
    return meaning_digest(rulebook(tmp_path_factory.mktemp("usual"), FILES, {}))


SAME = {
    "a comment": ("act/rules.yaml", "rules:\n", "rules: # all of them\n"),
    "a title": ("act/rules.yaml", "{en: Size, zh: 数量}", "{en: How many, zh: 多少}"),
    "a chapter's title": ("act/rules.yaml", "{en: Rules, zh: 规则}", "{en: The rules, zh: 各规则}"),
    "a citation": ("act/parameters.yaml", 'article: "3"', 'article: "4"'),
    "a grade of evidence": ("act/parameters.yaml", "evidence: secondary", "evidence: unverified"),
    "a note": ("act/parameters.yaml", ", note: as printed", ""),
    "a message": ("act/rules.yaml", "is too much.", "is far too much."),
    "a remedy": ("act/rules.yaml", "    remedy: [{set: {order.quantity: 100 shares}}]\n", ""),
    "blanks": ("act/rules.yaml", "order.quantity <= 100 shares", "order.quantity   <=\n      100 shares"),
    "a number written otherwise": ("act/rules.yaml", "100 shares\n    unless", "1_00 shares\n    unless"),
    "the name of a bound record": ("act/rules.yaml", "h.worth for h in account.holdings where h.rank", "x.worth for x in account.holdings where x.rank"),
    "the name of a figure's record": ("act/rules.yaml", "as: h, unit: money, formula: h.quantity * h.security", "as: z, unit: money, formula: z.quantity * z.security"),
    "the title of an instrument": ("act/rulebook.yaml", "act: {title: {en: The act", "act: {title: {en: An act"),
    "the name of the authority": ("act/rulebook.yaml", "en: The regulator", "en: A regulator"),
}  # fmt: skip


@pytest.mark.parametrize("what", SAME)
def test_words_and_places_do_not_count(usual: str, tmp_path: Path, what: str) -> None:
    assert meaning_digest(rulebook(tmp_path, with_change(*SAME[what]), {})) == usual


def test_the_files_and_their_order_do_not_count(usual: str, tmp_path: Path) -> None:
    files = {
        "act/rulebook.yaml": FILES["act/rulebook.yaml"],
        "act/a_rules.yaml": RULES,
        "act/b_parameters.yaml": PARAMETERS,
    }
    assert meaning_digest(rulebook(tmp_path, files, {})) == usual


def test_the_order_of_sections_does_not_count(usual: str, tmp_path: Path) -> None:
    head, _, rest = RULES.partition("figures:\n")
    figures, _, rules = rest.partition("rules:\n")
    files = {**FILES, "act/rules.yaml": f"{head}rules:\n{rules}figures:\n{figures}"}
    assert meaning_digest(rulebook(tmp_path, files, {})) == usual


DIFFERENT = {
    "a value": ("act/parameters.yaml", "value: 50%", "value: 50.01%"),
    "the day of a value": ("act/parameters.yaml", "from: 2021-01-04", "from: 2021-01-05"),
    "an open fact": ("act/parameters.yaml", "account.agreed_ratio", "account.other_ratio"),
    "a cell": ("act/parameters.yaml", "class: any, value: 30%", "class: any, value: 31%"),
    "a band": ("act/parameters.yaml", "below 180%, class: any, value: 20%}, {line: 180%", "below 170%, class: any, value: 20%}, {line: 170%"),
    "the cell for none": ("act/parameters.yaml", "value: 10%", "value: 11%"),
    "a deadline": ("act/rules.yaml", "+ 2 trading days", "+ 3 trading days"),
    "whether there is a deadline": ("act/rules.yaml", "    due: account.opened_on + 2 trading days\n", ""),
    "a condition": ("act/rules.yaml", "order.type is limit", "order.type is market"),
    "an operator": ("act/rules.yaml", "order.quantity <= 100", "order.quantity < 100"),
    "a constant": ("act/rules.yaml", "100 shares\n    unless", "101 shares\n    unless"),
    "require and forbid": ("act/rules.yaml", "    require: order.quantity", "    forbid: order.quantity"),
    "an exemption": ("act/rules.yaml", "when: order.urgent", "when: not order.urgent"),
    "the day of an exemption": ("act/rules.yaml", "when: order.urgent, in_force: [{from: 2020-01-02", "when: order.urgent, in_force: [{from: 2020-01-03"),
    "the last day of a rule": ("act/rules.yaml", "until: 2023-12-29", "until: 2023-12-30"),
    "a reason": ("act/rules.yaml", "reason: too_large", "reason: too_thin"),
    "a figure": ("act/rules.yaml", "h.quantity * h.security.price", "h.quantity * h.security.price * 2"),
    "the choice of records": ("act/rules.yaml", "h.rank <= 5", "h.rank <= 6"),
    "the kind of an aggregate": ("act/rules.yaml", "unit: money, formula: sum(h.worth for h in account.holdings where h.rank <= 5)", "unit: money or none, formula: max(h.worth for h in account.holdings where h.rank <= 5)"),
    "the name of a rule": ("act/rules.yaml", "  size:\n", "  how_many:\n"),
    "a case": ("act/rules.yaml", "account.score < 0%", "account.score < 1%"),
    "the first status": ("act/rules.yaml", "first: good", "first: bad"),
    "the first day": ("act/rulebook.yaml", "from: 2020-01-02", "from: 2020-01-03"),
    "what is governed": ("act/rulebook.yaml", '"yes"', "order.type is limit"),
    "a calendar": ("act/rulebook.yaml", "settlement: SETTLEMENT", "settlement: TRADING"),
    "which calendar counts what": ("act/rulebook.yaml", "trading: TRADING, settlement: SETTLEMENT", "trading: SETTLEMENT, settlement: TRADING"),
}  # fmt: skip


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_decides_counts(usual: str, tmp_path: Path, what: str) -> None:
    files = with_change(*DIFFERENT[what])
    if what == "the kind of an aggregate":
        files = {k: t.replace("total >=", "(total or if none 0) >=") for k, t in files.items()}
    assert meaning_digest(rulebook(tmp_path, files, {})) != usual


WORLD_DIFFERENT = {
    "a bound": ("vocabulary/account.yaml", "max: 1_000_000_000", "max: 1_000_000_001"),
    "decimals": ("vocabulary/account.yaml", "cash: {type: money,", "cash: {type: money, scale: 3,"),
    "whether none is allowed": ("vocabulary/order.yaml", "mark: {type: text,", "mark: {type: text, none: allowed,"),
    "when it is none": ("vocabulary/order.yaml", "in: [market]", "in: [limit]"),
    "a member": ("vocabulary/enums.yaml", "bond: {en: Bond, zh: 债券}", "note: {en: Bond, zh: 债券}"),
    "the value of a reason": ("vocabulary/reasons.yaml", "fix_103: 3", "fix_103: 5"),
    "the fact that tells the moment": ("vocabulary/events.yaml", "    timed_by: order.entered_at\n", ""),
    "the fact that dates": ("vocabulary/events.yaml", "dated_by: account.valued_on", "dated_by: account.opened_on"),
    "a claim": ("vocabulary/claims.yaml", "  market_making:", "  hedging: {title: {en: H, zh: 套}, who: {en: D, zh: 台}}\n  market_making:"),
    "a closure": ("calendars/TRADING.yaml", "2024-01-01]", "2024-01-02]"),
    "an hour": ("calendars/TRADING.yaml", 'close: "15:00"', 'close: "15:30"'),
    "a horizon": ("calendars/TRADING.yaml", "official_until: 2024-12-31", "official_until: 2024-12-30"),
}  # fmt: skip


@pytest.mark.parametrize("what", WORLD_DIFFERENT)
def test_the_vocabulary_and_the_calendars_count(usual: str, tmp_path: Path, what: str) -> None:
    path, old, new = WORLD_DIFFERENT[what]
    assert meaning_digest(rulebook(tmp_path, FILES, {path: (old, new)})) != usual


WORLD_SAME = {
    "a fact's title": ("vocabulary/order.yaml", "en: Quantity, zh: 数量", "en: How many, zh: 多少"),
    "a member's title": ("vocabulary/enums.yaml", "bond: {en: Bond", "bond: {en: Bonds"),
    "a calendar's title": ("calendars/TRADING.yaml", "en: Exchange", "en: An exchange"),
}


@pytest.mark.parametrize("what", WORLD_SAME)
def test_words_of_the_vocabulary_do_not_count(usual: str, tmp_path: Path, what: str) -> None:
    path, old, new = WORLD_SAME[what]
    assert meaning_digest(rulebook(tmp_path, FILES, {path: (old, new)})) == usual


def test_one_digest_means_one_core_whatever_the_files_are_called(tmp_path: Path) -> None:
    text = "chapter: {{en: C, zh: 章}}\nrules:\n  {name}:\n    require: order.quantity <= {n} shares\n    <rule>\n"
    first, second = text.format(name="a_rule", n=5), text.format(name="b_rule", n=6)
    found = set()
    for number, (one, two) in enumerate([(first, second), (second, first)]):
        files = {"act/rulebook.yaml": DEFAULT_HEADERS["act"], "act/1.yaml": one, "act/2.yaml": two}
        engine = Engine(rulebook(tmp_path / str(number), files, {}))
        gate = Gate([engine], engine.rulebook.vocabulary)
        decided = gate.decide(changed(COMPLETE, order={"quantity": 7}))
        assert decided.breached == ("act/a_rule", "act/b_rule")
        found.add((engine.digest, decided.core_bytes()))
    assert len(found) == 1


def test_digests_have_a_length_and_lists_a_form_of_their_own(tmp_path: Path) -> None:
    book = rulebook(tmp_path, FILES, {})
    assert len(meaning_digest(book)) == len(vocabulary_digest(book.vocabulary)) == 64
    assert len({text_digest(words) for words in (["ab", "c"], ["a", "bc"], ["abc"], [], [""])}) == 5
