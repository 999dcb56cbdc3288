"""Put generated functions together into the source of a module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from creditgate.backends.scalar import aggregates, booleans, lookups, numbers, reads
from creditgate.backends.scalar.dispatch import Choice, Index, Leaf, Tree, Unsorted
from creditgate.backends.scalar.emit import Emitter, Module
from creditgate.backends.scalar.naming import Names
from creditgate.backends.scalar.pieces import Strength, digits, either
from creditgate.backends.scalar.placing import Region, place
from creditgate.backends.scalar.rules import write_rules
from creditgate.lowered.rules import Rule
from creditgate.lowered.terms import Term, Terms

MOST_RULES = 100
FROM_ROUNDING = ("round_half_even", "round_half_up")
FROM_CALENDAR_FUNCTIONS = ("LAST_DAY", "add_months")
FROM_RUNTIME = ("BLANK", "GOVERNED", "NOT_GOVERNED", "verdict")
HEADER = (
    "from bisect import bisect_right",
    "from fractions import Fraction",
    f"from creditgate.backends.scalar.runtime import {', '.join(FROM_RUNTIME)}",
    "from creditgate.domain.facts import MISSING",
    f"from creditgate.lowered.calendar_functions import {', '.join(FROM_CALENDAR_FUNCTIONS)}",
    f"from creditgate.lowered.rounding import {', '.join(FROM_ROUNDING)}",
)
IMPORTED = (
    "bisect_right",
    "Fraction",
    "MISSING",
    *FROM_CALENDAR_FUNCTIONS,
    *FROM_ROUNDING,
    *FROM_RUNTIME,
)
STANDING = ("root", "claims", "as_of")


@dataclass(frozen=True, slots=True)
class Branch:
    """Rules chosen by the value of a fact; the name of their function, and what it fills.

    Its function is held by the table of the name `held_in`, a list from place `first` on.
    """

    tree: Tree
    wish: str
    lists: tuple[str, ...]
    held_in: str
    first: int = 0

    def module(self, terms: Terms) -> tuple[Module, str]:
        """Return a module of the branch alone, and the name of the function to call."""
        module = new_module(terms)
        name = write_tree(module, self.tree, self.wish, self.lists)
        return module, name or _nothing(module, self.lists)


def new_module(terms: Terms) -> Module:
    """Return an empty module that can hold every kind of term."""
    given = ("calendar_function", "later")
    taken = (*IMPORTED, *STANDING, *given)
    lists = ("breached", "undecided", "satisfied")
    return Module(
        terms,
        {**numbers.INLINE, **booleans.INLINE, **reads.INLINE},
        {
            **numbers.STATEMENTS,
            **booleans.STATEMENTS,
            **lookups.STATEMENTS,
            **aggregates.STATEMENTS,
        },
        Names(*taken, *lists, "judge", "outcomes", "value", "group"),
    )


def write_tree(
    module: Module, tree: Tree, wish: str, lists: Sequence[str], *, outermost: bool = False
) -> str | None:
    """Write the functions that judge the rules of a tree; return the name of the first to call.

    The branches of the `outermost` choice, those of an index and those that are many rules are
    left for later: most days ask for few of them.
    """
    match tree:
        case Leaf(rules=rules):
            return _write_leaf(module, rules, wish, lists)
        case Choice():
            return _write_choice(module, tree, wish, lists, outermost=outermost)
        case Index():
            return _write_index(module, tree, wish, lists)
        case Unsorted():
            return write_tree(module, tree.sorted(module.terms), wish, lists)


def _write_choice(
    module: Module, tree: Choice, wish: str, lists: Sequence[str], *, outermost: bool
) -> str:
    parameters = ", ".join([*STANDING, *lists])
    emitter, fact = _reading(module, tree, wish, lists)
    table = module.names.fresh(f"{wish}_by_{fact}".upper())

    def branch(below: Tree, name: str) -> str | None:
        if not outermost and not isinstance(below, Unsorted):
            return write_tree(module, below, name, lists)
        module.later.append(Branch(below, name, tuple(lists), table))
        return f"later({len(module.later) - 1})"

    functions = {
        repr(value): branch(below, f"{wish}_{value}") for value, below in tree.branches.items()
    }
    functions["MISSING"] = branch(tree.unknown, f"{wish}_unknown")
    functions["None"] = functions["MISSING"]
    other = write_tree(module, tree.other, f"{wish}_other", lists) or _nothing(module, lists)
    chosen = [f"    {key}: {name or other}," for key, name in functions.items()]
    module.tables.append("\n".join([f"{table} = {{", *chosen, "}"]))
    emitter.line(f"{table}.get({fact}, {other})({parameters})")
    name = module.names.fresh(f"{wish}_by_{fact}")
    module.function(name, parameters, emitter.block.lines)
    return name


def _write_index(module: Module, tree: Index, wish: str, lists: Sequence[str]) -> str:
    parameters = ", ".join([*STANDING, *lists])
    emitter, fact = _reading(module, tree, wish, lists)
    wishes = [f"{wish}_{group.value or 'listed'}" for group in tree.groups]
    groups = _write_groups(
        module, [*tree.groups, tree.unknown], [*wishes, f"{wish}_unknown"], lists, f"{wish}_{fact}"
    )
    table = module.names.fresh(f"{wish}_by_{fact}".upper())
    unknown = f"({len(tree.groups)},)"
    places = {repr(key): repr(places) for key, places in tree.keys.items()}
    places |= {"MISSING": unknown, "None": unknown}
    rows = [f"    {key}: {found}," for key, found in places.items()]
    module.tables.append("\n".join([f"{table} = {{", *rows, "}"]))
    emitter.line(f"for group in {table}.get({fact}, ()):")
    emitter.line(f"    {groups}[group]({parameters})")
    name = module.names.fresh(f"{wish}_by_{fact}")
    module.function(name, parameters, emitter.block.lines)
    return name


def _reading(
    module: Module, tree: Choice | Index, wish: str, lists: Sequence[str]
) -> tuple[Emitter, str]:
    """Return the beginning of a function that asks for a fact, and the variable that holds it."""
    body = Region()
    emitter = Emitter(module, place([(tree.fact, body)]), body)
    fact = emitter.named(tree.fact).text
    always = write_tree(module, tree.always, f"{wish}_always", lists)
    if always is not None:
        emitter.line(f"{always}({', '.join([*STANDING, *lists])})")
    return emitter, fact


def _write_groups(
    module: Module, trees: Sequence[Tree], wishes: Sequence[str], lists: Sequence[str], wish: str
) -> str:
    """Write a list of functions that are left for later; return its name."""
    name = module.names.fresh(f"{wish}_groups".upper())
    first = len(module.later)
    module.later.extend(
        [
            Branch(tree, each, tuple(lists), name, first)
            for tree, each in zip(trees, wishes, strict=True)
        ]
    )
    module.tables.append(
        f"{name} = [later(place) for place in range({first}, {len(module.later)})]"
    )
    return name


def _write_leaf(
    module: Module, rules: Sequence[Rule], wish: str, lists: Sequence[str]
) -> str | None:
    names = []
    for start in range(0, len(rules), MOST_RULES):
        name = module.names.fresh(wish)
        write_rules(module, name, rules[start : start + MOST_RULES], lists)
        names.append(name)
    if len(names) <= 1:
        return names[0] if names else None
    parameters = ", ".join([*STANDING, *lists])
    name = module.names.fresh(f"{wish}_all")
    module.function(name, parameters, [f"{part}({parameters})" for part in names])
    return name


def _nothing(module: Module, lists: Sequence[str]) -> str:
    name = module.names.fresh("no_rules")
    module.function(name, ", ".join([*STANDING, *lists]), ["pass"])
    return name


def write_judge(module: Module, governs: Term, tree: Tree, warnings: Sequence[int]) -> None:
    """Write the function that judges an event."""
    body = Region()
    emitter = Emitter(module, place([(governs, body)]), body)
    condition = emitter.piece(governs)
    guarded = f"MISSING if {either(condition.strict)} else " if condition.strict else ""
    rules = write_tree(module, tree, "judge_rules", ("breached", "undecided"), outermost=True)
    call = f"{rules}(root, claims, as_of, breached, undecided)" if rules else "pass"
    name = emitter.variables.fresh("governs")
    warned = module.constant("warnings", f"frozenset({tuple(warnings)!r})")
    module.function(
        "judge",
        ", ".join(STANDING),
        [
            *emitter.block.lines,
            f"{name} = {guarded}{condition.at_least(Strength.OR)}",
            f"if {name} is False:",
            "    return NOT_GOVERNED",
            "breached = []",
            "undecided = []",
            call,
            f"if {name} is True and not breached and not undecided:",
            "    return GOVERNED",
            f"return verdict({name}, breached, undecided, {warned})",
        ],
    )


def write_outcomes(module: Module, tree: Tree, count: int) -> None:
    """Write the function that tells the outcome of every rule."""
    lists = ("breached", "undecided", "satisfied")
    rules = write_tree(module, tree, "tell_rules", lists, outermost=True)
    call = f"{rules}(root, claims, as_of, {', '.join(lists)})" if rules else "pass"
    module.function(
        "outcomes",
        ", ".join(STANDING),
        [
            f"outcome = ['not_applicable'] * {count}",
            *[f"{each} = []" for each in lists],
            call,
            *[
                line
                for each in lists
                for line in (f"for index in {each}:", f"    outcome[index] = {each!r}")
            ],
            "return tuple(outcome)",
        ],
    )


def write_value(module: Module, term: Term, *, as_fraction: bool) -> None:
    """Write the function that gives the value of an expression, as a fraction if it is a number."""
    body = Region()
    emitter = Emitter(module, place([(term, body)]), body)
    piece = emitter.piece(term)
    text = piece.text
    if as_fraction or piece.unit != 1 or piece.below is not None:
        divisor = " * ".join([part for part in (piece.below, digits(piece.unit)) if part])
        text = f"Fraction({piece.text}, {divisor})"
    if piece.none:
        text = f"None if {piece.none} else {text}"
    if piece.guards:
        text = f"MISSING if {either(piece.guards)} else {text}"
    module.function("value", ", ".join(STANDING), [*emitter.block.lines, f"return {text}"])


def source_of(module: Module, title: str) -> str:
    """Return the source of a module."""
    constants = [f"{name} = {source}" for source, name in module.constants.items()]
    calendars = [
        f"{name} = calendar_function({calendar!r}, {function!r})"
        for (calendar, function), name in module.calendar_functions.items()
    ]
    top = "\n".join([f"# {' '.join(title.split())}", *HEADER, "", *constants, *calendars])
    return "\n\n\n".join([top.rstrip(), *module.functions, *module.tables]) + "\n"
