"""The whole order, once: rulebook folders to a `Gate` that decides.

Read `STAGES` first: it names every stage in the order in which data flows.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec

from creditgate.admit.admission import admit
from creditgate.base.codes import Code
from creditgate.base.diagnostic import error
from creditgate.base.failures import RulebookRejected
from creditgate.base.spans import NOWHERE
from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.decide.decision import Core, Decision, Source
from creditgate.decide.engine import Engine
from creditgate.decide.facts_needed import span_of
from creditgate.decide.judgement import decide_core, refusals_of, refused_core
from creditgate.decide.read import MOST_DEPTH, FactsReader, FactsRefused
from creditgate.domain.facts import Facts
from creditgate.domain.vocabulary import Vocabulary
from creditgate.load.rulebook_files import Shelf

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
    inside = Path(str(files("creditgate"))) / "rulebooks"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "rulebooks"


def catalogue(roots: Sequence[Path] = ()) -> Catalogue:
    """Return the catalogue of the shipped rulebooks, with more folders before them."""
    return Catalogue(Shelf((*roots, shipped_rulebooks())), admit)


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

    __slots__ = ("_engines", "_reader", "_tables", "known_on", "vocabulary")

    def __init__(
        self, engines: Sequence[Engine], vocabulary: Vocabulary, known_on: date | None = None
    ) -> None:
        self._engines = tuple(engines)
        self.known_on = None if known_on is None else date.fromordinal(known_on.toordinal())
        self.vocabulary = vocabulary
        self._tables: Any = None
        self._reader = FactsReader(vocabulary, partial(span_of, self._engines, vocabulary))

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
        shelf = catalogue(roots)
        checked = [checked_for_use(shelf, name, known_on) for name, _ in named]
        if shelf.collector.has_errors or not named or any(item is None for item in checked):
            if not named:
                shelf.collector.add(error(Code.UNKNOWN_RULEBOOK, "no rulebook was named", NOWHERE))
            raise RulebookRejected(shelf.collector.diagnostics)
        engines = [Engine(item.rulebook) for item in checked if item is not None]
        return cls(engines, shelf.vocabulary(), known_on)

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Return one engine a rulebook, in the order in which they were named."""
        return self._engines

    def read(self, data: bytes | str | Mapping[str, Any], *, whole: bool = False) -> Facts:
        """Read a facts document: JSON, or a map of exact values (no binary floats).

        `whole` makes every fact ready, not only those that decide: formulas may ask for any.

        Errors: FactsRefused with one diagnostic a mistake.
        """
        if isinstance(data, (bytes, str)):
            return self._reader.from_json(data, whole=whole)
        return self._reader.from_plain(data, kept(data))

    def whole(self, facts: Facts) -> Facts:
        """Return facts of which every one is ready, read again where only some are."""
        return facts if facts.reader is None else self._reader.from_json(facts.given, whole=True)

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
            whole = bool(wanted) or on is not None
            read = facts if isinstance(facts, Facts) else self.read(facts, whole=whole)
            if read.reader is not None and (whole or read.reader is not self._reader):
                read = self.whole(read)
        except FactsRefused as refused:
            core = self.as_known(refused_core("order", refusals_of(refused.diagnostics)))
            return Decision(core, Source(self, None, on, wanted, kept(facts)))
        return Decision(self._core(read, on, wanted), Source(self, read, on, wanted))

    def decide_table(
        self, table: Any, tables: Mapping[str, Any] | None = None, *, event: str = "order"
    ) -> Any:
        """Decide each row of a table of events (a `pyarrow.Table`); needs the extra `columns`.

        Shape:  columns of `table` are facts of the event's own record (`order`), and columns named
                after other records (`account`), which hold the key of a row in `tables`; or facts
                of these that stand in the same row (`account.cash`). A table
                there with a column of a fact of the order, such as `security`, is joined on it; one
                of a single row is for all. Lists are lists of structs. A null is not known; a
                column `price.none` says of which rows the price is none. The result has a row for
                each: `decision`, and in `breached`, `undecided` and `pending` one bit a rule, whose
                ids are the `rules` of its metadata.
        Errors: TableRefused where a table cannot be read as facts.
        """
        from creditgate.decide.table import TableDecider

        if self._tables is None:
            self._tables = TableDecider(self._engines, self.vocabulary)
        return self._tables.decide(table, tables or {}, event, lambda d: self.decide(d).core)

    def _core(self, facts: Facts, on: date | None, figures: Iterable[str]) -> Core:
        day = None if on is None else on.toordinal()
        core = decide_core(self._engines, self.vocabulary, facts, day, figures)
        return core if self.known_on is None else self.as_known(core)

    def as_known(self, core: Core) -> Core:
        """Return a core that says by which day of knowledge this gate decides."""
        known_on = None if self.known_on is None else self.known_on.isoformat()
        return msgspec.structs.replace(core, known_on=known_on)


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
