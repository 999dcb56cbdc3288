"""Kept machine code is used only where it is what this user compiled for this kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from creditgate.backends.columns.kernel import Kernel
from creditgate.backends.columns.kernel_cache import compiled, digest_of, forget
from creditgate.base.own_files import FOLDER

SOURCE = """def kernel(begin, end, rows, numbers):
    for place in range(begin, end):
        i = rows[place]
        numbers[i] = numbers[i] + known1[i]
"""
KERNEL = Kernel(SOURCE, {"known1": np.arange(4)}, ("numbers",))


def _asked(kernel: Kernel) -> NDArray[np.int64]:
    numbers = np.zeros(4, dtype=np.int64)
    compiled(kernel)(0, 4, np.arange(4), numbers)
    return numbers


def _machine_code(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.nbc"))


def test_a_kernel_is_compiled_once_and_taken_from_its_folder_after_that(kernels: Path) -> None:
    assert _asked(KERNEL).tolist() == [0, 1, 2, 3]
    (kept,) = _machine_code(kernels)
    before = kept.stat().st_mtime_ns
    run = compiled(KERNEL)
    numbers = np.zeros(4, dtype=np.int64)
    run(0, 4, np.arange(4), numbers)
    assert numbers.tolist() == [0, 1, 2, 3]
    assert [path.stat().st_mtime_ns for path in _machine_code(kernels)] == [before]


@pytest.mark.parametrize(
    "changed",
    [
        replace(KERNEL, constants={"known1": np.arange(1, 5)}),
        replace(KERNEL, constants={"known1": np.arange(4, dtype=np.int32)}),
        replace(KERNEL, source=SOURCE.replace("+ known1[i]", "- known1[i]")),
    ],
    ids=["other constants", "constants of another kind", "another source"],
)
def test_other_kernels_have_other_digests(changed: Kernel) -> None:
    assert digest_of(changed, "1") != digest_of(KERNEL, "1")
    assert digest_of(KERNEL, "2") != digest_of(KERNEL, "1")
    assert _asked(KERNEL).tolist() == [0, 1, 2, 3]
    assert _asked(changed).tolist() != [0, 1, 2, 3] or changed.constants["known1"].dtype == np.int32


def test_a_kernel_that_is_forgotten_is_compiled_again(kernels: Path) -> None:
    _asked(KERNEL)
    forget(KERNEL)
    assert not _machine_code(kernels)
    assert _asked(KERNEL).tolist() == [0, 1, 2, 3]
    assert _machine_code(kernels)


def _writable_by_others(folder: Path) -> None:
    folder.chmod(0o777)


def _writable_kernel(folder: Path) -> None:
    next(folder.rglob("kernel.py")).chmod(0o666)


def _linked_kernel(folder: Path) -> None:
    source = next(folder.rglob("kernel.py"))
    elsewhere = folder.parent / "elsewhere.py"
    source.rename(elsewhere)
    source.symlink_to(elsewhere)


@pytest.mark.parametrize("spoil", [_writable_by_others, _writable_kernel, _linked_kernel])
def test_what_others_could_have_written_is_left_alone(
    spoil: Callable[[Path], None], kernels: Path
) -> None:
    _asked(KERNEL)
    for source in kernels.rglob("kernel.py"):
        source.write_text(source.read_text().replace("+ known1[i]", "+ 100"))
    spoil(kernels)
    assert _asked(KERNEL).tolist() == [0, 1, 2, 3]


def test_nothing_is_kept_where_that_is_not_wanted(
    kernels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, "")
    assert _asked(KERNEL).tolist() == [0, 1, 2, 3]
    assert not kernels.exists()


WIDE = Kernel(
    SOURCE.replace(
        "numbers[i] + known1[i]",
        "narrow(floor(multiply(wide(numbers[i] + 7), joined(1, 0)), wide(9_223_372_036_854_775_807)))",
    ),
    {"known1": np.arange(4)},
    ("numbers",),
    wide=True,
)


def test_a_kernel_with_wide_numbers_is_taken_from_its_folder_by_another_process(
    kernels: Path,
) -> None:
    assert _asked(WIDE).tolist() == [7 * 2**64 // (2**63 - 1)] * 4
    (kept,) = _machine_code(kernels)
    before = kept.stat().st_mtime_ns
    script = (
        "import numpy as np\n"
        "from tests.tables.test_kernel_cache import WIDE, _asked\n"
        "print(_asked(WIDE).tolist())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.stdout.strip() == str([14] * 4)
    assert [path.stat().st_mtime_ns for path in _machine_code(kernels)] == [before]


def test_wide_and_narrow_kernels_have_other_digests() -> None:
    assert digest_of(KERNEL, "1") != digest_of(replace(KERNEL, wide=True), "1")
