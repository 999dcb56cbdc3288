"""cedarpy: a policy that forbids for each rule, over scaled whole numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from tests.perf.orders30.documents import row_of_json
from tests.perf.orders30.facts import Row
from tests.perf.orders30.rules import RULES, ListedRule, OneOf
from tests.perf.peers.infix import Spelling, as_text, holds
from tests.perf.peers.peer import Peer
from tests.perf.peers.scaled import scaled_rule

LOT: Final = 100
# Cedar has no remainder: it is given with the facts.
SPELLING: Final = Spelling(
    "&&",
    "||",
    "!",
    fact="context.{}",
    member="[{1}].contains({0})",
    remainder=lambda operand, divisor: f"{operand}_by_{divisor}",
)


class CedarPolicies(Peer):
    """The context is given as JSON text, which the binding would else make of a map."""

    title = "cedarpy, a policy a rule, scaled integers"
    distribution = "cedarpy"
    sample = 2_000
    slowness = 2

    def __init__(self) -> None:
        cedar = import_module("cedarpy")
        texts = ["permit(principal, action, resource);", *map(policy, RULES)]
        self._policies = cedar.PolicySet.from_str("\n".join(texts))
        self._entities = cedar.Entities.from_json_str("[]")
        self._is_authorized = cedar.is_authorized

    def prepared(self, row: Row) -> Any:
        """Return the request for a row."""
        context = json.dumps({**row, f"quantity_by_{LOT}": row["quantity"] % LOT})
        return {
            "principal": 'Client::"1"', "action": 'Action::"order"', "resource": 'Order::"1"',
            "context": context,
        }  # fmt: skip

    def from_json(self, raw: bytes) -> Any:
        """Return the request; its decimals are scaled by hand."""
        return self.prepared(row_of_json(raw))

    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached."""
        result = self._is_authorized(order, self._policies, self._entities)
        if result.allowed:
            return ()
        ids: dict[str, str] = result.diagnostics.id_annotations_by_reason
        return list(ids.values())


def policy(rule: ListedRule) -> str:
    """Return the policy that forbids what a rule refuses."""
    about = as_text(OneOf("side", rule.sides), SPELLING)
    met = holds(scaled_rule(rule), SPELLING)
    return f'@id("{rule.id}") forbid(principal, action, resource) when {{ {about} && !{met} }};'
