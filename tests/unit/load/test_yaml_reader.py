"""What the reader takes as text, what it refuses, and where it points."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from creditgate.base.collector import Collector
from creditgate.base.spans import SourceFile
from creditgate.load.located import Map, Node, Plain, Seq, Text, plain_from_node
from creditgate.load.yaml_reader import MAX_NODES, read_yaml, source_from_bytes


@pytest.fixture(params=[True, False], ids=["fast parser", "portable parser"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param and not yaml.__with_libyaml__:
        pytest.skip("the fast parser is not installed")
    monkeypatch.setattr(yaml, "__with_libyaml__", request.param)


def read(text: str) -> tuple[Node | None, Collector]:
    collector = Collector()
    return read_yaml(SourceFile("file.yaml", text), collector), collector


def found(text: str) -> list[tuple[str, str]]:
    """Give the number and the underlined text of each finding."""
    _, collector = read(text)
    return [(d.code.number, d.primary.span.text) for d in collector.diagnostics]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("on: NO", {"on": "NO"}, id="neither on nor NO becomes a boolean"),
        pytest.param("yes: no", {"yes": "no"}, id="yes and no stay words"),
        pytest.param("at: 10:30", {"at": "10:30"}, id="a time does not become a number"),
        pytest.param("id: 000001", {"id": "000001"}, id="a security code keeps its zeros"),
        pytest.param("n: 1_000", {"n": "1_000"}, id="a grouped number stays as written"),
        pytest.param("n: 10.10", {"n": "10.10"}, id="a decimal keeps its last zero"),
        pytest.param("d: 2010-03-31", {"d": "2010-03-31"}, id="a date stays text"),
        pytest.param("n: null", {"n": "null"}, id="null is a word"),
        pytest.param("n: ~", {"n": "~"}, id="a tilde is a word"),
        pytest.param("r: 130%", {"r": "130%"}, id="a per cent sign ends a value"),
        pytest.param("q: '123'", {"q": "123"}, id="quotes are no part of the text"),
        pytest.param("e: ''", {"e": ""}, id="an empty text may be written in quotes"),
        pytest.param("- a\n- [b, c]\n", ["a", ["b", "c"]], id="lists may be written both ways"),
        pytest.param("{a: {b: c}}", {"a": {"b": "c"}}, id="mappings may be written in braces"),
        pytest.param("---\na: b\n", {"a": "b"}, id="one document may start with dashes"),
        pytest.param("\ufeffa: b", {"a": "b"}, id="a byte order mark is skipped"),
        pytest.param("a: b # c\n", {"a": "b"}, id="a comment with a space is a comment"),
        pytest.param("a: b #! c\n", {"a": "b"}, id="a comment may start with a mark"),
        pytest.param("a: b#c\n", {"a": "b#c"}, id="a number sign inside a word is text"),
        pytest.param("a: 'b #c'\n", {"a": "b #c"}, id="a number sign in quotes is text"),
        pytest.param("f: a\n  - b\n", {"f": "a - b"}, id="a folded minus is text"),
        pytest.param("f: >-\n  a: b\n  #c\n", {"f": "a: b #c"}, id="a block holds anything"),
        pytest.param(
            "w: order.mark in {a, b}", {"w": "order.mark in {a, b}"}, id="braces inside a value"
        ),
        pytest.param("融资: 买入", {"融资": "买入"}, id="Chinese keys and values"),
    ],
)
def test_every_scalar_is_text(text: str, plain: Plain) -> None:
    node, collector = read(text)
    assert collector.diagnostics == ()
    assert node is not None
    assert plain_from_node(node) == plain


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        pytest.param("a: 1\nb: 2\na: 3", [("CG1003", "a")], id="a key stands twice"),
        pytest.param("a: &x 1\nb: *x", [("CG1004", "&x"), ("CG1004", "*x")], id="an alias"),
        pytest.param("a: &x [1]", [("CG1004", "&x")], id="an anchor on a list"),
        pytest.param("a: !!int 1", [("CG1005", "!!int")], id="a tag on a scalar"),
        pytest.param("a: !x {b: c}", [("CG1005", "!x")], id="a tag on a mapping"),
        pytest.param(
            "a: &x !!str  b", [("CG1004", "&x"), ("CG1005", "!!str")], id="an anchor and a tag"
        ),
        pytest.param("a: !!python/object:os.system x", [("CG1005", "!!python/object:os.system")],
                     id="a tag that names code"),
        pytest.param("a:\nb: 1", [("CG1006", "a")], id="a key has no value"),
        pytest.param("- a\n-\n", [("CG1006", "-")], id="an item has no value"),
        pytest.param("{a: b, c}", [("CG1006", "c")], id="a comma ends a value in braces"),
        pytest.param("- {to: x, when: min(a, b) >= c}", [("CG1006", "b) >= c")],
                     id="a comma splits an expression in braces"),
        pytest.param("<<: x", [("CG1007", "<<")], id="a merge key"),
        pytest.param("? [a]\n: b", [("CG1008", "[a]")], id="a list as a key"),
        pytest.param("{a: b}: c", [("CG1008", "{a: b}")], id="a mapping as a key"),
        pytest.param("? |\n  a\n  b\n: c", [("CG1008", "a\n  b")], id="a key of several lines"),
        pytest.param("a: b\n---\nc: d", [("CG1009", "---")], id="a second document"),
        pytest.param("[" * 10_000, [("CG1010", "[")], id="ten thousand lists in each other"),
        pytest.param("{a: " * 10_000, [("CG1010", "{")], id="ten thousand mappings"),
        pytest.param("- " * 10_000, [("CG1010", "-")], id="ten thousand block lists"),
        pytest.param("? " * 10_000, [("CG1010", "?")], id="ten thousand mappings as keys"),
        pytest.param("a: b\x00", [("CG1012", "\x00")], id="a zero character"),
        pytest.param("a: \x1b[31m", [("CG1012", "\x1b")], id="a terminal command"),
        pytest.param("a: b\u202ec", [("CG1012", "\u202e")], id="a mark that turns text around"),
        pytest.param("a: b\u200bc", [("CG1012", "\u200b")], id="a space of no width"),
        pytest.param("a: b\u2028c", [("CG1012", "\u2028")], id="a line break that editors hide"),
        pytest.param("a: b\ufeff", [("CG1012", "\ufeff")], id="a byte order mark inside"),
        pytest.param("a: b\ud800", [("CG1002", "\ud800")], id="half a character"),
        pytest.param("a:\n\tb: c", [("CG1013", "\t")], id="a tab"),
        pytest.param("%YAML 1.1\n---\na: b", [("CG1016", "%YAML 1.1\n---")], id="a directive"),
        pytest.param("en: order #3 of 5", [("CG1019", "#")], id="a number sign cuts a value"),
        pytest.param("a: #b", [("CG1006", "a")], id="a comment in place of a value"),
        pytest.param("when: round(x, to: 1)", [("CG1001", ":")], id="a colon inside a value"),
        pytest.param("m: >= 180%", [("CG1001", "=")], id="a comparison is taken for a block"),
        pytest.param("en: {order.price} is low", [("CG1006", "order.price"), ("CG1001", "i")],
                     id="a placeholder at the start of a value"),
        pytest.param("x: {w: a in {b, c} and d}", [("CG1001", "{")], id="braces in braces"),
        pytest.param("a: \"b\" and c", [("CG1001", "a")], id="text behind a closing quote"),
        pytest.param("b: 1\na: 'c\n", [("CG1001", "'")], id="a quote that is never closed"),
        pytest.param("a: @b", [("CG1001", "@")], id="a value that starts with a reserved sign"),
        pytest.param("a: 1\n b: 2", [("CG1001", ":")], id="wrong indentation"),
        pytest.param("- a\nb: c", [("CG1001", "b")], id="a key behind a list"),
        pytest.param("a: [1\nb: 2", [("CG1001", ":")], id="a bracket that is never closed"),
    ],
)  # fmt: skip
def test_what_is_refused_and_what_is_underlined(text: str, findings: list[tuple[str, str]]) -> None:
    assert found(text) == findings


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("a:\n", "did a comma split an expression?", id="a key without a value"),
        pytest.param("{a: f(b, c)}", "within `{ }` a comma ends", id="half an expression"),
        pytest.param("m: >= 1", "put the value in quotes", id="a value taken for a block"),
        pytest.param("融资：买入\nb: 2", "not as `：`", id="a full-width colon on the line above"),
        pytest.param("b: 2\nkey：value\n", "not as `：`", id="a full-width colon at the end"),
        pytest.param('a: "\\q"', "single quotes", id="an escape that does not exist"),
        pytest.param("a: * b", "quotes", id="a star at the start of a value"),
        pytest.param("a: !x!y z", "quotes", id="a mark at the start of a value"),
    ],
)
def test_the_hint_says_what_to_do(text: str, hint: str) -> None:
    _, collector = read(text)
    assert hint in (collector.diagnostics[0].hint or "")


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "\ufeff"])
def test_a_file_without_content_is_refused(text: str) -> None:
    node, collector = read(text)
    assert node is None
    assert [d.code.number for d in collector.diagnostics] == ["CG1014"]


def test_reading_goes_on_behind_a_mistake_and_leaves_out_what_is_refused() -> None:
    node, collector = read("a: 1\n<<: x\na: 2\n? [k]\n: v\nb: !!int 3\nc: *d\ne: f\n")
    assert node is not None
    assert plain_from_node(node) == {"a": "1", "b": "3", "c": "", "e": "f"}
    assert [d.code.number for d in collector.diagnostics] == [
        "CG1007", "CG1003", "CG1008", "CG1005", "CG1004",
    ]  # fmt: skip


def test_a_duplicate_key_shows_both_places() -> None:
    _, collector = read("rules:\n  a: 1\n  a: 2\n")
    (diagnostic,) = collector.diagnostics
    places = [diagnostic.primary.span, diagnostic.secondary[0].span]
    assert [SourceFile("", "rules:\n  a: 1\n  a: 2\n").line_column(p.start) for p in places] == [
        (3, 3),
        (2, 3),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
@pytest.mark.parametrize("start", ["", "\ufeff", "# 注释\n"], ids=["bare", "marked", "comment"])
def test_spans_are_exact_behind_chinese_text_and_any_line_break(newline: str, start: str) -> None:
    text = (
        start
        + "规则: {融资: 买入, b: '卖出'}\n列表:\n  - 甲\n  - {丙: 丁}\n块: |\n  一\n  二\n尾: 完\n"
    )
    node, collector = read(text.replace("\n", newline))
    assert collector.diagnostics == ()
    assert isinstance(node, Map)
    assert [key.span.text for key, _ in node.entries] == ["规则", "列表", "块", "尾"]
    spans = [value.span.text.replace(newline, "\n") for _, value in node.entries]
    assert spans == ["{融资: 买入, b: '卖出'}", "- 甲\n  - {丙: 丁}", "一\n  二", "完"]
    items = node.get("列表")
    assert isinstance(items, Seq)
    assert [item.span.text for item in items.items] == ["甲", "{丙: 丁}"]


def test_a_mapping_is_asked_by_key() -> None:
    node, _ = read("a: 1\nb: [x]\n")
    assert isinstance(node, Map)
    value, key = node.get("a"), node.key("b")
    assert isinstance(value, Text)
    assert (value.value, value.style) == ("1", "plain")
    assert key is not None
    assert key.value == "b"
    assert node.keys() == ("a", "b")
    assert node.get("c") is None
    assert node.key("c") is None


def test_a_file_larger_than_the_caller_allows_is_refused() -> None:
    collector = Collector()
    text = "a: 融资\n"
    assert read_yaml(SourceFile("a.yaml", text), collector, max_bytes=9) is None
    assert [d.code.number for d in collector.diagnostics] == ["CG1011"]
    assert read_yaml(SourceFile("a.yaml", text), Collector(), max_bytes=10) is not None


def test_a_file_of_endless_values_is_refused() -> None:
    if not yaml.__with_libyaml__:
        pytest.skip("takes long with the portable parser")
    assert [number for number, _ in found("[" + "a," * (MAX_NODES + 1))] == ["CG1011"]


@pytest.mark.parametrize(
    ("data", "number"),
    [
        pytest.param(b"a: \xff", "CG1002", id="bytes that are not UTF-8"),
        pytest.param("a: 融资".encode("gb18030"), "CG1002", id="another Chinese encoding"),
        pytest.param("a: b".encode("utf-16"), "CG1002", id="two bytes for each character"),
        pytest.param(b"a" * 101, "CG1011", id="more bytes than allowed"),
    ],
)
def test_bytes_that_are_refused(data: bytes, number: str) -> None:
    collector = Collector()
    assert source_from_bytes("a.yaml", data, collector, max_bytes=100) is None
    assert [d.code.number for d in collector.diagnostics] == [number]


def test_bytes_become_text_without_their_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + "a: 融资\r\n".encode())
    source = source_from_bytes("a.yaml", path.read_bytes(), Collector())
    assert source == SourceFile("a.yaml", "a: 融资\r\n")


_PIECES = st.sampled_from(
    [*"abc融 \n\t:-?[]{},#&*!|>'\"%@`~", ": ", "- ", "\n  ", "'x'", '"y"', "? ", ">-\n", "&a ",
     "*a", "!!str ", "<<: ", "---\n", "...\n", "\r\n", "\\", "\ufeff", "\x00", "\u2028", "\ud800"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    node, collector = read(text)
    assert node is not None or collector.has_errors
    for diagnostic in collector.diagnostics:
        span = diagnostic.primary.span
        assert 0 <= span.start <= span.end <= len(text)
