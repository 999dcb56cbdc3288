"""One mistake at a time in a well-formed file: what is said, where, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.spans import SourceFile
from creditgate.load.schema_check import check_schema
from creditgate.load.yaml_reader import read_yaml

GOOD = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent / "good_files").glob("*.yaml"))
}


def findings(schema: str, text: str) -> tuple[Diagnostic, ...]:
    collector = Collector()
    node = read_yaml(SourceFile(f"{schema}.yaml", text), collector)
    assert node is not None
    fits = check_schema(node, schema, collector)
    assert fits is not collector.has_errors
    return collector.diagnostics


def changed(schema: str, old: str, new: str) -> str:
    assert GOOD[schema].count(old) >= 1, "the good file holds what is changed"
    return GOOD[schema].replace(old, new, 1)


CHANGES = [
    pytest.param(
        "chapter", "    require: ", "    requier: ",
        ("CG2001", "requier", "unknown key `requier` in `price_floor`", "did you mean `require`?"),
        id="a misspelled key is reported once, and not as missing as well",
    ),
    pytest.param(
        "chapter", "rules:\n", "rulez:\n",
        ("CG2001", "rulez", "unknown key `rulez` in the file", "did you mean `rules`?"),
        id="a misspelled section",
    ),
    pytest.param(
        "reasons", "fix_103: 25", "fix_103: 25, severity: high",
        ("CG2001", "severity", "unknown key `severity` in `insufficient_margin`",
         "the keys known here are `title`, `fix_103`"),
        id="an unknown key where few are known lists them",
    ),
    pytest.param(
        "chapter", "    reason: price_below_limit\n", "",
        ("CG2002", "price_floor", "`price_floor` needs the key `reason`",
         "add `reason:`, such as `reason: short_margin_ratio`"),
        id="a rule without a reason",
    ),
    pytest.param(
        "chapter", "{en: Price floor, zh: 最低价}", "{en: Price floor}",
        ("CG2002", "title", "`title` needs the key `zh`", "add `zh:`"),
        id="a title in one language",
    ),
    pytest.param(
        "chapter", "value: 50%, cite: {instrument: rules_2010, article: 38}, ", "value: 50%, ",
        ("CG2002", "from", "item 1 of `history` needs the key `cite`",
         "add `cite:` with `instrument`"),
        id="a dated value without a citation",
    ),
    pytest.param(
        "chapter", ", evidence: official}\n      - {from: 2019", "}\n      - {from: 2019",
        ("CG2002", "from", "item 1 of `history` needs the key `evidence`",
         "add `evidence:` with one of `official`, `reproduced`, `secondary`, `unverified`"),
        id="a dated value without evidence",
    ),
    pytest.param(
        "chapter", "value: 50%, ", "",
        ("CG2002", "from", "item 1 of `history` needs the key `value`",
         "write `value`, or `open` with the fact that holds the value agreed"),
        id="a dated value that is neither given nor left open",
    ),
    pytest.param(
        "chapter", "value: 50%,", "value: 50%, open: account.agreed_ratio,",
        ("CG2008", "value", "the key `value` does not belong here",
         "write either `value` or `open`"),
        id="a dated value that is both given and left open",
    ),
    pytest.param(
        "chapter", "    require: ", "    forbid: order.quantity > 5\n    require: ",
        ("CG2008", "require", "the key `require` does not belong here",
         "write either `require` or `forbid`"),
        id="a rule that both requires and forbids",
    ),
    pytest.param(
        "chapter", "    require: order.price >= reference_price\n", "",
        ("CG2002", "price_floor", "`price_floor` needs the key `require`",
         "write `require` with what has to hold, or `forbid` with what must not"),
        id="a rule that neither requires nor forbids",
    ),
    pytest.param(
        "chapter", "evidence: reproduced", "evidence: reproducd",
        ("CG2004", "reproducd", "`reproducd` is not a word for `evidence`",
         "did you mean `reproduced`?"),
        id="a misspelled word of a closed set",
    ),
    pytest.param(
        "chapter", "effect: warn", "effect: log",
        ("CG2004", "log", "`log` is not a word for `effect`", "write one of `reject`, `warn`"),
        id="a word that is none of a closed set",
    ),
    pytest.param(
        "chapter", "fixes: yes", "fixes: perhaps",
        ("CG2004", "perhaps", "`perhaps` is not a word for `fixes`", "write one of `yes`, `no`"),
        id="neither yes nor no",
    ),
    pytest.param(
        "chapter", "{from: 2010-03-31, until:", "{from: 2010/03/31, until:",
        ("CG2005", "2010/03/31", "`2010/03/31` is not written as a date",
         "write it like `2024-01-31`"),
        id="a date with slashes",
    ),
    pytest.param(
        "chapter", "  price_floor:", "  Price-Floor:",
        ("CG2005", "Price-Floor", "`Price-Floor` is not written as a name",
         "write it like `short_margin_ratio`"),
        id="a name with capitals and a hyphen",
    ),
    pytest.param(
        "chapter", "type: trading days", "type: 2 trading days",
        ("CG2005", "2 trading days", "`2 trading days` is not written as a type",
         "write it like `ratio` or `trading days`"),
        id="a value in place of a type",
    ),
    pytest.param(
        "chapter", "    of: mark\n", "",
        ("CG2002", "marks", "`marks` needs the key `of`",
         "add `of:`, such as `of: short_margin_ratio`"),
        id="a set without its enum",
    ),
    pytest.param(
        "chapter", "    stricter: higher\n", "    stricter: higher\n    enum: side\n",
        ("CG2008", "enum", "the key `enum` does not belong here",
         "`enum` belongs to `type: enum`"),
        id="an enum for a ratio",
    ),
    pytest.param(
        "chapter", "    value: ratio\n", "",
        ("CG2002", "cap", "`cap` needs the key `value`",
         "write `value` with one type, or `values` with several names"),
        id="a table without the type of its values",
    ),
    pytest.param(
        "chapter", "      etf:\n        when: order.security.class is etf\n        in_force:",
        "      - when: order.security.class is etf\n        in_force:",
        ("CG2003", "unless", "`unless` has to be a mapping, not a list", None),
        id="exemptions as a list",
    ),
    pytest.param(
        "chapter", "{en: Price floor, zh: 最低价}", "Price floor",
        ("CG2003", "title", "`title` has to be a mapping, not text",
         "write a mapping with the keys `en`, `zh`"),
        id="a title as plain text",
    ),
    pytest.param(
        "chapter", "{en: Price floor, zh: 最低价}", "\n      en：Price floor",
        ("CG2003", "title", "`title` has to be a mapping, not text",
         "write the colon as `: `, not as `：`"),
        id="a full-width colon",
    ),
    pytest.param(
        "chapter", "when: debt is 0", "when: {debt: is 0}",
        ("CG2003", "when", "`when` has to be text, not a mapping",
         "put the value in quotes, or on lines of its own below `>-`"),
        id="a mapping in place of an expression",
    ),
    pytest.param(
        "chapter", "{en: Price floor, zh: 最低价}", "{en: Price floor, zh: ''}",
        ("CG2005", "''", "`zh` holds no text", "write the text, or delete the key"),
        id="an empty text",
    ),
    pytest.param(
        "chapter", "    first: normal\n    in_force", "    in_force",
        None, id="a determination may have no first status",
    ),
    pytest.param(
        "chapter", "    previous: account.status_before\n", "",
        ("CG2002", "first", "`first` needs `previous` beside it",
         "add `previous`, or delete `first`"),
        id="a first status without a status before",
    ),
    pytest.param(
        "chapter", "values: {no_debt: {en: No debt, zh: 无负债}, normal: {en: Normal, zh: 正常}}",
        "values: {normal: {en: Normal, zh: 正常}}",
        ("CG2006", "values", "`values` needs at least 2 entries",
         "add what is missing, or delete the key"),
        id="a determination with one status",
    ),
    pytest.param(
        "rulebook", "calendars:", "extends: [xx/base, xx/other]\nmode: replaces\ncalendars:",
        ("CG2007", "extends", "`extends` may hold 1 entry at most", "delete what is too many"),
        id="two bases",
    ),
    pytest.param(
        "rulebook", "calendars:", "extends: xx/base\nmode: replaces\ncalendars:",
        ("CG2003", "extends", "`extends` has to be a list, not text",
         "write `[ ]` around the items, or one `- ` item on each line"),
        id="a base that is not in a list",
    ),
    pytest.param(
        "rulebook", "currency: CNY\n", "",
        ("CG2002", "rulebook", "the file needs the key `currency`",
         "add `currency:`, such as `currency: CNY`"),
        id="a rulebook without a currency",
    ),
    pytest.param(
        "rulebook", "currency: CNY\n", "currency: CNY\nmode: tightens\n",
        ("CG2008", "mode", "the key `mode` does not belong here",
         "delete `mode`, or name the base with `extends`"),
        id="a mode without a base",
    ),
    pytest.param(
        "rulebook", "    issued: 2010-01-01\n", "",
        ("CG2002", "rules_2010", "`rules_2010` needs the key `issued`",
         "add `issued:`, such as `issued: 2024-01-31`"),
        id="an instrument without its day of issue",
    ),
    pytest.param(
        "vocabulary", "{type: quantity, scale: 0, min: 1, max: 1_000_000,", "{type: quantity,",
        ("CG2002", "quantity", "`quantity` needs the keys `min`, `max`",
         "write both bounds, `min` and `max`; they are inclusive"),
        id="a number without bounds",
    ),
    pytest.param(
        "vocabulary", "{type: boolean,", "{type: boolean, min: 0,",
        ("CG2008", "min", "the key `min` does not belong here",
         "`min` belongs to types that are numbers or durations"),
        id="a bound for a boolean",
    ),
    pytest.param(
        "vocabulary", "kind: element", "kind: table",
        ("CG2002", "entity", "the file needs the key `list`",
         "add `list:`, such as `list: short_margin_ratio`"),
        id="a table without its list",
    ),
    pytest.param(
        "calendar", "closures: [2026-01-01,", "closures: [2026-02-17, 2026-01-01,",
        ("CG2009", "2026-02-17", "`closures` names `2026-02-17` twice", "delete one of the two"),
        id="a closure named twice",
    ),
    pytest.param(
        "calendar", '{2026-02-16: "12:00"}', '{Friday: "12:00"}',
        ("CG2005", "Friday", "`Friday` is not written as a date", "write it like `2024-01-31`"),
        id="an early close of a day of the week",
    ),
    pytest.param(
        "calendar", 'close: "15:00"', 'close: "25:00"',
        ("CG2005", '"25:00"', "`25:00` is not written as a time of day", "write it like `09:30`"),
        id="an hour that does not exist",
    ),
    pytest.param(
        "scenarios", "    rule: price_floor\n", "",
        ("CG2002", "name", "item 1 of `cases` needs the key `rule`",
         "name what is judged: `rule`, `figure` or `determination`"),
        id="a case that judges nothing",
    ),
    pytest.param(
        "scenarios", "expect: {value: 65%}", "expect: {outcome: breached, value: 65%}",
        ("CG2008", "outcome", "the key `outcome` does not belong here",
         "a figure or a determination has a `value`; `outcome` belongs to rules"),
        id="an outcome of a figure",
    ),
    pytest.param(
        "scenarios", "expect: {value: 65%}", "expect: {value: 65%, due: 2026-01-20}",
        ("CG2008", "due", "the key `due` does not belong here",
         "a figure or a determination has a `value`; `due` belongs to rules"),
        id="a deadline of a figure",
    ),
    pytest.param(
        "scenarios", "outcome: breached, ", "",
        ("CG2002", "expect", "`expect` needs the key `outcome`",
         "add `outcome:` with one of `satisfied`"),
        id="a case of a rule without an outcome",
    ),
    pytest.param(
        "enums", "      off:", "      Off:",
        ("CG2005", "Off", "`Off` is not written as an enum member",
         "write it like `margin_buy` or `SSE`"),
        id="a member in mixed case",
    ),
    pytest.param(
        "events", "dated_by: order.trade_date", "dated_by: trade_date",
        ("CG2005", "trade_date", "`trade_date` is not written as a fact path",
         "write it like `order.price`"),
        id="a fact without its entity",
    ),
    pytest.param(
        "claims", "who: {en: The desk, zh: 交易台}", "who: {en: The desk, zh: 交易台, cn: 交易台}",
        ("CG2001", "cn", "unknown key `cn` in `who`", "the keys known here are `en`, `zh`"),
        id="a wrong code for Chinese",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "old", "new", "expected"), CHANGES)
def test_a_mistake_is_named_placed_and_explained(
    schema: str, old: str, new: str, expected: tuple[str, str, str, str | None] | None
) -> None:
    found = findings(schema, changed(schema, old, new))
    if expected is None:
        assert found == ()
        return
    number, underlined, message, hint = expected
    assert found
    first = found[0]
    assert (first.code.number, first.primary.span.text) == (number, underlined)
    assert first.message == message
    assert (first.hint or "").startswith(hint or "")
    assert len(found) == 1, found[1:]


def test_all_mistakes_of_a_file_are_found_in_one_run() -> None:
    text = GOOD["chapter"]
    for old, new in [
        ("stricter: higher", "stricter: more"),
        ("unit: ratio\n", "unit: ratio\n    units: ratio\n"),
        ("    reason: price_below_limit\n", ""),
        ("values: {no_debt", "values: {No-Debt"),
    ]:
        text = text.replace(old, new, 1)
    assert [d.code.number for d in findings("chapter", text)] == [
        "CG2004", "CG2001", "CG2002", "CG2005",
    ]  # fmt: skip


def test_a_value_that_the_reader_has_refused_is_not_reported_again() -> None:
    text = changed("chapter", "{en: Price floor, zh: 最低价}", "{en: Price, floor, zh: }")
    assert [d.code.number for d in findings("chapter", text)] == ["CG1006", "CG1006"]


def test_several_missing_keys_are_said_together() -> None:
    (found,) = findings("chapter", "chapter: {en: A, zh: 甲}\nrules:\n  size: {require: a > 0}\n")
    keys = "`title`, `on`, `reason`, `breach`, `in_force`"
    assert found.message == f"`size` needs the keys {keys}"


@pytest.mark.parametrize("schema", sorted(GOOD))
def test_a_file_that_is_only_a_word_or_a_list_has_the_wrong_shape(schema: str) -> None:
    for text in ("word", "[a, b]"):
        (found,) = findings(schema, text)
        assert found.code.number == "CG2003"
        assert found.message.startswith("the file has to be a mapping, not ")


@pytest.mark.parametrize("mode", ["replaces", "tightens"])
def test_an_overlay_inherits_what_its_header_leaves_out(mode: str) -> None:
    header = (
        "rulebook: brokers/house\n"
        "title: {en: House rules, zh: 内部规则}\n"
        "authority: {en: A house, zh: 机构}\n"
        f"extends: [xx/exchange]\nmode: {mode}\n"
        "instruments: {house: {title: {en: Rules, zh: 规则}, issued: 2015-01-05}}\n"
        "removes: {exemptions: [price_floor.etf]}\n"
        "cites: {price_floor: [{from: 2015-01-05, instrument: house, article: 3, "
        "evidence: official}]}\n"
    )
    assert findings("rulebook", header) == ()


def test_a_house_rulebook_removes_no_rules() -> None:
    header = changed("rulebook", "abstract: no\n", "").partition("declares:")[0]
    overlay = "extends: [xx/base]\nmode: tightens\nremoves: {rules: [size]}\n"
    (found,) = findings("rulebook", header + overlay)
    assert (found.code.number, found.primary.span.text) == ("CG2008", "rules")
    assert found.hint == "a house rulebook may remove exemptions, not rules"


_KEYS = st.sampled_from(
    ["chapter", "rules", "parameters", "tables", "title", "en", "zh", "history", "from", "cite",
     "rows", "when", "x", "min", "type", "facts", "entity", "enum", "expect", "cases", "", "A"]
)  # fmt: skip
_TREES = st.recursive(
    st.sampled_from(["a", "2010-03-31", "''", "ratio", "yes", "50%", "enum", "{}", "[]"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(_KEYS.map(lambda key: f'"{key}"'), inner, min_size=1, max_size=4).map(
            lambda entries: "{" + ", ".join(f"{k}: {v}" for k, v in entries.items()) + "}"
        ),
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(GOOD)), _TREES)
def test_no_tree_makes_the_check_fail(schema: str, text: str) -> None:
    for diagnostic in findings(schema, text):
        assert diagnostic.code.number[:3] == "CG2"
        assert diagnostic.code.number != "CG2010"
        assert diagnostic.primary.span.text
