"""What a changed thing reaches: the rules, statuses and figures that read it, however indirectly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from creditgate.check.coverage import rule_expressions
from creditgate.check.references import Reference, references
from creditgate.ir.bounds import layers
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import DeterminationDefinition, Rulebook
from creditgate.mutate.change import HEADER, Change


@dataclass(frozen=True, slots=True)
class Reached:
    """The names of what may come out otherwise; `events` are those that may be governed otherwise."""

    rules: frozenset[str] = frozenset()
    determinations: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


class Reach:
    """What each thing of a rulebook reaches."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._direct: dict[int, frozenset[Reference]] = {}
        self._read: dict[str, frozenset[Reference]] = {}
        self._rules = {r.name: self._all(rule_expressions(r)) for r in book.rules.values()}
        self._determinations = {
            name: self._all(_conditions(item)) for name, item in book.determinations.items()
        }
        self._events = {event: self._all([node]) for event, node in book.governs.items()}

    def of(self, change: Change) -> Reached:
        """Return what a change reaches."""
        section, name = change.section, change.name
        if section == HEADER:
            return Reached(
                frozenset(self.book.rules), frozenset(self.book.determinations),
                frozenset(self.book.figures), frozenset(self.book.governs),
            )  # fmt: skip
        if section == "rules":
            return Reached(rules=frozenset({name}))
        if section == "determinations":
            return Reached(determinations=frozenset({name}))
        wanted = (section, name)
        figures = [n for n in self.book.figures if wanted in self._of_figure(n)]
        return Reached(
            frozenset(n for n, read in self._rules.items() if wanted in read),
            frozenset(n for n, read in self._determinations.items() if wanted in read),
            frozenset([*figures, name]),
            frozenset(n for n, read in self._events.items() if wanted in read),
        )

    def direct(self, change: Change) -> Reached:
        """Return what names the changed thing itself; a figure, rule or status names itself."""
        section, name = change.section, change.name
        if section == "figures":
            return Reached(figures=frozenset({name}))
        if section not in {"parameters", "tables"}:
            return self.of(change)
        book, wanted = self.book, (section, name)

        def names(nodes: Iterable[Expr]) -> bool:
            return any(wanted in self._references(node) for node in nodes)

        return Reached(
            frozenset(n for n, r in book.rules.items() if names(rule_expressions(r))),
            frozenset(n for n, d in book.determinations.items() if names(_conditions(d))),
            frozenset(n for n, f in book.figures.items() if names(layers(f))),
            frozenset(n for n, node in book.governs.items() if names([node])),
        )

    def _all(self, nodes: Iterable[Expr]) -> frozenset[Reference]:
        found: set[Reference] = set()
        for node in nodes:
            for reference in self._references(node):
                found.add(reference)
                if reference[0] == "figures" and reference[1] in self.book.figures:
                    found |= self._of_figure(reference[1])
        return frozenset(found)

    def _of_figure(self, name: str) -> frozenset[Reference]:
        if name not in self._read:
            self._read[name] = frozenset()  # figures need one another in no circle
            self._read[name] = self._all(layers(self.book.figures[name])) | {("figures", name)}
        return self._read[name]

    def _references(self, node: Expr) -> frozenset[Reference]:
        if id(node) not in self._direct:
            self._direct[id(node)] = references(node, other_days=True)
        return self._direct[id(node)]


def _conditions(item: DeterminationDefinition) -> list[Expr]:
    found = [case.when for case in item.cases if case.when is not None]
    return found if item.previous is None else [*found, item.previous]


def names_in(subject: str) -> Iterator[str]:
    """Yield the names on a path that a case asks for: `account.contracts[F1].interest`.

    >>> list(names_in("order.security.haircut"))
    ['order', 'security', 'haircut']
    """
    yield from subject.replace("[", ".").replace("]", ".").replace(" ", ".").split(".")
