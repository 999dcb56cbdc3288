"""Code kept between processes decides as code that was just written, or is written again."""

from __future__ import annotations

import hashlib
import json
import marshal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.cases import shipped
from tests.golden.decide import asked
from tests.kept.open_to_others import OPEN_TO_OTHERS
from tests.perf.workload import RULEBOOK, approved_order, json_bytes

from creditgate import Gate
from creditgate.base.own_files import FOLDER

ORDER = json_bytes(approved_order("margin_buy"))
SALE = json_bytes(approved_order("short_sell"))
GOLDEN = [json.loads(line) for line in asked()]


def _breaching() -> dict[str, Any]:
    document = dict(approved_order("margin_buy"))
    return {**document, "order": {**document["order"], "quantity": 1}}


@pytest.fixture
def epochs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which this test keeps the code of epochs."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "kept"))
    return tmp_path / "kept" / "epochs"


def _decided(order: bytes = ORDER) -> bytes:
    return Gate.load([RULEBOOK]).decide(order).core_bytes()


def _files(epochs: Path) -> list[Path]:
    return sorted(epochs.rglob("*.code"))


def _content(file: Path) -> Any:
    return marshal.loads(file.read_bytes()[32:])


def _write(file: Path, content: Any) -> None:
    data = marshal.dumps(content)
    file.write_bytes(hashlib.sha256(data).digest() + data)


def _event_and_branch(epochs: Path) -> tuple[Path, Path]:
    """Return the file of an event, and that of the one branch that an order asked for."""
    first, second = sorted(_files(epochs), key=lambda file: len(_content(file)[0][2]))
    return first, second


@pytest.mark.parametrize("rulebook", sorted({order["rulebook"] for order in GOLDEN}))
def test_kept_code_decides_golden_orders_and_scenarios_alike(rulebook: str, epochs: Path) -> None:
    fresh = shipped.gate(rulebook)
    orders = [(o["facts"], o.get("figures", ())) for o in GOLDEN if o["rulebook"] == rulebook]
    orders += [(dict(case.facts), ()) for case in shipped.cases(rulebook)[::7]]
    for _ in range(2):  # the first keeps, the second takes
        gate = Gate.load([rulebook])
        for facts, figures in orders:
            decided = [g.decide(facts, figures=figures).core_bytes() for g in (fresh, gate)]
            assert decided[0] == decided[1]
    assert _files(epochs)


def test_code_is_kept_once_and_only_for_the_branches_that_are_asked_for(epochs: Path) -> None:
    wanted = _decided()
    before = {file: file.stat().st_ino for file in _files(epochs)}
    assert len(before) == 2
    assert _decided() == wanted
    assert {file: file.stat().st_ino for file in _files(epochs)} == before
    assert b'"decision":"approved"' in _decided(SALE)
    assert len(_files(epochs)) == 3
    assert {file: file.stat().st_ino for file in before} == before


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _a_bit_turned(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-200] ^= 1
    file.write_bytes(data)


def _nothing_in_it(file: Path) -> None:
    file.write_bytes(b"")


def _of_another_rulebook(file: Path) -> None:
    (made_of, *others), content = _content(file)
    _write(file, ((f"{made_of}0", *others), content))


def _of_another_place(file: Path) -> None:
    (made_of, name, place, above), content = _content(file)
    _write(file, ((made_of, name, (*place, 1), above), content))


def _of_other_code_above(file: Path) -> None:
    (made_of, name, place, above), content = _content(file)
    _write(file, ((made_of, name, place, above[::-1]), content))


def _gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("which", [0, 1], ids=["an event", "a branch"])
@pytest.mark.parametrize(
    "spoil",
    [
        _cut,
        _a_bit_turned,
        _nothing_in_it,
        _of_another_rulebook,
        _of_another_place,
        _of_other_code_above,
        _gone,
    ],
)
def test_a_file_that_is_not_whole_is_written_again(
    spoil: Callable[[Path], None], which: int, epochs: Path
) -> None:
    wanted = _decided()
    file = _event_and_branch(epochs)[which]
    whole = file.read_bytes()
    spoil(file)
    assert _decided() == wanted
    assert _content(file)[0] == marshal.loads(whole[32:])[0]
    assert _decided() == wanted


@pytest.mark.parametrize("open_to", OPEN_TO_OTHERS)
def test_what_others_could_have_written_approves_nothing(
    open_to: Callable[[Path], None], epochs: Path
) -> None:
    order = json_bytes(_breaching())
    wanted = _decided(order)
    file, _ = _event_and_branch(epochs)
    made_of, (rules, deadlines, determines, (function, source, _, _)) = _content(file)
    approving = (
        "from creditgate.backends.scalar.runtime import GOVERNED\njudge = lambda *_: GOVERNED"
    )
    module = (function, source, compile(approving, "<approving>", "exec"), ())
    _write(file, (made_of, (rules, deadlines, determines, module)))
    assert b'"decision":"approved"' in _decided(order)
    open_to(file)
    assert _decided(order) == wanted


def test_a_branch_that_does_not_fit_the_code_that_was_kept_is_not_asked(epochs: Path) -> None:
    wanted = _decided()
    file, branch = _event_and_branch(epochs)
    made_of, (*others, (function, source, code, later)) = _content(file)
    _write(file, (made_of, (*others, (function, f"{source}# else", code, later))))
    branch.unlink()
    gate = Gate.load([RULEBOOK])
    assert [gate.decide(ORDER).core_bytes() for _ in range(2)] == [wanted, wanted]
    assert not branch.exists()


def test_threads_that_ask_at_once_get_the_same_answers(epochs: Path) -> None:
    _decided()  # what the other orders ask for is not kept
    undecided = json_bytes({**approved_order("margin_buy"), "market": {}})
    orders = [ORDER, SALE, undecided, json_bytes(_breaching())] * 3
    wanted = [shipped.gate(RULEBOOK).decide(order).core_bytes() for order in orders]
    gate = Gate.load([RULEBOOK])
    with ThreadPoolExecutor(len(orders)) as threads:
        found = list(threads.map(lambda order: gate.decide(order).core_bytes(), orders))
    assert found == wanted


def test_a_rejection_with_its_reasons_needs_neither_rulebook_nor_reference(
    epochs: Path, tmp_path: Path
) -> None:
    order = tmp_path / "order.json"
    order.write_bytes(json_bytes(_breaching()))
    unneeded = (
        "yaml", "lark", "jsonschema", "creditgate.check", "creditgate.ir.nodes",
        "creditgate.reference.evaluate", "creditgate.backends.scalar.compile",
    )  # fmt: skip
    script = (
        "import atexit, sys; from creditgate.cli.main import main; "
        f"atexit.register(lambda: print([n for n in {unneeded} if n in sys.modules])); "
        "main(sys.argv[1:])"
    )
    command = ["decide", str(order), "--rulebook", RULEBOOK, "--format", "csv"]

    def asked_in_a_process() -> list[bytes]:
        done = subprocess.run(
            [sys.executable, "-c", script, *command], capture_output=True, check=False
        )
        assert done.returncode == 1, done.stderr.decode()
        return done.stdout.splitlines()

    first, second = asked_in_a_process(), asked_in_a_process()
    assert b"creditgate.check" in first[-1]
    assert b"rejected" in second[1]
    assert second == [*first[:-1], b"[]"]
