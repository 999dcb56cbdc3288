"""Load a rulebook for questions, also one that is refused because it may loosen its base."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from creditgate.admit.admission import TIGHTENS, admit
from creditgate.admit.certificates import certifies
from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic
from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.ir.rulebook import Rulebook
from creditgate.load.rulebook_files import Shelf
from creditgate.pipeline import shipped_rulebooks


@dataclass(frozen=True, slots=True)
class Subject:
    """A rulebook that is asked about.

    `base` is the one it overlays, where that decides by itself; `tightens` tells whether it may
    only tighten it, `doubts` are what admission found against that, and `certified` tells whether
    a certificate of it fits.
    """

    book: Rulebook
    base: Rulebook | None = None
    tightens: bool = False
    doubts: tuple[Diagnostic, ...] = ()
    folder: Path | None = None
    certified: bool = False

    @property
    def only_figures(self) -> bool:
        """Tell whether all doubts are about formulas, which a certificate can settle."""
        return all(
            doubt.code is Code.OVERLAY_NOT_SETTLED
            or (doubt.code is Code.OVERLAY_LOOSENS and "build on `base`" in doubt.message)
            for doubt in self.doubts
        )


class Library:
    """The rulebooks below some folders, whether or not they are admitted over their bases.

    Folders without a vocabulary use what is shipped.
    """

    def __init__(self, roots: tuple[Path, ...] = ()) -> None:
        is_whole = any((root / "vocabulary").is_dir() for root in roots)
        self.shelf = Shelf(roots if is_whole else (*roots, shipped_rulebooks()))
        self._over: dict[str, tuple[Checked, Checked, tuple[Diagnostic, ...]]] = {}
        self._catalogue = Catalogue(self.shelf, self._note)

    def _note(self, base: Checked, overlay: Checked, _collector: Collector) -> None:
        doubts = Collector()
        admit(base, overlay, doubts)
        self._over[overlay.rulebook.id] = base, overlay, doubts.diagnostics

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return what is wrong with the rulebooks beside their looseness."""
        return self._catalogue.collector.diagnostics

    def subject(self, rulebook: str) -> Subject | None:
        """Return a rulebook; None where it cannot be used, or decides nothing by itself."""
        checked = self._catalogue.checked(rulebook)
        if checked is None or checked.rulebook.abstract:
            return None
        over = self._over.get(rulebook)
        if over is None:
            return Subject(checked.rulebook)
        base, overlay, doubts = over
        return Subject(
            checked.rulebook,
            None if base.rulebook.abstract else base.rulebook,
            checked.rulebook.mode == TIGHTENS and not base.rulebook.abstract,
            doubts,
            overlay.folder,
            certifies(overlay.certificate, base.rulebook, checked.rulebook),
        )
