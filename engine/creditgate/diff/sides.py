"""One side of a comparison: where its rulebooks lie, what is written in them, what they mean."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic, Label
from creditgate.base.spans import SourceFile, Span
from creditgate.diff.git_trees import GitTree
from creditgate.diff.specs import Spec, refused
from creditgate.load.located import Map
from creditgate.load.reading import texts_at
from creditgate.load.rulebook_files import Shelf, read_source
from creditgate.load.yaml_reader import read_yaml
from creditgate.pipeline import located, shipped_rulebooks
from creditgate.prove.rulebooks import Library, Subject

HEADER = "rulebook.yaml"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a rulebook as a tree; None where it is no YAML."""

    name: str
    tree: Map | None


@dataclass(slots=True)
class Side:
    """Rulebooks below some folders.

    `rulebooks` are those asked about; `file` is the one file of one rulebook that is asked about.
    `shown` is what a folder is called in messages instead of its place on disk.
    """

    spec: Spec
    roots: tuple[Path, ...]
    rulebooks: tuple[str, ...]
    is_shelf: bool = False
    file: str | None = None
    on: int | None = None
    shown: tuple[tuple[str, str], ...] = ()
    problems: list[Diagnostic] = field(default_factory=list)
    _library: Library | None = None
    _written: dict[str, tuple[WrittenFile, ...]] = field(default_factory=dict)

    @property
    def library(self) -> Library:
        """Return the rulebooks as they mean something."""
        if self._library is None:
            self._library = Library(self.roots)
        return self._library

    def folder(self, rulebook: str) -> Path | None:
        """Return where a rulebook lies."""
        return self.library.shelf.folder(rulebook)

    def written(self, rulebook: str) -> tuple[WrittenFile, ...]:
        """Return the files of a rulebook, read without asking whether they mean something."""
        if rulebook not in self._written:
            folder = self.folder(rulebook)
            found = () if folder is None else tuple(self._files(folder))
            self._written[rulebook] = found
        return self._written[rulebook]

    def data(self, part: str) -> tuple[WrittenFile, ...]:
        """Return the files of the vocabulary, or of the calendars, below the own folders."""
        return tuple(file for root in self.roots for file in self._files(root / part))

    def _files(self, folder: Path) -> Iterator[WrittenFile]:
        for path in sorted(folder.glob("*.yaml")):
            collector = Collector()
            source = read_source(path, collector)
            tree = None if source is None else read_yaml(source, collector)
            self.problems += collector.diagnostics
            yield WrittenFile(path.name, tree if isinstance(tree, Map) else None)

    def lineage(self, rulebook: str) -> tuple[str, ...]:
        """Return a rulebook with all that it builds on, the nearest first, as its headers say."""
        found: list[str] = []
        waiting = [rulebook]
        while waiting:
            name = waiting.pop(0)
            if name in found:
                continue
            found.append(name)
            trees = [f.tree for f in self.written(name) if f.name == HEADER]
            waiting += [
                base for tree in trees if tree is not None for base in texts_at(tree, "extends")
            ]
        return tuple(found)

    def subject(self, rulebook: str) -> Subject | None:
        """Return a rulebook as it means something; None where it does not load, or is a base."""
        return self.library.subject(rulebook)

    def is_base(self, rulebook: str) -> bool:
        """Tell whether a rulebook says of itself that it decides nothing."""
        headers = [f.tree for f in self.written(rulebook) if f.name == HEADER and f.tree]
        nodes = [header.get("abstract") for header in headers]
        return any(getattr(node, "value", "") == "true" for node in nodes)

    def share_with(self, other: Side) -> None:
        """Read nothing twice that lies in the same folders as the rulebooks of another side."""
        if self.roots == other.roots and self.shown == other.shown:
            self._library, self._written = other.library, other._written

    def as_shown(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return a diagnostic that names files as the person did, not as they were unpacked."""
        labels = [self._label(label) for label in (diagnostic.primary, *diagnostic.secondary)]
        return replace(diagnostic, primary=labels[0], secondary=tuple(labels[1:]))

    def _label(self, label: Label) -> Label:
        file = label.span.file
        if file is None:
            return label
        path = file.path
        for folder, name in self.shown:
            path = path.replace(folder, name, 1) if path.startswith(folder) else path
        if path == file.path:
            return label
        span = Span(SourceFile(path, file.text), label.span.start, label.span.end)
        return Label(span, label.text)


class Sides:
    """Open sides; what was unpacked for them is dropped on leaving."""

    def __init__(self) -> None:
        self._folders: list[Path] = []

    def __enter__(self) -> Sides:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)

    def opened(self, spec: Spec) -> Side:
        """Return a side.

        Errors: DiffRefused where what is named does not exist.
        """
        side = self._of_revision(spec) if spec.revision is not None else _on_disk(spec)
        side.on = spec.on
        return side

    def with_file(self, side: Side, content: Path, text: str, name: str) -> Side:
        """Return a side like another, whose one file is called `name` and holds something else.

        Without content there is no such file.
        """
        assert side.file is not None
        rulebook = side.rulebooks[0]
        found = side.folder(rulebook)
        root = self._folder()
        if found is not None:
            shutil.copytree(side.roots[0], root, dirs_exist_ok=True, ignore=_no_rulebook_file)
        (root / rulebook / side.file).unlink(missing_ok=True)
        if content.is_file():
            shutil.copyfile(content, root / rulebook / name)
        shown = ((f"{root}/", "" if found is None else _prefix(found, rulebook)),)
        return Side(Spec(text, text), (root,), (rulebook,), file=name, shown=shown)

    def _folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="creditgate-diff-")).resolve()
        self._folders.append(folder)
        return folder

    def _of_revision(self, spec: Spec) -> Side:
        tree = GitTree(spec)
        header = tree.header_above(tree.path) if tree.path else None
        folder = self._folder()
        shown = ((f"{folder}/", f"{tree.revision}:"),)
        if header is None or (tree.kind == "blob" and not tree.path.endswith(".yaml")):
            root = tree.write(tree.path, folder)
            names = _ids((root,)) if tree.kind == "tree" else ()
            if not names:
                raise _no_rulebook(spec)
            return Side(spec, (root,), names, is_shelf=True, shown=shown)
        stated = _stated(tree.text(f"{header}/{HEADER}") or "")
        above = header.as_posix().removesuffix(stated) if stated else ""
        is_placed = bool(stated) and f"/{header}".endswith(f"/{stated}")
        root_path = above.strip("/") if is_placed else header.parent.as_posix()
        root = tree.write("" if root_path == "." else root_path, folder)
        rulebook = stated if is_placed else header.name
        file = Path(tree.path).name if tree.kind == "blob" else None
        return Side(spec, (root,), (rulebook,), file=file, shown=shown)


def _on_disk(spec: Spec) -> Side:
    path = Path(spec.name)
    if path.is_file() and path.suffix == ".yaml":
        folder = path.resolve().parent
        if not (folder / HEADER).is_file():
            raise _no_rulebook(spec)
        rulebook, root = located(folder)
        return Side(spec, () if root is None else (root,), (rulebook,), file=path.name)
    rulebook, root = located(spec.name)
    if root is not None:
        return Side(spec, (root,), (rulebook,))
    if path.is_dir():
        names = _ids((path.resolve(),))
        if not names:
            raise _no_rulebook(spec)
        return Side(spec, (path.resolve(),), names, is_shelf=True)
    shipped = shipped_rulebooks()
    if (shipped / spec.name / HEADER).is_file():
        return Side(spec, (shipped,), (spec.name,))
    raise _unknown(spec)


def _ids(roots: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(Shelf(roots).ids())


def _no_rulebook_file(folder: str, names: list[str]) -> list[str]:
    """Return what of a folder is not copied: all but the files of rulebooks, and their scenarios."""
    return [
        name
        for name in names
        if name == "scenarios"
        or name.startswith(".")
        or not (name.endswith((".yaml", ".json")) or (Path(folder) / name).is_dir())
    ]


def _stated(header: str) -> str:
    for line in header.splitlines():
        if line.startswith("rulebook:"):
            return line.removeprefix("rulebook:").split("#")[0].strip().strip("'\"")
    return ""


def _prefix(folder: Path, rulebook: str) -> str:
    return folder.as_posix().removesuffix(rulebook)


def _no_rulebook(spec: Spec) -> Exception:
    message = f"`{spec.text}` holds no rulebook"
    hint = "a rulebook is a folder with a file `rulebook.yaml`, and a chapter lies in one"
    return refused(Code.NOTHING_COMPARED, message, hint)


def _unknown(spec: Spec) -> Exception:
    from creditgate.base.suggest import nearest

    near = nearest(spec.name, Library().shelf.ids())
    message = f"there is no rulebook, folder or file `{spec.name}`"
    hint = f"did you mean `{near}`?" if near else "name an id such as `cn/sse`, a folder or a file"
    return refused(Code.UNKNOWN_RULEBOOK, message, hint)
