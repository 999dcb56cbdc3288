"""Find rulebook folders and read their files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import NOWHERE, SourceFile, shown_path
from creditgate.base.suggest import nearest
from creditgate.load.disk import Disk
from creditgate.load.located import Map, Node
from creditgate.load.reading import text_at
from creditgate.load.schema_check import check_schema
from creditgate.load.yaml_reader import read_yaml, source_from_bytes

NOT_RULEBOOKS = ("vocabulary", "calendars")
#: What a proof leaves in the folder of an overlay.
CERTIFICATE = "certificates/only_tightens.json"


@dataclass(frozen=True, slots=True)
class RulebookSource:
    """The files of one rulebook: its header and its chapters in the order of their names.

    `certificate` is what lies beside them in the file of that name, None where there is none.
    """

    id: str
    folder: Path
    header: Map
    chapters: tuple[tuple[str, Map], ...]
    certificate: bytes | None = None


@dataclass(slots=True)
class Shelf:
    """Folders in which rulebooks are looked for, the first one first."""

    roots: tuple[Path, ...]
    disk: Disk = field(default_factory=Disk)
    _read: dict[Path, Map | None] = field(default_factory=dict)
    _extended: dict[str, str] | None = None

    def folder(self, rulebook: str) -> Path | None:
        """Return the folder of a rulebook id."""
        for root in self.roots:
            if self.disk.is_file(root / rulebook / "rulebook.yaml"):
                return root / rulebook
        return None

    def ids(self) -> list[str]:
        """Return the ids of all rulebooks on the shelf, sorted."""
        found = set()
        for root in self.roots:
            for header in root.rglob("rulebook.yaml"):
                found.add(header.parent.relative_to(root).as_posix())
        return sorted(found)

    def built_on(self, rulebook: str) -> list[str]:
        """Return the rulebooks of the shelf that extend one directly."""
        if self._extended is None:
            self._extended = {name: self._stated_base(name) for name in self.ids()}
        return [name for name, base in self._extended.items() if base == rulebook]

    def _stated_base(self, rulebook: str) -> str:
        """Return what the header of a rulebook says that it extends, as it is written."""
        folder = self.folder(rulebook)
        assert folder is not None
        text = (folder / "rulebook.yaml").read_text("utf-8", errors="replace")
        found = _EXTENDS.search(text)
        return "" if found is None else found[1]

    def read(self, rulebook: str, collector: Collector) -> RulebookSource | None:
        """Return the files of a rulebook, or None after reporting what is wrong with them."""
        folder = self.folder(rulebook)
        if folder is None:
            near = nearest(rulebook, self.ids())
            collector.add(
                error(
                    Code.UNKNOWN_RULEBOOK,
                    f"there is no rulebook `{rulebook}`",
                    NOWHERE,
                    hint=f"did you mean `{near}`?" if near else f"known: {', '.join(self.ids())}",
                )
            )
            return None
        header = self.document(folder / "rulebook.yaml", "rulebook", collector)
        chapters = []
        # Names of a chapter that cannot be read would be reported as unknown in the others.
        refused = False
        for path in self.disk.names(folder):
            if path.name == "rulebook.yaml":
                continue
            chapter = self.document(path, "chapter", collector)
            refused = refused or chapter is None
            if chapter is not None:
                chapters.append((path.stem, chapter))
        if header is None or refused:
            return None
        stated = text_at(header, "rulebook")
        if stated != rulebook:
            collector.add(
                error(
                    Code.UNKNOWN_RULEBOOK,
                    f"the rulebook calls itself `{stated}` but lies in `{rulebook}`",
                    header.span,
                    hint="the id of a rulebook is its path; change one of them",
                )
            )
        certificate = self._certificate(folder / CERTIFICATE)
        return RulebookSource(rulebook, folder, header, tuple(chapters), certificate)

    def _certificate(self, path: Path) -> bytes | None:
        try:
            return self.disk.read(path) if self.disk.is_file(path) else None
        except OSError:
            self.disk.wavers = True  # it may be readable next time
            return None

    def vocabulary(self, collector: Collector) -> list[Map]:
        """Return the vocabulary files of all roots."""
        found = []
        for root in reversed(self.roots):
            for path in self.disk.names(root / "vocabulary"):
                if path.stem == _TERMS:
                    continue
                stem = path.stem if path.stem in _OTHER_KINDS else "vocabulary"
                node = self.document(path, stem, collector)
                if node is not None:
                    found.append(node)
        return found

    def terms(self, collector: Collector) -> list[Map]:
        """Return the glossaries of all roots, which only lints need."""
        paths = [root / "vocabulary" / f"{_TERMS}.yaml" for root in reversed(self.roots)]
        found = [self.document(p, _TERMS, collector) for p in paths if self.disk.is_file(p)]
        return [node for node in found if node is not None]

    def calendar(self, name: str, collector: Collector) -> Map | None:
        """Return a calendar file, or None if there is none of that name or it is malformed."""
        for root in self.roots:
            path = root / "calendars" / f"{name}.yaml"
            if self.disk.is_file(path):
                return self.document(path, "calendar", collector)
        return None

    def calendar_ids(self) -> list[str]:
        """Return the names of all calendars."""
        return sorted({p.stem for root in self.roots for p in root.glob("calendars/*.yaml")})

    def document(self, path: Path, schema: str, collector: Collector) -> Map | None:
        """Return a schema-valid YAML file, or None after reporting what is wrong with it."""
        if path not in self._read:
            self._read[path] = self._document(path, schema, collector)
        return self._read[path]

    def _document(self, path: Path, schema: str, collector: Collector) -> Map | None:
        source = read_source(path, collector, self.disk)
        node: Node | None = None if source is None else read_yaml(source, collector)
        if node is None:
            return None
        if not check_schema(node, schema, collector) or not isinstance(node, Map):
            return None
        return node


_TERMS = "terms"
_EXTENDS = re.compile(r"^extends:\s*(?:\[|\n\s*-)\s*[\"']?([\w/]+)", re.MULTILINE)
_OTHER_KINDS = frozenset({"enums", "events", "claims", "reasons", "lists"})


def read_source(path: Path, collector: Collector, disk: Disk | None = None) -> SourceFile | None:
    """Return the text of a file under the name by which messages call it."""
    try:
        data = (disk or Disk()).read(path)
    except OSError as problem:
        reason = os.strerror(problem.errno) if problem.errno else str(problem)
        collector.add(
            error(Code.NO_FILE, f"`{shown_path(path)}` cannot be read: {reason}", NOWHERE)
        )
        return None
    return source_from_bytes(shown_path(path), data, collector)
