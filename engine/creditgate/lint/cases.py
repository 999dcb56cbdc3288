"""Cases that are never reached, and cases whose order alone says which of them decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, warning
from creditgate.base.spans import Span
from creditgate.ir.bounds import Bounds, same
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import Expr, If
from creditgate.ir.walk import every
from creditgate.lint.stated import Stated
from creditgate.lint.values_of_tests import Reader, Values


@dataclass(frozen=True, slots=True)
class Tried:
    """A case: its test, what it gives, and what its owner is called."""

    test: Expr
    gives: Expr | str | None


def cases(stated: Stated) -> Iterator[Diagnostic]:
    """Yield cases of determinations and branches of formulas that are never reached or overlap.

    A case overlaps an earlier one where both are tests of the same thing, neither holds the other,
    and they give different results: then their order says what the law ought to say.
    """
    judge = _Cases(Reader(stated.book, Bounds(stated.book)))
    for item in stated.determinations:
        tried = [Tried(case.when, case.to) for case in item.cases if case.when is not None]
        yield from judge.of(tried, item.name, item.span)
    for formula in stated.formulas:
        if not formula.judges:
            continue
        inner: set[int] = set()
        for node in every(formula.node):
            if isinstance(node, If) and id(node) not in inner:
                tried, last = [], node
                while True:
                    tried.append(Tried(last.test, last.then))
                    if not isinstance(last.otherwise, If):
                        break
                    last = last.otherwise
                    inner.add(id(last))
                yield from judge.of(tried, formula.owner, formula.span)


class _Cases:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def of(self, tried: Sequence[Tried], owner: str, span: Span) -> Iterator[Diagnostic]:
        """Yield what is wrong with cases that are tried one after the other."""
        for place, case in enumerate(tried):
            before = tried[:place]
            if self._is_unreachable(case.test, [other.test for other in before]):
                message = f"the case `{formula_text(case.test)}` of `{owner}` is never reached"
                hint = "delete it, or put it before the case that takes it away"
                yield warning(Code.UNREACHABLE_CASE, message, span, hint=hint)
                continue
            for other in before:
                if _differ(case.gives, other.gives) and self._overlap(case.test, other.test):
                    message = (
                        f"the cases `{formula_text(other.test)}` and `{formula_text(case.test)}` "
                        f"of `{owner}` overlap"
                    )
                    hint = "let the limits of one end where those of the other begin"
                    yield warning(Code.OVERLAPPING_CASES, message, span, hint=hint)

    def _is_unreachable(self, test: Expr, before: Sequence[Expr]) -> bool:
        parts = self.reader.parts(test)
        read = [values for part in parts if (values := self.reader.values(part)) is not None]
        left: list[Values] = []
        for values in read:
            at_hand = next((one for one in left if same(one.subject, values.subject)), None)
            if at_hand is None:
                at_hand = self.reader.whole(values.subject) or values
                at_hand = self._without_earlier(at_hand, before)
            else:
                left.remove(at_hand)
            met = at_hand.meet(values)
            if met.is_empty:
                return True
            left.append(met)
        return any(self._implies(parts, self.reader.parts(earlier)) for earlier in before)

    def _without_earlier(self, values: Values, before: Sequence[Expr]) -> Values:
        """Take away the values at which an earlier case has held already."""
        for earlier in before:
            taken = self.reader.values(earlier)
            if taken is not None and same(taken.subject, values.subject):
                values = values.without(taken)
        return values

    def _implies(self, parts: Sequence[Expr], earlier: Sequence[Expr]) -> bool:
        """Tell whether an earlier case holds wherever these parts do."""
        return all(any(self._implies_part(part, wanted) for part in parts) for wanted in earlier)

    def _implies_part(self, part: Expr, wanted: Expr) -> bool:
        if same(part, wanted):
            return True
        ours, theirs = self.reader.values(part), self.reader.values(wanted)
        if ours is None or theirs is None or not same(ours.subject, theirs.subject):
            return False
        return ours.without(theirs).is_empty

    def _overlap(self, test: Expr, earlier: Expr) -> bool:
        ours, theirs = self.reader.values(test), self.reader.values(earlier)
        if ours is None or theirs is None or not same(ours.subject, theirs.subject):
            return False
        whole = self.reader.whole(ours.subject)
        if whole is None:
            return False
        ours, theirs = ours.meet(whole), theirs.meet(whole)
        apart = ours.without(theirs).is_empty or theirs.without(ours).is_empty
        return not apart and not ours.meet(theirs).is_empty


def _differ(left: Expr | str | None, right: Expr | str | None) -> bool:
    if isinstance(left, str | None) or isinstance(right, str | None):
        return left != right
    return not same(left, right)
