"""Read YAML into a located tree: every scalar is text, and what YAML hides is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml

from creditgate.base.collector import Collector
from creditgate.base.failures import InternalFailure
from creditgate.base.spans import ScalarMap, SourceFile, Span
from creditgate.load import yaml_problems
from creditgate.load.located import Map, Node, Seq, Text

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 40
MAX_NODES: Final = 500_000

_REFUSED: Final = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)
_REFUSED_SHOWN: Final = 20
_COMMENT_WITHOUT_SPACE: Final = re.compile(r"(?<! ) +(#)(?=[^\s#!])")
_PROPERTY: Final = re.compile(r"[&!]\S*")


def source_from_bytes(
    path: str, data: bytes, collector: Collector, *, max_bytes: int = MAX_BYTES
) -> SourceFile | None:
    """Decode a file as UTF-8, without its byte order mark; None if it is refused."""
    span = Span(SourceFile(path, ""), 0, 0)
    if len(data) > max_bytes:
        collector.add(yaml_problems.too_large(span, len(data), max_bytes))
        return None
    try:
        return SourceFile(path, data.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        collector.add(yaml_problems.not_utf8(span, line))
        return None


def read_yaml(
    source: SourceFile, collector: Collector, *, max_bytes: int = MAX_BYTES
) -> Node | None:
    """Read one YAML document into a located tree.

    Every scalar is text: `no`, `10:30`, `000001` and `2024-01-31` mean what they look like.
    Refused with a diagnostic, never with an exception: duplicate, merge and non-text keys,
    missing values, anchors, aliases, tags, directives, several documents, tabs and characters
    that cannot be seen, files too large or nested too deep. The tree is given, without the parts
    refused, as long as the file can be followed to its end; ask the collector for errors.

    >>> node = read_yaml(SourceFile("a.yaml", "on: no"), Collector())
    >>> node.get("on").value
    'no'
    """
    if len(source.text) * 4 > max_bytes:
        size = len(source.text.encode("utf-8", "surrogatepass"))
        if size > max_bytes:
            collector.add(yaml_problems.too_large(Span(source, 0, 0), size, max_bytes))
            return None
    if _has_refused_characters(source, collector):
        return None
    reader = _TreeBuilder(source, collector)
    try:
        return reader.build()
    except yaml.YAMLError as problem:
        collector.add(yaml_problems.not_yaml(problem, source, reader.shift, MAX_DEPTH))
        return None


def _has_refused_characters(source: SourceFile, collector: Collector) -> bool:
    start = 1 if source.text.startswith("\ufeff") else 0
    shown = 0
    for match in _REFUSED.finditer(source.text, start):
        collector.add(yaml_problems.refused_character(Span(source, *match.span())))
        shown += 1
        if shown == _REFUSED_SHOWN:
            break
    return shown > 0


def _events(text: str) -> Iterator[yaml.Event]:
    # Events come before types are resolved, so that every scalar stays text.
    if yaml.__with_libyaml__:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    else:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)


class _Frame:
    """Hold a mapping or a list while its parts are read."""

    __slots__ = ("entries", "expects_key", "is_map", "items", "key", "seen", "start")

    def __init__(self, is_map: bool, start: int) -> None:
        self.is_map = is_map
        self.start = start
        self.items: list[Node] = []
        self.entries: list[tuple[Text, Node]] = []
        self.seen: dict[str, Text] = {}
        self.expects_key = True
        self.key: Text | None = None


class _TreeBuilder:
    """Build the tree from parser events with a stack of its own, so that depth is only data."""

    def __init__(self, source: SourceFile, collector: Collector) -> None:
        self.shift = 1 if source.text.startswith("\ufeff") else 0
        self._source = source
        self._collector = collector
        self._stack: list[_Frame] = []
        self._root: Node | None = None

    def build(self) -> Node | None:
        """Read the events of the one document; None if the file cannot be followed."""
        source, shift, stack = self._source, self.shift, self._stack
        comments = {m.start(): m.start(1) for m in _COMMENT_WITHOUT_SPACE.finditer(source.text)}
        documents = nodes = 0
        for event in _events(source.text[shift:]):
            first, last = event.start_mark, event.end_mark
            if first is None or last is None:
                raise InternalFailure("a parser event has no place")
            start, end = first.index + shift, last.index + shift
            if isinstance(event, yaml.ScalarEvent):
                nodes += 1
                if event.anchor is not None or event.tag is not None:
                    start = min(self._refuse_properties(start), end)
                text = self._text(event.value, event.style, start, end)
                if comments and end in comments and text.style == "plain" and text.value:
                    span = Span(source, comments[end], comments[end] + 1)
                    self._collector.add(yaml_problems.cut_by_comment(span))
                self._attach(text)
            elif isinstance(event, yaml.CollectionStartEvent):
                nodes += 1
                if event.anchor is not None or event.tag is not None:
                    start = self._refuse_properties(start)
                if len(stack) == MAX_DEPTH:
                    span = Span(source, start, start + 1)
                    self._collector.add(yaml_problems.too_deep(span, MAX_DEPTH))
                    return None
                stack.append(_Frame(isinstance(event, yaml.MappingStartEvent), start))
            elif isinstance(event, yaml.CollectionEndEvent):
                self._attach(self._closed(stack.pop(), end if end > start else None))
            elif isinstance(event, yaml.AliasEvent):
                self._collector.add(yaml_problems.alias(Span(source, start, end)))
                self._attach(self._text("", "", start, end), is_refused=True)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._collector.add(yaml_problems.second_document(Span(source, start, end)))
                    return None
                if event.version or event.tags:
                    self._collector.add(yaml_problems.directive(Span(source, start, end)))
            if nodes > MAX_NODES:
                span = Span(source, start, end)
                self._collector.add(yaml_problems.too_many_values(span, MAX_NODES))
                return None
        return self._whole()

    def _text(self, value: str, style: str | None, start: int, end: int) -> Text:
        source = self._source
        if not style:
            mapped = ScalarMap(source, start, end, "plain", value)
            return Text(value, Span(source, start, end), mapped, "plain")
        if style in "'\"":
            mapped = ScalarMap(source, start, end, "quoted", value)
            return Text(value, Span(source, start, end), mapped, "quoted")
        mapped = ScalarMap(source, start, end, "block", value)
        written = source.text[start:end]
        content = written.partition("\n" if "\n" in written else "\r")[2].lstrip()
        first = end - len(content)
        last = start + len(written.rstrip())
        span = Span(source, first, last) if first < last else Span(source, start, last)
        return Text(value, span, mapped, "block")

    def _attach(self, node: Node, *, is_refused: bool = False) -> None:
        """Put a finished node into the mapping or list around it."""
        if not self._stack:
            self._root = node
            return
        frame = self._stack[-1]
        is_empty = isinstance(node, Text) and not node.value and node.style == "plain"
        if not frame.is_map:
            frame.items.append(node)
            if is_empty and not is_refused:
                self._collector.add(yaml_problems.empty_item(self._in_front(node.span)))
        elif frame.expects_key:
            frame.expects_key = False
            frame.key = None if is_refused else self._checked_key(node, frame)
        else:
            frame.expects_key = True
            if frame.key is not None:
                frame.entries.append((frame.key, node))
                if is_empty and not is_refused:
                    self._collector.add(yaml_problems.empty_value(frame.key))

    def _checked_key(self, key: Node, frame: _Frame) -> Text | None:
        """Give the key, or None where it is refused and its value is left out."""
        if not isinstance(key, Text) or "\n" in key.value:
            self._collector.add(yaml_problems.key_not_text(key.span))
            return None
        if key.style == "plain" and key.value in ("", "<<"):
            word = yaml_problems.merge_key(key) if key.value else None
            self._collector.add(word or yaml_problems.key_not_text(self._in_front(key.span)))
            return None
        first = frame.seen.setdefault(key.value, key)
        if first is not key:
            self._collector.add(yaml_problems.duplicate_key(key, first))
            return None
        return key

    def _closed(self, frame: _Frame, end: int | None) -> Node:
        """Make the node; block style has no closing mark, so it ends with its last part."""
        if frame.is_map:
            if end is None:
                end = max((n.span.end for entry in frame.entries for n in entry), default=0)
            span = Span(self._source, frame.start, max(end, frame.start))
            return Map(tuple(frame.entries), span)
        if end is None:
            end = frame.items[-1].span.end if frame.items else 0
        return Seq(tuple(frame.items), Span(self._source, frame.start, max(end, frame.start)))

    def _refuse_properties(self, start: int) -> int:
        """Report anchors and tags in front of a value; return where the value itself starts."""
        text = self._source.text
        while (found := _PROPERTY.match(text, start)) is not None:
            span = Span(self._source, *found.span())
            word = yaml_problems.anchor if found[0].startswith("&") else yaml_problems.tag
            self._collector.add(word(span))
            start = found.end()
            while start < len(text) and text[start] in " \r\n":
                start += 1
        return start

    def _in_front(self, span: Span) -> Span:
        """Widen an empty span by the character in front of it, so that something is underlined."""
        return Span(span.file, max(0, span.start - 1), span.end) if span.start == span.end else span

    def _whole(self) -> Node | None:
        root = self._root
        if root is None or (isinstance(root, Text) and not root.value and root.style == "plain"):
            self._collector.add(yaml_problems.empty_file(Span(self._source, 0, 0)))
            return None
        return root
