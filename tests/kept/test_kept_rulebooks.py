"""Rulebooks kept between processes decide as those just loaded, or are loaded again."""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.golden.decide import asked
from tests.kept.open_to_others import OPEN_TO_OTHERS
from tests.perf.workload import RULEBOOK, approved_order, json_bytes

import creditgate
from creditgate import Gate
from creditgate.base.failures import RulebookRejected
from creditgate.base.own_files import FOLDER
from creditgate.load.rulebook_files import CERTIFICATE
from creditgate.pipeline import shipped_rulebooks

ORDER = json_bytes(approved_order("margin_buy"))


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which this test keeps rulebooks."""
    folder = tmp_path / "kept"
    monkeypatch.setenv(FOLDER, str(folder))
    return folder / "rulebooks"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a copy of the shipped rulebooks alone; they find vocabulary and calendars elsewhere."""
    ignored = shutil.ignore_patterns("scenarios", "vocabulary", "calendars")
    return Path(shutil.copytree(shipped_rulebooks(), tmp_path / "shelf", ignore=ignored))


def _decided(rulebook: str | Path, order: bytes = ORDER) -> bytes:
    return Gate.load([rulebook]).decide(order).core_bytes()


def _file(kept: Path) -> Path:
    (found,) = kept.iterdir()
    return found


@pytest.mark.parametrize("rulebook", ["cn/sse", "us/reg_sho", "brokers/example_cn_member"])
def test_kept_rulebooks_decide_the_golden_orders_alike(rulebook: str, kept: Path) -> None:
    loaded = Gate.load([rulebook])
    before = _file(kept).stat().st_ino
    taken = Gate.load([rulebook])
    assert _file(kept).stat().st_ino == before
    assert [e.digest for e in taken.engines] == [e.digest for e in loaded.engines]
    orders = [order for order in map(json.loads, asked()) if order["rulebook"] == rulebook]
    assert orders
    for order in orders:
        document = json.dumps(order["facts"])
        assert taken.decide(document).core_bytes() == loaded.decide(document).core_bytes()


def _another_number(shelf: Path) -> None:
    chapter = shelf / "brokers" / "example_cn_member" / "margin.yaml"
    text = chapter.read_text("utf-8")
    chapter.write_text(text + "# another byte\n", "utf-8")


def _another_chapter(shelf: Path) -> None:
    (shelf / "cn" / "sse" / "zz_empty.yaml").write_text("# nothing\n", "utf-8")


def _one_chapter_less(shelf: Path) -> None:
    folder = shelf / "brokers" / "example_cn_member"
    sorted(path for path in folder.glob("*.yaml") if path.name != "rulebook.yaml")[-1].unlink()


def _vocabulary(shelf: Path) -> None:
    (shelf / "vocabulary").mkdir()
    text = (shipped_rulebooks() / "vocabulary" / "market.yaml").read_text("utf-8")
    text = text.replace("entity: market", "entity: other_market")
    (shelf / "vocabulary" / "other_market.yaml").write_text(text, "utf-8")


def _calendar(shelf: Path) -> None:
    (shelf / "calendars").mkdir()
    shutil.copy(shipped_rulebooks() / "calendars" / "XSHG.yaml", shelf / "calendars")


def _certificate(shelf: Path) -> None:
    path = shelf / "brokers" / "example_cn_member" / CERTIFICATE
    path.parent.mkdir()
    path.write_text("{}\n", "utf-8")


@pytest.mark.parametrize(
    "change",
    [_another_number, _another_chapter, _one_chapter_less, _vocabulary, _calendar, _certificate],
)
def test_what_has_changed_is_loaded_again(
    change: Callable[[Path], None], shelf: Path, kept: Path
) -> None:
    house = shelf / "brokers" / "example_cn_member"
    Gate.load([house])
    before = _file(kept).stat().st_ino
    Gate.load([house])
    assert _file(kept).stat().st_ino == before
    change(shelf)
    try:
        Gate.load([house])
    except RulebookRejected:
        assert _file(kept).stat().st_ino == before  # what cannot be loaded is not kept either
    else:
        assert _file(kept).stat().st_ino != before


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1_000])


def _a_bit_turned(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-20_000] ^= 1
    file.write_bytes(data)


def _nothing_in_it(file: Path) -> None:
    file.write_bytes(b"")


def _something_else(file: Path) -> None:
    file.write_bytes(b"\0" * 32 + b"cos\nsystem\n(S'false'\ntR.")


@pytest.mark.parametrize("spoil", [_cut, _a_bit_turned, _nothing_in_it, _something_else])
def test_a_file_that_is_not_whole_is_left_alone_and_made_again(
    spoil: Callable[[Path], None], kept: Path
) -> None:
    wanted = _decided(RULEBOOK)
    spoil(_file(kept))
    spoilt = _file(kept).stat().st_ino
    assert _decided(RULEBOOK) == wanted
    made_again = _file(kept).stat().st_ino
    assert made_again != spoilt
    assert _decided(RULEBOOK) == wanted
    assert _file(kept).stat().st_ino == made_again


def _foreign(file: Path) -> None:
    """Write a file that is whole, and that nobody may use who does not trust its writer."""
    engine, asked, answers, outlines, *parts = marshal.loads(file.read_bytes()[32:])
    outlines = [("foreign", *outline[1:]) for outline in outlines]
    _write_whole(file, (engine, asked, answers, outlines, *parts))


def _write_whole(file: Path, content: tuple[Any, ...]) -> None:
    data = marshal.dumps(content)
    file.write_bytes(hashlib.sha256(data).digest() + data)


@pytest.mark.parametrize("open_to", OPEN_TO_OTHERS)
def test_what_others_could_have_written_is_not_used(
    open_to: Callable[[Path], None], kept: Path
) -> None:
    wanted = _decided(RULEBOOK)
    _foreign(_file(kept))
    assert b'"id":"foreign"' in _decided(RULEBOOK)
    open_to(_file(kept))
    assert _decided(RULEBOOK) == wanted


class _Leaves:
    """Whoever makes this of what he reads leaves at once."""

    def __reduce__(self) -> tuple[Any, ...]:
        return sys.exit, ("taken",)


def test_what_was_kept_names_nothing_but_values_of_the_package(kept: Path) -> None:
    wanted = _decided(RULEBOOK)
    *others, _, calendars, rulebooks = marshal.loads(_file(kept).read_bytes()[32:])
    _write_whole(_file(kept), (*others, pickle.dumps(_Leaves(), 5), calendars, rulebooks))
    assert _decided(RULEBOOK) == wanted


def test_places_are_shown_from_where_the_process_works(
    kept: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = shelf / "brokers" / "example_cn_member"
    for folder in (shelf, shelf.parent):
        monkeypatch.chdir(folder)
        shown = [rule.span.file for rule in Gate.load([house]).engines[0].rulebook.rules.values()]
        monkeypatch.setenv(FOLDER, "")
        wanted = [rule.span.file for rule in Gate.load([house]).engines[0].rulebook.rules.values()]
        monkeypatch.setenv(FOLDER, str(kept.parent))
        assert shown == wanted
    _file(kept)


def _python(script: str, engine: str | None = None) -> bytes:
    variables = dict(os.environ) if engine is None else {**os.environ, "PYTHONPATH": engine}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=variables,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_the_second_process_reads_neither_yaml_nor_the_grammar(kept: Path) -> None:
    script = (
        "import sys; from creditgate import Gate; "
        f"print(Gate.load(['{RULEBOOK}']).decide(sys.argv[0]).outcome, "
        "[name for name in ('yaml', 'lark', 'jsonschema', 'creditgate.check') if name in sys.modules])"
    )
    assert b"creditgate.check" in _python(script)
    assert _python(script) == b"undecided []\n"


def test_another_engine_loads_again(kept: Path, tmp_path: Path) -> None:
    own = Path(creditgate.__file__).parent
    copied = shutil.copytree(own, tmp_path / "engine" / "creditgate")
    (tmp_path / "rulebooks").symlink_to(shipped_rulebooks())
    script = f"import creditgate; creditgate.Gate.load(['{RULEBOOK}']); print(creditgate.__file__)"

    def loaded() -> int:
        assert str(copied).encode() in _python(script, str(tmp_path / "engine"))
        return _file(kept).stat().st_ino

    first = loaded()
    assert loaded() == first
    with (copied / "decide" / "values.py").open("a") as module:
        module.write("# another byte\n")
    assert loaded() != first


def test_processes_that_begin_at_once_answer_alike(kept: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "creditgate",
        "decide",
        "-",
        "--rulebook",
        "cn/sse",
        "--format",
        "json",
    ]
    begun = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(3)
    ]
    answers = {each.communicate(ORDER)[0] for each in begun}
    assert len(answers) == 1
    _file(kept)


@pytest.mark.parametrize("spoil", ["not wanted", "no folder can be made"])
def test_rulebooks_are_loaded_where_nothing_can_be_kept(
    spoil: str, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if spoil == "not wanted":
        monkeypatch.setenv(FOLDER, "")
    else:
        kept.parent.write_text("a file")
    assert Gate.load([RULEBOOK]).decide(ORDER).is_approved
    assert not kept.is_dir()
