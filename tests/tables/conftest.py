"""Kernels of these tests are kept in a folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from creditgate.base.own_files import FOLDER


@pytest.fixture(autouse=True)
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which a test keeps kernels."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path / "kernels"
