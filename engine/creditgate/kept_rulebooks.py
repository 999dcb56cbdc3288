"""Rulebooks kept between processes, checked and ready, so that the next start reads no YAML.

What is kept lies under what was asked for, and says which engine kept it and what loading had asked
the disk. It is used only by the same engine, where the disk gives the same answers again: the same
files with the same bytes, and no other beside them.

What decides an order is read at once. The rulebooks themselves, which undecided orders and
explanations need, are read from what was kept when somebody asks for them.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

from msgspec.structs import astuple

from creditgate.base.own_files import engine_on_disk, keep, kept, own_folder, this_engine
from creditgate.base.spans import SourceFile, shown_path
from creditgate.decide.engine import Engine, Outline
from creditgate.decide.kept_epochs import EpochFiles
from creditgate.domain.vocabulary import Vocabulary
from creditgate.load.disk import Disk, Question, still_answers

KIND: Final = "rulebooks"
CODE: Final = "epochs"
MOST_KEPT: Final = 64
# What pickled data may name beside this package: exact numbers and containers.
_NAMED: Final = frozenset(
    {
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("decimal", "Decimal"),
        ("fractions", "Fraction"),
    }
)
# Taken when this module is imported: what is loaded later is of the same engine, or is not kept.
_ENGINE: Final = this_engine()


class Found(NamedTuple):
    """What a gate decides with."""

    engines: tuple[Engine, ...]
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class Asked:
    """The ids of rulebooks, the folders in which they are looked for, and the day of knowledge."""

    rulebooks: tuple[str, ...]
    roots: tuple[Path, ...]
    known_on: date | None = None

    def taken(self) -> Found | None:
        """Return what was kept, or None where it is not there or not what would be loaded."""
        folder = own_folder(KIND)
        content = None if folder is None else kept(folder / self._name())
        try:
            engine, asked, answers, outlines, *parts = marshal.loads(content or b"")
        except (EOFError, TypeError, ValueError):
            return None
        if engine != _ENGINE or asked != self._plain() or not still_answers(answers):
            return None
        try:
            held = _Held(*parts)
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, TypeError):
            return None
        engines = tuple(
            Engine.kept(Outline(*outline), held.rulebook_at(number), held.calendars_at(number))
            for number, outline in enumerate(outlines)
        )
        self._keep_epochs(engines, answers)
        return Found(engines, held.vocabulary)

    def keep(self, found: Found, disk: Disk) -> None:
        """Keep rulebooks that were loaded without an error, and what the disk was asked for them."""
        folder = own_folder(KIND)
        if folder is None or disk.wavers or engine_on_disk() != _ENGINE:
            return
        books = [engine.rulebook for engine in found.engines]
        try:
            parts = (
                _pickled(found.vocabulary, None),
                _pickled([dict(book.calendars) for book in books], None),
                _pickled(books, found.vocabulary),
            )
        except RecursionError:
            return  # nested too deeply to be kept: it is loaded each time
        outlines = [astuple(engine.outline) for engine in found.engines]
        content = marshal.dumps((_ENGINE, self._plain(), disk.answers, outlines, *parts))
        _make_room(folder)
        keep(folder / self._name(), content)
        self._keep_epochs(found.engines, disk.answers)

    def _keep_epochs(self, engines: Sequence[Engine], answers: dict[Question, str]) -> None:
        folder = own_folder(CODE, self._name())
        if folder is None:
            return
        made_of = _digest((_ENGINE, self._plain(), sorted(answers.items())))
        for number, engine in enumerate(engines):
            engine.keep_epochs(EpochFiles(folder, made_of, number))

    def _plain(self) -> tuple[Any, ...]:
        day = None if self.known_on is None else self.known_on.toordinal()
        return self.rulebooks, tuple(map(str, self.roots)), day

    def _name(self) -> str:
        return _digest((self._plain(), sys.implementation.cache_tag))


class _Held:
    """Pickled vocabulary, calendars and rulebooks; the latter two are read when asked for."""

    def __init__(self, vocabulary: bytes, calendars: bytes, rulebooks: bytes) -> None:
        self.vocabulary: Vocabulary = _Reader(vocabulary, None).load()
        self._calendars = _Late(calendars, None)
        self._rulebooks = _Late(rulebooks, self.vocabulary)

    def rulebook_at(self, number: int) -> Callable[[], Any]:
        return lambda: self._rulebooks.value()[number]

    def calendars_at(self, number: int) -> Callable[[], Any]:
        return lambda: self._calendars.value()[number]


class _Late:
    """A pickled value that is read when it is first asked for, and then no longer held as bytes."""

    def __init__(self, data: bytes, vocabulary: Vocabulary | None) -> None:
        self._data, self._vocabulary = data, vocabulary
        self._value: Any = None
        self._lock = Lock()

    def value(self) -> Any:
        if self._value is None:
            with self._lock:
                if self._value is None:
                    self._value = _Reader(self._data, self._vocabulary).load()
                    self._data = b""
        return self._value


def source_file(path: str, text: str) -> SourceFile:
    """Return a file under the name by which messages call it where the process works."""
    return SourceFile(shown_path(Path(path)), text)


def vocabulary_of_gate() -> Vocabulary:
    """Stand for the vocabulary of the gate in what is pickled of its rulebooks."""
    raise NotImplementedError


def _pickled(value: Any, vocabulary: Vocabulary | None) -> bytes:
    def of_vocabulary(found: Vocabulary) -> Any:
        return (vocabulary_of_gate, ()) if found is vocabulary else found.__reduce_ex__(5)

    made = BytesIO()
    pickler = pickle.Pickler(made, 5)
    # Places are shown from the working folder, which may be another one next time.
    pickler.dispatch_table = {
        SourceFile: lambda file: (source_file, (os.path.abspath(file.path), file.text)),
        Vocabulary: of_vocabulary,
    }
    pickler.dump(value)
    return made.getvalue()


class _Reader(pickle.Unpickler):
    """Read what was pickled here; it names nothing but values of this package and exact numbers."""

    def __init__(self, data: bytes, vocabulary: Vocabulary | None) -> None:
        super().__init__(BytesIO(data))
        self._vocabulary = vocabulary

    def find_class(self, module: str, name: str) -> Any:
        """Return a class by its name."""
        if (module, name) == (__name__, vocabulary_of_gate.__name__):
            return lambda: self._vocabulary
        if not module.startswith("creditgate.") and (module, name) not in _NAMED:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()


def _make_room(folder: Path) -> None:
    try:
        found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in found[: max(0, len(found) - MOST_KEPT + 1)]:
            path.unlink(missing_ok=True)
            shutil.rmtree(folder.parent / CODE / path.name, ignore_errors=True)
    except OSError:
        return  # another process does the same
