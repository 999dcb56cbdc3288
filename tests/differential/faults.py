"""Faults planted in the generated evaluator, each of which the comparison has to notice.

A fault changes one emission function, one table, one function of the runtime, or the generated
source by a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from creditgate.backends.scalar import (
    aggregates,
    booleans,
    dispatch,
    generated,
    modules,
    numbers,
    reads,
    runtime,
    writing,
)
from creditgate.backends.scalar import compile as compiling
from creditgate.backends.scalar.blocks import Name, assignment
from creditgate.backends.scalar.emit import Emitter
from creditgate.backends.scalar.pieces import Piece, Strength
from creditgate.lowered import calendar_functions, folding, operators, rounding, strict
from creditgate.lowered.rules import applies
from creditgate.lowered.terms import Number, Op, Reading, Term, Terms
from creditgate.lowered.values_asked import values_asked

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in one sentence, and how it is planted."""

    sentence: str
    plant: Plant


def edit(pattern: str, replacement: str) -> Plant:
    """Change the generated source wherever a pattern is found."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        def source_of(module: Any, title: str) -> str:
            return re.sub(pattern, replacement, modules.source_of(module, title))

        patch.setattr(writing, "source_of", source_of)

    return plant


def entry(table: Mapping[Any, Any], key: Hashable, value: Any) -> Plant:
    """Change one entry of a table."""
    return lambda patch: patch.setitem(table, key, value)


def attribute(holder: Any, name: str, value: Any) -> Plant:
    """Change a function or a constant of a module."""
    return lambda patch: patch.setattr(holder, name, value)


def _reading(change: Callable[[str, Reading], str]) -> Plant:
    original = reads.INLINE[Op.READ]

    def build(emitter: Emitter, term: Term) -> Piece:
        piece = original(emitter, term)
        assert isinstance(term.own, Reading)
        return replace(piece, text=change(piece.text, term.own), strength=Strength.CHOICE)

    return entry(reads.INLINE, Op.READ, build)


def _missing_as_none(text: str, _reading: Reading) -> str:
    return f"None if {text} is MISSING else {text}"


def _none_as_zero(text: str, reading: Reading) -> str:
    return text if reading.number is None else f"0 if {text} is None else {text}"


def _is_none_known(emitter: Emitter, term: Term) -> Piece:
    part = emitter.named(term.parts[0])
    return Piece(part.none or "False", Strength.COMPARISON)


def _or_else_of_unknown(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    name, item = names[term], emitter.named(term.parts[0])
    other = emitter.branch(term, 1, name)
    emitter.nest(f"if {item.text} is None or {item.text} is MISSING:", other)
    emitter.nest("else:", assignment(name, replace(item, none=None)))


def _passed_over(name: str, decisive: str, piece: Piece) -> list[str]:
    holds = piece.text if decisive == "True" else piece.opposite
    return [
        f"if not ({' or '.join([*piece.strict, 'False'])}) and {holds}:",
        f"    {name} = {decisive}",
    ]


def _unaligned(parts: list[Piece]) -> tuple[list[Piece], str | None, int]:
    below = [part.below for part in parts if part.below is not None]
    return parts, below[0] if below else None, parts[0].unit


def _unit_of_first(terms: Terms, op: Op, parts: Any, own: Hashable) -> Term:
    number = strict.held(parts[0])
    return terms.term(op, parts, own, number=Number(number.unit, number.pair))


def _without_exemptions(terms: Terms, when: Term | None, _exemptions: Any) -> Term:
    return applies(terms, when, ())


def _exempting_what_is_not(terms: Terms, when: Term | None, exemptions: Any) -> Term:
    return applies(terms, when, [folding.make(terms, Op.NOT, [each]) for each in exemptions])


def _fewer_values(condition: Term) -> dict[Term, frozenset[str]]:
    found = values_asked(condition)
    return {fact: frozenset(sorted(values)[1:]) for fact, values in found.items()}


def _sorted_with(change: Callable[[dispatch.Choice], dispatch.Tree]) -> Plant:
    def sorted_by_facts(terms: Terms, rules: Any) -> dispatch.Tree:
        tree = dispatch.sorted_by_facts(terms, rules)
        return change(tree) if isinstance(tree, dispatch.Choice) else tree

    return attribute(compiling, "sorted_by_facts", sorted_by_facts)


def _indexed_with(change: Callable[[dispatch.Index], dispatch.Index]) -> Plant:
    index = dispatch._index
    return attribute(dispatch, "_index", lambda *arguments: change(index(*arguments)))


def _without_keys(tree: dispatch.Index) -> dispatch.Index:
    return replace(tree, keys=dict(list(tree.keys.items())[::2]))


def _first_groups(tree: dispatch.Index) -> dispatch.Index:
    return replace(tree, keys={key: places[:1] for key, places in tree.keys.items()})


def _known_only(tree: dispatch.Index) -> dispatch.Index:
    return replace(tree, unknown=replace(tree.unknown, rules=()))


def _never_free(tree: dispatch.Index) -> dispatch.Index:
    return replace(tree, always=dispatch.Leaf(()))


def _settled_otherwise(tree: dispatch.Index) -> dispatch.Index:
    groups = [replace(group, value=f"{group.value}0") for group in tree.groups]
    return replace(tree, groups=tuple(groups))


def _put_beside(code: generated.Generated, place: int, _before: Any, judged: Any) -> None:
    held = code._later[place]
    table = code.names[held.held_in]
    if isinstance(table, list):
        table[(place - held.first + 1) % len(table)] = judged


def _computed_wrongly(op: Op, values: list[Any], own: Hashable) -> Any:
    value = strict.computed(op, values, own)
    return not value if op in (Op.EQUAL, Op.NOT_EQUAL, Op.MEMBER) else value


def _all_rows(terms: Terms, parts: Any, own: Hashable) -> Term:
    row, _, element = parts
    return _aggregate(terms, (row, terms.true, element), own)


_aggregate = folding.OTHERS[Op.AGGREGATE]


def _half_up_always(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _months_of_thirty_days(day: int, months: int) -> int:
    return day + 30 * months


def _beyond_horizon(ask: Callable[..., int | None]) -> Callable[..., Any]:
    def answer(*arguments: int) -> Any:
        found = ask(*arguments)
        return arguments[0] if found is None else found

    return answer


def _warnings_refuse(
    governs: Any, breached: list[int], undecided: list[int], _warnings: frozenset[int]
) -> runtime.Verdict:
    return (governs, tuple(sorted(breached)), tuple(sorted(undecided)), (), ())


def _first_part(_terms: Terms, _op: Op, parts: Any) -> Term:
    first: Term = parts[0]
    return first


def _without_last(outcomes: tuple[str, ...], deadlines: tuple[int, ...]) -> tuple[str, ...]:
    return outcomes[: len(outcomes) - len(deadlines)]


class _NothingIsNone:
    def __getattr__(self, name: str) -> Any:
        return None


def _longer_day() -> Plant:
    original = calendar_functions.CALENDAR_FUNCTIONS["date_of"]
    day = timedelta(days=1) // timedelta(microseconds=1)

    def date_of(calendar: Any) -> Callable[..., Any]:
        ask = original(calendar)
        return lambda instant: ask(instant + day // 3)

    return entry(calendar_functions.CALENDAR_FUNCTIONS, "date_of", date_of)


FAULTS = (
    Fault("at most is written as below", entry(numbers.SYMBOLS, Op.LESS_OR_EQUAL, "<")),
    Fault("at least is written as above", entry(numbers.SYMBOLS, Op.GREATER_OR_EQUAL, ">")),
    Fault("below is written as at most", entry(numbers.SYMBOLS, Op.LESS, "<=")),
    Fault("above is written as at least", entry(numbers.SYMBOLS, Op.GREATER, ">=")),
    Fault("another value is written as the same", entry(numbers.SYMBOLS, Op.NOT_EQUAL, "==")),
    Fault("a comparison with a constant first is turned round", entry(numbers.MIRRORED, "<", "<")),
    Fault("the opposite of at least is at most", entry(numbers.OPPOSITE, ">=", "<=")),
    Fault("a missing fact reads as none", _reading(_missing_as_none)),
    Fault("a number that is none reads as zero", _reading(_none_as_zero)),
    Fault("a record that was not given has facts that are none", attribute(runtime, "BLANK", _NothingIsNone())),
    Fault("a missing value is computed with", edit(r"MISSING if \w+ is MISSING else", "")),
    Fault("unknown is not looked for in conditions", attribute(booleans, "either", lambda _: "False")),
    Fault("a first item of a chain that is unknown is false", edit(r"((?:all_hold|one_holds)\w* =) MISSING if", r"\1 False if")),
    Fault("a later item of a chain that is unknown is passed over", attribute(booleans, "_decide", _passed_over)),
    Fault("one unknown item makes an `or` unknown", edit(r"if (one_holds\w*) is not True:", r"if \1 is False:")),
    Fault("one unknown item makes an `and` unknown", edit(r"if (all_hold\w*) is not False:", r"if \1 is True:")),
    Fault("the test for none of an unknown value is answered", entry(booleans.INLINE, Op.IS_NONE, _is_none_known)),
    Fault("what stands in for none stands in for unknown", entry(booleans.STATEMENTS, Op.OR_ELSE, _or_else_of_unknown)),
    Fault("exemptions are left out", attribute(compiling, "applies", _without_exemptions)),
    Fault("an exemption exempts where it does not hold", attribute(compiling, "applies", _exempting_what_is_not)),
    Fault("a rule that may apply is breached at once", edit(r"\(breached if \w+ is True else undecided\)", "breached")),
    Fault("a rule that applies is never breached", edit(r"\(breached if \w+ is True else undecided\)", "undecided")),
    Fault("a requirement that is unknown is breached", edit(r"( +)undecided \+=", r"\1breached +=")),
    Fault("a requirement that is unknown is passed over", edit(r"( +)undecided \+= \(\d+,\)", r"\1pass")),
    Fault("a rule is chosen for all values of its fact but one", attribute(dispatch, "values_asked", _fewer_values)),
    Fault("a value that no rule names gets no rules", _sorted_with(lambda tree: replace(tree, other=dispatch.Leaf(())))),
    Fault("a missing fact to choose by gets the rules of other values", _sorted_with(lambda tree: replace(tree, unknown=tree.other))),
    Fault("the rules of every second key are forgotten", _indexed_with(_without_keys)),
    Fault("rules that name many keys are forgotten beside those of one", _indexed_with(_first_groups)),
    Fault("rules that name no key are forgotten", _indexed_with(_never_free)),
    Fault("a missing key finds no rules", _indexed_with(_known_only)),
    Fault("the rules of a key are those of another", _indexed_with(_settled_otherwise)),
    Fault("a group of rules is put in the place of the next", attribute(generated.Generated, "_put", _put_beside)),
    Fault("a condition settled by the choice is settled wrongly", attribute(folding, "computed", _computed_wrongly)),
    Fault("units are not made equal before adding and comparing", attribute(numbers, "aligned", _unaligned)),
    Fault("a product has the unit of its first factor", entry(strict.STRICT, Op.MULTIPLY, _unit_of_first)),
    Fault("a quotient by a negative number has the wrong sign", edit(r"(\w+), (\w+_below) = -(.+), -(.+)", r"\1, \2 = \3, \4")),
    Fault("a quotient by zero is computed", edit(r" or \w+ == 0:", ":")),
    Fault("the largest is written as the smallest", entry(numbers.INLINE, Op.MAXIMUM, numbers.INLINE[Op.MINIMUM])),
    Fault("rounding up rounds down", entry(operators.SUPPORTED, "round_up", operators.SUPPORTED["round_down"])),
    Fault("ties round up below zero too", attribute(rounding, "round_half_up", _half_up_always)),
    Fault("ties to the even one go up", attribute(rounding, "round_half_even", _half_up_always)),
    Fault("rounding to steps below zero is computed", edit(r" or \w+ <= 0 else", " else")),
    Fault("a limit belongs to the band below it", edit(r"bisect_right\((BOUNDS\w*), ", r"bisect_right(\1, -1 + ")),
    Fault("an entry begins a day late", edit(r"bisect_right\((DAYS\w*), ", r"bisect_right(\1, -1 + ")),
    Fault("a table without a row for a key says none", edit(r", MISSING\)", ", None)")),
    Fault("past the horizon of a calendar days do not move", attribute(calendar_functions, "_within_horizon", _beyond_horizon)),
    Fault("months have thirty days", attribute(calendar_functions, "add_months", _months_of_thirty_days)),
    Fault("a day ends early in the zone of a calendar", _longer_day()),
    Fault("the smallest of nothing is zero", entry(aggregates.START, "min", "0")),
    Fault("all of nothing is false", entry(aggregates.START, "all", "False")),
    Fault("the first row is left out", edit(r"(for \w+ in \w+):", r"\1[1:]:")),
    Fault("the condition on rows is left out", entry(folding.OTHERS, Op.AGGREGATE, _all_rows)),
    Fault("a row with an unknown value is left out", edit(r"\w+ = MISSING\n( +)break", r"pass\n\1continue")),
    Fault("an unknown row is forgotten where aggregates share a loop", edit(r"\w+_unknown = True", "pass")),
    Fault("the first row that holds ends `any`", edit(r"( +)(any_over\w+ = True)\n", r"\1\2; break\n")),
    Fault("a deadline still to come does not put off a breach", attribute(compiling, "make", _first_part)),
    Fault("what is only not due yet is satisfied", attribute(compiling, "with_pending", _without_last)),
    Fault("a claim counts where it was not made", edit(r" in claims", " not in claims")),
    Fault("an unknown day of judgement is the first day", edit("MISSING if as_of is None else as_of", "as_of or 1")),
    Fault("a warning refuses", attribute(runtime, "verdict", _warnings_refuse)),
    Fault("what may not be governed is governed", edit(r"governs\w* is True and not", "not")),
    Fault("what may be governed is not", edit(r"if (governs\w*) is False:", r"if \1 is not True:")),
)  # fmt: skip
