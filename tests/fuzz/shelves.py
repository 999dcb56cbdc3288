"""A shelf on which one file reads as other bytes; all others are read once and kept."""

from __future__ import annotations

from pathlib import Path

from creditgate.admit.admission import admit
from creditgate.base.collector import Collector
from creditgate.base.spans import shown_path
from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.load.located import Map
from creditgate.load.rulebook_files import Shelf
from creditgate.load.schema_check import check_schema
from creditgate.load.yaml_reader import read_yaml, source_from_bytes


class ShelfWithMutant(Shelf):
    """Read everything from another shelf, except one file."""

    def __init__(self, pristine: Shelf, path: Path, data: bytes) -> None:
        super().__init__(pristine.roots)
        self.pristine = pristine
        self.path = path
        self.data = data

    def document(self, path: Path, schema: str, collector: Collector) -> Map | None:
        if path != self.path:
            return self.pristine.document(path, schema, collector)
        return read_document(path, schema, self.data, collector)


def read_document(path: Path, schema: str, data: bytes, collector: Collector) -> Map | None:
    """Read bytes as the file at a path would be read."""
    source = source_from_bytes(shown_path(path), data, collector)
    node = None if source is None else read_yaml(source, collector)
    if node is None or not check_schema(node, schema, collector) or not isinstance(node, Map):
        return None
    return node


def loaded(
    pristine: Shelf, rulebook: str, path: Path, data: bytes
) -> tuple[Catalogue, Checked | None]:
    """Load a rulebook with one file replaced; the findings are in the catalogue's collector."""
    catalogue = Catalogue(ShelfWithMutant(pristine, path, data), admit)
    return catalogue, catalogue.checked(rulebook)
