"""Choose the orders of the golden file: some of the recorded day, some of the scenarios.

    python -m tests.golden.collect

writes `orders.jsonl`. It stands still afterwards: an order is changed or added only where the
vocabulary leaves no choice. `python -m tests.golden.write` then writes what they come to.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from docs.examples.sse_600000.documents import read_desk
from docs.examples.sse_600000.tape import orders_of, read_trades
from tests.golden.decide import ORDERS

from creditgate.pipeline import catalogue
from creditgate.scenarios.suite import cases_for

TAPE_STEP = 1499
CASES_A_RULEBOOK = 8
# Figures whose exact values, fractions among them, stand in the decision too.
FIGURES_OF_ORDERS = dict.fromkeys(
    ("cn/sse", "cn/szse", "brokers/example_cn_member"),
    ("largest_quantity", "maintenance_ratio", "margin_available"),
)


def of_the_tape() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield orders of the recorded day, under the exchange's rules and the member's in turn."""
    desk = read_desk()
    for place, order in list(enumerate(orders_of(read_trades())))[::TAPE_STEP]:
        rulebook = ("cn/sse", "brokers/example_cn_member")[place // TAPE_STEP % 2]
        yield rulebook, desk.document(order, desk.account_for(place))


def of_the_scenarios() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield cases spread over the scenarios of each rulebook that decides."""
    shelf = catalogue()
    by_rulebook = defaultdict(list)
    for case in cases_for(shelf, shelf.shelf.ids()):
        by_rulebook[case.rulebook].append(case)
    for rulebook, cases in sorted(by_rulebook.items()):
        step = max(1, len(cases) // CASES_A_RULEBOOK)
        for case in cases[::step][:CASES_A_RULEBOOK]:
            yield rulebook, case.facts


def main() -> None:
    """Write the orders."""
    lines = []
    for rulebook, facts in (*of_the_tape(), *of_the_scenarios()):
        asked: dict[str, Any] = {"rulebook": rulebook, "facts": facts}
        if facts.get("event") == "order" and rulebook in FIGURES_OF_ORDERS:
            asked["figures"] = FIGURES_OF_ORDERS[rulebook]
        lines.append(json.dumps(asked, ensure_ascii=False, sort_keys=True))
    ORDERS.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
