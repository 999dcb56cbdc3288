"""Say quickly that a file fits its schema; whatever does not is left to the full validator.

A schema is compiled to nested functions over plain trees of text, lists and maps. They answer yes
exactly where the full validator finds no error, in a fraction of its time. A keyword they do not
know answers no; a test sees to it that no schema uses one, and that both agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Fits = Callable[[Any], bool]

_NOTES: Final = frozenset(
    {
        "$schema", "$id", "$defs", "title", "description", "examples", "default", "x-hint",
        "defaultSnippets", "enumDescriptions", "markdownDescription", "$comment", "then", "else",
    }
)  # fmt: skip
_KINDS: Final = {"string": str, "array": list, "object": dict}


def quick_check(schema: Mapping[str, Any] | bool) -> Fits:
    """Return a function that tells whether a plain tree fits the schema.

    >>> quick_check({"type": "object", "required": ["a"]})({"a": "1"})
    True
    """
    if isinstance(schema, bool):
        return lambda _value: schema
    tests = [
        _TESTS[keyword](argument, schema) if keyword in _TESTS else _unknown
        for keyword, argument in schema.items()
        if keyword not in _NOTES
    ]
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def _unknown(_value: Any) -> bool:
    return False


def _type(argument: Any, _schema: Any) -> Fits:
    names = argument if isinstance(argument, list) else [argument]
    kinds = tuple(_KINDS[name] for name in names if name in _KINDS)
    return lambda value: isinstance(value, kinds)


def _required(argument: Any, _schema: Any) -> Fits:
    return lambda value: not isinstance(value, dict) or all(key in value for key in argument)


def _properties(argument: Any, _schema: Any) -> Fits:
    inner = {key: quick_check(part) for key, part in argument.items()}

    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        return all(key not in inner or inner[key](item) for key, item in value.items())

    return fits


def _additional(argument: Any, schema: Any) -> Fits:
    known = frozenset(schema.get("properties", ()))
    inner = quick_check(argument)

    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        return all(key in known or inner(item) for key, item in value.items())

    return fits


def _names(argument: Any, _schema: Any) -> Fits:
    inner = quick_check(argument)
    return lambda value: not isinstance(value, dict) or all(map(inner, value))


def _items(argument: Any, _schema: Any) -> Fits:
    inner = quick_check(argument)
    return lambda value: not isinstance(value, list) or all(map(inner, value))


def _enum(argument: Any, _schema: Any) -> Fits:
    return lambda value: value in argument


def _const(argument: Any, _schema: Any) -> Fits:
    return lambda value: bool(value == argument)


def _pattern(argument: Any, _schema: Any) -> Fits:
    search = re.compile(argument).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _length(
    kind: type[list[Any]] | type[dict[str, Any]] | type[str], *, least: bool
) -> Callable[[Any, Any], Fits]:
    def build(argument: Any, _schema: Any) -> Fits:
        if least:
            return lambda value: not isinstance(value, kind) or len(value) >= argument
        return lambda value: not isinstance(value, kind) or len(value) <= argument

    return build


def _unique(argument: Any, _schema: Any) -> Fits:
    def fits(value: Any) -> bool:
        if not argument or not isinstance(value, list):
            return True
        return all(item not in value[:place] for place, item in enumerate(value))

    return fits


def _dependent(argument: Any, _schema: Any) -> Fits:
    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        return all(
            key not in value or all(other in value for other in needed)
            for key, needed in argument.items()
        )

    return fits


def _if(argument: Any, schema: Any) -> Fits:
    test = quick_check(argument)
    then, otherwise = quick_check(schema.get("then", True)), quick_check(schema.get("else", True))
    return lambda value: then(value) if test(value) else otherwise(value)


def _all_of(argument: Any, _schema: Any) -> Fits:
    inner = [quick_check(part) for part in argument]
    return lambda value: all(test(value) for test in inner)


def _any_of(argument: Any, _schema: Any) -> Fits:
    inner = [quick_check(part) for part in argument]
    return lambda value: any(test(value) for test in inner)


def _not(argument: Any, _schema: Any) -> Fits:
    inner = quick_check(argument)
    return lambda value: not inner(value)


_TESTS: Final[Mapping[str, Callable[[Any, Any], Fits]]] = {
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "minItems": _length(list, least=True),
    "maxItems": _length(list, least=False),
    "minProperties": _length(dict, least=True),
    "minLength": _length(str, least=True),
    "uniqueItems": _unique,
    "dependentRequired": _dependent,
    "if": _if,
    "allOf": _all_of,
    "anyOf": _any_of,
    "not": _not,
}
KEYWORDS: Final = frozenset(_TESTS) | _NOTES
