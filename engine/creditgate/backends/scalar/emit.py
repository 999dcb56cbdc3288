"""Write terms as Python: blocks of statements, names, and each term once in its block.

A term is written when something asks for it first, into the block where it was placed. A block
is added to the one around it only when it is complete, so what its statements ask for in outer
blocks stands before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from creditgate.backends.scalar.blocks import Block, Function, Name, assignment
from creditgate.backends.scalar.naming import Names, described
from creditgate.backends.scalar.pieces import Piece, literal
from creditgate.backends.scalar.placing import Placement, Region
from creditgate.lowered.terms import Op, Term, Terms

# Python allows a hundred levels of indentation and twenty loops in each other.
DEEPEST_BLOCK = 24
DEEPEST_EXPRESSION = 12
STANDING_PARAMETERS = ("root", "claims", "as_of")
READ_ONCE = frozenset({Op.READ, Op.RECORD, Op.ROOT, Op.AS_OF})
ALWAYS_INLINE = frozenset({Op.IS_NONE, Op.NOT})
CHOICES = frozenset({Op.IF, Op.OR_ELSE})
IN_PLACE = CHOICES | {Op.AND, Op.OR, Op.LOOKUP, Op.DATED}


Inline = Callable[["Emitter", Term], Piece]
Statement = Callable[["Emitter", Term, Mapping[Term, Name]], None]


@dataclass(slots=True, eq=False)
class Module:
    """What functions of one module share: names, constants, finished functions.

    `later` are the branches that the module leaves out until they are asked for.
    """

    terms: Terms
    inline: Mapping[Op, Inline]
    statements: Mapping[Op, Statement]
    names: Names
    constants: dict[str, str] = field(default_factory=dict)
    calendar_functions: dict[tuple[str, str], str] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    later: list[Any] = field(default_factory=list)

    def constant(self, wish: str, source: str) -> str:
        """Return the name of a constant of the module."""
        if source not in self.constants:
            self.constants[source] = self.names.fresh(wish.upper())
        return self.constants[source]

    def calendar_function(self, calendar: str, function: str) -> str:
        """Return the name of a function of a calendar."""
        key = (calendar, function)
        if key not in self.calendar_functions:
            self.calendar_functions[key] = self.names.fresh(f"{calendar}_{function}")
        return self.calendar_functions[key]

    def function(self, name: str, parameters: str, lines: list[str]) -> None:
        """Add a function."""
        self.functions.append(
            "\n".join([f"def {name}({parameters}):", *[f"    {line}" for line in lines]])
        )


class Emitter:
    """Write the terms of one function, and of those it is split into."""

    def __init__(self, module: Module, placement: Placement, body: Region) -> None:
        self.module = module
        self.placement = placement
        self.block = Block(Function(), body, 1)
        self.blocks: dict[Region, Block] = {body: self.block}
        self.variables = module.names.inside()
        self.names: dict[tuple[Term, Region | None], Name] = {}

    # Blocks

    @contextmanager
    def writing(self, block: Block) -> Iterator[Block]:
        """Write into a block for a while."""
        around, self.block = self.block, block
        try:
            yield block
        finally:
            self.block = around

    @contextmanager
    def within(
        self, region: Region, excluded: Iterable[str] = (), deeper: int = 1
    ) -> Iterator[Block]:
        """Write into a new block inside the present one, in which some conditions cannot hold."""
        block = Block(
            self.block.function,
            region,
            self.block.depth + deeper,
            self.block.excluded.union(excluded),
        )
        self.blocks[region] = block
        with self.writing(block):
            yield block

    def line(self, text: str) -> None:
        """Add a line to the present block."""
        self.block.lines.append(text)

    def nest(self, header: str, lines: list[str]) -> None:
        """Add a compound statement to the present block."""
        self.block.lines.append(header)
        self.block.lines.extend([f"    {line}" for line in lines or ["pass"]])

    def inner(self, term: Term, place: int) -> Region:
        """Return the block in which a part of a term is computed."""
        return self.placement.spot(term, self.block.region).inner[place]

    def branch(self, term: Term, place: int, name: Name, excluded: Iterable[str] = ()) -> list[str]:
        """Return the lines that compute one part of a term, in its own block, as the term."""
        part = term.parts[place]
        with self.within(self.inner(term, place), excluded) as block:
            if self._stands_in_place(part, name):
                self.module.statements[part.op](self, part, {part: name})
                return block.lines
            piece = self.piece(part)
        return [*block.lines, *assignment(name, piece)]

    def _stands_in_place(self, part: Term, name: Name) -> bool:
        """Tell whether a compound statement may write the variable of the one around it."""
        if part.op not in (CHOICES if name.below else IN_PLACE) or self._key(part) in self.names:
            return False
        spot = self.placement.spot(part, self.block.region)
        return spot.uses == 1 and not spot.hoisted and self.block.depth < DEEPEST_BLOCK

    # Terms

    def piece(self, term: Term) -> Piece:
        """Return source for a term, writing first what has to stand before."""
        if term.constant:
            return literal(term)
        if self._key(term) not in self.names and self._stands_inline(term):
            piece = self.module.inline[term.op](self, term)
            if piece.depth <= DEEPEST_EXPRESSION:
                return piece
        return self.named(term)

    def _stands_inline(self, term: Term) -> bool:
        if term.op not in self.module.inline or term.op in READ_ONCE:
            return False
        if term.op in ALWAYS_INLINE:
            return True
        spot = self.placement.spot(term, self.block.region)
        is_pair = term.number is not None and term.number.pair
        return spot.uses == 1 and not spot.hoisted and not is_pair

    def _key(self, term: Term) -> tuple[Term, Region | None]:
        return term, self.block.region.loop_of(term)

    def named(self, term: Term) -> Piece:
        """Return the variable of a term, computing it first if it is not yet computed."""
        if term.constant:
            return literal(term)
        key = self._key(term)
        if key not in self.names:
            self._define(term)
        name = self.names[key]
        self._mention(name)
        return Piece(
            name.text,
            guards=self._open(f"{name.text} is MISSING") if term.unknown else (),
            none="".join(self._open(f"{name.text} is None")) or None if term.none else None,
            below=name.below,
            number=term.number,
            whole=True,
        )

    def _open(self, condition: str) -> tuple[str, ...]:
        return () if condition in self.block.excluded else (condition,)

    def name_for(self, term: Term) -> Name:
        """Return new variables for a term, of the function at hand."""
        wish = self.module.terms.hints.get(term) or described(term)
        text = self.variables.fresh(f"{wish}_record" if term.op is Op.RECORD else wish)
        pair = term.number is not None and term.number.pair
        below = self.variables.fresh(f"{text}_below") if pair else None
        return Name(text, below, term.number, self.block.function)

    def _mention(self, name: Name) -> None:
        if name.function is not self.block.function:
            self.block.function.reads[name.text] = name

    def _define(self, term: Term) -> None:
        spot = self.placement.spot(term, self.block.region)
        with self.writing(self.blocks[spot.region]) as block:
            if term.op in self.module.inline:
                piece = self.module.inline[term.op](self, term)
                name = self.name_for(term)
                block.lines.extend(assignment(name, piece))
                if term.op not in READ_ONCE and piece.certain:
                    block.excluded.add(f"{name.text} is MISSING")
                self.names[self._key(term)] = name
            elif block.depth < DEEPEST_BLOCK:
                self._write(term)
            else:
                self._write_apart(term)

    def _write(self, term: Term) -> dict[Term, Name]:
        """Write a compound statement for a term and those that are computed with it."""
        together = [term]
        if term.op is Op.AGGREGATE:
            together = self.placement.loops[self.inner(term, 1)]
        names = {each: self.name_for(each) for each in together}
        self.module.statements[term.op](self, term, names)
        self.names.update({self._key(each): name for each, name in names.items()})
        return names

    def _write_apart(self, term: Term) -> None:
        """Write a compound statement as a function of its own."""
        around = self.block
        inner = Function()
        with self.writing(Block(inner, around.region, 1, set(around.excluded))) as block:
            names = self._write(term)
        results = ", ".join([text for name in names.values() for text in name.all])
        for name in inner.reads.values():
            self._mention(name)
        needed = [text for name in inner.reads.values() for text in name.all]
        parameters = ", ".join([*STANDING_PARAMETERS, *needed])
        function = self.module.names.fresh(f"{next(iter(names.values())).text}_apart")
        self.module.function(function, parameters, [*block.lines, f"return {results}"])
        self.line(f"{results} = {function}({parameters})")
        for each, name in names.items():
            self.names[self._key(each)] = replace(name, function=around.function)
