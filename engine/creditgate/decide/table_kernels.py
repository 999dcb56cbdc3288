"""The kernels of a table's rules, made when columns of a shape and a form are first met."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np

from creditgate.backends.columns.bounds import Range, parsed, sizes_of
from creditgate.backends.columns.compile import ColumnEvent, Run, SharingEvent
from creditgate.backends.columns.kernel import BlockKernel, Body, Kernel
from creditgate.backends.columns.layout import Form
from creditgate.backends.columns.needs import Column, Unsupported
from creditgate.backends.columns.packing import Pack, packed
from creditgate.backends.columns.shared_body import MOST_KEPT, SharedBody
from creditgate.backends.columns.touching import touching
from creditgate.backends.columns.widths import widened
from creditgate.decide.records import MOST_ROWS
from creditgate.decide.table_arrays import ROW_BY_ROW, Arrays
from creditgate.decide.table_days import Days
from creditgate.decide.table_widths import Exactness, Widths, declared_ranges


@dataclass(frozen=True, slots=True)
class SharedRules:
    """Rules that look up what rows share, what its arrays may hold, and where they are exact."""

    event: SharingEvent
    declared: Mapping[str, Range]
    exact: Exactness
    key: Any


@dataclass(slots=True)
class Compiled:
    """A kernel of rows by their numbers, or of all rows from one to another, and what it needs."""

    run: Run
    kernel: Kernel
    blocks: BlockKernel | None = None
    limits: Any = None
    is_proved: bool = False
    packs: tuple[Pack, ...] = ()


class Kernels:
    """The kernels that were made so far. Safe to share between threads, under one `lock`.

    `codes` are the numbers of the words of rules, `words` how many words of bits outcomes have.
    """

    def __init__(
        self, codes: Mapping[str, int], words: int, widths: Widths,
        compile_kernel: Callable[[Kernel], Run], lock: RLock,
    ) -> None:  # fmt: skip
        self._codes, self._words, self.widths = codes, words, widths
        self.compile = compile_kernel
        self._exact: dict[Any, Exactness | None] = {}
        self._kernels: dict[Any, Compiled | None] = {}
        self._sharing: dict[Any, SharedRules | None] = {}
        self._lock = lock

    def exact_for(
        self, judged: ColumnEvent, rows: Any, arrays: Arrays, days: Days
    ) -> Iterator[tuple[Compiled, Any]]:  # fmt: skip
        """Yield kernels with the rows for which they are exact; others are decided one by one."""
        exact = self.exactness(judged, arrays)
        stretches = [] if exact is None else list(exact.stretches(rows, days, arrays))
        for wide, begin, end in stretches:
            key = (id(judged), arrays.shape(judged.needs), wide)
            kernel = self._made(key, judged, arrays, None, wide=wide)
            if kernel is not None:
                yield kernel, rows[begin:end]

    def exactness(self, judged: ColumnEvent, arrays: Arrays) -> Exactness | None:
        """Return what tells where kernels of rules are exact, or None where there are none."""
        shape = arrays.shape(judged.needs)
        key = (id(judged), shape)
        with self._lock:
            if key not in self._exact:
                try:
                    kernel = judged.kernel(shape, self._codes, self._words)
                except Unsupported:
                    self._exact[key] = None
                else:
                    declared = declared_ranges(kernel, arrays)
                    self._exact[key] = Exactness(kernel, declared, self.widths)
            return self._exact[key]

    def sharing(self, judged: ColumnEvent, arrays: Arrays) -> SharedRules | None:
        """Return rules as they look up what rows share, or None where these share nothing."""
        shape = arrays.shape(judged.needs)
        key = ("sharing", id(judged), shape)
        with self._lock:
            if key not in self._sharing:
                try:
                    event = judged.sharing(shape, self._codes, self._words)
                except Unsupported:
                    event = None
                self._sharing[key] = None if event is None else self._rules(event, arrays, key)
            return self._sharing[key]

    def _rules(self, event: SharingEvent, arrays: Arrays, key: Any) -> SharedRules:
        known: dict[str, Range] = {}
        for each in event.bodies:
            kernel = each.body.by_numbers()
            declared = declared_ranges(kernel, arrays) | _those(known, kernel)
            ranges = {**kernel.ranges(), **declared}
            found = sizes_of(parsed(kernel.source), ranges, MOST_ROWS).variables
            for name in each.types():
                low, high = found[name]
                known[name] = max(low, -MOST_KEPT), min(high, MOST_KEPT)
        kernel = event.body.by_numbers()
        declared = declared_ranges(kernel, arrays) | _those(known, kernel)
        return SharedRules(event, known, Exactness(kernel, declared, self.widths), key)

    def of_records(self, body: SharedBody, rules: SharedRules, arrays: Arrays) -> Compiled | None:
        """Return the kernel that works out what rows share, or None where none is exact."""
        key = (*rules.key, body.frame, *body.kept)
        with self._lock:
            if key not in self._exact:
                kernel = body.body.by_numbers()
                declared = declared_ranges(kernel, arrays) | _those(rules.declared, kernel)
                self._exact[key] = Exactness(kernel, declared, self.widths)
            exact = self._exact[key]
            assert exact is not None
            ranges = {**arrays.ranges(exact.plain.columns), "day_of": (0, 0)}
            wide = exact.is_wide(ranges, arrays.longest)
            if wide is None:
                return None
            return self._compiled((*key, wide), body.body, exact, wide=wide)

    def exact_for_sharing(
        self, rules: SharedRules, rows: Any, arrays: Arrays, days: Days
    ) -> Iterator[tuple[Compiled, Any]]:  # fmt: skip
        """Yield kernels that look up what rows share, with the rows for which they are exact."""
        for wide, begin, end in list(rules.exact.stretches(rows, days, arrays)):
            key = (*rules.key, wide)
            with self._lock:
                kernel = self._compiled(
                    key, rules.event.body, rules.exact, wide=wide, packing=(rules, arrays)
                )
            yield kernel, rows[begin:end]

    def _compiled(
        self, key: Any, body: Body, exact: Exactness, *, wide: bool,
        packing: tuple[SharedRules, Arrays] | None = None,
    ) -> Compiled:  # fmt: skip
        """Return the kernel that was made for a key."""
        found = self._kernels.get(key)
        if found is None:
            if wide:
                body = widened(body, exact.declared, MOST_ROWS, self.widths.wide_from)
            kernel, packs = body.by_numbers(), tuple[Pack, ...]()
            if packing is not None:
                kernel, packs = packed(kernel, *_side_by_side(kernel, *packing))
                kernel = touching(kernel)
            found = self._kernels[key] = Compiled(self.compile(kernel), kernel, packs=packs)
        return found

    def by_blocks(
        self, judged: ColumnEvent, arrays: Arrays, days: Days, *, wide: bool
    ) -> Compiled | None:  # fmt: skip
        """Return a kernel by blocks for columns of the forms at hand."""
        forms = {name: arrays.form(name) for name in (*arrays.given, *arrays.row_by_row)}
        forms["day_of"] = days.form
        known = {name: form for name, form in forms.items() if form is not None}
        key = (id(judged), arrays.shape(judged.needs), frozenset(known.items()), wide)
        return self._made(key, judged, arrays, known, wide=wide)

    def _made(
        self, key: Any, judged: ColumnEvent, arrays: Arrays, forms: Mapping[str, Form] | None,
        *, wide: bool,
    ) -> Compiled | None:  # fmt: skip
        """Return the kernel that was made for a key; it is made, by blocks of `forms`, at first."""
        with self._lock:
            if key not in self._kernels:
                shape = arrays.shape(judged.needs)
                try:
                    body = judged.body(shape, self._codes, self._words)
                except Unsupported:
                    self._kernels[key] = None
                    return None
                exact = self.exactness(judged, arrays) if wide else None
                if exact is not None:
                    body = widened(body, exact.declared, MOST_ROWS, self.widths.wide_from)
                blocks = None if forms is None else body.by_blocks(forms)
                kernel = touching(body.by_numbers()) if blocks is None else blocks.kernel
                self._kernels[key] = Compiled(self.compile(kernel), kernel, blocks)
            return self._kernels[key]


def _those(known: Mapping[str, Range], kernel: Kernel) -> dict[str, Range]:
    return {name: known[name] for name in kernel.columns if name in known}


def _side_by_side(
    kernel: Kernel, rules: SharedRules, arrays: Arrays
) -> tuple[dict[str, list[str]], frozenset[str]]:
    """Return the columns of records that a kernel reads, by frame, and those that are small."""
    frame_of = {name: each.frame for each in rules.event.bodies for name in each.types()}
    for frame, entity in arrays.frames.items():
        own = [Column(frame, fact).name for fact in entity.facts]
        frame_of |= {f"{kind}_{name}": frame for kind in ROW_BY_ROW for name in own}
    found: dict[str, list[str]] = {}
    for name in kernel.columns:
        holder = frame_of.get(name)
        if holder is not None and "." not in holder and holder not in arrays.in_rows:
            found.setdefault(holder, []).append(name)
    several = {frame: names for frame, names in found.items() if len(names) > 1}
    read = [name for names in several.values() for name in names]
    return several, frozenset(n for n in read if arrays.array(n).dtype == np.uint8)
