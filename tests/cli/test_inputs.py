"""Whatever a file holds: each case keeps its place, and nothing bad hides what is good."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Book = Callable[[str], Path]
Sale = Callable[..., str]


@pytest.fixture
def decided(creditgate: Run, book: Book) -> Callable[..., Any]:
    """Return a function that decides files by the made-up exchange, as JSON."""

    def run(*files: object, given: bytes = b"") -> Any:
        return creditgate(
            "decide", *files, "--rulebook", book("exchange"), "--format", "json", given=given
        )

    return run


def outcomes(done: Any) -> list[tuple[str, str | None, str]]:
    """Return the place, the id and the decision of each result."""
    return [(item["input"], item["id"], item["core"]["decision"]) for item in done.documents]


def test_one_bad_line_shifts_and_hides_no_other(decided: Run, tmp_path: Path, sale: Sale) -> None:
    lines = [
        sale(order__id="1").encode(),
        b'{"order": {"id": "2", oops}',
        b"",
        b"\xff\xfe\x00 not text",
        sale(order__id="5").replace(": 500,", ": NaN,").encode(),
        b'{"order": ' * 100_000,
        sale(order__id="7", order__price=None).encode(),
        b'{"order": {"id": "8", "id": "8"}}',
        b"[]",
        b"x" * (9 * 1024 * 1024),
        sale(order__id="11").encode(),
    ]
    (tmp_path / "o.jsonl").write_bytes(b"\n".join(lines))
    done = decided("o.jsonl")
    assert done.status == 2
    assert outcomes(done) == [
        ("o.jsonl:1", "1", "approved"),
        ("o.jsonl:2", None, "undecided"),
        ("o.jsonl:4", None, "undecided"),
        ("o.jsonl:5", None, "undecided"),
        ("o.jsonl:6", None, "undecided"),
        ("o.jsonl:7", "7", "undecided"),
        ("o.jsonl:8", None, "undecided"),
        ("o.jsonl:9", None, "undecided"),
        ("o.jsonl:10", None, "undecided"),
        ("o.jsonl:11", "11", "approved"),
    ]
    for number in (2, 4, 5, 6, 8, 9, 10):
        assert f"o.jsonl:{number}" in done.err
    assert "o.jsonl:7" not in done.err
    assert "more than 8388608 bytes" in done.err


def forms(one: str, two: str) -> list[str]:
    """Return two documents in all the ways in which a JSON file may hold them."""
    return [
        f"[{one}, {two}]",
        f"\n\n  [\n{one}\n,\n{two}\n]\n",
        json.dumps([json.loads(one), json.loads(two)], indent=2),
        f"{one}\n{two}\n",
        json.dumps(json.loads(one), indent=2) + "\n" + two,
        f"\ufeff{one}\r\n\r\n{two}",
    ]


def test_a_json_file_holds_one_document_or_many(decided: Run, tmp_path: Path, sale: Sale) -> None:
    texts = forms(sale(order__id="1"), sale(order__id="2"))
    names = [f"{place}.json" for place in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (tmp_path / name).write_text(text, "utf-8")
    done = decided(*names)
    assert (done.status, done.err) == (0, "")
    assert [id for _, id, _ in outcomes(done)] == ["1", "2"] * len(texts)


@pytest.mark.parametrize("form", [0, 2, 3], ids=["list", "indented list", "lines"])
def test_the_standard_input_holds_what_a_file_may_hold(
    creditgate_process: Run, book: Book, sale: Sale, form: int
) -> None:
    text = forms(sale(order__id="1"), sale(order__id="2"))[form]
    done = creditgate_process(
        "decide", "-", "--rulebook", book("exchange"), "--format", "json", given=text.encode()
    )
    assert (done.status, [id for _, id, _ in outcomes(done)]) == (0, ["1", "2"])


def test_a_list_that_breaks_off_is_decided_as_far_as_it_can_be_read(
    decided: Run, tmp_path: Path, sale: Sale
) -> None:
    text = f'[{sale(order__id="1")},\n{sale(order__id="2")},\n{{"order": oops}},\n{sale()}]'
    (tmp_path / "orders.json").write_text(text, "utf-8")
    done = decided("orders.json")
    assert done.status == 2
    assert outcomes(done) == [
        ("orders.json:1", "1", "approved"),
        ("orders.json:2", "2", "approved"),
        ("orders.json:3", None, "undecided"),
    ]
    assert "cannot be read from here on" in done.err


def test_a_document_that_is_broken_is_one_case(decided: Run, tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text('{\n "order": {\n  "id": oops\n}}', "utf-8")
    done = decided("order.json")
    assert outcomes(done) == [("order.json:3", None, "undecided")]
    assert "that begins on line 1 is broken here" in done.err


def test_yaml_holds_one_document_or_a_list(decided: Run, tmp_path: Path, sale: Sale) -> None:
    one = """
- event: order
  order: {id: "1", action: short_sell, security: "600000", type: limit, quantity: 500, price: 12.47,
          trade_date: 2020-07-01}
  market: {last_price: none, previous_close: 12.47}
  account: {cash: 5_000.00, collateral: [], financing_contracts: []}
  securities: [{id: "600000", exchange: SSE, class: stock}]
- just text
"""
    (tmp_path / "orders.yaml").write_text(one, "utf-8")
    (tmp_path / "more.yml").write_text("order: {id: no, urgent: yes", "utf-8")
    (tmp_path / "flow.yaml").write_text(sale(order__id="5"), "utf-8")
    done = decided("orders.yaml", "more.yml", "flow.yaml")
    assert done.status == 2
    assert outcomes(done) == [
        ("orders.yaml:2", "1", "approved"),
        ("orders.yaml:8", None, "undecided"),
        ("flow.yaml:1", "5", "approved"),
    ]
    assert "more.yml:1" in done.err


UNREADABLE = {
    "empty.json": (b"", "there are no facts in it"),
    "blank.jsonl": (b"\n \n\n", "there are no facts in it"),
    "empty_list.json": (b" [ ] ", "there are no facts in the list"),
    "binary.jsonl": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text in UTF-8"),
    "wide.json": ('{"order": {}}'.encode("utf-16"), "not a text in UTF-8"),
    "latin.json": (b'[{"order":\n {"id": "\xe9"}}]', "not a text in UTF-8"),
    "empty.yaml": (b"# nothing\n", "empty"),
    "tabs.yaml": (b"order:\n\tid: 1\n", "tabs.yaml:2:1"),
    "anchor.yaml": (b"order: &a {id: 1}\n", "anchor"),
    "big.yaml": (b"order: {id: 1}\n" + b"# \n" * 3_000_000, "at most 8388608 are read"),
}


def test_a_file_that_cannot_be_read_is_diagnosed_and_the_rest_decided(
    decided: Run, tmp_path: Path, sale: Sale
) -> None:
    for name, (content, _) in UNREADABLE.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.json").write_text(sale(order__id="9"), "utf-8")
    done = decided(*UNREADABLE, "good.json")
    assert done.status == 2
    assert outcomes(done) == [("good.json:1", "9", "approved")]
    said = done.err
    for name, (_, words) in UNREADABLE.items():
        _, _, said = said.partition(name)
        assert words in said, name


def test_folders_and_files_that_are_not_there_are_diagnosed(
    decided: Run, tmp_path: Path, sale: Sale
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.txt").write_text("nothing", "utf-8")
    (tmp_path / "good.json").write_text(sale(order__id="9"), "utf-8")
    done = decided("missing.json", "folder", "good.json")
    assert done.status == 2
    assert "`missing.json`: no such file or directory" in done.err
    assert "`folder`: there is no CSV table in this folder" in done.err
    assert outcomes(done) == [("good.json:1", "9", "approved")]


def test_more_findings_than_anyone_reads_are_counted(decided: Run) -> None:
    done = decided("-", given=b'{"order": {}}\n' + b"{oops}\n" * 150)
    assert len(done.documents) == 151
    assert done.err.count("CG9001 error") == 100
    assert "50 more could not be read as they stand" in done.err


def test_a_very_large_file_is_read_line_by_line(
    creditgate_process: Run, book: Book, tmp_path: Path, sale: Sale
) -> None:
    padding = json.dumps([f"{place:06}" for place in range(60_000)])
    wide = sale(order__id="wide")[:-1] + f', "client": {{"restricted_securities": {padding}}}}}'
    # A list is slow to read, blanks are not: lines are as long with either.
    blank = sale(order__id="wide")[:-1] + " " * len(padding) + "}"
    with (tmp_path / "large.jsonl").open("w", encoding="utf-8") as file:
        for place in range(180):
            file.write((blank if place % 18 else wide) + "\n")
        file.write("{oops\n")
        file.write(sale(order__id="last"))
    assert (tmp_path / "large.jsonl").stat().st_size > 100_000_000
    done = creditgate_process(
        "decide", "large.jsonl", "--rulebook", book("exchange"), "--format", "csv"
    )
    assert done.status == 2
    assert len(done.lines) == 183
    assert done.lines[-2].endswith("CG9001,large.jsonl:181")
    assert done.lines[-1] == "last,approved,,,,,,large.jsonl:182"
