"""Word what is wrong with the shape of a file: one function for each kind of finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, TypeGuard

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, error
from creditgate.base.spans import Span
from creditgate.base.suggest import nearest
from creditgate.load.located import Map, Node, Seq, Text

Path: TypeAlias = Sequence[str | int]
Schema: TypeAlias = Mapping[str, object]

_FEW: Final = 8


def subject(path: Path) -> str:
    """Name what stands at a path: its key, or its number in the list of a key.

    >>> subject(["rules", "locate", "in_force", 1])
    'item 2 of `in_force`'
    """
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f"`{last}`"
    key = next((part for part in reversed(path) if isinstance(part, str)), None)
    return f"item {last + 1}" if key is None else f"item {last + 1} of `{key}`"


def unknown_key(key: Text, path: Path, legal: Sequence[str], meant: str | None) -> Diagnostic:
    """Report a key that has no meaning where it stands."""
    known = f"the keys known here are {_listed(legal)}" if len(legal) <= _FEW else None
    hint = known
    if meant is not None:
        hint = f"did you mean `{meant}`?" if known is None else f"did you mean `{meant}`? {known}"
    message = f"unknown key `{key.value}` in {subject(path)}"
    return error(Code.UNKNOWN_KEY, message, key.span, hint=hint)


def missing_keys(
    span: Span, path: Path, keys: Sequence[str], properties: Schema, hint: str | None
) -> Diagnostic:
    """Report keys that are needed; of a single one the hint says what it looks like."""
    if hint is None and len(keys) == 1:
        hint = _how_to_add(keys[0], properties.get(keys[0]))
    plural = "key" if len(keys) == 1 else "keys"
    message = f"{subject(path)} needs the {plural} {_listed(keys)}"
    return error(Code.MISSING_KEY, message, span, hint=hint)


def missing_companion(key: Text, companions: Sequence[str]) -> Diagnostic:
    """Report keys that have to stand beside another one."""
    message = f"`{key.value}` needs {_listed(companions)} beside it"
    hint = f"add {_listed(companions)}, or delete `{key.value}`"
    return error(Code.MISSING_KEY, message, key.span, hint=hint)


def wrong_shape(span: Span, path: Path, node: Node, schema: Schema) -> Diagnostic:
    """Report text where a mapping is needed, and the like."""
    types = schema.get("type")
    allowed = [types] if isinstance(types, str) else list(types) if _is_list(types) else []
    shapes = dict.fromkeys(_shape_of_type(str(name)) for name in allowed)
    message = f"{subject(path)} has to be {' or '.join(shapes)}, not {_shape_of_node(node)}"
    hint = None
    required = schema.get("required")
    if isinstance(node, Text) and "：" in node.value:
        hint = "write the colon as `: `, not as `：`"
    elif "a mapping" in shapes and _is_list(required):
        hint = f"write a mapping with the keys {_listed([str(key) for key in required])}"
    elif "a list" in shapes and isinstance(node, Text):
        hint = "write `[ ]` around the items, or one `- ` item on each line"
    elif "text" in shapes and not isinstance(node, Text):
        hint = "put the value in quotes, or on lines of its own below `>-`"
    return error(Code.WRONG_SHAPE, message, span, hint=hint)


def not_one_of(node: Text, path: Path, words: Iterable[object]) -> Diagnostic:
    """Report a word outside the closed set of a key."""
    known = list(dict.fromkeys(word for word in words if isinstance(word, str)))
    shown = ["yes", "no"] if set(known) == {"yes", "no", "true", "false"} else known
    meant = nearest(node.value, known)
    hint = f"write one of {_listed(shown)}" if meant is None else f"did you mean `{meant}`?"
    if meant is None and len(shown) == 1:
        hint = f"write {_listed(shown)}"
    message = f"`{_short(node.value)}` is not a word for {subject(path)}"
    return error(Code.NOT_ONE_OF, message, node.span, hint=hint)


def bad_form(span: Span, written: str, schema: Schema) -> Diagnostic:
    """Report text that does not follow the form of its kind, such as a date."""
    kind = str(schema.get("title", "value"))
    examples = schema.get("examples")
    hint = None
    if _is_list(examples):
        hint = f"write it like {' or '.join(f'`{example}`' for example in examples)}"
    kind = kind[:1].lower() + kind[1:]
    article = "an" if kind[:1] in "aeio" else "a"
    message = f"`{_short(written)}` is not written as {article} {kind}"
    return error(Code.BAD_FORM, message, span, hint=hint)


def no_text(span: Span, path: Path) -> Diagnostic:
    """Report an empty text."""
    hint = "write the text, or delete the key"
    return error(Code.BAD_FORM, f"{subject(path)} holds no text", span, hint=hint)


def too_few(span: Span, path: Path, least: object) -> Diagnostic:
    """Report a list or a mapping with too few entries."""
    message = f"{subject(path)} needs at least {least} {'entry' if least == 1 else 'entries'}"
    hint = "add what is missing, or delete the key"
    return error(Code.NO_ITEMS, message, span, hint=hint)


def too_many(span: Span, path: Path, most: object) -> Diagnostic:
    """Report a list or a mapping with too many entries."""
    message = f"{subject(path)} may hold {most} {'entry' if most == 1 else 'entries'} at most"
    return error(Code.TOO_MANY_ITEMS, message, span, hint="delete what is too many")


def repeated_item(item: Node, path: Path) -> Diagnostic:
    """Report an item that stands in a list before."""
    what = f"`{_short(item.value)}`" if isinstance(item, Text) else "an item"
    message = f"{subject(path)} names {what} twice"
    return error(Code.REPEATED_ITEM, message, item.span, hint="delete one of the two")


def does_not_belong(span: Span, path: Path, hint: str | None) -> Diagnostic:
    """Report a key that excludes another one, or has no meaning beside it."""
    message = f"the key {subject(path)} does not belong here"
    return error(Code.KEYS_EXCLUDE, message, span, hint=hint)


def schema_failed(span: Span, path: Path, keyword: str) -> Diagnostic:
    """Report a failure of a keyword that has no wording of its own."""
    message = f"{subject(path)} does not satisfy `{keyword}` of its schema"
    return error(Code.SCHEMA_FAILED, message, span)


def _how_to_add(key: str, schema: object) -> str:
    """Say what the value of a missing key looks like, as far as its schema knows."""
    if isinstance(schema, Mapping):
        words, examples = schema.get("enum"), schema.get("examples")
        if _is_list(words):
            texts = [word for word in words if isinstance(word, str)]
            return f"add `{key}:` with one of {_listed(texts)}"
        if _is_list(examples):
            return f"add `{key}:`, such as `{key}: {examples[0]}`"
        inner = schema.get("required")
        if _is_list(inner):
            return f"add `{key}:` with {_listed([str(name) for name in inner])}"
    return f"add `{key}:`"


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 60 else one_line[:59] + "…"


def _shape_of_type(name: str) -> str:
    return {"object": "a mapping", "array": "a list"}.get(name, "text")


def _shape_of_node(node: Node) -> str:
    match node:
        case Text():
            return "text"
        case Seq():
            return "a list"
        case Map():
            return "a mapping"
