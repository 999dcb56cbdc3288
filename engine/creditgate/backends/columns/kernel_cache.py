"""Kernels kept as machine code between processes, in a folder that only their owner can change.

A kernel lies under the digest of its source, its constants, this engine, the compiler and the
machine. Whoever takes one from here has some rows judged by other evaluators before use;
files that belong to others, or that others can write, are left alone and nothing is kept.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from creditgate.backends.columns.kernel import Kernel
from creditgate.backends.columns.passes import compiled_passes, source_of_passes
from creditgate.backends.columns.widths import FUNCTIONS
from creditgate.base.own_files import is_own, own_folder, this_engine

KIND: Final = "kernels"
_WIDE: Final = "creditgate.backends.columns.wide"
_WIDE_SOURCE: Final = Path(__file__).with_name("wide.py")
#: Kernels divide by nothing that may be zero, so that no division need look for it.
_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}
_HEADER: Final = """import numpy as np
from pathlib import Path

from creditgate.backends.columns.passes import compiled_passes

globals().update(compiled_passes())
with np.load(Path(__file__).with_name("constants.npz")) as constants:
    globals().update({name: constants[name] for name in constants.files})

"""


def compiled(kernel: Kernel, *, keep: bool = True) -> Callable[..., Any]:
    """Return a kernel as machine code: for numbers that fit into 64 bits, unless it is `wide`.

    With `keep` it is taken from, or left in, the folder of kernels where there can be one.
    """
    import numba

    _compare_all_arrays()
    folder = _place(kernel, numba.__version__) if keep else None
    if folder is None:
        functions = {**compiled_passes(), **_functions(kernel)}
        names: dict[str, Any] = {"np": np, **functions, **kernel.constants}
        exec(compile(kernel.source, "<kernel>", "exec"), names)
        run: Callable[..., Any] = numba.njit(**_OPTIONS)(names["kernel"])
        return run
    kept: Callable[..., Any] = numba.njit(cache=True, **_OPTIONS)(_function(folder))
    return kept


@cache
def _compare_all_arrays() -> None:
    """Let the compiler run a loop many rows at once, however many arrays it reads and writes.

    It must first see that none overlaps another, and by itself gives up beyond a hundred pairs.
    """
    from llvmlite import binding

    binding.set_option("creditgate", "-vectorize-memory-check-threshold=100000")


def forget(kernel: Kernel) -> None:
    """Remove a kernel that was kept: it did not answer as it should."""
    import numba

    folder = _place(kernel, numba.__version__)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def digest_of(kernel: Kernel, compiler: str) -> str:
    """Return what tells whether kept machine code is that of a kernel on this machine."""
    parts = [kernel.source, this_engine(), compiler, _machine()]
    found = hashlib.sha256("\0".join([*parts, source_of_passes()]).encode())
    if kernel.wide:
        found.update(_WIDE_SOURCE.read_bytes())
    for name, values in sorted(kernel.constants.items()):
        found.update(f"\0{name}\0{values.dtype}\0".encode())
        found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()


def _functions(kernel: Kernel) -> dict[str, Any]:
    if not kernel.wide:
        return {}
    module = importlib.import_module(_WIDE)
    return {name: getattr(module, name) for name in FUNCTIONS}


def _header(kernel: Kernel) -> str:
    given = f"from {_WIDE} import {', '.join(FUNCTIONS)}\n\n" if kernel.wide else ""
    return _HEADER + given


def _machine() -> str:
    from llvmlite import binding

    return f"{platform.machine()} {binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def _place(kernel: Kernel, compiler: str) -> Path | None:
    """Return the folder of a kernel with its source in it, or None where none can be kept."""
    above = own_folder(KIND)
    if above is None:
        return None
    place = above / digest_of(kernel, compiler)
    if not place.is_dir():
        try:
            made = Path(tempfile.mkdtemp(dir=above))
            (made / "kernel.py").write_text(_header(kernel) + kernel.source, "utf-8")
            np.savez(made / "constants.npz", **kernel.constants)
            made.rename(place)
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
    kept = [place, *place.rglob("*")]
    return place if place.is_dir() and all(is_own(each) for each in kept) else None


def _function(folder: Path) -> Callable[..., Any]:
    spec = importlib.util.spec_from_file_location(f"kernel_{folder.name}", folder / "kernel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # kept machine code asks for its module by name
    spec.loader.exec_module(module)
    function: Callable[..., Any] = module.kernel
    return function
