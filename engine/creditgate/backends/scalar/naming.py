"""Names in generated source, taken from the facts."""

from __future__ import annotations

import builtins
import keyword
import re

from creditgate.lowered.terms import Op, Reading, Term

RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist)


class Names:
    """Give each function and constant of a module, and each variable of a function, its own name.

    The names of a function are `inside` those of its module: neither takes a name of the other.
    """

    def __init__(self, *taken: str, around: Names | None = None) -> None:
        self._around = around
        self._taken = set(taken)
        self._inside: set[str] = set()
        self._counts: dict[str, int] = {}

    def inside(self) -> Names:
        """Return the names of one function."""
        return Names(around=self)

    def fresh(self, wish: str) -> str:
        """Return a name that is not in use, near to a wish.

        >>> names = Names("judge")
        >>> names.fresh("order price"), names.fresh("order_price"), names.fresh("class")
        ('order_price', 'order_price_2', 'class_2')
        """
        base = re.sub(r"\W", "_", wish, flags=re.ASCII).strip("_") or "value"
        if base[0].isdigit():
            base = f"value_{base}"
        name, count = base, self._counts.get(base, 1)
        while self._has(name) or name in RESERVED:
            count += 1
            name = f"{base}_{count}"
        self._counts[base] = count
        self._taken.add(name)
        if self._around is not None:
            self._around._inside.add(name)
        return name

    def _has(self, name: str) -> bool:
        if name in self._taken or name in self._inside:
            return True
        return self._around is not None and name in self._around._taken


def described(term: Term) -> str:
    """Return words for a term that bears no name in the rulebook."""
    match term.op:
        case Op.READ:
            assert isinstance(term.own, Reading)
            return f"{described(term.parts[0])}_{term.own.attribute.rstrip('_')}"
        case Op.ROOT:
            return str(term.own).rstrip("_")
        case Op.ROW:
            assert isinstance(term.own, tuple)
            return str(term.own[1])
        case Op.RECORD:
            return f"{described(term.parts[0])}_{str(term.own).removesuffix('_record')}"
        case Op.AGGREGATE:
            return f"{term.own}_over_{described(term.parts[0])}"
        case Op.CALL:
            assert isinstance(term.own, tuple)
            return str(term.own[0])
        case Op.DIVIDE:
            return "quotient"
        case Op.AND:
            return "all_hold"
        case Op.OR:
            return "one_holds"
        case Op.IF | Op.OR_ELSE:
            return "choice"
        case Op.LOOKUP:
            return "cell"
        case Op.DATED:
            return "version"
        case Op.AS_OF:
            return "today"
        case _:
            return term.op.name.lower()
