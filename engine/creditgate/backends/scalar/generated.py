"""Generated source that was run: what its module defines, and its branches when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import CodeType
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from creditgate.lowered.calendar_functions import CALENDAR_FUNCTIONS
from creditgate.lowered.recursion import room_to_recurse

if TYPE_CHECKING:
    from creditgate.domain.calendar import Calendar

Judged = Callable[..., None]
Calendars = Callable[[str], "Calendar"]


class Later(msgspec.Struct, frozen=True):
    """A branch left for later: the table that holds its function, a list from place `first` on."""

    held_in: str
    first: int


class Written(msgspec.Struct, frozen=True):
    """One module of generated source, as Python runs it; `name` is the function to call."""

    name: str
    source: str
    code: CodeType
    later: tuple[Later, ...]


class ModuleCode(Protocol):
    """A generated module, and the modules of its branches, each by its place."""

    @property
    def written(self) -> Written:
        """Return the module."""

    def below(self, place: int) -> ModuleCode:
        """Return a branch."""


class Generated:
    """The names that a module defines; a branch is run when it is first called."""

    def __init__(self, code: ModuleCode, calendars: Calendars) -> None:
        self.code, self._calendars = code, calendars
        self._later = code.written.later
        self._parts: dict[int, Generated] = {}
        self.names = run(
            code.written, calendars, [self._on_call(p) for p in range(len(self._later))]
        )

    @property
    def function(self) -> Callable[..., Any]:
        """Return the function to call."""
        found: Callable[..., Any] = self.names[self.code.written.name]
        return found

    @property
    def source(self) -> str:
        """Return the source of the branches and of the module."""
        parts = [self._part(place).source for place in range(len(self._later))]
        return "\n\n".join([*parts, self.code.written.source])

    def _on_call(self, place: int) -> Judged:
        def branch(*arguments: Any) -> None:
            judged = self._part(place).function
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

    def _part(self, place: int) -> Generated:
        with room_to_recurse():
            found = self._parts.get(place)
            if found is None:
                found = self._parts[place] = Generated(self.code.below(place), self._calendars)
            return found


def run(written: Written, calendars: Calendars, later: Sequence[Judged] = ()) -> dict[str, Any]:
    """Return the names that a module defines; `later` are its branches."""

    def calendar_function(calendar: str, function: str) -> Any:
        return CALENDAR_FUNCTIONS[function](calendars(calendar))

    names: dict[str, Any] = {"calendar_function": calendar_function, "later": later.__getitem__}
    exec(written.code, names)
    return names
