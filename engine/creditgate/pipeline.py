"""The whole order, once: rulebook folders to a `Gate` that decides.

Read `STAGES` first: it names every stage in the order in which data flows.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, error
from creditgate.base.failures import RulebookRejected
from creditgate.base.spans import NOWHERE
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.decision import Core, Decision, Source
from creditgate.decide.engine import Engine
from creditgate.decide.judgement import decide_core, refusals_of, refused_core
from creditgate.decide.plan import Plans
from creditgate.decide.read import MOST_DEPTH, FactsReader, FactsRefused
from creditgate.domain.facts import Facts
from creditgate.domain.vocabulary import Vocabulary
from creditgate.kept_rulebooks import Asked, Found

if TYPE_CHECKING:
    from creditgate.check.load import Catalogue
    from creditgate.check.rulebook import Checked

STAGES: Final = (
    ("load", "YAML files to located, schema-valid trees"),
    ("syntax", "text of expressions to trees as written"),
    ("check", "trees to typed rulebooks; names, dates, units, polarity"),
    ("admit", "overlays over their base, refusing what loosens"),
    ("ir", "one epoch, closed and interned"),
    ("lowered", "the IR of an epoch as shared, folded terms"),
    ("backends.scalar", "generated Python for each event of an epoch"),
    ("decide", "facts in, decision out"),
    ("reference", "the meaning, asked for evidence and explanations"),
)


def shipped_rulebooks() -> Path:
    """Return the folder of the rulebooks that come with the package."""
    package = Path(__file__).resolve().parent
    inside = package / "rulebooks"
    return inside if inside.is_dir() else package.parents[1] / "rulebooks"


def shelf_of(roots: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders in which rulebooks are looked for, the shipped ones last."""
    return (*roots, shipped_rulebooks())


def catalogue(roots: Sequence[Path] = ()) -> Catalogue:
    """Return the catalogue of the shipped rulebooks, with more folders before them."""
    # Who takes rulebooks that are kept needs neither the grammar nor YAML.
    from creditgate.admit.admission import admit
    from creditgate.check.load import Catalogue
    from creditgate.load.rulebook_files import Shelf

    return Catalogue(Shelf(shelf_of(roots)), admit)


def located(rulebook: str | Path) -> tuple[str, Path | None]:
    """Return a rulebook's id and, where it was named by its folder, the root it lies under.

    A folder is taken as a rulebook when it holds `rulebook.yaml`; its id is what that file says,
    and the root is the folder that the id starts from.
    """
    path = Path(rulebook)
    folder = path.parent if path.name == "rulebook.yaml" else path
    # os.path asks without raising for names that no file system takes.
    if not os.path.isfile(folder / "rulebook.yaml"):
        return str(rulebook), None
    stated = _stated_id(folder / "rulebook.yaml")
    parts = Path(stated).parts if stated else ()
    resolved = folder.resolve()
    if parts and resolved.parts[-len(parts) :] == parts:
        return stated, resolved.parents[len(parts) - 1]
    return folder.name, resolved.parent


def _stated_id(header: Path) -> str:
    for line in header.read_text("utf-8", errors="replace").splitlines():
        if line.startswith("rulebook:"):
            return line.removeprefix("rulebook:").split("#")[0].strip().strip("'\"")
    return ""


class Gate:
    """Decide credit trades under some rulebooks. Immutable and safe to share between threads.

    Example:
        >>> gate = Gate.load(["cn/sse"])
        >>> decision = gate.decide({"order": {"action": "short_sell"}})
        >>> decision.outcome, decision.missing
        ('undecided', ('order.trade_date',))

    """

    __slots__ = ("_known_on", "_plans", "_reader", "_tables", "known_on", "vocabulary")

    def __init__(
        self, engines: Sequence[Engine], vocabulary: Vocabulary, known_on: date | None = None
    ) -> None:
        self._plans = Plans(engines, vocabulary)
        self.known_on = None if known_on is None else date.fromordinal(known_on.toordinal())
        self._known_on = None if self.known_on is None else self.known_on.isoformat()
        self.vocabulary = vocabulary
        self._tables: Any = None
        self._reader = FactsReader(vocabulary)

    @classmethod
    def load(cls, rulebooks: Iterable[str | Path], *, known_on: date | None = None) -> Gate:
        """Load rulebooks by id or folder.

        `known_on` leaves out what was published after that day: the gate decides with what was
        known then. A rulebook whose start was published later governs nothing.

        Errors: RulebookRejected with every diagnostic of every file; nothing is half loaded.

        Example:
            >>> from datetime import date
            >>> gate = Gate.load(["cn/sse"], known_on=date(2009, 12, 31))
            >>> gate.decide({"order": {"trade_date": "2026-01-19"}}).core.known_on
            '2009-12-31'

        """
        named = [located(rulebook) for rulebook in rulebooks]
        with _without_collection():
            return cls._loaded(named, known_on)

    @classmethod
    def _loaded(cls, named: Sequence[tuple[str, Path | None]], known_on: date | None) -> Gate:
        roots = tuple(dict.fromkeys(root for _, root in named if root is not None))
        asked = Asked(tuple(name for name, _ in named), shelf_of(roots), known_on)
        found = asked.taken() or cls._read(named, roots, asked)
        return cls(found.engines, found.vocabulary, known_on)

    @staticmethod
    def _read(
        named: Sequence[tuple[str, Path | None]], roots: tuple[Path, ...], asked: Asked
    ) -> Found:
        shelf, known_on = catalogue(roots), asked.known_on
        checked = [checked_for_use(shelf, name, known_on) for name, _ in named]
        if shelf.collector.has_errors or not named or any(item is None for item in checked):
            if not named:
                shelf.collector.add(error(Code.UNKNOWN_RULEBOOK, "no rulebook was named", NOWHERE))
            raise RulebookRejected(shelf.collector.diagnostics)
        engines = tuple(Engine(item.rulebook) for item in checked if item is not None)
        loaded = Found(engines, shelf.vocabulary())
        asked.keep(loaded, shelf.shelf.disk)
        return loaded

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Return one engine a rulebook, in the order in which they were named."""
        return self._plans.engines

    def read(self, data: bytes | str | Mapping[str, Any]) -> Facts:
        """Read a facts document: JSON, or a map of exact values (no binary floats).

        Errors: FactsRefused with one diagnostic a mistake.
        """
        if isinstance(data, (bytes, str)):
            return self._reader.from_json(data)
        return self._reader.from_plain(data, kept(data))

    def decide(
        self, facts: Facts | bytes | str | Mapping[str, Any], *, on: date | None = None,
        figures: Iterable[str] = (),
    ) -> Decision:  # fmt: skip
        """Decide one event.

        `on` judges it by the law of another day (a what-if question); `figures` names figures
        whose values are wanted beside the decision. Facts that cannot be read are undecided, with
        the diagnostics among the refusals: no exception leaves this method for what a caller sent.
        """
        wanted = tuple(figures)
        try:
            read = facts if isinstance(facts, Facts) else self.read(facts)
        except FactsRefused as refused:
            core = self.refused(refused.diagnostics)
            return Decision(core, Source(self, None, on, wanted, kept(facts)))
        day = None if on is None else on.toordinal()
        core = decide_core(self._plans, read, day, wanted, self._known_on)
        return Decision(core, Source(self, read, on, wanted))

    def decide_table(
        self, table: Any, tables: Mapping[str, Any] | None = None, *, event: str = "order"
    ) -> Any:
        """Decide each row of a table of events; needs the extra `columns`.

        `table` is a `pyarrow.Table`, a `RecordBatch` or a `RecordBatchReader`, and so is what is
        returned. A reader is read while its decisions are: memory does not grow with its length,
        and what has been compiled for one batch serves the others.

        Shape:  columns of `table` are facts of the event's own record (`order`), and columns named
                after other records (`account`), which hold the key of a row in `tables`; or facts
                of these that stand in the same row (`account.cash`). A table
                there with a column of a fact of the order, such as `security`, is joined on it; one
                of a single row is for all. Lists are lists of structs. A null is not known; a
                column `price.none` says of which rows the price is none. The result has a row for
                each: `decision`, and in `breached`, `undecided` and `pending` one bit a rule, whose
                ids are the `rules` of its metadata.
        Errors: TableRefused where a table cannot be read as facts; of a reader, when the batch is
                read that cannot.
        """
        from creditgate.decide.table import TableDecider
        from creditgate.decide.table_beside import Beside
        from creditgate.decide.table_stream import decided

        decider = self._tables
        if decider is None:
            decider = self._tables = TableDecider(self._plans.engines, self.vocabulary)

        kept = Beside()

        def decide(rows: Any) -> Any:
            return decider.decide(rows, tables or {}, event, lambda d: self.decide(d).core, kept)

        return decided(table, decide, decider.schema)

    def refused(self, diagnostics: Iterable[Diagnostic]) -> Core:
        """Return the core for an order whose facts cannot be read, which is undecided."""
        return refused_core(DEFAULT_EVENT, refusals_of(diagnostics), self._known_on)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Look for no garbage for a while.

    All that loading makes is kept, and to go through it again and again takes a third of the time
    in which a rulebook of thousands of rules is loaded.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def kept(document: Any, depth: int = MOST_DEPTH) -> Any:
    """Return a document that its owner cannot change any more: maps and lists are copied."""
    if isinstance(document, Mapping):
        return {key: kept(item, depth - 1) for key, item in document.items()} if depth else {}
    if isinstance(document, list | tuple):
        return [kept(item, depth - 1) for item in document] if depth else []
    return document


def checked_for_use(shelf: Catalogue, name: str, known_on: date | None = None) -> Checked | None:
    """Return a checked rulebook that can decide: an abstract base cannot.

    With `known_on` it holds only what was published by that day.
    """
    checked = shelf.checked(name)
    if checked is not None and checked.rulebook.abstract:
        overlays = ", ".join(i for i in shelf.shelf.ids() if i.startswith(name.split("/")[0]))
        shelf.collector.add(
            error(
                Code.ABSTRACT_RULEBOOK,
                f"`{name}` is a base and decides nothing by itself",
                NOWHERE,
                hint=f"name one that builds on it: {overlays}",
            )
        )
        return None
    return checked if known_on is None else shelf.known(name, known_on.toordinal())
