"""The price test of Rule 201 in whole numbers, from the wording of 17 CFR 242.201; no engine.

While the test is in force, a short sale may not be executed or displayed at a price that is less
than or equal to the current national best bid: 201(b)(1)(i). Two things lift it. The order may be
marked short exempt, or it was displayed at a price above the bid of that moment: 201(b)(1)(iii).
Neither is asked for here. The staff lets a crossed market through.

Prices are whole numbers of any one step, so that nothing is rounded.
"""

from __future__ import annotations


def may_be_shown(
    price: int | None, best_bid: int | None, best_offer: int | None, *, in_force: bool
) -> bool:
    """Tell whether a short sale at a price may be executed or displayed now.

    `price` is None for an order without a limit, `best_bid` None where there is no bid: with
    nothing to be above, the order is refused.
    """
    if not in_force:
        return True
    if best_bid is not None and best_offer is not None and best_bid > best_offer:
        return True
    if price is None or best_bid is None:
        return False
    return price > best_bid
