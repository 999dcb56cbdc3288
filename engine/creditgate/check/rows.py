"""Rows of lists by their keys, in what is asked for: `account.short_contracts[S1].quantity`.

A key may hold what no name holds, so rows are found in the text before it is read, and stand in it
as names of the same length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic, error
from creditgate.check import wording
from creditgate.check.context import Context
from creditgate.check.environment import Scope
from creditgate.check.paths import resolve
from creditgate.domain.dsl_types import DATE, Failed, ListOf, Record
from creditgate.domain.vocabulary import Entity
from creditgate.ir.nodes import Row
from creditgate.syntax.nodes import Path, Place
from creditgate.syntax.parse import MOST_CHARACTERS

# A table is one word, so what has a dot before the bracket is a list.
_ROW: Final = re.compile(r"(?<![\w.])([^\W\d]\w*(?:\.[^\W\d]\w*)+)\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class WithRows:
    """A text in which names stand for rows, and the scope that knows them.

    `written` holds for each of the names what stood there.
    """

    text: str
    scope: Scope
    written: Mapping[str, str]

    def as_written(self, finding: Diagnostic) -> Diagnostic:
        """Return a finding that shows what stood in place of the names."""
        message, hint = finding.message, finding.hint
        for name, row in reversed(list(self.written.items())):
            message = message.replace(name, row)
            hint = hint and hint.replace(name, row)
        return replace(finding, message=message, hint=hint)


def with_rows(text: str, scope: Scope, context: Context) -> WithRows | None:
    """Return a text whose rows are names, or None after reporting why one is no row."""
    written: dict[str, str] = {}
    if len(text) > MOST_CHARACTERS:
        return WithRows(text, scope, written)  # refused where it is read
    while (found := _ROW.search(text)) is not None:
        findings = Collector()
        row = _row(found, scope, Context(context.places, findings))
        if row is None:
            as_written = WithRows(text, scope, written).as_written
            context.collector.extend(map(as_written, findings.diagnostics))
            return None
        # No rulebook has a name that begins so.
        name = f"_{len(written) + 1}".ljust(len(found[0]), "x")
        assert isinstance(row.type, Record)
        scope = scope.binding(name, row, row.type.entity)
        written[name] = found[0]
        text = re.sub(rf"(?<![\w.]){re.escape(found[0])}", name, text)
    return WithRows(text, scope, written)


def _row(found: re.Match[str], scope: Scope, context: Context) -> Row | None:
    names, places, start = found[1].split("."), [], found.start()
    for name in names:
        places.append(Place(start, start + len(name)))
        start += len(name) + 1
    path = Path(Place(*found.span(1)), tuple(names), tuple(places))
    source, kind = resolve(path, scope, context)
    if isinstance(kind, Failed):
        return None
    if not isinstance(kind, ListOf):
        context.add(wording.not_a_list(found[1], kind, context.span(path.place)))
        return None
    entity = scope.names.vocabulary.entities[kind.entity]
    key = _key(found[2].strip(), entity)
    if key is None:
        message = f"`{found[0]}` is no row: no `{entity.key}` stands in the brackets"
        hint = f"write the `{entity.key}` of the row there"
        place = context.span(Place(*found.span()))
        context.add(error(Code.BAD_LITERAL, message, place, hint=hint))
        return None
    return Row(Record(kind.entity), source, key)


def _key(text: str, entity: Entity) -> str | int | None:
    if entity.facts[entity.key or ""].type != DATE:
        return text or None
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None
