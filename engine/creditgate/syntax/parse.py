"""Text of an expression to its tree, with every mistake as a diagnostic."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, Final, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import ScalarMap
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Place, Tree
from creditgate.syntax.parser_tables import parser_of_expressions
from creditgate.syntax.wording import FULL_WIDTH, expected_words, outside_texts, wrong_symbol

MOST_CHARACTERS: Final = 20_000
MOST_NESTED: Final = 60
MOST_DEPTH: Final = 120
MOST_DIGITS: Final = 40
_TOO_MANY_DIGITS: Final = re.compile(rf"[\d_]{{{MOST_DIGITS + 1},}}")
_MICROSECONDS: Final = {"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000}


def parse(text: str, places: ScalarMap, collector: Collector) -> Tree | None:
    """Return the tree of an expression, or None after reporting what is wrong with it.

    Errors: CG3001 syntax, CG3002 `and` mixed with `or`, CG3003 full-width punctuation, CG3004 too
    deep or long, CG3005 rounding beside a sum, CG3006 and CG3007 symbols of other languages,
    CG5009 a number of too many digits.
    """
    tree = _faultless(text)
    return _parse(text, places, collector) if tree is None else tree


@lru_cache(maxsize=8192)
def _faultless(text: str) -> Tree | None:
    """Return the tree of a text in which nothing is wrong: many texts stand in several places."""
    collector = Collector()
    tree = _parse(text, ScalarMap(None, 0, len(text), "plain", text), collector)
    return None if collector.diagnostics else tree


def _parse(text: str, places: ScalarMap, collector: Collector) -> Tree | None:
    outside = outside_texts(text)
    if len(text) > MOST_CHARACTERS or _nesting(outside) > MOST_NESTED:
        collector.add(
            error(
                Code.TOO_DEEP,
                "the expression is too long or nested too deep to be read by anyone",
                places.span(0, min(len(text), 40)),
                hint="give its parts names as figures",
            )
        )
        return None
    digits = _TOO_MANY_DIGITS.search(outside)
    if digits is not None:
        collector.add(
            error(
                Code.BAD_LITERAL,
                f"a number has at most {MOST_DIGITS} digits",
                places.span(*digits.span()),
                hint="write a smaller number",
            )
        )
        return None
    plain = _without_full_width(text, places, collector)
    if plain is None or wrong_symbol(outside_texts(plain), places, collector):
        return None
    try:
        tree = cast("Tree", _parser().parse(plain))  # the transformer makes our own trees
    except UnexpectedToken as problem:
        _report(problem.token, problem.accepts or problem.expected, plain, places, collector)
        return None
    except UnexpectedCharacters as problem:
        start = problem.pos_in_stream or 0
        word = re.compile(r"\w+|.", re.DOTALL).match(plain, start)
        shown = plain[start] if word is None else word[0]
        collector.add(
            error(
                Code.SYNTAX_ERROR,
                f"`{shown}` has no meaning here",
                places.span(start, start + len(shown)),
                hint="take it out, or see the list of operators in docs/language.md",
            )
        )
        return None
    if nodes.depth(tree) > MOST_DEPTH:
        collector.add(
            error(
                Code.TOO_DEEP,
                "the expression has too many parts to be read by anyone",
                places.span(0, min(len(text), 40)),
                hint="give its parts names as figures",
            )
        )
        return None
    return tree if _unambiguous(tree, places, collector) else None


def _nesting(text: str) -> int:
    level = deepest = 0
    for character in text:
        if character in "([{":
            level += 1
            deepest = max(deepest, level)
        elif character in ")]}":
            level -= 1
    return max(deepest, len(re.findall(r"\b(?:if|not)\b|-\s*(?=-)", text)) // 2)


def _without_full_width(text: str, places: ScalarMap, collector: Collector) -> str | None:
    changed = list(text)
    stop = False
    for offset, character in enumerate(outside_texts(text)):
        plain = FULL_WIDTH.get(character)
        if plain is not None:
            collector.add(
                error(
                    Code.FULL_WIDTH_PUNCTUATION,
                    f"`{character}` is a full-width character",
                    places.span(offset, offset + 1),
                    hint=f"write `{plain}` (`creditgate fmt` does it for you)",
                )
            )
            changed[offset] = plain
            stop = stop or len(plain) > 1
    return None if stop else "".join(changed)


def _report(
    token: Token, accepted: Any, text: str, places: ScalarMap, collector: Collector
) -> None:
    words = expected_words(set(accepted))
    if token.type == "$END":
        end = len(text.rstrip())
        message = "the expression stops too early" if text.strip() else "the expression is empty"
        span = places.span(max(0, end - 1), end)
    else:
        start = token.start_pos or 0
        message = f"`{token}` does not fit here"
        span = places.span(start, start + len(token))
    hint = f"what may stand here: {words}"
    collector.add(error(Code.SYNTAX_ERROR, message, span, hint=hint))


def _unambiguous(tree: Tree, places: ScalarMap, collector: Collector) -> bool:
    good, waiting = True, [tree]
    while waiting:
        current = waiting.pop()
        inside = nodes.parts(current)
        waiting.extend(inside)
        mixed = isinstance(current, nodes.OrChain) and next(
            (part for part in inside if isinstance(part, nodes.AndChain)), None
        )
        if mixed:
            good = False
            collector.add(
                error(
                    Code.MIXED_AND_OR,
                    "`and` and `or` are mixed without brackets",
                    places.span(mixed.place.start, mixed.place.end),
                    hint="put brackets around the part that belongs together",
                )
            )
        if isinstance(current, nodes.Operation) and current.symbol in "+-":
            for part in inside:
                if isinstance(part, nodes.RoundedTo):
                    good = False
                    collector.add(
                        error(
                            Code.BRACKETS_NEEDED_FOR_ROUNDING,
                            "it is not clear what is rounded: the sum or its part",
                            places.span(part.place.start, part.place.end),
                            hint="put brackets around what is rounded and around the rounding",
                        )
                    )
    return good


@cache
def _parser() -> Lark:
    return parser_of_expressions(_Build())


def _of(token: Token) -> Place:
    return Place(token.start_pos or 0, token.end_pos or 0)


def _across(first: Any, last: Any) -> Place:
    start = first.start_pos if isinstance(first, Token) else first.place.start
    end = last.end_pos if isinstance(last, Token) else last.place.end
    return Place(start or 0, end or 0)


def _number(token: Token) -> Fraction:
    return Fraction(re.split(r"[\s%]", token)[0].replace("_", ""))


@v_args(inline=True)
class _Build(Transformer[Token, Tree]):
    """Build the tree while parsing; brackets and commas are filtered out by the grammar."""

    def start(self, tree: Tree) -> Tree:
        return tree

    def plain_number(self, token: Token) -> Tree:
        return nodes.NumberLiteral(_of(token), "plain", _number(token))

    def percent(self, token: Token) -> Tree:
        return nodes.NumberLiteral(_of(token), "percent", _number(token) / 100)

    def amount(self, token: Token) -> Tree:
        unit = token.split()[1]
        kind = "price" if unit.endswith("/share") else "money"
        return nodes.NumberLiteral(_of(token), kind, _number(token), unit[:3])

    def shares(self, token: Token) -> Tree:
        return nodes.NumberLiteral(_of(token), "shares", _number(token))

    def duration(self, token: Token) -> Tree:
        words = token.split()
        count, unit = int(words[0].replace("_", "")), words[-1].rstrip("s")
        if unit in _MICROSECONDS:
            return nodes.DurationLiteral(_of(token), count * _MICROSECONDS[unit], "seconds")
        name = f"{words[1]}_days" if len(words) == 3 else f"{unit}s"
        return nodes.DurationLiteral(_of(token), count, name)

    def date_literal(self, token: Token) -> Tree:
        try:
            return nodes.DateLiteral(_of(token), date.fromisoformat(token).toordinal())
        except ValueError:
            return nodes.DateLiteral(_of(token), None)

    def time_literal(self, token: Token) -> Tree:
        hour, minute = int(token[:2]), int(token[3:5])
        good = hour < 24 and minute < 60 and token[5:] in ("", ":00")
        return nodes.TimeLiteral(_of(token), hour * 60 + minute if good else None)

    def boolean(self, token: Token) -> Tree:
        return nodes.BooleanLiteral(_of(token), token in ("yes", "true"))

    def nothing(self, token: Token) -> Tree:
        return nodes.NoneLiteral(_of(token))

    def text_literal(self, token: Token) -> Tree:
        return nodes.TextLiteral(_of(token), token[1:-1])

    def as_of(self, token: Token) -> Tree:
        return nodes.AsOfWord(_of(token))

    def path(self, *names: Token) -> Tree:
        return nodes.Path(
            _across(names[0], names[-1]), tuple(map(str, names)), tuple(map(_of, names))
        )

    def lookup(self, table: nodes.Path, *rest: Any) -> Tree:
        *keys, close, column = rest
        last = column if column is not None else close
        return nodes.TableRead(
            _across(table, last),
            table,
            tuple(keys),
            None if column is None else str(column),
            None if column is None else _of(column),
        )

    def at_date(self, item: Any, _at: Token, when: Tree) -> Tree:
        return nodes.AtDateOf(_across(item, when), item, when)

    def bracketed(self, item: Tree) -> Tree:
        return nodes.Bracketed(item.place, item)

    def set_literal(self, opening: Token, *rest: Any) -> Tree:
        *items, close = rest
        kept = tuple(item for item in items if item is not None)
        return nodes.SetLiteral(_across(opening, close), kept)

    def claimed(self, word: Token, name: Token, close: Token) -> Tree:
        return nodes.ClaimedWord(_across(word, close), str(name), _of(name))

    def call(self, function: Token, *rest: Any) -> Tree:
        *items, close = rest
        return nodes.Call(_across(function, close), str(function), tuple(items))

    def aggregate(
        self, kind: Token, element: Tree, _for: Token, name: Token, _in: Token, source: nodes.Path,
        _where: Token | None, where: Tree | None, close: Token,
    ) -> Tree:  # fmt: skip
        place = _across(kind, close)
        return nodes.Fold(place, str(kind), element, str(name), _of(name), source, where)

    def counted(
        self, kind: Token, shown: Token, _for: Token, name: Token, _in: Token, source: nodes.Path,
        _where: Token | None, where: Tree | None, close: Token,
    ) -> Tree:  # fmt: skip
        place = _across(kind, close)
        if shown != name:
            return nodes.Fold(place, "count", None, str(shown), _of(shown), source, where)
        return nodes.Fold(place, "count", None, str(name), _of(name), source, where)

    def opposite(self, sign: Token, item: Tree) -> Tree:
        return nodes.Opposite(_across(sign, item), item)

    def addition_of(self, left: Tree, symbol: Token, right: Tree) -> Tree:
        return nodes.Operation(_across(left, right), str(symbol), left, right)

    product_of = addition_of
    comparison_of = addition_of

    def equality(self, left: Tree, _word: Token, right: Tree) -> Tree:
        return nodes.Operation(_across(left, right), "is", left, right)

    def inequality(self, left: Tree, _word: Token, right: Tree) -> Tree:
        return nodes.Operation(_across(left, right), "is not", left, right)

    def membership(self, left: Tree, _word: Token, right: Tree) -> Tree:
        return nodes.Operation(_across(left, right), "in", left, right)

    def non_membership(self, left: Tree, word: Token, right: Tree) -> Tree:
        return nodes.NotTest(_across(left, right), self.membership(left, word, right))

    def multiple(self, left: Tree, _word: Token, right: Tree) -> Tree:
        return nodes.Operation(_across(left, right), "is a multiple of", left, right)

    def non_multiple(self, left: Tree, word: Token, right: Tree) -> Tree:
        return nodes.NotTest(_across(left, right), self.multiple(left, word, right))

    def between(self, item: Tree, _word: Token, low: Tree, _and: Token, high: Tree) -> Tree:
        return nodes.BetweenTest(_across(item, high), item, low, high)

    def none_test(self, item: Tree, word: Token) -> Tree:
        return nodes.NoneTest(_across(item, word), item)

    def not_none_test(self, item: Tree, word: Token) -> Tree:
        return nodes.NotTest(_across(item, word), self.none_test(item, word))

    def empty_test(self, item: Tree, word: Token) -> Tree:
        return nodes.EmptyTest(_across(item, word), item)

    def not_empty_test(self, item: Tree, word: Token) -> Tree:
        return nodes.NotTest(_across(item, word), self.empty_test(item, word))

    def negation_of(self, word: Token, item: Tree) -> Tree:
        return nodes.NotTest(_across(word, item), item)

    def and_chain(self, *items: Any) -> Tree:
        kept = tuple(item for item in items if not isinstance(item, Token))
        return nodes.AndChain(_across(kept[0], kept[-1]), kept)

    def or_chain(self, *items: Any) -> Tree:
        kept = tuple(item for item in items if not isinstance(item, Token))
        return nodes.OrChain(_across(kept[0], kept[-1]), kept)

    def conditional(
        self, word: Token, test: Tree, _t: Token, then: Tree, _e: Token, other: Tree
    ) -> Tree:
        return nodes.Conditional(_across(word, other), test, then, other)

    def or_else(self, item: Tree, _word: Token, other: Tree) -> Tree:
        return nodes.OrIfNone(_across(item, other), item, other)

    def rounded(self, item: Tree, word: Token, step: Tree) -> Tree:
        return nodes.RoundedTo(_across(item, step), word.split()[1], item, step)

    def date_word(self, word: Token, item: Tree) -> Tree:
        return nodes.DateWord(_across(word, item), " ".join(word.split()), item)
