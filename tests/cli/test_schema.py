"""`creditgate schema`: every schema is printed and is a JSON Schema."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from creditgate.cli.main import group
from creditgate.cli.schema import DOCUMENTS, FILES


@pytest.mark.parametrize("kind", [*FILES, *DOCUMENTS])
def test_a_schema_is_printed(kind: str) -> None:
    result = CliRunner().invoke(group, ["schema", kind], standalone_mode=False)
    assert result.return_value == 0
    schema = json.loads(result.output)
    Draft202012Validator.check_schema(schema)
    assert "common.schema.json" not in result.output


def test_the_facts_schema_takes_a_facts_document() -> None:
    result = CliRunner().invoke(group, ["schema", "facts"], standalone_mode=False)
    validator = Draft202012Validator(json.loads(result.output))
    assert validator.is_valid({"order": {"action": "short_sell"}})
    assert not validator.is_valid({"order": {"acton": "short_sell"}})


def test_an_unknown_kind_is_bad_usage() -> None:
    result = CliRunner().invoke(group, ["schema", "chapters"], standalone_mode=False)
    assert result.exception is not None
    assert "chapter" in str(result.exception)
