"""Ask the solver so that the same question always has the same answer, in usual values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import z3

from creditgate.backends.solver.asking import CALENDARS, MOST_REFINEMENTS, TIME, Asking, Reply
from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.pieces import Formula

MOST_WISHES_DROPPED: Final = 400


class SteadyAsking(Asking):
    """A solver whose limit is the number of its steps, not a time: `effort`, a check.

    A wish is what is usual of some facts. Each question is asked with all wishes; the last of
    those that together exclude an answer is given up first.
    """

    def __init__(self, encoding: Encoding, effort: int) -> None:
        super().__init__(encoding)
        self._solver.set("rlimit", effort)
        self._marks: dict[int, Any] = {}
        self._kept: list[Formula] = []
        self._learned: list[Formula] = []

    def ask_usual(self, wanted: Iterable[Formula], wishes: Sequence[Formula]) -> Reply:
        """Look for facts for which all that is wanted holds, and as many wishes as may be.

        Errors: none; where the solver gives up, the reply says why.
        """
        conditions = list(wanted)
        if any(condition is False for condition in conditions):
            return Reply("none")
        marks = [self._mark(wish) for wish in wishes if not isinstance(wish, bool)]
        self._state()
        self._solver.push()
        try:
            self._solver.add(*[each for each in conditions if each is not True])
            return self._with_wishes(marks)
        finally:
            self._solver.pop()
            # What was learned of calendars is true for every question.
            self._solver.add(*self._learned)
            self._learned.clear()

    def _mark(self, wish: Formula) -> Any:
        """Return a variable that stands for a wish; the solver keeps it between questions."""
        mark = self._marks.get(wish.get_id())
        if mark is None:
            mark = self._marks[wish.get_id()] = z3.FreshBool("wish")
            self._solver.add(z3.Implies(mark, wish))
            self._kept.append(wish)
        return mark

    def _with_wishes(self, marks: list[Any]) -> Reply:
        reply = Reply("unknown", why=TIME)
        for _ in range(MOST_WISHES_DROPPED):
            reply = self._settled(marks)
            if reply.found == "some" or not marks:
                return reply
            if reply.found == "none":
                core = {each.get_id() for each in self._solver.unsat_core()}
                guilty = [place for place, mark in enumerate(marks) if mark.get_id() in core]
                if not guilty:
                    return reply
                del marks[guilty[-1]]
            else:
                # What the solver cannot settle may be settled with fewer wishes.
                del marks[len(marks) // 2 :]
        return reply

    def _settled(self, marks: Sequence[Any]) -> Reply:
        """Check under marks until the functions of calendars are right."""
        for _ in range(MOST_REFINEMENTS):
            found = self._solver.check(*marks)
            if found == z3.unsat:
                return Reply("none")
            if found != z3.sat:
                return Reply("unknown", why=TIME)
            model = self._solver.model()
            wrong, held = self.encoding.calls.wrong(model)
            if not wrong:
                return Reply("some", model)
            self._solver.add(*wrong)
            self._learned += wrong
            here = self._at(held, marks)
            if here is not None:
                return Reply("some", here)
        return Reply("unknown", why=CALENDARS)
