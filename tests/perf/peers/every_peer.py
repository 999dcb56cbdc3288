"""The peers that are measured."""

from __future__ import annotations

from typing import Final

from tests.perf.peers.cedar_policies import CedarPolicies
from tests.perf.peers.cel_in_python import CelInPython
from tests.perf.peers.cel_in_rust import CelInRust
from tests.perf.peers.durable_ruleset import DurableRuleset
from tests.perf.peers.json_logic_trees import JsonLogicTrees
from tests.perf.peers.peer import Peer
from tests.perf.peers.rule_engine_rules import RuleEngineRules
from tests.perf.peers.zen_expressions import ZenExpressions

PEERS: Final[tuple[type[Peer], ...]] = (
    ZenExpressions,
    CelInRust,
    DurableRuleset,
    JsonLogicTrees,
    RuleEngineRules,
    CedarPolicies,
    CelInPython,
)
