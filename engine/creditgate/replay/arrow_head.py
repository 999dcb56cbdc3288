"""What the columns of a file of Parquet or Arrow IPC hold, checked against the vocabulary."""

from __future__ import annotations

from typing import Any, Final

import pyarrow
from pyarrow import types

from creditgate.base.codes import Code
from creditgate.domain.vocabulary import Entity, Vocabulary
from creditgate.replay.arrow_text import misfit
from creditgate.replay.typed_columns import NONE

AS_OF: Final = "as_of"
_MOST_NAMED: Final = 8
# Words that stand in many rows are held once, as the file has them.
_WORDS: Final = frozenset({"enum", "reference"})


class Head:
    """The columns of a file that hold cells, and those that hold rows of lists.

    `words` are columns of words that stand in many rows; `problems` are codes, messages and hints.
    A column `price.none` is none of its own. Lists are looked for where a table `has_lists`.
    """

    def __init__(
        self, schema: Any, entity: Entity | None, vocabulary: Vocabulary, *, has_lists: bool
    ) -> None:
        self._vocabulary = vocabulary
        self.problems: list[tuple[Code, str, str | None]] = []
        self._check(schema, "", entity, has_lists=has_lists)
        facts = {} if entity is None else entity.facts
        # A fact that is none wherever it is given needs no column of its own.
        named = [n.removesuffix(NONE) if self._is_none(n, entity) else n for n in schema.names]
        kinds = {name: schema.field(name).type for name in named if schema.names.count(name) == 1}
        self.lists = tuple(
            name for name, kind in kinds.items()
            if has_lists and name in facts and facts[name].kind == "list" and _holds_rows(kind)
        )  # fmt: skip
        self.columns = tuple(name for name in dict.fromkeys(named) if name not in self.lists)
        self.words = [
            name for name, kind in kinds.items()
            if types.is_string(kind) and (name not in facts or facts[name].kind in _WORDS)
        ]  # fmt: skip

    @staticmethod
    def _is_none(name: str, entity: Entity | None) -> bool:
        fact = name.removesuffix(NONE)
        return fact != name and entity is not None and fact in entity.facts

    def _check(self, schema: Any, within: str, entity: Entity | None, *, has_lists: bool) -> None:
        """Note what is wrong with the columns of a table, or with the fields of a list's rows."""
        facts = {} if entity is None else entity.facts
        for name in dict.fromkeys(schema.names):
            if schema.names.count(name) > 1:
                message = f"the column `{within}{name}` stands twice"
                self._found(Code.DUPLICATE_RECORD, message)
                continue
            kind, fact = schema.field(name).type, facts.get(name)
            if self._is_none(name, entity):
                self._check_none(name, within, kind, entity)
                continue
            if fact is not None and fact.kind == "list" and _holds_rows(kind) and has_lists:
                inner = self._vocabulary.entities[fact.target or ""]
                fields = pyarrow.schema(list(kind.value_type))
                self._check(fields, f"{within}{name}.", inner, has_lists=True)
                continue
            if within and fact is None:
                hint = f"facts of {entity.name if entity else ''}: {', '.join(list(facts)[:_MOST_NAMED])}, ..."
                self._found(Code.UNKNOWN_FACT, f"there is no such fact as `{within}{name}`", hint)
                continue
            why = misfit(kind, fact, as_of=name == AS_OF and not within)
            if why is not None:
                message = f"the column `{within}{name}` holds {why}"
                self._found(Code.WRONG_TYPE, message, "write it as text, or as that type")

    def _check_none(self, name: str, within: str, kind: Any, entity: Entity | None) -> None:
        fact = None if entity is None else entity.facts[name.removesuffix(NONE)]
        if fact is not None and not fact.may_be_none:
            message = f"`{within}{fact.name}` is never none"
            self._found(Code.NONE_NOT_ALLOWED, message, f"take out the column `{within}{name}`")
        elif not (types.is_boolean(kind) or types.is_null(kind)):
            message = f"the column `{within}{name}` holds {kind}, where true or false is wanted"
            self._found(Code.WRONG_TYPE, message)

    def _found(self, code: Code, message: str, hint: str | None = None) -> None:
        self.problems.append((code, message, hint))


def _holds_rows(kind: Any) -> bool:
    is_list = types.is_list(kind) or types.is_large_list(kind)
    return bool(is_list and types.is_struct(kind.value_type))
