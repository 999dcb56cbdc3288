"""Machine code over columns says what the reference says, on long tables of random programs."""

from __future__ import annotations

from tests.differential.compiled_kernels import agreeing


def test_compiled_kernels_are_the_reference_on_long_tables() -> None:
    found = agreeing(4, seed=2)
    assert found.narrow
    assert found.wide
