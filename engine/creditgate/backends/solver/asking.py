"""Ask the solver whether there is an order for which something holds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import z3

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.pieces import Formula
from creditgate.backends.solver.products import without_products

MOST_REFINEMENTS: Final = 40
TIME: Final = "time"
CALENDARS: Final = "calendars"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the solver says: there is none, there is the one of `model`, or it gave up, and why."""

    found: Literal["none", "some", "unknown"]
    model: Any = None
    why: str = ""


def is_contradiction(
    formulas: Iterable[Formula], seconds: float, effort: int | None = None
) -> bool:
    """Tell whether formulas cannot hold together although products are hardly known.

    False means not proved. With `effort` the limit is a number of steps, not a time.
    """
    conditions = list(formulas)
    if any(condition is False for condition in conditions):
        return True
    solver = _solver()
    if effort is None:
        solver.set("timeout", max(1, int(seconds * 1000)))
    else:
        solver.set("rlimit", effort)
    solver.add(*without_products(conditions))
    return bool(solver.check() == z3.unsat)


def _solver() -> Any:
    """Return a solver; an interruption ends the command and not its search alone."""
    solver = z3.Solver()
    solver.set("random_seed", 0)
    solver.set("ctrl_c", False)
    return solver


class Asking:
    """A solver that keeps what is always true between questions."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self._solver = _solver()
        self._stated = [0] * len(encoding.axiom_lists)

    def ask(
        self, wanted: Iterable[Formula], seconds: float, preferred: Iterable[Formula] = ()
    ) -> Reply:
        """Look for facts for which all that is wanted holds, and as much of `preferred` as may be.

        Errors: none; where the solver gives up, the reply says why.
        """
        until = time.monotonic() + seconds
        conditions = list(wanted)
        if any(condition is False for condition in conditions):
            return Reply("none")
        self._state()
        before = self._solver.num_scopes()
        self._solver.push()
        try:
            self._solver.add(*[each for each in conditions if each is not True])
            reply = self._refined(until)
            if reply.found == "some":
                return self._preferring(reply, preferred, until)
            return reply
        finally:
            self._solver.pop(self._solver.num_scopes() - before)

    def needed(self, wanted: Iterable[Formula], seconds: float) -> frozenset[int] | None:
        """Return the places of some conditions that cannot hold together; None for no answer."""
        conditions = list(wanted)
        marks = [z3.FreshBool("condition") for _ in conditions]
        self._state()
        self._solver.push()
        try:
            for mark, condition in zip(marks, conditions, strict=True):
                self._solver.add(z3.Implies(mark, condition))
            self._solver.set("timeout", max(1, int(seconds * 1000)))
            if self._solver.check(*marks) != z3.unsat:
                return None
            core = {mark.get_id() for mark in self._solver.unsat_core()}
            return frozenset(n for n, mark in enumerate(marks) if mark.get_id() in core)
        finally:
            self._solver.pop()

    def _state(self) -> None:
        """Assert the axioms that came since the last question."""
        for place, axioms in enumerate(self.encoding.axiom_lists):
            for axiom in axioms[self._stated[place] :]:
                if not isinstance(axiom, bool):
                    self._solver.add(axiom)
            self._stated[place] = len(axioms)

    def _refined(self, until: float) -> Reply:
        for _ in range(MOST_REFINEMENTS):
            left = until - time.monotonic()
            if left <= 0:
                return Reply("unknown", why=TIME)
            self._solver.set("timeout", max(1, int(left * 1000)))
            found = self._solver.check()
            if found == z3.unsat:
                return Reply("none")
            if found != z3.sat:
                return Reply("unknown", why=TIME)
            model = self._solver.model()
            wrong, held = self.encoding.calls.wrong(model)
            if not wrong:
                return Reply("some", model)
            self._solver.add(*wrong)
            here = self._at(held)
            if here is not None:
                return Reply("some", here)
        return Reply("unknown", why=CALENDARS)

    def _at(self, held: list[Formula], marks: Sequence[Any] = ()) -> Any:
        """Return a model without mistakes, under marks, where functions are asked for at given places."""
        self._solver.push()
        try:
            self._solver.add(*held)
            if self._solver.check(*marks) != z3.sat:
                return None
            model = self._solver.model()
            return None if self.encoding.calls.wrong(model)[0] else model
        finally:
            self._solver.pop()

    def _preferring(self, reply: Reply, preferred: Iterable[Formula], until: float) -> Reply:
        for condition in preferred:
            if condition is True or time.monotonic() >= until:
                continue
            if condition is False:
                continue
            if z3.is_true(reply.model.eval(condition, model_completion=True)):
                self._solver.add(condition)
                continue
            self._solver.push()
            self._solver.add(condition)
            better = self._refined(min(until, time.monotonic() + 0.3))
            if better.found == "some":
                reply = better
            else:
                self._solver.pop()
        return reply
