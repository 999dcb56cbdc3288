"""The generated source: readable, each thing computed once, in the lowest block that suffices."""

from __future__ import annotations

import re
from fractions import Fraction

from tests.differential.world import epoch, rule

from creditgate.backends.scalar.compile import compile_event
from creditgate.domain.dsl_types import BOOLEAN, COUNT, Enum, ListOf, Optional, Record
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    Expr,
    Fact,
    If,
    Literal,
    Lookup,
    Named,
    Root,
    Variable,
)

ORDER, ACCOUNT = Root(Record("order"), "order"), Root(Record("account"), "account")
QUANTITY, TICK = Fact(COUNT, ORDER, "quantity"), Fact(COUNT, ORDER, "tick", 1)
PRICE = Fact(Optional(COUNT), ORDER, "price", 2)
FLAG = Fact(BOOLEAN, ORDER, "flag")
YES = Literal(BOOLEAN, True)
POSITIONS = Fact(ListOf("position"), ACCOUNT, "positions")


def number(text: str) -> Literal:
    return Literal(COUNT, Fraction(text))


def product(*factors: Expr) -> Expr:
    result = factors[0]
    for factor in factors[1:]:
        result = Apply(COUNT, "multiply", (result, factor))
    return result


def at_most(left: Expr, right: Expr) -> Expr:
    return Apply(BOOLEAN, "less_or_equal", (left, right))


def value_of(name: str) -> tuple[Variable, Expr]:
    row = Variable(Record("position"), name)
    price = Fact(COUNT, Fact(Record("security"), row, "security"), "price", 4)
    return row, product(Fact(COUNT, row, "quantity"), price)


def total(name: str, *more: Expr, where: Expr | None = None) -> Expr:
    row, value = value_of(name)
    return Aggregate(COUNT, "sum", row, POSITIONS, where, product(value, *more))


def body(*requirements: Expr, when: Expr | None = None) -> str:
    """Return the source of the rules, without the function around them."""
    rules = tuple(rule(f"rule_{n}", when, (), each) for n, each in enumerate(requirements))
    source = compile_event(epoch(YES, rules), "order").judging.source
    return source[source.index("def ") : source.index("def judge(")]


def test_rules_are_written_with_their_ids_and_the_names_of_their_facts() -> None:
    source = body(at_most(QUANTITY, number("100")))
    assert "# test/world/rule_0" in source
    assert "elif order_quantity > 100:" in source
    assert "breached += (0,)" in source


def test_the_source_is_the_same_each_time_it_is_made() -> None:
    requirement = at_most(total("p"), total("q", TICK))
    assert body(requirement) == body(requirement)


def test_numbers_are_held_in_integers_and_percentages_folded() -> None:
    source = body(at_most(product(PRICE, number("1.3")), number("12.48")))
    assert "order_price * 13 > 12480" in source
    assert "Fraction" not in source


def test_a_figure_gives_its_name_to_what_is_used_twice() -> None:
    margin = Named(COUNT, "figure", "margin", None, product(QUANTITY, TICK))
    source = body(at_most(margin, number("5")), at_most(number("1"), margin))
    assert len(re.findall(r"order_quantity \* order_tick", source)) == 1
    assert "margin > 50" in source


def test_a_fact_is_read_once_and_only_where_it_is_needed() -> None:
    source = body(
        And(BOOLEAN, (FLAG, at_most(QUANTITY, TICK))), And(BOOLEAN, (FLAG, at_most(TICK, TICK)))
    )
    assert source.count("order.flag") == 1
    assert source.count("order.tick") == 1
    assert source.count("order.quantity") == 1
    assert re.search(r"is not False:\n +order_quantity = order.quantity", source)


def test_aggregates_of_one_list_share_one_pass_whatever_their_variables_are_called() -> None:
    source = body(at_most(total("p"), total("q", TICK)))
    assert source.count("for position in account_positions:") == 1
    assert source.count("position.quantity") == 1


def test_aggregates_that_need_each_other_are_folded_one_after_the_other() -> None:
    row, value = value_of("p")
    share = Apply(COUNT, "divide", (value, total("q")))
    largest = Aggregate(Optional(COUNT), "max", row, POSITIONS, None, share)
    assert body(at_most(largest, number("0.6"))).count("for position") == 2


def test_what_reads_no_row_is_computed_outside_the_loop() -> None:
    source = body(at_most(total("p", QUANTITY, TICK), number("5")))
    assert source.index("order.quantity") < source.index("for position in")
    invariant = product(QUANTITY, TICK)
    row, value = value_of("p")
    added = Apply(COUNT, "add", (value, invariant))
    source = body(at_most(Aggregate(COUNT, "sum", row, POSITIONS, None, added), number("5")))
    assert source.index("order_quantity * order_tick") < source.index("for position in")


def test_an_unknown_element_ends_the_loop_of_a_single_aggregate() -> None:
    assert re.search(r"is MISSING:\n +\w+ = MISSING\n +break", body(at_most(total("p"), TICK)))


def test_a_condition_that_a_branch_stands_on_is_not_asked_again() -> None:
    limited = If(
        COUNT,
        Apply(BOOLEAN, "equal", (Fact(Enum("action"), ORDER, "action"), Literal(ACTION, "buy"))),
        QUANTITY,
        If(
            COUNT,
            Apply(BOOLEAN, "equal", (Fact(ACTION, ORDER, "action"), Literal(ACTION, "sell"))),
            TICK,
            number("0"),
        ),
    )
    source = body(at_most(limited, number("5")))
    assert source.count("order_action is MISSING") == 1
    assert "elif order_action == 'sell':" in source


ACTION = Enum("action")


def test_tables_stand_at_the_head_of_the_module() -> None:
    rows = tuple(((word,), number(value)) for word, value in (("buy", "0.5"), ("sell", "1")))
    cell = Lookup(COUNT, (Fact(ACTION, ORDER, "action"),), rows)
    table = Named(COUNT, "table", "ratio_floor", None, cell)
    rules = (rule("rule", None, (), at_most(table, number("0.8"))),)
    source = compile_event(epoch(YES, rules), "order").judging.source
    assert "RATIO_FLOOR = {'buy': 1, 'sell': 2}" in source
    assert source.index("RATIO_FLOOR") < source.index("def ")


def test_what_a_rule_is_chosen_by_is_settled_in_its_branch() -> None:
    buying = Apply(BOOLEAN, "equal", (Fact(ACTION, ORDER, "action"), Literal(ACTION, "buy")))
    ratio = If(COUNT, buying, number("0.8"), number("1"))
    rules = tuple(
        rule(f"rule_{n}", buying, (), at_most(product(ratio, QUANTITY), number(str(n))))
        for n in (1, 2)
    )
    source = compile_event(epoch(YES, rules), "order").judging.source
    branch = source[source.index("def judge_rules_buy(") :].split("\n\n\n")[0]
    assert "order_action" not in branch
    assert "order_quantity * 4" in branch


def test_words_of_a_rulebook_cannot_become_code() -> None:
    strange = Fact(Optional(Enum("order_type")), ORDER, "kind")
    text = "'); import os; ('"
    asked = Apply(BOOLEAN, "equal", (strange, Literal(strange.type, text)))
    rules = (rule("id\nimport os", asked, (), asked),)
    source = compile_event(epoch(YES, rules), "order").judging.source
    assert not re.search(r"^import", source, re.MULTILINE)
    assert repr(text) in source
