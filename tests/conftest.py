"""Collect garbage less often: rulebooks are many small objects that live as long as a test run."""

from __future__ import annotations

import gc

gc.set_threshold(100_000, 20, 50)
