"""Check the shape of a file against its JSON Schema, in words and at places of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.spans import Span
from creditgate.base.suggest import nearest
from creditgate.load import schema_problems
from creditgate.load.located import Map, Node, Plain, Seq, Text, plain_from_node
from creditgate.load.schema_quick import Fits, quick_check

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_COMMON: Final = "common.schema.json#/$defs/"


def check_schema(node: Node, schema: str, collector: Collector) -> bool:
    """Check a tree against the schema of a kind of file and say whether it fits.

    `schema` is the stem of a file in `schemas`, such as `chapter` or `vocabulary`. All findings
    of the file are collected in one run, each once and at the deepest place it is about.

    >>> from creditgate.base.spans import SourceFile
    >>> from creditgate.load.yaml_reader import read_yaml
    >>> collector = Collector()
    >>> node = read_yaml(SourceFile("reasons.yaml", "reason: {}"), collector)
    >>> check_schema(node, "reasons", collector)
    False
    >>> collector.diagnostics[0].hint
    'did you mean `reasons`? the keys known here are `reasons`'
    """
    plain = plain_from_node(node)
    if _quick(schema)(plain):
        return True
    errors = list(_validator(schema).iter_errors(plain))
    if not errors:
        return True
    collector.extend(_diagnostics(node, errors, schema_document(schema)))
    return False


@cache
def _quick(schema: str) -> Fits:
    return quick_check(schema_document(schema))


@cache
def _validator(schema: str) -> Draft202012Validator:
    # Imported late: reading facts and deciding never need it.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema_document(schema))


@cache
def schema_document(schema: str) -> dict[str, Any]:
    """Give a schema as one document, with what it takes from the common schema put in place."""
    common = _read("common")["$defs"]
    if not isinstance(common, dict):
        raise TypeError("the common schema holds no definitions")
    inlined = _inlined(_read(schema), common)
    if not isinstance(inlined, dict):
        raise TypeError("a schema has to be a mapping")
    return inlined


def _read(schema: str) -> dict[str, Any]:
    path = files("creditgate.load") / "schemas" / f"{schema}.schema.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _inlined(part: object, common: dict[str, object]) -> object:
    if isinstance(part, list):
        return [_inlined(item, common) for item in part]
    if not isinstance(part, dict):
        return part
    own = {key: _inlined(value, common) for key, value in part.items() if key != "$ref"}
    target = part.get("$ref")
    if target is None:
        return own
    shared = _inlined(common[str(target).removeprefix(_COMMON)], common)
    return {**shared, **own} if isinstance(shared, dict) else shared


class _Place:
    """Find the node and the key at a path of the plain form."""

    __slots__ = ("key", "node", "path", "span")

    def __init__(self, root: Node, path: list[str | int]) -> None:
        self.path = path
        self.node = root
        self.key: Text | None = None
        self.span = _first_key(root)
        for step in path:
            if isinstance(self.node, Map) and isinstance(step, str):
                self.key = self.node.key(step)
                self.node = self.node.get(step) or self.node
                self.span = self.node.span if self.key is None else self.key.span
            elif isinstance(self.node, Seq) and isinstance(step, int):
                self.key = None
                self.node = self.node.items[step]
                self.span = _first_key(self.node)


def _first_key(node: Node) -> Span:
    """Give the first key of a mapping, which stands for the whole where nothing names it."""
    return node.entries[0][0].span if isinstance(node, Map) and node.entries else node.span


def _diagnostics(
    root: Node, errors: list[ValidationError], document: Mapping[str, Any]
) -> list[Diagnostic]:
    places = [_Place(root, list(error.absolute_path)) for error in errors]
    # A misspelled key explains the one that is missing: what was meant is asked for no more.
    meant: set[tuple[tuple[str | int, ...], str]] = set()
    found: list[Diagnostic] = []
    for error, place in zip(errors, places, strict=True):
        if error.validator == "additionalProperties":
            for diagnostic, key in _unknown_keys(error, place):
                found.append(diagnostic)
                if key is not None:
                    meant.add((tuple(place.path), key))
    for error, place in zip(errors, places, strict=True):
        if error.validator in ("required", "dependentRequired"):
            found += _missing(error, place, meant, _properties(document, place.path))
        elif error.validator != "additionalProperties" and not _was_reported(place.node):
            found.append(_other(error, place))
    firsts: dict[tuple[str, Span], Diagnostic] = {}
    for diagnostic in found:
        firsts.setdefault((diagnostic.message, diagnostic.primary.span), diagnostic)
    return list(firsts.values())


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _keyword_value(error: ValidationError) -> Any:  # its shape depends on the keyword
    return error.validator_value


def _was_reported(node: Node) -> bool:
    """Say whether the reader has refused this value already: nothing else is plain and empty."""
    return isinstance(node, Text) and node.style == "plain" and not node.value


def _unknown_keys(error: ValidationError, place: _Place) -> Iterator[tuple[Diagnostic, str | None]]:
    legal = [str(key) for key in _schema(error).get("properties", {})]
    if not isinstance(place.node, Map):
        return
    unused = [key for key in legal if place.node.key(key) is None]
    for key, value in place.node.entries:
        if key.value not in legal and not _was_reported(value):
            meant = nearest(key.value, unused)
            yield schema_problems.unknown_key(key, place.path, legal, meant), meant


def _missing(
    error: ValidationError,
    place: _Place,
    meant: set[tuple[tuple[str | int, ...], str]],
    properties: Mapping[str, Any],
) -> Iterator[Diagnostic]:
    if not isinstance(place.node, Map):
        return
    if error.validator == "dependentRequired":
        for name, companions in _keyword_value(error).items():
            key = place.node.key(name)
            absent = [other for other in companions if place.node.key(other) is None]
            if key is not None and absent:
                yield schema_problems.missing_companion(key, absent)
        return
    absent = [key for key in _keyword_value(error) if place.node.key(key) is None]
    # The validator reports each absent key alone; they are said together, once.
    keys = [key for key in absent if (tuple(place.path), key) not in meant]
    if keys:
        hint = _schema(error).get("x-hint")
        yield schema_problems.missing_keys(place.span, place.path, keys, properties, hint)


def _properties(document: Mapping[str, Any], path: list[str | int]) -> Mapping[str, Any]:
    """Find what the schema says of the keys at a path, whichever condition asks for them."""
    schema = document
    for step in path:
        if isinstance(step, int):
            schema = schema.get("items", {})
        else:
            schema = (
                schema.get("properties", {}).get(step) or schema.get("additionalProperties") or {}
            )
    found: Mapping[str, Any] = schema.get("properties", {})
    return found


def _other(error: ValidationError, place: _Place) -> Diagnostic:
    node, path, schema = place.node, place.path, _schema(error)
    if "propertyNames" in error.relative_schema_path and isinstance(node, Map):
        key = node.key(str(error.instance))
        span = node.span if key is None else key.span
        return schema_problems.bad_form(span, str(error.instance), schema)
    match error.validator:
        case "type":
            return schema_problems.wrong_shape(place.span, path, node, schema)
        case "enum" | "const" if isinstance(node, Text):
            words = schema.get("enum", [schema.get("const")])
            return schema_problems.not_one_of(node, path, words)
        case "enum" | "const":
            return schema_problems.wrong_shape(place.span, path, node, {"type": "string"})
        case "pattern" if isinstance(node, Text):
            return schema_problems.bad_form(node.span, node.value, schema)
        case "minLength":
            return schema_problems.no_text(node.span, path)
        case "minItems" | "minProperties":
            return schema_problems.too_few(place.span, path, error.validator_value)
        case "maxItems" | "maxProperties":
            return schema_problems.too_many(place.span, path, error.validator_value)
        case "uniqueItems" if isinstance(node, Seq):
            return schema_problems.repeated_item(_second(node), path)
        case "not":
            return schema_problems.does_not_belong(place.span, path, schema.get("x-hint"))
        case _:
            return schema_problems.schema_failed(place.span, path, str(error.validator))


def _second(node: Seq) -> Node:
    """Give the first item that stands in the list before."""
    seen: list[Plain] = []
    for item in node.items:
        plain = plain_from_node(item)
        if plain in seen:
            return item
        seen.append(plain)
    return node.items[-1]
