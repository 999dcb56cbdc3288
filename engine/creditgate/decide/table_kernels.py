"""The kernels of a table's rules, made when columns of a shape and a form are first met."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any

from creditgate.backends.columns.compile import ColumnEvent, Run
from creditgate.backends.columns.kernel import BlockKernel, Kernel
from creditgate.backends.columns.layout import Form
from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.widths import widened
from creditgate.backends.columns.writer import Shape
from creditgate.decide.records import MOST_ROWS
from creditgate.decide.table_arrays import Arrays
from creditgate.decide.table_days import Days
from creditgate.decide.table_widths import Exactness, Widths, declared_ranges


@dataclass(slots=True)
class Compiled:
    """A kernel of rows by their numbers, or of all rows from one to another, and what it needs."""

    run: Run
    kernel: Kernel
    blocks: BlockKernel | None = None
    limits: Any = None
    is_proved: bool = False


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
        self._exact: dict[tuple[int, Shape], Exactness | None] = {}
        self._kernels: dict[Any, Compiled | None] = {}
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
                kernel = body.by_numbers() if blocks is None else blocks.kernel
                self._kernels[key] = Compiled(self.compile(kernel), kernel, blocks)
            return self._kernels[key]
