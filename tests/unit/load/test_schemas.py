"""The schema files themselves: closed, described in both languages, and fit for editors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from creditgate.base.collector import Collector
from creditgate.base.spans import SourceFile
from creditgate.load.schema_check import check_schema, schema_document
from creditgate.load.yaml_reader import read_yaml

GOOD_FILES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent / "good_files").glob("*.yaml"))
}
NAMES = sorted(GOOD_FILES)
WORDED = {
    "type", "enum", "pattern", "minLength", "minItems", "minProperties", "maxItems", "not",
    "uniqueItems", "required", "dependentRequired", "additionalProperties", "propertyNames",
}  # fmt: skip
WITHOUT_MESSAGES = {
    "$schema", "title", "description", "examples", "default", "defaultSnippets",
    "enumDescriptions", "x-hint", "properties", "items", "allOf", "anyOf", "if", "then", "else",
}  # fmt: skip
CHINESE = re.compile("[\u4e00-\u9fff]")
NOT_SCHEMAS = {"examples", "defaultSnippets", "enum", "default", "required", "dependentRequired"}


def parts(schema: object) -> Iterator[dict[str, object]]:
    """Walk through a schema and all schemas within it."""
    if isinstance(schema, list):
        for item in schema:
            yield from parts(item)
    elif isinstance(schema, dict):
        yield schema
        for keyword, value in schema.items():
            if keyword in ("properties", "$defs") and isinstance(value, dict):
                for inner in value.values():
                    yield from parts(inner)
            elif keyword not in NOT_SCHEMAS:
                yield from parts(value)


def conditions(schema: dict[str, object]) -> Iterator[object]:
    """Find the schemas that only test and never describe."""
    for part in parts(schema):
        for keyword in ("if", "then", "else", "not", "allOf", "anyOf"):
            yield from parts(part.get(keyword))


def test_there_is_a_good_file_for_every_schema() -> None:
    folder = files("creditgate.load") / "schemas"
    names = {path.name.removesuffix(".schema.json") for path in folder.iterdir()}
    assert names - {"common"} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_valid_itself_and_refers_to_nothing_outside(name: str) -> None:
    document = schema_document(name)
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert not any("$ref" in part for part in parts(document))


@pytest.mark.parametrize("name", NAMES)
def test_every_keyword_has_words_of_its_own(name: str) -> None:
    used = {keyword for part in parts(schema_document(name)) for keyword in part}
    assert used - WORDED - WITHOUT_MESSAGES == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_mapping_is_closed(name: str) -> None:
    described = [part for part in parts(schema_document(name)) if part.get("type") == "object"]
    assert described
    for part in described:
        assert "additionalProperties" in part, part.get("title")
        assert part["additionalProperties"] is not True


@pytest.mark.parametrize("name", NAMES)
def test_every_key_is_described_in_english_and_chinese(name: str) -> None:
    document = schema_document(name)
    tests = [id(part) for part in conditions(document)]
    for part in parts(document):
        properties = part.get("properties")
        if id(part) in tests or not isinstance(properties, dict):
            continue
        for key, value in properties.items():
            assert value.get("title"), key
            assert re.search("[a-z]", value["description"]), key
            assert CHINESE.search(value["description"]), key


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_has_an_example_that_fits_and_a_title_for_messages(name: str) -> None:
    for part in parts(schema_document(name)):
        if "pattern" in part:
            examples = part.get("examples")
            assert isinstance(examples, list)
            assert part.get("title")
            assert all(re.search(str(part["pattern"]), example) for example in examples)


@pytest.mark.parametrize("name", NAMES)
def test_the_good_file_is_accepted(name: str) -> None:
    collector = Collector()
    node = read_yaml(SourceFile(f"{name}.yaml", GOOD_FILES[name]), collector)
    assert node is not None
    assert check_schema(node, name, collector)
    assert collector.diagnostics == ()


class EditorLoader(yaml.SafeLoader):
    """Type scalars as YAML 1.2 does, which editors follow."""


EditorLoader.yaml_implicit_resolvers = {}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), None)
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(null|~|)$"), None)
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^-?[0-9]+$"), None)
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?\d+\.\d+$"), None)


@pytest.mark.parametrize("name", NAMES)
def test_an_editor_that_types_scalars_accepts_the_good_file_too(name: str) -> None:
    typed = EditorLoader(GOOD_FILES[name]).get_single_data()
    validator = Draft202012Validator(schema_document(name))
    assert [error.message for error in validator.iter_errors(typed)] == []
