"""Diagnostics as text and as JSON."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, Label, error, warning
from creditgate.base.render import display_width, render_json, render_text, visible
from creditgate.base.spans import NOWHERE, SourceFile, Span

RULES = SourceFile(
    "rulebooks/xx/rules.yaml",
    "rules:\n"
    "  size:\n"
    "    on: order\n"
    "    # 数量不得超过限额\n"
    "    title: {en: Size, zh: 委托数量 上限}\n"
    "    when: order.quantity > limits.max_notional\n"
    "    require: >-\n"
    "      order.quantity > 0\n"
    "      and order.price > 0\n",
)


def label(part: str, text: str = "", file: SourceFile = RULES) -> Label:
    start = file.text.index(part)
    return Label(Span(file, start, start + len(part)), text)


def one(main: Label, *secondary: Label, hint: str | None = None) -> str:
    found = error(
        Code.UNIT_MISMATCH,
        "the units differ",
        main.span,
        main.text,
        hint=hint,
        secondary=secondary,
    )
    return render_text([found])


def shown(*lines: str) -> str:
    return "\n".join(lines)


def test_the_span_is_underlined_and_the_hint_follows() -> None:
    hint = "multiply the quantity by `order.price`"
    assert one(label("order.quantity", "shares"), hint=hint) == shown(
        "CG5003 error: the units differ",
        "  rulebooks/xx/rules.yaml:6:11",
        "  6 |     when: order.quantity > limits.max_notional",
        "    |           ^^^^^^^^^^^^^^ shares",
        "  hint: multiply the quantity by `order.price`",
    )


def test_two_labels_of_one_line_share_its_underline_row() -> None:
    both = one(label("order.quantity", "shares"), label("limits.max_notional", "money"))
    assert both == shown(
        "CG5003 error: the units differ",
        "  rulebooks/xx/rules.yaml:6:11",
        "  6 |     when: order.quantity > limits.max_notional",
        "    |           ^^^^^^^^^^^^^^   ------------------- money",
        "    |           shares",
    )


def test_a_label_inside_another_keeps_the_carets_of_the_main_one() -> None:
    both = one(label("quantity >", "here"), label("order.quantity > limits", "there"))
    assert both == shown(
        "CG5003 error: the units differ",
        "  rulebooks/xx/rules.yaml:6:17",
        "  6 |     when: order.quantity > limits.max_notional",
        "    |           ------^^^^^^^^^^-------",
        "    |                 here",
        "    |           there",
    )


def test_labels_of_other_lines_and_files_follow_with_their_own_lines() -> None:
    other = SourceFile("rulebooks/vocabulary/order.yaml", "entity: order\n")
    text = one(
        label("order.price", "money per share"),
        label("entity", "declared here", other),
        label("size", "in this rule"),
    )
    assert text == shown(
        "CG5003 error: the units differ",
        "  rulebooks/xx/rules.yaml:9:11",
        "  9 |       and order.price > 0",
        "    |           ^^^^^^^^^^^ money per share",
        "  2 |   size:",
        "    |   ---- in this rule",
        "  rulebooks/vocabulary/order.yaml:1:1",
        "  1 | entity: order",
        "    | ------ declared here",
    )


def test_wide_characters_take_two_columns() -> None:
    text = one(label("上限", "here"))
    assert text.splitlines()[2:] == [
        "  5 |     title: {en: Size, zh: 委托数量 上限}",
        "    |                                    ^^^^ here",
    ]


def test_only_the_first_line_of_a_longer_span_is_underlined() -> None:
    text = one(label("order.quantity > 0\n      and order.price", "both"))
    assert text.splitlines()[1:] == [
        "  rulebooks/xx/rules.yaml:8:7",
        "  8 |       order.quantity > 0",
        "    |       ^^^^^^^^^^^^^^^^^^ both",
    ]


def test_an_empty_span_shows_one_caret_even_at_the_end_of_the_file() -> None:
    end = len(RULES.text)
    assert one(Label(Span(RULES, 8, 8))).splitlines()[-1] == "    |  ^"
    assert one(Label(Span(RULES, end, end))).splitlines()[-1] == "     | ^"


def test_tabs_take_four_columns() -> None:
    file = SourceFile("a.yaml", "a:\tb\n")
    assert one(label("b", file=file)).splitlines()[2:] == ["  1 | a:    b", "    |       ^"]


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    file = SourceFile("a\x1b[1m.yaml", "a: \x1b[31mred\u202e\n")
    text = one(label("red", "\x07", file=file))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert text.splitlines()[2:] == [
        "  1 | a: \\x1b[31mred\\u202e",
        "    |            ^^^ \\x07",
    ]


def test_a_very_long_line_is_cut_around_its_label() -> None:
    file = SourceFile("a.yaml", "x " * 5_000 + "here" + " y" * 5_000)
    line, underline = one(label("here", file=file)).splitlines()[2:]
    assert len(line) < 200
    at = line.index("here")
    assert underline[at : at + 4] == "^^^^"
    assert "^" not in underline[:at]


def test_a_file_without_text_is_named_without_a_place() -> None:
    assert one(Label(Span(SourceFile("gone.yaml", ""), 0, 0))) == shown(
        "CG5003 error: the units differ", "  gone.yaml"
    )


def test_nowhere_shows_the_message_the_label_and_the_hint() -> None:
    assert one(Label(NOWHERE, "in the facts"), hint="add it") == shown(
        "CG5003 error: the units differ", "  in the facts", "  hint: add it"
    )


def test_several_diagnostics_are_parted_by_an_empty_line() -> None:
    found = error(Code.EMPTY_FILE, "the file holds nothing", NOWHERE)
    assert render_text([found, found]).count("\n\n") == 1
    assert render_text([]) == ""


def test_colour_changes_no_character_of_the_text() -> None:
    found = warning(
        Code.UNUSED_NAME,
        "`size` is never used",
        label("size", "here").span,
        "here",
        hint="delete it",
        secondary=[label("order", "there")],
    )
    colored = render_text([found], color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_text([found])


def test_json_holds_the_same_content_with_places() -> None:
    found = error(
        Code.UNIT_MISMATCH,
        "the units differ",
        label("order.quantity").span,
        "shares",
        secondary=[Label(NOWHERE, "elsewhere")],
    )
    (content,) = render_json([found])
    assert json.loads(json.dumps(content)) == {
        "code": "CG5003",
        "slug": "unit-mismatch",
        "severity": "error",
        "message": "the units differ",
        "hint": None,
        "path": "rulebooks/xx/rules.yaml",
        "line": 6,
        "column": 11,
        "end_line": 6,
        "end_column": 25,
        "offset": RULES.text.index("order.quantity"),
        "end_offset": RULES.text.index("order.quantity") + 14,
        "label": "shares",
        "secondary": [{"path": None, "label": "elsewhere"}],
    }


def test_widths_of_text() -> None:
    assert display_width("abc") == 3
    assert display_width("融资，") == 6
    assert display_width("e\u0301") == 1


@given(
    st.text(min_size=1, max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)))
)
def test_any_text_and_any_spans_can_be_shown(text: str, places: list[tuple[int, int]]) -> None:
    file = SourceFile("any.yaml", text)
    spans = [Span(file, min(place), max(place)) for place in places] or [NOWHERE]
    labels = [Label(span, text) for span in spans]
    found = Diagnostic(Code.NOT_YAML, error(Code.NOT_YAML, "", NOWHERE).severity, text, labels[0])
    several = error(Code.NOT_YAML, text, spans[0], secondary=labels[1:])
    for shown_text in (render_text([found]), render_text([several])):
        assert visible(shown_text.replace("\n", " ")) == shown_text.replace("\n", " ")
    render_json([several])
