"""Decide the golden orders and print the core of each decision, one a line, as it stands in bytes.

    python -m tests.golden.decide [places]

decides all, or those whose places are named, the first being 0. It needs the package alone, so that any interpreter which has it can be asked.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from creditgate.decide.engine import Engine
from creditgate.pipeline import Gate, catalogue, checked_for_use

ORDERS: Final = Path(__file__).with_name("orders.jsonl")
DECISIONS: Final = Path(__file__).with_name("decisions.jsonl")
_DIGEST: Final = re.compile(rb'"digest":"[0-9a-f]+"')


def asked() -> list[str]:
    """Return the golden orders, each with its rulebook."""
    return ORDERS.read_text("utf-8").splitlines()


def decided(orders: Sequence[str]) -> Iterator[bytes]:
    """Yield the core of each decision, in the order of the orders."""
    shelf = catalogue()
    gates: dict[str, Gate] = {}
    for line in orders:
        order = json.loads(line)
        name = order["rulebook"]
        if name not in gates:
            checked = checked_for_use(shelf, name)
            assert checked is not None, shelf.collector.diagnostics
            gates[name] = Gate([Engine(checked.rulebook)], shelf.vocabulary())
        decision = gates[name].decide(json.dumps(order["facts"]), figures=order.get("figures", ()))
        yield decision.core_bytes()


def without_digests(core: bytes) -> bytes:
    """Return a core without the digests, which change with every change of a rulebook.

    >>> without_digests(b'{"id":"cn/sse","digest":"0a1b","governs":"yes"}')
    b'{"id":"cn/sse","digest":"","governs":"yes"}'
    """
    return _DIGEST.sub(b'"digest":""', core)


if __name__ == "__main__":
    everything = asked()
    places = [int(place) for place in sys.argv[1:]] or range(len(everything))
    for core in decided([everything[place] for place in places]):
        sys.stdout.buffer.write(core + b"\n")
