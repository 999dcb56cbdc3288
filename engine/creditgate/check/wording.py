"""The wording of findings about expressions, in one place."""

from __future__ import annotations

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, Label, error
from creditgate.base.spans import Span
from creditgate.domain.dsl_types import Number, Type, describe


def unknown_name(name: str, span: Span, near: str | None, legal: str) -> Diagnostic:
    """Say that a name means nothing here."""
    hint = f"did you mean `{near}`?" if near else legal
    return error(Code.UNKNOWN_NAME, f"`{name}` is not known here", span, hint=hint)


def unknown_member(name: str, enum: str, span: Span, near: str | None, legal: str) -> Diagnostic:
    """Say that an enum has no such member."""
    hint = f"did you mean `{near}`?" if near else f"its members: {legal}"
    return error(Code.UNKNOWN_MEMBER, f"`{name}` is not a member of {enum}", span, hint=hint)


def cannot_combine(
    symbol: str, left: tuple[Span, Type], right: tuple[Span, Type], hint: str | None = None
) -> Diagnostic:
    """Say that an operator does not go with its operands, showing where both come from."""
    numbers = isinstance(left[1], Number) and isinstance(right[1], Number)
    code = Code.UNIT_MISMATCH if numbers else Code.TYPE_MISMATCH
    what = "the units differ" if numbers else "the types differ"
    message = f"`{symbol}` does not go with `{left[0].text}` and `{right[0].text}`: {what}"
    return error(
        code,
        " ".join(message.split()),
        left[0],
        describe(left[1]),
        hint=hint,
        secondary=(Label(right[0], describe(right[1])),),
    )


def wrong_type(expected: str, found: Type, span: Span, hint: str | None = None) -> Diagnostic:
    """Say that something else was wanted."""
    return error(
        Code.TYPE_MISMATCH,
        f"this is {describe(found)}, and {expected} is wanted here",
        span,
        describe(found),
        hint=hint,
    )


def not_a_list(path: str, found: Type, span: Span) -> Diagnostic:
    """Say that something is read as a list that is none."""
    return error(Code.NOT_A_LIST, f"`{path}` is {describe(found)}, not a list", span)


def bare_number(text: str, span: Span, wanted: Type) -> Diagnostic:
    """Say that a number stands without its unit."""
    hint = "write it with its unit, such as `130%`, `500_000 CNY`, `100 shares`"
    return error(
        Code.BARE_NUMBER,
        f"`{text}` has no unit, and {describe(wanted)} is wanted here",
        span,
        hint=hint,
    )


def may_be_none(text: str, span: Span) -> Diagnostic:
    """Say that a value that can be none is computed with."""
    return error(
        Code.MAYBE_NONE,
        f"`{text}` may be none, and nothing can be computed with none",
        span,
        hint=f"guard it: `{text} is not none and ...`, or give another value: `{text} or if none ...`",
    )


def unknown_fact(name: str, entity: str, span: Span, near: str | None) -> Diagnostic:
    """Say that an entity has no such fact."""
    legal = f"`creditgate facts` lists the facts of {entity}"
    return error(
        Code.UNKNOWN_NAME,
        f"{entity} has no fact or figure `{name}`",
        span,
        hint=f"did you mean `{near}`?" if near else legal,
    )


def not_a_subject(entity: str, span: Span, subjects: list[str]) -> Diagnostic:
    """Say that an event does not speak of an entity."""
    return error(
        Code.WRONG_PLACE,
        f"the event judged here does not speak of `{entity}`",
        span,
        hint=f"its subjects are {', '.join(subjects)}",
    )


def needs_subject(name: str, entity: str, span: Span) -> Diagnostic:
    """Say that a figure belongs to an entity."""
    return error(
        Code.UNKNOWN_NAME,
        f"`{name}` is a figure of {entity}, so it must say of which one",
        span,
        hint=f"read it through a path, such as `order.{entity}.{name}` or `p.{entity}.{name}`",
    )


def table_needs_keys(name: str, span: Span) -> Diagnostic:
    """Say that a table is read without its keys."""
    return error(
        Code.TYPE_MISMATCH, f"`{name}` is a table", span, hint=f"read it at its keys: `{name}[...]`"
    )


def not_single(name: str, list_name: str | None, span: Span) -> Diagnostic:
    """Say that there are many records of an entity."""
    through = f" (in the facts: `{list_name}`)" if list_name else ""
    return error(
        Code.WRONG_PLACE,
        f"there are many records of `{name}`{through}",
        span,
        hint="go through a reference, such as `order.security`, or through a list",
    )
