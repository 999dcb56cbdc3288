"""The parts of a replay on disk: each whole or not there, so that it can be taken up again.

The parts lie in a folder beside the file of decisions, `NAME.parts`, with a manifest that says what
they were made from. A part is written under another name and then put into its place at once. When
the file of decisions is complete the folder goes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import pyarrow
from pyarrow import ipc

from creditgate.base.codes import Code
from creditgate.decide.faults import fault
from creditgate.replay.counts import Counts
from creditgate.replay.outcome_files import schema_of, table_of, write_out
from creditgate.replay.outcomes import Outcomes
from creditgate.replay.sources import InputRefused

_COUNTS: Final = b"creditgate.counts"
_MANIFEST: Final = "manifest.json"
_DATABASE: Final = "tables.duckdb"
_OURS: Final = (_MANIFEST, "part-*.arrow", f"{_DATABASE}*", "*.unfinished")


#: The first part is soon there; the others are large enough to be decided as tables.
FIRST_SIZE: Final = 4_096
MOST_SIZE: Final = 262_144


def size_of(number: int) -> int:
    """Return how many orders the part of a number, counted from 0, has if it is not the last.

    >>> [size_of(0), size_of(1), size_of(100)]
    [4096, 8192, 262144]
    """
    return min(FIRST_SIZE << min(number, 32), MOST_SIZE)


class Parts:
    """The parts of one replay; `done` of them are whole, and `counts` are of those."""

    def __init__(self, out: Path, bound: Mapping[str, Any], *, restart: bool = False) -> None:
        self.out = out
        self.folder = out.with_name(f"{out.name}.parts")
        self.counts = Counts()
        self.done = 0
        self._bound = dict(bound)
        self._evidence = bool(bound["evidence"])
        self._begin(restart=restart)

    @property
    def database(self) -> Path:
        """Return where the database of the tables lies; it is made anew each time."""
        return self.folder / _DATABASE

    @property
    def orders_done(self) -> int:
        """Return the number of orders in the parts that are whole."""
        return self.counts.orders

    def sizes(self) -> Iterator[int]:
        """Yield the numbers of orders of the parts that are still to be made."""
        return map(size_of, count(self.done))

    def _begin(self, *, restart: bool) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as problem:
            message = (problem.strerror or "the folder cannot be made").lower()
            raise InputRefused(fault(Code.UNREADABLE_FACTS, str(self.folder), message)) from problem
        manifest = self.folder / _MANIFEST
        # Where nothing has been decided yet there is nothing that could be mixed.
        if restart or self._counts_of(self._part(0)) is None:
            self._clear()
        else:
            self._compare(manifest)
        for left in (*self.folder.glob(f"{_DATABASE}*"), *self.folder.glob("*.unfinished")):
            _remove(left)
        if not manifest.exists():
            self._clear()
            text = json.dumps(self._bound, indent=1, sort_keys=True)
            with self._placed(manifest) as unfinished:
                unfinished.write_text(f"{text}\n", "utf-8")
        while (counts := self._counts_of(self._part(self.done))) is not None:
            self.counts.merge(counts)
            self.done += 1
            # A part that is not full is the last one.
            if counts.orders < size_of(self.done - 1):
                break

    def _compare(self, manifest: Path) -> None:
        try:
            before = json.loads(manifest.read_text("utf-8"))
        except (OSError, ValueError):
            before = {}
        same = isinstance(before, dict) and before == self._bound
        if same:
            return
        known = before if isinstance(before, dict) else {}
        changed = [name for name in self._bound if known.get(name) != self._bound[name]]
        message = f"this replay was begun with other {', '.join(changed) or 'inputs'}"
        hint = "put back what was changed, or begin anew with `--restart`"
        raise InputRefused(fault(Code.REPLAY_DIFFERS, str(self.folder), message, hint))

    def _part(self, number: int) -> Path:
        return self.folder / f"part-{number:08d}.arrow"

    def add(self, outcomes: Outcomes, counts: Counts) -> None:
        """Write the next part, whole, with its counts."""
        table = table_of(outcomes, evidence=self._evidence)
        text = json.dumps(counts.plain(), sort_keys=True).encode()
        table = table.replace_schema_metadata({_COUNTS: text})
        with (
            self._placed(self._part(self.done)) as unfinished,
            pyarrow.OSFile(str(unfinished), "wb") as sink,
            ipc.new_file(sink, table.schema) as writer,
        ):
            writer.write_table(table)
        self.counts.merge(counts)
        self.done += 1

    def _counts_of(self, part: Path) -> Counts | None:
        """Return the counts of a part that is whole, or None."""
        try:
            with pyarrow.memory_map(str(part)) as mapped:
                reader = ipc.open_file(mapped)
                plain = json.loads((reader.schema.metadata or {})[_COUNTS])
                counts = Counts.of_plain(plain)
                return counts if counts.orders == reader.read_all().num_rows else None
        except (OSError, pyarrow.ArrowException, KeyError, ValueError):
            return None

    def finish(self) -> None:
        """Put all parts together into the file of decisions, and remove them."""
        schema = schema_of(evidence=self._evidence)
        with self._placed(self.out) as unfinished:
            write_out(unfinished, self.out.suffix.lower(), schema, self._tables())
        self.drop()

    def drop(self) -> None:
        """Remove the parts and their folder; what is not ours in it stays."""
        self._clear()
        with suppress(OSError):
            self.folder.rmdir()

    def _tables(self) -> Iterator[Any]:
        for number in range(self.done):
            with pyarrow.memory_map(str(self._part(number))) as mapped:
                yield ipc.open_file(mapped).read_all().replace_schema_metadata(None)

    def _placed(self, path: Path) -> _Placed:
        return _Placed(path, self.folder / f"{path.name}.{os.getpid()}.unfinished")

    def _clear(self) -> None:
        # The manifest goes last, so that parts never stand without it.
        for pattern in reversed(_OURS):
            for path in self.folder.glob(pattern):
                _remove(path)


class _Placed:
    """A file that is written aside and put into its place once it is whole and on the disk."""

    def __init__(self, path: Path, unfinished: Path) -> None:
        self._path, self._unfinished = path, unfinished

    def __enter__(self) -> Path:
        return self._unfinished

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            _remove(self._unfinished)
            return
        with self._unfinished.open("rb+") as stream:
            os.fsync(stream.fileno())
        self._unfinished.replace(self._path)


def _remove(path: Path) -> None:
    with suppress(OSError):
        # What the database put aside for want of memory lies in a folder of its own.
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
