"""`creditgate fmt`: rulebook files in their canonical form.

Text is spliced at the places of expressions, blanks and the schema line; nothing is written out
anew, so comments, order and layout stay.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_USAGE
from creditgate.cli.output import print_diagnostics

if TYPE_CHECKING:
    from creditgate.base.collector import Collector
    from creditgate.base.spans import SourceFile
    from creditgate.load.located import Node, Text
    from creditgate.syntax.format import Edit

_HEADER: Final = re.compile(r"# yaml-language-server: \$schema=(\S+)[ \t]*\n?")
_BLANK_LINES: Final = re.compile(r"(?<=\n)\n{2,}")
_BEFORE_BREAK: Final = re.compile(r"[ \t]+(?=\r?\n)")
_TRAILING: Final = re.compile(r"[ \t]+(?=\r?\n|\Z)")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_KINDS: Final = {
    "chapter": "chapter", "cases": "scenarios", "rulebook": "rulebook", "entity": "vocabulary",
    "enums": "enums", "events": "events", "claims": "claims", "reasons": "reasons",
    "lists": "lists", "known": "terms", "calendar": "calendar",
}  # fmt: skip
# Where expressions stand in a file; `*` is any item of a list.
_EXPRESSION: Final = re.compile(
    r"governs/[^/]+|parameters/[^/]+/history/\*/(value|open)"
    r"|figures/[^/]+/(versions/\*/)?formula|rules/[^/]+/(when|require|forbid|due)"
    r"|rules/[^/]+/(unless/[^/]+|remedy/\*)/when|rules/[^/]+/remedy/\*/(set|split/\*)/[^/]+"
    r"|determinations/[^/]+/(previous|cases/\*/when)"
)
# Cells of tables may also be bands, which are no expressions.
_CELL: Final = re.compile(r"tables/[^/]+/history/\*/rows/\*/[^/]+")
_MESSAGE: Final = re.compile(r"rules/[^/]+/breach/(en|zh)")


@click.command(
    "fmt",
    epilog="\b\nExamples:\n"
    "  creditgate fmt brokers/example_cn_member\n"
    "  creditgate fmt my_rules/chapter.yaml --diff\n"
    "  creditgate fmt --check",
)
@click.argument("targets", nargs=-1, metavar="[FILES|RULEBOOKS]...")
@click.option("--check", is_flag=True, help="Change nothing; say which files would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
def command(targets: tuple[str, ...], check: bool, diff: bool) -> int:
    """Write rulebook files in their canonical form.

    Targets are files, folders or ids of rulebooks; all shipped files by default. Blanks in
    expressions, full-width punctuation, the schema line at the top, blanks at line ends and empty
    lines are put right; comments, order and all else stay. Files that cannot be read are reported
    and left alone.
    """
    from creditgate.base.collector import Collector
    from creditgate.load.rulebook_files import read_source

    collector = Collector()
    changed: list[str] = []
    unchanged = 0
    for path in _paths(targets):
        source = read_source(path, collector)
        if source is None or (text := canonical(path, source, collector)) is None:
            continue
        if text.encode() == path.read_bytes():
            unchanged += 1
            continue
        changed.append(source.path)
        if diff:
            before, after = source.text.splitlines(True), text.splitlines(True)
            shown = difflib.unified_diff(before, after, source.path, f"{source.path} (canonical)")
            click.echo("".join(shown), nl=False)
        elif not check:
            path.write_text(text, "utf-8", newline="\n")
    print_diagnostics(collector.diagnostics, "text")
    verb = "would change" if check or diff else "changed"
    lines = [f"{verb}: {name}" for name in changed]
    click.echo("\n".join([*lines, f"{len(changed)} {verb}, {unchanged} unchanged"]), err=diff)
    if collector.has_errors:
        return EXIT_USAGE
    return EXIT_FINDINGS if changed and (check or diff) else EXIT_CLEAN


def canonical(path: Path, source: SourceFile, collector: Collector) -> str | None:
    """Return the text of a file in canonical form, or None after reporting why not."""
    from creditgate.base.collector import Collector
    from creditgate.syntax.format import spliced

    found = Collector()
    tree = _tree(source, found)
    kind = None if tree is None else _kind(tree, source, found)
    edits: list[Edit] = []
    if tree is not None and not found.has_errors:
        for where, scalar in _scalars(tree):
            edits += _expression_edits(where, scalar, found)
    collector.extend(found.diagnostics)
    if tree is None or kind is None or found.has_errors:
        return None
    edits += _blank_edits(tree, source)
    text = spliced(source.text, tuple(edits)).replace("\r\n", "\n")
    text = with_header(_with_single_blank_lines(text), path, kind)
    if not _means(text, tree, source.path):
        collector.add(_not_in_place(tree))
        return None
    return text


def _tree(source: SourceFile, collector: Collector) -> Node | None:
    from creditgate.load.yaml_reader import read_yaml

    return read_yaml(source, collector)


def _kind(tree: Node, source: SourceFile, collector: Collector) -> str | None:
    """Return the kind of a file by the first of its keys that tells."""
    from creditgate.base.codes import Code
    from creditgate.base.diagnostic import error
    from creditgate.base.spans import Span
    from creditgate.load.located import Map

    keys = tree.keys() if isinstance(tree, Map) else ()
    kind = next((kind for key, kind in _KINDS.items() if key in keys), None)
    if kind is None:
        hint = "`creditgate schema chapter` prints what a chapter holds"
        place = Span(source, 0, 1)
        collector.add(error(Code.WRONG_SHAPE, "this is no file of a rulebook", place, hint=hint))
    return kind


def _scalars(node: Node, where: str = "") -> Iterator[tuple[str, Text]]:
    """Yield every text of a tree with its path, keys left out."""
    from creditgate.load.located import Map, Seq, Text

    match node:
        case Text():
            yield where, node
        case Seq(items=items):
            for item in items:
                yield from _scalars(item, f"{where}/*".lstrip("/"))
        case Map(entries=entries):
            for key, value in entries:
                yield from _scalars(value, f"{where}/{key.value}".lstrip("/"))


def _expression_edits(where: str, scalar: Text, collector: Collector) -> Iterator[Edit]:
    """Yield the edits of the file that a scalar's expressions need."""
    from creditgate.base.spans import ScalarMap
    from creditgate.syntax.format import edits_of, plain_text
    from creditgate.syntax.parse import parse

    value = scalar.value
    if _MESSAGE.fullmatch(where):
        for match in _PLACEHOLDER.finditer(value):
            for edit in edits_of(match[1]) or ():
                yield from _in_file(edit, match.start(1), scalar)
        return
    if not _EXPRESSION.fullmatch(where) and not _CELL.fullmatch(where):
        return
    edits = edits_of(value)
    if edits is None and _EXPRESSION.fullmatch(where):
        plain = plain_text(value)
        same = len(plain) == len(value)
        spot = scalar.map
        places = spot if same else ScalarMap(spot.file, spot.start, spot.end, "block", plain)
        parse(plain, places, collector)
    for edit in edits or ():
        yield from _in_file(edit, 0, scalar)


def _in_file(edit: Edit, offset: int, scalar: Text) -> Iterator[Edit]:
    from creditgate.syntax.format import Edit

    places = scalar.map
    if len(scalar.value) > 1 and places.span(0, 1) == places.span(1, 2):
        return  # the scalar could not be followed character by character
    span = places.span(edit.start + offset, edit.end + offset)
    text = edit.text
    if "\n" in span.text or "\r" in span.text:
        # A line break is layout: it stays, and only the blanks in front of it go.
        text = _BEFORE_BREAK.sub("", span.text)
    if text != span.text:
        yield Edit(span.start, span.end, text)


def _blank_edits(tree: Node, source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that take away blanks at the ends of lines outside of long texts."""
    from creditgate.syntax.format import Edit

    kept = _long_texts(tree)
    for match in _TRAILING.finditer(source.text):
        if not any(start <= match.start() < end for start, end in kept):
            yield Edit(match.start(), match.end(), "")


def _long_texts(tree: Node) -> list[tuple[int, int]]:
    found = []
    for _, scalar in _scalars(tree):
        written = scalar.map.file.text[scalar.map.start : scalar.map.end] if scalar.map.file else ""
        # A block ends with its last line, blanks included; empty lines below belong to no one.
        if not written[:3].rstrip().endswith("+"):
            text = written.rstrip()
            written = text + written[len(text) :].partition("\n")[0]
        if "\n" in written:
            found.append((scalar.map.start, scalar.map.start + len(written)))
    return found


def _with_single_blank_lines(text: str) -> str:
    from creditgate.base.collector import Collector
    from creditgate.base.spans import SourceFile

    tree = _tree(SourceFile("", text), Collector())
    kept = [] if tree is None else _long_texts(tree)

    def shortened(match: re.Match[str]) -> str:
        return match[0] if any(a <= match.start() < b for a, b in kept) else "\n"

    return _BLANK_LINES.sub(shortened, text).strip("\n") + "\n"


def with_header(text: str, path: Path, kind: str) -> str:
    """Put the schema line right; outside of the package only the kind of schema is corrected."""
    from creditgate.load import schema_check

    package = Path(schema_check.__file__).resolve().parents[1]
    root = package.parents[1] if package.parent.name == "engine" else package
    match = _HEADER.match(text)
    name = f"{kind}.schema.json"
    if path.resolve().is_relative_to(root):
        folder = os.path.relpath(package / "load" / "schemas", path.resolve().parent)
        address = f"{Path(folder).as_posix()}/{name}"
    elif match is not None:
        address = match[1].rpartition("/")[0] + "/" * ("/" in match[1]) + name
    else:
        return text
    rest = text if match is None else text[match.end() :]
    return f"# yaml-language-server: $schema={address}\n{rest}"


def _means(text: str, tree: Node, name: str) -> bool:
    """Tell whether a text still says what the tree says, expressions up to their spelling."""
    from creditgate.base.collector import Collector
    from creditgate.base.spans import SourceFile

    again = _tree(SourceFile(name, text), collector := Collector())
    return again is not None and not collector.has_errors and _said(again) == _said(tree)


def _said(tree: Node) -> list[Any]:
    from creditgate.syntax.format import tokens_of

    found: list[Any] = []
    for where, scalar in _scalars(tree):
        value = scalar.value
        if _MESSAGE.fullmatch(where):
            value = _PLACEHOLDER.sub(lambda m: str(tokens_of(m[1]) or m[0]), value)
        elif _EXPRESSION.fullmatch(where) or _CELL.fullmatch(where):
            value = str(tokens_of(value) or value)
        found.append((where, value))
    return found


def _not_in_place(tree: Node) -> Any:
    from creditgate.base.codes import Code
    from creditgate.base.diagnostic import error
    from creditgate.syntax.format import plain_text

    texts = (item for where, item in _scalars(tree) if _EXPRESSION.fullmatch(where))
    changed = [item.span for item in texts if plain_text(item.value) != item.value]
    message = "the full-width characters cannot be replaced where the expression stands"
    hint = "write the expression on its own line below `>-`"
    return error(Code.FULL_WIDTH_PUNCTUATION, message, [*changed, tree.span][0], hint=hint)


def _paths(targets: tuple[str, ...]) -> list[Path]:
    from creditgate.base.suggest import nearest
    from creditgate.pipeline import catalogue, shipped_rulebooks

    found: dict[Path, None] = {}
    for target in targets or (str(shipped_rulebooks()),):
        shelf = catalogue().shelf
        path = Path(target) if Path(target).exists() else shelf.folder(target)
        if path is None:
            near = nearest(target, shelf.ids())
            hint = f"; did you mean {near}?" if near else ""
            raise click.UsageError(f"{target} is no file, folder or rulebook{hint}")
        found.update(dict.fromkeys([path] if path.is_file() else sorted(path.rglob("*.yaml"))))
    return list(found)
