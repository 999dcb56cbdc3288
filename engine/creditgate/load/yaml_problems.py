"""Word what is wrong with a file as YAML: one function for each kind of finding."""

from __future__ import annotations

import re
from typing import Final

import yaml

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, Label, error
from creditgate.base.spans import SourceFile, Span
from creditgate.load.located import Text

_QUOTE_IT: Final = "put the value in quotes, or on lines of its own below `>-`"
_UTF8: Final = "save the file with the encoding UTF-8"
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")

# (the parser's context, the parser's problem, our message, our hint); both parsers are matched.
_PROBLEMS: Final = tuple(
    (re.compile(context), re.compile(problem), message, hint)
    for context, problem, message, hint in (
        (
            "",
            "^mapping values are not allowed",
            "`: ` starts a value where none can start",
            f"check the indentation; if the colon belongs to the text, {_QUOTE_IT}",
        ),
        (
            "",
            "^(block )?sequence entries are not allowed",
            "`- ` starts a list item where none can start",
            "start the list on a line of its own",
        ),
        (
            "block scalar",
            "comment or line break|chomping or indentation",
            "a value that starts with `>` or `|` is taken for a block of text",
            _QUOTE_IT,
        ),
        (
            "flow mapping",
            "expected ',' or '}'",
            "the mapping in `{ }` is not closed, or holds a bracket that is not quoted",
            "add the `}`, or write the mapping with one key on each line",
        ),
        (
            "flow sequence",
            r"expected ',' or '\]'",
            "the list in `[ ]` is not closed, or holds a bracket that is not quoted",
            "add the `]`, or write the list with one `- ` item on each line",
        ),
        (
            "simple key",
            "could not find expected ':'",
            "the line is neither `key: value` nor part of the value above",
            "write a colon and a space after the key, or indent the line below its key",
        ),
        (
            "block mapping",
            "expected key|expected <block end>",
            "the line does not fit: a key of this mapping is expected",
            "check the indentation; a value that starts with a quote, `{` or `[` has to end there,"
            " so put the whole value in quotes",
        ),
        (
            "block collection",
            "'-' indicator|expected <block end>",
            "the line does not fit: a `- ` item of this list is expected",
            "check the indentation",
        ),
        ("quoted", "end of stream", "the quote is never closed", "add the closing quote"),
        (
            "quoted",
            "document (indicator|separator)",
            "the quote is not closed before `---`",
            "add the closing quote",
        ),
        (
            "quoted",
            "escape|hexa?decimal",
            "a backslash starts an escape that does not exist",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        (
            "",
            "cannot start any token",
            "a value cannot start with this character",
            _QUOTE_IT,
        ),
        (
            "alias|anchor",
            "alphabetic or numeric",
            "a value cannot start with `*` or `&`",
            _QUOTE_IT,
        ),
        ("", "node content", "a value is expected here", "write the value, or put it in quotes"),
        (
            "",
            "expected '?<document start>",
            "the text does not belong to what stands above",
            "check the indentation",
        ),
        (
            "",
            "incompatible YAML document|directive",
            "a line that starts with `%` is a YAML directive",
            "delete the line",
        ),
        (
            "tag|node",
            "tag|'>'|whitespace or line break|URI|expected '!'",
            "a value that starts with `!` is taken for a YAML tag",
            _QUOTE_IT,
        ),
    )
)


def not_yaml(
    problem: yaml.YAMLError, source: SourceFile, shift: int, deepest: int
) -> Diagnostic:  # fmt: skip
    """Report where the file stops being YAML; `shift` is added to the parser's offsets.

    A parser has a limit of its own, beyond `deepest`, to how deep values stand in each other.
    """
    if not isinstance(problem, yaml.MarkedYAMLError) or problem.problem_mark is None:
        message = "the file cannot be read as YAML"
        return error(Code.NOT_YAML, message, Span(source, 0, 0), hint=_UTF8)
    at = min(problem.problem_mark.index + shift, len(source.text))
    context, said = problem.context or "", problem.problem or ""
    if "nesting depth" in said:
        return too_deep(Span(source, at, at + 1), deepest)
    message, hint = "the file cannot be read as YAML from here on", "check the indentation"
    for in_context, in_problem, our_message, our_hint in _PROBLEMS:
        if in_context.search(context) and in_problem.search(said):
            message, hint = our_message, our_hint
            break
    colon = _full_width_colon(source, source.line_column(at)[0])
    if colon is not None:
        message = "a full-width colon does not part a key from its value"
        hint = "write the colon as `: `, not as `：`"
        return error(Code.NOT_YAML, message, Span(source, colon, colon + 1), hint=hint)
    secondary: tuple[Label, ...] = ()
    mark = problem.context_mark
    if mark is not None and "quoted" in context and not re.search("escape|hexa?decimal", said):
        at = mark.index + shift
    elif mark is not None and mark.line != problem.problem_mark.line:
        begin = mark.index + shift
        secondary = (Label(Span(source, begin, begin + 1), "it starts here"),)
    end = at + (source.text[at : at + 1] not in ("", "\n", "\r"))
    return error(Code.NOT_YAML, message, Span(source, at, end), hint=hint, secondary=secondary)


def _full_width_colon(source: SourceFile, line: int) -> int | None:
    """Find the `：` of an input method on the line or the one above, where no `: ` stands."""
    for number in (line, line - 1):
        text = source.line_text(number)
        if "：" in text and ": " not in text:
            return source.line_start(number) + text.index("：")
    return None


def too_large(span: Span, size: int, allowed: int) -> Diagnostic:
    """Report a file of more bytes than are read."""
    message = f"the file has {size} bytes, and at most {allowed} are read"
    return error(Code.FILE_TOO_LARGE, message, span, hint="split the file")


def too_many_values(span: Span, allowed: int) -> Diagnostic:
    """Report a file of more values than are read."""
    message = f"the file holds more than {allowed} values"
    return error(Code.FILE_TOO_LARGE, message, span, hint="split the file")


def too_deep(span: Span, allowed: int) -> Diagnostic:
    """Report mappings and lists within each other beyond what is read."""
    message = f"mappings and lists stand within each other more than {allowed} deep"
    hint = "write the content with fewer levels"
    return error(Code.NESTED_TOO_DEEP, message, span, hint=hint)


def not_utf8(span: Span, line: int | None = None) -> Diagnostic:
    """Report bytes that are no text."""
    where = "the file holds bytes" if line is None else f"line {line} holds bytes"
    return error(Code.NOT_UTF8, f"{where} that are not UTF-8 text", span, hint=_UTF8)


def refused_character(span: Span) -> Diagnostic:
    """Report a tab, a control character or one that cannot be seen."""
    character = span.text
    if character == "\t":
        hint = "use spaces; within text, write `\\t` in double quotes"
        return error(Code.TAB, "a tab stands in the file", span, hint=hint)
    if "\ud800" <= character <= "\udfff":
        return not_utf8(span)
    message = f"the character U+{ord(character):04X} cannot be seen in an editor"
    return error(Code.CONTROL_CHARACTER, message, span, hint="delete the character")


def empty_file(span: Span) -> Diagnostic:
    """Report a file without content."""
    return error(Code.EMPTY_FILE, "the file holds nothing", span, hint="write its content")


def directive(span: Span) -> Diagnostic:
    """Report `%YAML` or `%TAG`."""
    message = "a line that starts with `%` is a YAML directive"
    return error(Code.DIRECTIVE, message, span, hint="delete the line")


def second_document(span: Span) -> Diagnostic:
    """Report `---` between documents."""
    message = "`---` starts a second document"
    return error(Code.SEVERAL_DOCUMENTS, message, span, hint="write one document in each file")


def anchor(span: Span) -> Diagnostic:
    """Report `&name` in front of a value."""
    message = f"`{span.text}` names a value to be repeated, which is refused"
    hint = "delete the anchor; if the value starts with `&`, put it in quotes"
    return error(Code.ANCHOR_OR_ALIAS, message, span, hint=hint)


def alias(span: Span) -> Diagnostic:
    """Report `*name` in place of a value."""
    message = f"`{span.text}` repeats a value from elsewhere, which is refused"
    hint = "write the value itself; if it starts with `*`, put it in quotes"
    return error(Code.ANCHOR_OR_ALIAS, message, span, hint=hint)


def tag(span: Span) -> Diagnostic:
    """Report `!name` in front of a value."""
    message = f"`{span.text}` changes the type of a value, which is refused"
    hint = "delete the tag; if the value starts with `!`, put it in quotes"
    return error(Code.TAG, message, span, hint=hint)


def merge_key(key: Text) -> Diagnostic:
    """Report `<<:`."""
    message = "`<<` takes over keys from elsewhere, which is refused"
    return error(Code.MERGE_KEY, message, key.span, hint="write the keys themselves")


def duplicate_key(key: Text, first: Text) -> Diagnostic:
    """Report a key written twice in one mapping."""
    return error(
        Code.DUPLICATE_KEY,
        f"the key `{key.value}` stands twice in one mapping",
        key.span,
        hint="delete one of the two, or give it another name",
        secondary=[Label(first.span, "it stands here first")],
    )


def key_not_text(span: Span) -> Diagnostic:
    """Report a key that is a mapping, a list, empty or several lines long."""
    hint = "write a name as the key; a value that starts with `{` or `[` needs quotes"
    return error(Code.KEY_NOT_TEXT, "a key has to be text on one line", span, hint=hint)


def empty_value(key: Text) -> Diagnostic:
    """Report a key without a value; in `{ }` it is mostly the rest of an expression."""
    if _KEY.fullmatch(key.value):
        hint = "write a value or leave the key out; did a comma split an expression?"
    else:
        hint = (
            "put the whole value in quotes, or on lines of its own below `>-`: within `{ }` a"
            " comma ends a value"
        )
    return error(Code.EMPTY_VALUE, f"the key `{key.value}` has no value", key.span, hint=hint)


def empty_item(span: Span) -> Diagnostic:
    """Report a list item without a value."""
    hint = "write a value or delete the item"
    return error(Code.EMPTY_VALUE, "an item of the list has no value", span, hint=hint)


def cut_by_comment(span: Span) -> Diagnostic:
    """Report `value #text`, where YAML drops the rest of the line."""
    message = "`#` after a space makes the rest of the line a comment"
    hint = "put the value in quotes; if a comment is meant, write a space after the `#`"
    return error(Code.COMMENT_CUTS_TEXT, message, span, hint=hint)
