"""The parser of expressions from the tables written beside the grammar.

To work the tables out anew costs a cold process more than all the expressions of a rulebook; they
are used where they are of this grammar and this version of lark. `python -m
creditgate.syntax.parser_tables` writes them again after a change of the grammar.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from creditgate.syntax import expression_tables

WRITTEN: Final = Path(__file__).with_name("expression_tables.py")
_OPTIONS: Final[dict[str, Any]] = {"parser": "lalr", "maybe_placeholders": True}


def parser_of_expressions(transformer: lark.Transformer[lark.Token, Any]) -> lark.Lark:
    """Return the parser of expressions, which builds what `transformer` makes of them."""
    grammar = _grammar()
    if _made_from(grammar) != expression_tables.MADE_FROM:
        return lark.Lark(grammar, transformer=transformer, **_OPTIONS)
    options = {**expression_tables.DATA["options"], "transformer": transformer}
    held = {"data": {**expression_tables.DATA, "options": options}, "memo": expression_tables.MEMO}
    return lark.Lark.load(io.BytesIO(pickle.dumps(held)))


def source_of_tables() -> str:
    """Return the source of the module that holds the tables."""
    grammar = _grammar()
    data, memo = lark.Lark(grammar, **_OPTIONS).memo_serialize([TerminalDef, Rule])
    return (
        '"""The tables of the grammar in `expression.lark`; written by `parser_tables`."""\n\n'
        "from typing import Any\n\n"
        f"MADE_FROM = {_made_from(grammar)!r}\n"
        f"DATA: dict[str, Any] = {data!r}\n"
        f"MEMO: dict[int, Any] = {memo!r}\n"
    )


def _grammar() -> str:
    return files("creditgate.syntax").joinpath("expression.lark").read_text("utf-8")


def _made_from(grammar: str) -> str:
    return f"lark {lark.__version__}, {hashlib.sha256(grammar.encode()).hexdigest()}"


if __name__ == "__main__":
    WRITTEN.write_text(source_of_tables(), "utf-8")
