"""Which test answers which lesson of other systems, and why some lessons do not apply."""

from __future__ import annotations

import ast
from pathlib import Path

FAMILIES = {"FO": 11, "RR": 10, "RC": 9, "AR": 10, "AD": 12}
NO_RESERVATIONS = (
    "the gate keeps no state: it holds no reservations and amends no orders; what working orders "
    "take up is a fact that the caller states"
)
NO_ADAPTER = "the engine reads facts in its own vocabulary; nothing in it speaks to a counter"

TESTS: dict[str, tuple[str, ...]] = {
    "FO-1": ("test_an_order_of_an_unknown_account_is_not_approved",),
    "FO-2": ("test_a_short_sale_of_a_thousand_times_the_equity_is_refused",),
    "FO-3": ("test_an_account_without_a_cash_balance_buys_nothing_on_margin",),
    "FO-4": (
        "test_a_market_order_without_a_price_to_value_it_is_not_approved",
        "test_a_market_short_order_is_refused_and_so_is_one_without_a_reference_price",
        "test_a_market_order_without_a_reference_price_is_refused_for_that_reason",
    ),
    "FO-5": (
        "test_an_account_that_is_no_credit_account_sells_nothing_short",
        "test_a_cash_account_of_a_house_sells_nothing_short",
        "test_a_sale_marked_long_is_covered_by_what_is_held_to_the_share",
    ),
    "FO-6": (
        "test_a_short_sale_without_a_locate_is_refused_and_without_the_list_undecided",
        "test_a_security_without_a_row_of_facts_is_not_easy_to_borrow",
    ),
    "FO-7": (
        "test_a_market_order_of_any_size_meets_the_limits_of_value",
        "test_a_market_order_meets_the_limits_of_the_firm_at_the_end_of_the_collar",
    ),
    "FO-8": ("test_a_price_or_quantity_that_cannot_be_is_refused_before_any_rule",),
    "FO-9": ("test_rulebooks_load_all_together_or_not_at_all",),
    "FO-10": (
        "test_a_price_limit_that_is_no_number_is_refused_and_a_missing_one_is_named",
        "test_a_rule_that_only_warns_is_listed_in_each_decision_that_it_would_have_refused",
    ),
    "FO-11": (
        "test_a_market_order_without_a_price_to_value_it_is_not_approved",
        "test_a_market_order_without_a_reference_price_is_refused_for_that_reason",
    ),
    "RR-1": ("test_selling_what_is_held_never_needs_cash",),
    "RR-3": (
        "test_without_free_margin_the_largest_quantity_to_open_is_zero_and_closing_stays_free",
    ),
    "RR-4": ("test_a_proposed_change_never_enlarges_an_order_or_turns_its_side",),
    "RR-6": ("test_eligibility_of_a_security_is_asked_for_opening_only",),
    "RR-7": ("test_an_odd_lot_is_closed_though_it_could_not_be_opened",),
    "RR-10": (
        "test_selling_what_is_held_never_needs_cash",
        "test_returning_borrowed_shares_needs_no_margin",
    ),
    "RC-2": ("test_a_burst_of_orders_is_stopped_at_the_limit",),
    "RC-6": ("test_an_order_number_is_used_once",),
    "RC-7": ("test_the_order_of_rows_changes_nothing",),
    "RC-9": ("test_the_count_of_orders_says_what_it_counts",),
    "AR-1": (
        "test_margin_equal_to_the_requirement_is_enough_and_one_cent_less_is_not",
        "test_exactly_130_per_cent_is_no_call_and_a_cent_less_is_one",
        "test_exactly_300_per_cent_is_not_above_the_withdrawal_line",
    ),
    "AR-2": (
        "test_figures_are_exact_where_others_were_off_by_less_than_a_cent",
        "test_a_requirement_between_two_cents_is_covered_by_the_upper_one_only",
    ),
    "AR-3": (
        "test_proceeds_of_a_short_sale_buy_nothing_and_each_short_sale_leaves_less_margin",
        "test_one_short_sale_after_another_ends_when_the_margin_is_used_up",
    ),
    "AR-4": ("test_the_margin_of_ten_thousand_yuan_is_what_the_ratio_of_the_day_says",),
    "AR-5": ("test_shares_are_never_compared_with_money",),
    "AR-6": (
        "test_no_order_goes_beyond_what_the_ratio_lends",
        "test_a_position_above_six_times_the_equity_leaves_closing_orders_only",
    ),
    "AR-7": ("test_a_number_in_json_is_taken_as_written",),
    "AR-8": (
        "test_interest_is_simple_and_counts_natural_days",
        "test_a_week_over_a_weekend_bears_seven_days_of_interest",
        "test_interest_bears_no_interest",
        "test_a_contract_may_count_a_year_of_360_or_of_365_days",
    ),
    "AR-9": ("test_a_ratio_written_as_a_percentage_is_refused_or_the_stricter_side",),
    "AR-10": ("test_a_number_given_as_text_is_the_number_that_it_says",),
    "AD-2": ("test_a_code_of_some_counter_is_not_taken_for_an_action",),
    "AD-3": ("test_an_account_without_detail_is_unknown_and_not_an_account_of_zeros",),
    "AD-4": ("test_an_account_of_zeros_with_debts_opens_nothing_and_is_called",),
    "AD-5": ("test_a_list_that_is_missing_is_not_an_empty_one",),
    "AD-6": ("test_an_action_that_is_not_stated_is_asked_for_and_never_assumed",),
    "AD-7": ("test_a_code_of_some_counter_is_not_taken_for_an_action",),
    "AD-8": (
        "test_a_row_given_twice_is_refused_and_never_counted_twice",
        "test_a_record_given_twice_is_refused",
    ),
    "AD-9": ("test_a_fact_left_out_of_an_approved_order_never_matters_in_silence",),
    "AD-10": ("test_the_least_equity_for_a_short_sale_is_a_number_of_the_rulebook",),
    "AD-11": (
        "test_a_house_refuses_more_than_the_regulator_and_never_approves_more",
        "test_an_order_against_an_open_order_of_the_other_side_is_refused",
    ),
    "AD-12": (
        "test_holidays_that_calendars_of_others_lacked_for_months_are_closed_days",
        "test_a_day_beyond_the_calendar_is_unknown_and_said",
    ),
}
DO_NOT_APPLY: dict[str, str] = {
    "RC-1": NO_RESERVATIONS,
    "RC-3": NO_RESERVATIONS,
    "RC-4": NO_RESERVATIONS,
    "RC-5": NO_RESERVATIONS,
    "RC-8": NO_ADAPTER,
    "RR-2": NO_RESERVATIONS,
    "RR-5": NO_RESERVATIONS,
    "RR-8": NO_RESERVATIONS,
    "RR-9": NO_RESERVATIONS,
    "AD-1": NO_ADAPTER,
}


def _tests_written() -> set[str]:
    found = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(node.name)
    return found


def test_every_lesson_has_a_test_or_a_reason_why_it_does_not_apply() -> None:
    lessons = {f"{family}-{n}" for family, last in FAMILIES.items() for n in range(1, last + 1)}
    assert set(TESTS) | set(DO_NOT_APPLY) == lessons
    assert not set(TESTS) & set(DO_NOT_APPLY)
    assert all(TESTS.values())
    assert all(DO_NOT_APPLY.values())


def test_every_test_of_the_table_is_written() -> None:
    named = {name for names in TESTS.values() for name in names}
    assert named <= _tests_written(), named - _tests_written()
