"""The quick check says yes exactly where the full validator finds no error."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from creditgate.base.collector import Collector
from creditgate.base.spans import SourceFile
from creditgate.load.located import plain_from_node
from creditgate.load.schema_check import schema_document
from creditgate.load.schema_quick import KEYWORDS, quick_check
from creditgate.load.yaml_reader import read_yaml

GOOD = sorted((Path(__file__).parent / "good_files").glob("*.yaml"))
_HOLD_SCHEMAS = ("properties", "$defs")
_HOLD_ONE = ("additionalProperties", "propertyNames", "items", "if", "then", "else", "not")


def _keywords(schema: Any) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    found = set(schema)
    for key in _HOLD_SCHEMAS:
        for part in schema.get(key, {}).values():
            found |= _keywords(part)
    for key in _HOLD_ONE:
        found |= _keywords(schema.get(key))
    for key in ("allOf", "anyOf"):
        for part in schema.get(key, []):
            found |= _keywords(part)
    return found


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_keyword_of_a_schema_is_known_to_the_quick_check(path: Path) -> None:
    assert _keywords(schema_document(path.stem)) <= KEYWORDS


def _changed(value: Any, chance: random.Random) -> Any:
    """Change one place of a plain tree."""
    tree = copy.deepcopy(value)
    holders = [tree]
    places = []
    while holders:
        holder = holders.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            places.append((holder, key))
            if isinstance(holder[key], dict | list):
                holders.append(holder[key])
    holder, key = chance.choice(places)
    kind = chance.randrange(6)
    if kind == 0 and isinstance(holder, dict):
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder["unheard_of"] = "1"
    else:
        holder[key] = chance.choice(
            ["", "x", "2020-01-01", "yes", [], {}, ["a", "a"], {"en": "a"}, "50%"]
        )
    return tree


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_quick_check_agrees_with_the_full_validator_on_changed_files(path: Path) -> None:
    chance = random.Random(path.stem)
    schema = schema_document(path.stem)
    full, quick = Draft202012Validator(schema), quick_check(schema)
    node = read_yaml(SourceFile(path.name, path.read_text("utf-8")), Collector())
    assert node is not None
    good = plain_from_node(node)
    assert quick(good)
    for _ in range(150):
        tree = _changed(good, chance)
        assert quick(tree) == full.is_valid(tree), tree
