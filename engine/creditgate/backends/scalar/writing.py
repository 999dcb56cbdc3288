"""Generated modules as they are written: the first at once, a branch when somebody asks for it."""

from __future__ import annotations

from creditgate.backends.scalar.emit import Module
from creditgate.backends.scalar.generated import Later, Written
from creditgate.backends.scalar.modules import Branch, source_of
from creditgate.lowered.recursion import room_to_recurse


class Writing:
    """The code of a module; `name` is the function to call."""

    def __init__(self, module: Module, title: str, name: str) -> None:
        self._terms, self._title = module.terms, title
        self._branches: list[Branch] = module.later
        source = source_of(module, title)
        later = tuple([Later(branch.held_in, branch.first) for branch in self._branches])
        self.written = Written(name, source, compile(source, f"<{title}>", "exec"), later)

    def below(self, place: int) -> Writing:
        """Write a branch."""
        branch = self._branches[place]
        with room_to_recurse():
            module, name = branch.module(self._terms)
            return Writing(module, f"{self._title}, {branch.wish}", name)
