"""Generated code of epochs, kept between processes beside the rulebooks that it is made of."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from creditgate.backends.scalar.generated import Later, ModuleCode, Written
from creditgate.base.own_files import keep, kept
from creditgate.decide.decision import BreachedRule


class KeptEvent(NamedTuple):
    """What was kept of an event in an epoch; `written` is None where it is not governed."""

    rules: tuple[BreachedRule, ...]
    deadlines: tuple[int, ...]
    determines: bool
    written: Written | None


class CodeDiffers(Exception):
    """Code that was kept is not what is written here and now, so its branches do not fit it."""


class EpochFiles(NamedTuple):
    """The files of one rulebook among those loaded; `made_of` is the digest of all it is read from."""

    folder: Path
    made_of: str
    rulebook: int

    def of(self, start: int, event: str) -> EventFiles:
        """Return the files of an event in the epoch that begins on a day."""
        return EventFiles(self, f"{self.rulebook} {start} {event}")


class EventFiles(NamedTuple):
    """The files of one event in one epoch: a module, and one for each branch that was asked for."""

    of_rulebook: EpochFiles
    name: str

    def taken(self) -> KeptEvent | None:
        """Return what was kept of the event."""
        found = self._content(())
        if found is None:
            return None
        rules, deadlines, determines, written = found
        breaches = tuple([BreachedRule(*rule) for rule in rules])
        module = None if written is None else _written(written)
        return KeptEvent(breaches, deadlines, determines, module)

    def keep(self, event: KeptEvent) -> None:
        """Keep an event."""
        rules = tuple([(rule.rule, rule.reason, rule.fix_103) for rule in event.rules])
        module = None if event.written is None else _plain(event.written)
        self._keep((), (rules, event.deadlines, event.determines, module))

    def branch(self, place: tuple[int, ...], above: Written) -> Written | None:
        """Return the module of a branch that was kept of the module above it."""
        found = self._content(place, above)
        return None if found is None else _written(found)

    def keep_branch(self, place: tuple[int, ...], above: Written, written: Written) -> None:
        """Keep the module of a branch of the module above it, which tells places apart."""
        self._keep(place, _plain(written), above)

    def _content(self, place: tuple[int, ...], above: Written | None = None) -> Any:
        found = kept(self._path(place))
        try:
            made_of, content = marshal.loads(found or b"")
        except (EOFError, TypeError, ValueError):
            return None
        return content if made_of == self._made_of(place, above) else None

    def _keep(self, place: tuple[int, ...], content: Any, above: Written | None = None) -> None:
        keep(self._path(place), marshal.dumps((self._made_of(place, above), content)))

    def _made_of(self, place: tuple[int, ...], above: Written | None) -> tuple[Any, ...]:
        source = "" if above is None else above.source
        return self.of_rulebook.made_of, self.name, place, hashlib.sha256(source.encode()).digest()

    def _path(self, place: tuple[int, ...]) -> Path:
        name = hashlib.sha256(f"{self.name} {place}".encode()).hexdigest()
        return self.of_rulebook.folder / f"{name[:32]}.code"


def _plain(written: Written) -> tuple[Any, ...]:
    later = tuple([(each.held_in, each.first) for each in written.later])
    return written.name, written.source, written.code, later


def _written(plain: tuple[Any, ...]) -> Written:
    name, source, code, later = plain
    return Written(name, source, code, tuple([Later(*each) for each in later]))


class KeepingCode:
    """Code whose branches are kept when they are written."""

    def __init__(self, code: ModuleCode, files: EventFiles, place: tuple[int, ...] = ()) -> None:
        self._code, self._files, self._place = code, files, place
        self.written = code.written

    def below(self, place: int) -> KeepingCode:
        """Write a branch and keep it."""
        code, at = self._code.below(place), (*self._place, place)
        self._files.keep_branch(at, self.written, code.written)
        return KeepingCode(code, self._files, at)


class KeptCode:
    """Code that was kept; `anew` writes it, for a branch that was not."""

    def __init__(
        self, written: Written, files: EventFiles, place: tuple[int, ...],
        anew: Callable[[], ModuleCode],
    ) -> None:  # fmt: skip
        self.written = written
        self._files, self._place, self._anew = files, place, anew

    def below(self, place: int) -> ModuleCode:
        """Return a branch that was kept, or write it.

        Errors: CodeDiffers where the branch would not fit the code that was kept.
        """
        at = (*self._place, place)
        found = self._files.branch(at, self.written)
        if found is not None:
            return KeptCode(found, self._files, at, lambda: self._anew().below(place))
        code = self._anew()
        if code.written.source != self.written.source:
            raise CodeDiffers
        return KeepingCode(code, self._files, self._place).below(place)
