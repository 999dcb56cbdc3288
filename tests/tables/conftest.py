"""A folder for tests of what is kept; other tests share the one of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from creditgate.base.own_files import FOLDER


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which a test keeps kernels."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path / "kernels"
