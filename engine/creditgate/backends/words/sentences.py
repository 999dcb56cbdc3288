"""Expressions as sentences: the one renderer of both languages.

It knows the typed IR and the titles of vocabulary and rulebook; words and grammar come from the
language it is given. What is long or would need brackets within brackets becomes a list of parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from creditgate.backends.words.conditions import Conditions, flattened, grouped_by_subject
from creditgate.backends.words.nouns import Scope
from creditgate.backends.words.passages import Passage, circled, finished, names_in
from creditgate.backends.words.phrases import PHRASES
from creditgate.backends.words.rows import asked_of_rows
from creditgate.domain.dsl_types import Boolean, Date, Instant, Time, without_none
from creditgate.ir.nodes import Aggregate, And, Apply, Expr, If, Not, Or

#: How long a condition or a value may be before it becomes a list of its parts.
_MOST_ON_A_LINE: Final = {"en": 160, "zh": 64}


class Words(Conditions):
    """Expressions of one rulebook in one language, as of a day where one is given."""

    def value(self, node: Expr, scope: Scope | None = None) -> Passage:
        """Return an expression in words."""
        return self.value_or_opposite(node, scope or Scope(), holds=True)

    def value_or_opposite(self, node: Expr, scope: Scope, *, holds: bool) -> Passage:
        """Return an expression in words, or the opposite of a condition."""
        if isinstance(without_none(node.type), Boolean):
            return self._condition(node, scope, holds=holds)
        return self._value(node, scope)

    def clauses(self, node: Expr, scope: Scope | None = None) -> tuple[Passage, ...]:
        """Return the parts of a condition that must all hold, each in words."""
        start = scope or Scope()
        items = grouped_by_subject(flattened(node, And, Or))
        return tuple(self._all(group, start) for group in items)

    def cases(
        self, node: Expr, scope: Scope | None = None
    ) -> tuple[tuple[Passage | None, Passage], ...]:
        """Return the branches of an `if` as (test, value), the last without a test."""
        start = scope or Scope()
        return tuple(
            (None if test is None else self.value(test, start), self.value(then, start))
            for test, then in _branches(node)
        )

    def comparison(
        self, node: Apply, *, holds: bool, values: tuple[str, str], scope: Scope
    ) -> Passage:
        """Return a comparison, or its opposite, with the values of its sides."""
        said = self.test(node, scope.of_tests(), holds=holds, values=values)
        return self._inline(said.text)

    def message(self, parts: Sequence[str | Expr]) -> str:
        """Return a message with its values named in square brackets."""
        shown = (part if isinstance(part, str) else f"[{self.value(part)}]" for part in parts)
        return "".join(shown)

    def whole(self, parts: Iterable[Passage]) -> Passage:
        """Return clauses that must all hold as one sentence."""
        listed = tuple(parts)
        if len(listed) == 1:
            return listed[0]
        return self._list("list.all", listed)

    # Conditions

    def _condition(self, node: Expr, scope: Scope, *, holds: bool) -> Passage:
        match node:
            case Not(item=item):
                return self._condition(item, scope, holds=not holds)
            case And() | Or():
                both = isinstance(node, And) is holds
                kinds = (And, Or) if both else (Or, And)
                items = flattened(node, *kinds, holds=holds)
                return self._all(items, scope) if both else self._any(items, scope)
            case If():
                return self._choice(node, scope, holds=holds)
            case Aggregate(kind="any" | "all"):
                return self._of_rows(node, scope, holds=holds)
            case _:
                return self._inline(self.condition(node, scope, holds=holds).text)

    def _all(self, items: Sequence[Expr], scope: Scope) -> Passage:
        if len(items) == 1:
            return self._condition(items[0], scope, holds=True)
        inline = self._inline(self.joined(items, scope, both=True).text)
        if self._is_short(inline):
            return inline
        groups = list(grouped_by_subject(items))
        if len(groups) == 1:
            return inline
        return self._list("list.all", [self._all(group, scope) for group in groups])

    def _any(self, items: Sequence[Expr], scope: Scope) -> Passage:
        inline = self._inline(self.joined(items, scope, both=False).text)
        if self._is_short(inline):
            return inline
        parts = [self._condition(item, scope, holds=True) for item in items]
        return self._list("list.any", parts)

    def _of_rows(self, node: Aggregate, scope: Scope, *, holds: bool) -> Passage:
        """Return what is said of rows of a list; several things said of each become a list."""
        inline = self._inline(self.aggregate(node, scope, holds=holds).text)
        element = node.element
        if self._is_short(inline) or element is None:
            return inline
        kind, element_holds = asked_of_rows(node, holds=holds)
        inside = self.over_rows(node, scope)
        said = self._condition(element, inside.of_tests(), holds=element_holds)
        if not said.parts:
            return inline
        head = self._inline(self.about_rows(node, scope, kind, "{0}")).replace("{0}", said.lead)
        return Passage(head, said.parts, language=self.grammar.id, named=said.named)

    # Values

    def _value(self, node: Expr, scope: Scope) -> Passage:
        if isinstance(node, If):
            return self._choice(node, scope, holds=True)
        inline = self._inline(self.phrase(node, scope).text)
        if isinstance(node, Apply) and node.operator in {"minimum", "maximum"}:
            many = len(node.arguments) > 2 or any(isinstance(a, If) for a in node.arguments)
            if many and not self._is_short(inline):
                moment = isinstance(without_none(node.type), Date | Time | Instant)
                parts = [self._value(item, scope) for item in node.arguments]
                return self._list(f"list.{node.operator}{'.day' if moment else ''}", parts)
        return inline

    def _choice(self, node: If, scope: Scope, *, holds: bool) -> Passage:
        boolean = isinstance(without_none(node.type), Boolean)
        if boolean:
            inline = self._inline(self.choice(node, scope, holds=holds).text)
            if self._is_short(inline):
                return inline
        parts = [
            branch(
                None if test is None else self._condition(test, scope, holds=True),
                self.value_or_opposite(then, scope, holds=holds),
                self.grammar.id,
            )
            for test, then in _branches(node)
        ]
        return self._list("list.choice", parts)

    # Forms

    def _list(self, key: str, parts: Sequence[Passage]) -> Passage:
        return Passage(self.say[key], parts, language=self.grammar.id)

    def _is_short(self, passage: Passage) -> bool:
        return not passage.parts and len(passage) <= _MOST_ON_A_LINE[self.grammar.id]

    def _inline(self, text: str) -> Passage:
        """Return a text with what is told apart listed behind it, in the order of mention."""
        numbers: dict[int, int] = {}
        waiting = [text]
        while waiting:
            for place in names_in(waiting.pop(0)):
                if place not in numbers:
                    numbers[place] = len(numbers)
                    waiting.append(self.apart[place][0])
        lead = finished(text, numbers, self.grammar.brackets)
        if not numbers:
            return Passage(lead, language=self.grammar.id)
        parts = []
        for place, number in numbers.items():
            said, test = self.apart[place]
            said = finished(said, numbers, self.grammar.brackets)
            chosen = said.startswith(self.say["if"].partition("{")[0])
            form = self.say["given.choice" if chosen else "given.test" if test else "given"]
            parts.append(Passage(form.format(circled(number), said), language=self.grammar.id))
        lead = self.say["list.given"].format(lead)
        return Passage(lead, parts, language=self.grammar.id, named=True)


def branch(when: Passage | None, said: Passage, language: str) -> Passage:
    """Return a value with the condition under which it is taken, without one as the last resort."""
    say = PHRASES[language]
    if when is None:
        return said.said(say["branch.last"])
    if when.parts and not said.parts:
        return when.said(say["branch.behind"].format("{0}", str(said)))
    return said.said(say["branch"].format(str(when), "{0}"))


def _branches(node: Expr) -> Iterator[tuple[Expr | None, Expr]]:
    while isinstance(node, If):
        yield node.test, node.then
        node = node.otherwise
    yield None, node
