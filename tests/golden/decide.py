"""Decide the golden orders and print the core of each decision, one a line, as it stands in bytes.

    python -m tests.golden.decide

It needs the package alone, so that any interpreter which has it can be asked.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from creditgate.decide.engine import Engine
from creditgate.pipeline import Gate, catalogue, checked_for_use

ORDERS: Final = Path(__file__).with_name("orders.jsonl")
DECISIONS: Final = Path(__file__).with_name("decisions.jsonl")
_DIGEST: Final = re.compile(rb'"digest":"[0-9a-f]+"')


def decided() -> Iterator[bytes]:
    """Yield the core of each decision, in the order of the orders."""
    shelf = catalogue()
    gates: dict[str, Gate] = {}
    for line in ORDERS.read_text("utf-8").splitlines():
        asked = json.loads(line)
        name = asked["rulebook"]
        if name not in gates:
            checked = checked_for_use(shelf, name)
            assert checked is not None, shelf.collector.diagnostics
            gates[name] = Gate([Engine(checked.rulebook)], shelf.vocabulary())
        decision = gates[name].decide(json.dumps(asked["facts"]), figures=asked.get("figures", ()))
        yield decision.core_bytes()


def without_digests(core: bytes) -> bytes:
    """Return a core without the digests, which change with every change of a rulebook.

    >>> without_digests(b'{"id":"cn/sse","digest":"0a1b","governs":"yes"}')
    b'{"id":"cn/sse","digest":"","governs":"yes"}'
    """
    return _DIGEST.sub(b'"digest":""', core)


if __name__ == "__main__":
    for core in decided():
        sys.stdout.buffer.write(core + b"\n")
