"""From ids and folders to checked rulebooks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cases.small_rulebooks import OVERLAY, REGULATOR, WORLD, expanded, load, write

from creditgate.admit.admission import admit
from creditgate.base.failures import RulebookRejected
from creditgate.base.render import render_text
from creditgate.check.load import Catalogue
from creditgate.load.rulebook_files import Shelf
from creditgate.pipeline import Gate, catalogue, checked_for_use, located, shipped_rulebooks

CHAPTER = """\
chapter: {en: Chapter, zh: 章}
rules:
  size:
    require: order.quantity <= 100 shares
    <rule>
"""
ABSTRACT = REGULATOR.format(id="act") + "abstract: yes\n"


def test_an_abstract_base_is_checked_but_decides_nothing(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"act/rulebook.yaml": ABSTRACT, "act/chapter.yaml": CHAPTER})
    assert loaded.accepted("act").rulebook.abstract
    assert not loaded.diagnostics
    assert checked_for_use(loaded.catalogue, "act") is None
    assert loaded.found() == {"CG4020"}
    assert "`act` is a base and decides nothing by itself" in render_text(loaded.diagnostics)


def test_the_shipped_base_cannot_be_asked_to_decide() -> None:
    with pytest.raises(RulebookRejected) as refused:
        Gate.load(["cn/margin_trading"])
    found = refused.value.diagnostics
    assert [d.code.number for d in found] == ["CG4020"]
    assert "cn/sse" in (found[0].hint or "")


def test_no_rulebook_is_not_enough() -> None:
    with pytest.raises(RulebookRejected) as refused:
        Gate.load([])
    assert [d.code.number for d in refused.value.diagnostics] == ["CG4009"]


def test_all_that_is_wrong_with_several_rulebooks_is_said_at_once(tmp_path: Path) -> None:
    wrong = CHAPTER.replace("order.quantity", "order.quantty")
    files = {f"{name}/rulebook.yaml": REGULATOR.format(id=name) for name in ("one", "two")}
    files |= {f"{name}/chapter.yaml": wrong for name in ("one", "two")}
    loaded = load(tmp_path, files)
    spans = [d.primary.span.file for d in loaded.diagnostics]
    assert [Path(file.path).parent.name for file in spans if file is not None] == ["one", "two"]


def test_a_file_is_read_once_and_a_rulebook_checked_once(tmp_path: Path) -> None:
    write(tmp_path, {"act/chapter.yaml": CHAPTER, "house/chapter.yaml": "chapter: {en: H, zh: 内}\nfigures: {own: {<title>, unit: ratio, formula: 5%}}\n"})  # fmt: skip
    shelf = Catalogue(Shelf((tmp_path, WORLD)), admit)
    house = shelf.checked("house")
    assert house is not None
    act = shelf.checked("act")
    assert shelf.checked("act") is act
    assert house.rulebook.lineage == ("act", "house")
    (tmp_path / "act" / "chapter.yaml").write_text("broken: [", encoding="utf-8")
    assert shelf.checked("act") is act


def test_the_first_root_goes_first(tmp_path: Path) -> None:
    for number in (1, 2):
        text = CHAPTER.replace("100", str(number * 100))
        write(tmp_path / str(number), {"act/chapter.yaml": text})
    shelf = Catalogue(Shelf((tmp_path / "2", tmp_path / "1", WORLD)), admit)
    checked = shelf.checked("act")
    assert checked is not None
    assert checked.rulebook.rules["size"].require_text == "order.quantity <= 200 shares"
    assert shelf.shelf.ids() == ["act"]


def test_a_mistaken_vocabulary_stops_every_rulebook_and_is_reported_once(tmp_path: Path) -> None:
    shutil.copytree(WORLD, tmp_path, dirs_exist_ok=True)
    (tmp_path / "vocabulary" / "enums.yaml").write_text("enums: {}\n", encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        header = expanded(REGULATOR.format(id=name))
        (tmp_path / name / "rulebook.yaml").write_text(header, encoding="utf-8")
    shelf = Catalogue(Shelf((tmp_path,)), admit)
    assert shelf.checked("one") is None
    said = shelf.collector.diagnostics
    assert shelf.checked("two") is None
    assert shelf.collector.diagnostics == said
    assert said


def test_a_calendar_that_cannot_be_used_is_said_to_each_rulebook(tmp_path: Path) -> None:
    shutil.copytree(WORLD, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "calendars" / "TRADING.yaml"
    path.write_text(path.read_text().replace("2024-01-01]", "2024-01-06]"), encoding="utf-8")
    files = {f"{name}/rulebook.yaml": REGULATOR.format(id=name) for name in ("one", "two")}
    written = write(tmp_path, files)
    shelf = Catalogue(Shelf((tmp_path,)), admit)
    assert [shelf.checked(name) for name in written] == [None, None]
    codes = [d.code.number for d in shelf.collector.diagnostics]
    assert sorted(codes) == ["CG4019", "CG4019", "CG4021"]


def test_a_rulebook_may_be_named_by_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"brokers/own/rulebook.yaml": OVERLAY.format(id="brokers/own", base="cn/sse", mode="tightens")})  # fmt: skip
    folder = tmp_path / "brokers" / "own"
    assert located(folder) == ("brokers/own", tmp_path.resolve())
    assert located(folder / "rulebook.yaml") == ("brokers/own", tmp_path.resolve())
    assert located("cn/sse") == ("cn/sse", None)
    gate = Gate.load([folder])
    assert gate.engines[0].rulebook.id == "brokers/own"


def test_a_folder_of_another_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"mine/rulebook.yaml": OVERLAY.format(id="brokers/own", base="cn/sse", mode="tightens")})  # fmt: skip
    assert located(tmp_path / "mine") == ("mine", tmp_path.resolve())
    with pytest.raises(RulebookRejected) as refused:
        Gate.load([tmp_path / "mine"])
    assert {d.code.number for d in refused.value.diagnostics} == {"CG4009"}


def test_shipped_rulebooks_load_without_a_finding() -> None:
    shelf = catalogue()
    assert shipped_rulebooks().is_dir()
    assert all(shelf.checked(name) is not None for name in shelf.shelf.ids())
    assert not shelf.collector.diagnostics
