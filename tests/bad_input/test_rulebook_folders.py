"""Rulebooks that cannot be used: a code, a place, and no decision at all."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from tests.bad_input.house_rulebooks import MISTAKES, RULE, ratio, requiring, write, write_all
from tests.bad_input.processes import (
    ALL_APPROVED,
    REFUSED,
    UNUSABLE,
    approved_order,
    assert_refused,
    creditgate,
    decide,
)


def test_the_house_rulebook_that_the_others_spoil_is_without_findings(tmp_path: Path) -> None:
    plain = write(tmp_path, "plain", RULE)
    stricter = write(tmp_path, "stricter", ratio("130%"))
    finished = creditgate("lint", plain, stricter)
    assert finished.status == ALL_APPROVED, finished.said


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Check all spoilt rulebooks in one process."""
    root = tmp_path_factory.mktemp("rulebooks")
    write_all(root)
    folders = sorted((root / "house").iterdir())
    finished = creditgate("lint", *folders, "--format", "json")
    assert finished.status == REFUSED, finished.said
    assert "Traceback" not in finished.said
    found: list[dict[str, object]] = json.loads(finished.out)
    return found


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: str(mistake.name))
def test_a_mistake_in_a_rulebook_is_found_in_its_file(
    mistake: object, findings: list[dict[str, object]]
) -> None:
    name, code = getattr(mistake, "name", ""), getattr(mistake, "code", "")
    own = [item for item in findings if f"house/{name}/" in json.dumps(item)]
    assert code in {item["code"] for item in own}, own or findings


@pytest.mark.parametrize("name", ["loosens", "unit_mix", "nested_rule", "uncovered", "binary"])
def test_no_order_is_decided_under_a_rulebook_with_a_mistake(name: str, tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text(approved_order(), "utf-8")
    mistake = next(item for item in MISTAKES if item.name == name)
    folder = write(tmp_path, mistake.name, mistake.chapter)
    sound = ("--rulebook", "us/reg_sho", "--rulebook", "cn/sse")
    finished = creditgate("decide", order, *sound, "--rulebook", folder)
    assert_refused(finished, UNUSABLE, mistake.code)
    assert f"house/{name}/limits.yaml" in finished.said
    assert not finished.out


def test_scenarios_do_not_run_under_a_rulebook_with_a_mistake(tmp_path: Path) -> None:
    folder = write(tmp_path, "unit_mix", requiring("order.quantity <= 100_000 CNY"))
    assert_refused(creditgate("test", folder), UNUSABLE, "CG5003")


def test_scenarios_of_a_rulebook_that_is_not_there_are_not_said_to_have_passed() -> None:
    assert_refused(creditgate("test", "us/reg_shoo"), UNUSABLE, "CG4009")


def test_an_underlined_mistake_shows_line_column_and_text(tmp_path: Path) -> None:
    folder = write(tmp_path, "unit_mix", requiring("order.quantity <= 100_000 CNY"))
    finished = creditgate("lint", folder)
    assert_refused(finished, REFUSED, "CG5003")
    assert "limits.yaml:8:" in finished.err
    assert "order.quantity <= 100_000 CNY" in finished.err
    assert "^^^" in finished.err


def test_a_chapter_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, "desk", RULE)
    (folder / "other.yaml").mkdir()
    finished = creditgate("lint", folder)
    assert_refused(finished, REFUSED, "CG9020")
    assert "other.yaml" in finished.err


def test_a_chapter_that_links_to_itself_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, "desk", RULE)
    (folder / "other.yaml").symlink_to(folder / "other.yaml")
    finished = creditgate("lint", folder)
    assert_refused(finished, REFUSED, "CG9020")
    assert "other.yaml" in finished.err


def test_folders_that_link_to_one_another_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    folder = write(tmp_path, "desk", RULE)
    (folder / "again").symlink_to(tmp_path, target_is_directory=True)
    (folder / "scenarios").symlink_to(folder, target_is_directory=True)
    finished = creditgate("lint", folder)
    assert finished.status == ALL_APPROVED, finished.said
    assert_refused(creditgate("test", folder), UNUSABLE)


def test_a_chapter_without_permission_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, "desk", RULE)
    (folder / "limits.yaml").chmod(0)
    without: tuple[str, ...] = ()
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("no way is at hand to give up the rights of the administrator")
        without = (setpriv, "--bounding-set=-dac_override,-dac_read_search", "--")
    finished = creditgate("lint", folder, through=without)
    assert_refused(finished, REFUSED, "CG9020")
    assert "limits.yaml" in finished.err


def test_a_chapter_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, "desk", RULE)
    large = folder / "large.yaml"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    try:
        finished = creditgate("lint", folder)
    finally:
        large.unlink()
    assert_refused(finished, REFUSED, "CG1011")


@pytest.mark.parametrize(
    "name",
    ["../us/reg_sho", "cn/../us/reg_sho", "us/reg_sho/../reg_sho", "/etc", "us/reg_shoo", "us", "", ".",
     "vocabulary", "us/reg_sho/rule_200.yaml", "us\nreg_sho", "x" * 5_000],
)  # fmt: skip
def test_a_rulebook_is_found_by_its_own_id_only(name: str, tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text(approved_order(), "utf-8")
    assert_refused(decide(order, rulebook=name, folder=tmp_path), UNUSABLE, "CG4009")


def test_a_base_that_decides_nothing_by_itself_is_refused(tmp_path: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text(approved_order(), "utf-8")
    assert_refused(decide(order, rulebook="cn/margin_trading"), UNUSABLE, "CG4020")
