"""Rows of lists in words: what is counted, added up or said of each of them."""

from __future__ import annotations

from creditgate.backends.words.nouns import Scope
from creditgate.backends.words.values import FOLD, NOUN, PRODUCT, SUM, Phrase, ValueWords
from creditgate.domain.dsl_types import Date, Instant, Record, Time, without_none
from creditgate.ir.nodes import Aggregate

_TESTED = frozenset({"any", "not_any", "all"})


class RowWords(ValueWords):
    """Values and aggregates of one rulebook in one language."""

    def over_rows(self, node: Aggregate, scope: Scope) -> Scope:
        """Return the scope of what is said of each row."""
        record = node.variable.type
        title = self.nouns.entity_title(record.entity) if isinstance(record, Record) else ""
        return scope.over(node.variable, title)

    def about_rows(self, node: Aggregate, scope: Scope, kind: str, said: str) -> str:
        """Return a sentence of a kind about rows, with what is said of each."""
        source = self.phrase(node.source, scope.speaking_of(None)).text
        if kind in {"min", "max"} and isinstance(without_none(node.type), Date | Time | Instant):
            kind = f"{kind}.day"
        if node.where is None:
            return self.say[kind].format(source, said)
        where = self.condition(node.where, self.over_rows(node, scope), holds=True).text
        where = where.removeprefix(self.say["row.understood"])
        return self.say[f"{kind}.where"].format(source, said, where)

    def aggregate(self, node: Aggregate, scope: Scope, *, holds: bool) -> Phrase:
        """Return an aggregate, or the opposite of an `any` or `all`."""
        kind, element_holds = asked_of_rows(node, holds=holds)
        element, inside = node.element, self.over_rows(node, scope)
        said = ""
        if element is not None and kind in _TESTED:
            said = self.condition(element, inside, holds=element_holds).text
        elif element is not None:
            # Where the sum is named after its parts, as in Chinese, a product is one part.
            rank = SUM if kind == "sum" and self.grammar.id == "en" else NOUN
            said = self.within(element, inside, rank)
            said = said.removeprefix("the ") if kind in {"min", "max"} else said
        # In Chinese the words of the kind close what is added up.
        closed = self.grammar.id == "zh" and kind not in _TESTED
        return Phrase(self.about_rows(node, scope, kind, said), PRODUCT if closed else FOLD)


def asked_of_rows(node: Aggregate, *, holds: bool) -> tuple[str, bool]:
    """Return the kind of an aggregate, or of its opposite, and whether the element is to hold."""
    if holds:
        return node.kind, True
    return ("not_any", True) if node.kind == "any" else ("any", False)
