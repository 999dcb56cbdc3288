"""Generated source that was run: what its module defines, and its branches when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from creditgate.backends.scalar.emit import Module
from creditgate.backends.scalar.modules import Branch, Judged, run, source_of
from creditgate.domain.calendar import Calendar
from creditgate.lowered.recursion import room_to_recurse


class Generated:
    """The names that a module defines; a branch is compiled when it is first called."""

    def __init__(self, module: Module, title: str, calendars: Mapping[str, Calendar]) -> None:
        self._terms, self._title, self._calendars = module.terms, title, calendars
        self._later: list[Branch] = module.later
        self._parts: dict[int, tuple[Generated, Judged]] = {}
        self._own = source_of(module, title)
        branches = [self._on_call(place) for place in range(len(self._later))]
        self.names = run(self._own, title, calendars, branches)

    @property
    def source(self) -> str:
        """Return the source of the branches and of the module."""
        parts = [self._part(place)[0].source for place in range(len(self._later))]
        return "\n\n".join([*parts, self._own])

    def _on_call(self, place: int) -> Judged:
        def branch(*arguments: Any) -> None:
            judged = self._part(place)[1]
            self._put(place, branch, judged)
            judged(*arguments)

        return branch

    def _put(self, place: int, before: Judged, judged: Judged) -> None:
        """Let the table that holds a branch hold its function."""
        held = self._later[place]
        table = self.names[held.held_in]
        if isinstance(table, list):
            table[place - held.first] = judged
        else:
            table.update({key: judged for key, value in table.items() if value is before})

    def _part(self, place: int) -> tuple[Generated, Judged]:
        with room_to_recurse():
            found = self._parts.get(place)
            if found is None:
                branch = self._later[place]
                module, name = branch.module(self._terms)
                part = Generated(module, f"{self._title}, {branch.wish}", self._calendars)
                found = self._parts[place] = part, part.names[name]
            return found
