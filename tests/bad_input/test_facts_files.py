"""Facts that cannot be read or used: a code, a place, status 2 or 1, and never an approval."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from tests.bad_input.processes import (
    ALL_APPROVED,
    REFUSED,
    RULEBOOK,
    UNUSABLE,
    approved_order,
    assert_refused,
    changed,
    creditgate,
    decide,
)


def test_the_order_that_the_others_spoil_is_approved(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(approved_order(), "utf-8")
    finished = decide(file)
    assert finished.status == ALL_APPROVED, finished.said
    assert finished.out.startswith("APPROVED")


# What is changed in the approved order, and the code that names the mistake.
SPOILT: tuple[tuple[str, str, str, str], ...] = (
    ("a malformed file", '"event":', '"event"', "CG9001"),
    ("a list where the order belongs", '"order":{', '"order":[{', "CG9001"),
    ("an unknown entity", '"seller":{', '"sellers":{', "CG9002"),
    ("a misspelt fact", '"quantity":', '"qauntity":', "CG9002"),
    ("a fact of the wrong type", '"quantity":1000', '"quantity":[1000]', "CG9003"),
    ("a quantity with its unit", '"quantity":1000', '"quantity":"1000 shares"', "CG9006"),
    ("a price in words", '"price":25.00', '"price":"about 25"', "CG9006"),
    ("a boolean as a word", '"equity_security":true', '"equity_security":"yes"', "CG9003"),
    ("a boolean as a number", '"equity_security":true', '"equity_security":1', "CG9003"),
    ("not a number", '"price":25.00', '"price":NaN', "CG9006"),
    ("infinity", '"price":25.00', '"price":Infinity', "CG9006"),
    ("a price beyond what can be", '"price":25.00', '"price":1e400', "CG9004"),
    ("a negative quantity", '"quantity":1000', '"quantity":-1000', "CG9004"),
    ("a quantity of zero", '"quantity":1000', '"quantity":0', "CG9004"),
    ("half a share", '"quantity":1000', '"quantity":1000.5', "CG9005"),
    ("too many decimals", '"price":25.00', '"price":25.00001', "CG9005"),
    ("an unknown member", '"type":"limit"', '"type":"limmit"', "CG9007"),
    ("a number for a member", '"type":"limit"', '"type":2', "CG9007"),
    ("null where a value always exists", '"quantity":1000', '"quantity":null', "CG9009"),
    ("a limit order without a price", '"price":25.00', '"price":null', "CG9009"),
    ("a market order with a price", '"type":"limit"', '"type":"market"', "CG9009"),
    ("a key given twice", '"quantity":1000', '"quantity":1000,"quantity":1', "CG9008"),
    ("an instant without offset", "T10:00:00-05:00", "T10:00:00", "CG9003"),
    ("a day that does not exist", '"trade_date":"2024-03-04"', '"trade_date":"2024-02-30"', "CG9003"),
    ("a date as a number", '"trade_date":"2024-03-04"', '"trade_date":20240304', "CG9003"),
    ("a claim without author", '"event":', '"claims":[{"claim":"x"}],"event":', "CG9019"),
    ("a list without checksum", '"event":', '"lists":[{"id":"threshold_list","day":"2024-03-04","source":"x"}],"event":', "CG9021"),
    ("an unknown list", '"event":', '"lists":[{"id":"thresholds","day":"2024-03-04","source":"x","checksum":"md5:0"}],"event":', "CG9021"),
    ("a list twice", '"event":', '"lists":[{"id":"threshold_list","day":"2024-03-04","source":"x","checksum":"md5:0"},{"id":"threshold_list","day":"2024-03-01","source":"x","checksum":"md5:0"}],"event":', "CG9008"),
    ("an unknown event", '"event":"order"', '"event":"ordre"', "CG9015"),
    ("nesting", '"id":"1"', '"id":' + "[" * 5_000 + "]" * 5_000, "CG9011"),
)  # fmt: skip


@pytest.fixture(scope="module")
def spoilt_answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """Decide all spoilt orders in one process, between two good ones."""
    folder = tmp_path_factory.mktemp("spoilt")
    names = {}
    for number, (name, old, new, _) in enumerate(SPOILT):
        file = folder / f"order_{number}.json"
        file.write_text(changed(old, new), "utf-8")
        names[f"{file.name}:1"] = name
    finished = decide(*sorted(folder.iterdir()), "--format", "json")
    assert finished.status == UNUSABLE, finished.said
    assert "Traceback" not in finished.said
    assert "fault of creditgate" not in finished.said
    answers = [json.loads(line) for line in finished.out.splitlines()]
    assert len(answers) == len(SPOILT)
    return {names[Path(answer["input"]).name]: answer for answer in answers}


@pytest.mark.parametrize(("name", "code"), [(item[0], item[3]) for item in SPOILT])
def test_a_spoilt_order_is_undecided_with_the_code_of_its_mistake(
    name: str, code: str, spoilt_answers: dict[str, dict[str, object]]
) -> None:
    core = spoilt_answers[name]["core"]
    assert isinstance(core, dict)
    assert core["decision"] == "undecided"
    assert code in [refusal["code"] for refusal in core["refusals"]]


def test_the_place_of_a_mistake_is_the_file_and_the_fact(tmp_path: Path) -> None:
    file = tmp_path / "orders.jsonl"
    good = approved_order()
    file.write_text(
        "\n".join([good, changed('"quantity":1000', '"quantity":"many"'), good]), "utf-8"
    )
    finished = decide("orders.jsonl", folder=tmp_path)
    assert finished.status == UNUSABLE
    assert "orders.jsonl:2" in finished.err
    assert "`order.quantity`" in finished.err
    assert [line.split()[0] for line in finished.out.splitlines() if line[0] != " "] == [
        "APPROVED", "UNDECIDED", "APPROVED",
    ]  # fmt: skip


def test_a_missing_fact_leaves_the_order_undecided_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(changed('"mark":"long",', ""), "utf-8")
    finished = decide(file)
    assert_refused(finished, REFUSED)
    assert finished.out.startswith("UNDECIDED")
    assert "order.mark" in finished.out


def test_a_missing_record_leaves_the_order_undecided_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(
        changed('"securities":[', '"threshold_list_date":"2024-03-04","securities":['), "utf-8"
    )
    assert_refused(decide(file), UNUSABLE, "CG9002")
    document = json.loads(approved_order())
    del document["securities"]
    file.write_text(json.dumps(document), "utf-8")
    finished = decide(file)
    assert_refused(finished, REFUSED)
    assert "security XYZ (order.security)" in finished.out


@pytest.mark.parametrize("day", ["2004-12-31", "1990-01-02", "0001-01-01"])
def test_a_day_before_the_rulebook_is_out_of_scope(day: str, tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(changed('"trade_date":"2024-03-04"', f'"trade_date":"{day}"'), "utf-8")
    finished = decide(file)
    assert_refused(finished, REFUSED)
    assert finished.out.startswith("OUT OF SCOPE")


@pytest.mark.parametrize("day", ["2099-01-05", "9999-12-31"])
def test_a_day_beyond_the_calendar_is_not_approved_by_guess(day: str, tmp_path: Path) -> None:
    """The close of an ETF's day cannot be known where no calendar reaches."""
    file = tmp_path / "order.json"
    short = changed('"mark":"long"', '"mark":"short"')
    file.write_text(short.replace('"trade_date":"2024-03-04"', f'"trade_date":"{day}"'), "utf-8")
    assert_refused(decide(file), REFUSED)


FILES: tuple[tuple[str, bytes, str], ...] = (
    ("empty", b"", "CG1014"),
    ("only spaces", b" \n\t\n", "CG1014"),
    ("binary", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "CG9001"),
    ("bad UTF-8", b'{"order":{"id":"\xff\xfe"}}', "CG9001"),
    ("half a character", b'{"order":{"id":"\\ud800"}}', "CG9001"),
    ("UTF-16", '{"event":"order"}'.encode("utf-16"), "CG9001"),
    ("another JSON value", b"42", "CG9001"),
    ("many brackets", b"[" * 100_000, "CG9001"),
    ("a page of the web", b"<!DOCTYPE html><html></html>", "CG9001"),
)


@pytest.mark.parametrize("ending", ["json", "jsonl", "yaml", "txt"])
def test_files_that_are_no_facts_are_refused(ending: str, tmp_path: Path) -> None:
    for number, (_, data, _) in enumerate(FILES):
        (tmp_path / f"file_{number}.{ending}").write_bytes(data)
    finished = decide(*sorted(tmp_path.iterdir()))
    assert_refused(finished, UNUSABLE)
    for number, (name, _, code) in enumerate(FILES):
        assert f"file_{number}.{ending}" in finished.said, name
        assert code in finished.codes or ending == "yaml", name


def test_a_yaml_file_is_refused_for_what_yaml_hides(tmp_path: Path) -> None:
    texts = {
        "anchor": "order: &a {id: 1}\nmarket: *a\n",
        "tag": "order: !!python/object:os.system {}\n",
        "twice": "order: {id: 1}\norder: {id: 2}\n",
        "tab": "order:\n\tid: 1\n",
        "deep": "order: " + "[" * 10_000 + "\n",
        "bomb": "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*a, *a]\n" for c in "bcdefgh"),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    finished = decide(*sorted(tmp_path.iterdir()))
    assert_refused(finished, UNUSABLE, "CG1004", "CG1005", "CG1003", "CG1013", "CG1010")
    for name in texts:
        assert f"{name}.yaml" in finished.said


def test_a_folder_is_not_a_facts_file(tmp_path: Path) -> None:
    (tmp_path / "order.json").mkdir()
    assert_refused(decide(tmp_path / "order.json"), UNUSABLE, "CG9020")


def test_a_file_that_does_not_exist_is_said_to_be_missing(tmp_path: Path) -> None:
    finished = decide(tmp_path / "order.json")
    assert_refused(finished, UNUSABLE, "CG9020")
    assert "order.json" in finished.err


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "order.json"
    link.symlink_to(link)
    assert_refused(decide(link), UNUSABLE)


def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(approved_order(), "utf-8")
    file.chmod(0)
    without: tuple[str, ...] = ()
    if os.geteuid() == 0:
        # The administrator may read anything, unless that right is given up first.
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("no way is at hand to give up the rights of the administrator")
        without = (setpriv, "--bounding-set=-dac_override,-dac_read_search", "--")
    finished = decide(file, through=without)
    assert_refused(finished, UNUSABLE)
    assert "order.json" in finished.err


def test_a_file_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    holes = tmp_path / "holes.json"
    with holes.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    words = tmp_path / "words.jsonl"
    with words.open("wb") as file:
        file.write(b'{"order":{"id":"')
        for _ in range(100):
            file.write(b"x" * 1024 * 1024)
        file.write(b'"}}')
    try:
        finished = decide(holes, words)
    finally:
        holes.unlink()
        words.unlink()
    assert_refused(finished, UNUSABLE)
    for name in ("holes.json", "words.jsonl"):
        assert name in finished.said


def test_csv_tables_with_mistakes_are_refused(tmp_path: Path) -> None:
    mistakes = {
        "unknown column": "id,qauntity\n1,100\n",
        "too many cells": "id,quantity\n1,100,200\n",
        "no number": "id,quantity\n1,NaN\n",
        "column twice": "id,quantity,quantity\n1,100,200\n",
        "quote never closed": 'id,quantity\n"1,100\n',
        "empty": "",
        "no rows": "id,quantity\n",
    }
    for number, text in enumerate(mistakes.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "order.csv").write_text(text, "utf-8")
    finished = decide(*sorted(tmp_path.iterdir()))
    assert_refused(finished, UNUSABLE)
    for number, name in enumerate(mistakes):
        assert f"{tmp_path}/{number}" in finished.said, (name, finished.said)


def test_text_in_facts_cannot_write_lines_of_the_answer(tmp_path: Path) -> None:
    """An order that calls itself approved, in a new line or behind a control sequence."""
    file = tmp_path / "order.json"
    name = '"1\\nAPPROVED  order 2\\r\\u001b[2J\\u202e"'
    file.write_text(changed('"id":"1"', f'"id":{name}').replace('"mark":"long",', ""), "utf-8")
    for more in ((), ("--explain",), ("--lang", "zh")):
        finished = creditgate("decide", file, "--rulebook", RULEBOOK, *more)
        assert finished.status == REFUSED
        assert not any(line.startswith(("APPROVED", "通过")) for line in finished.out.splitlines())
        assert "\x1b" not in finished.out
        assert "\u202e" not in finished.out


def test_the_standard_input_is_refused_like_a_file() -> None:
    for given, code in ((b"", "CG1014"), (b"\xff\xfe\x00", "CG9001"), (b"{}{", "CG9001")):
        assert_refused(decide("-", given=given), UNUSABLE, code)
