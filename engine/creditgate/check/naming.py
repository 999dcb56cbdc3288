"""What a name may be, and that a name keeps its kind where an overlay restates it."""

from __future__ import annotations

from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import Span
from creditgate.check.environment import FigureSignature, TableSignature
from creditgate.domain.dsl_types import Failed, Type, describe
from creditgate.domain.vocabulary import Vocabulary

KEYWORDS: Final = frozenset(
    {
        "if", "then", "else", "and", "or", "not", "is", "in", "for", "where", "at", "between",
        "none", "yes", "no", "true", "false", "as_of", "claimed", "min", "max", "sum", "any",
        "all", "count", "rounded", "base",
    }
)  # fmt: skip
_KEEP: Final = "restate it with the kind it has, or define something new under another name"


def check_name(
    name: str, of: str | None, span: Span, vocabulary: Vocabulary, collector: Collector
) -> None:
    """Report a name of a parameter, table or figure that already means something else."""
    entity = vocabulary.entities.get(of or "")
    if name in KEYWORDS:
        what = f"`{name}` is a word of the language"
    elif any(name in enum.members for enum in vocabulary.enums.values()):
        what = f"an enum has a member of the name `{name}`"
    elif name in vocabulary.entities:
        what = f"there is an entity of the name `{name}`"
    elif entity is not None and name in entity.facts:
        what = f"{of} has a fact of the name `{name}`"
    else:
        return
    hint = "choose another name, so that each word has one meaning"
    collector.add(error(Code.NAME_CLASH, what, span, hint=hint))


def check_type_kept(
    name: str, before: Type | None, now: Type, span: Span, collector: Collector
) -> None:
    """Report a restated parameter whose type is another than the inherited one."""
    if before is None or isinstance(now, Failed) or before == now:
        return
    message = f"`{name}` is {describe(before)} in the rulebook below, not {describe(now)}"
    collector.add(error(Code.TYPE_MISMATCH, message, span, hint=_KEEP))


def check_table_kept(
    name: str, before: TableSignature | None, now: TableSignature, span: Span, collector: Collector
) -> bool:
    """Tell whether a restated table has the keys and columns of the inherited one; report if not."""
    if before is None or before == now:
        return True
    message = f"`{name}` has other keys or columns in the rulebook below"
    collector.add(error(Code.TYPE_MISMATCH, message, span, hint=_KEEP))
    return False


def check_figure_kept(
    name: str, before: FigureSignature | None, now: FigureSignature, span: Span,
    collector: Collector,
) -> None:  # fmt: skip
    """Report a restated figure of another type or of another entity than the inherited one."""
    if before is None or isinstance(now.type, Failed) or before == now:
        return
    if before.of != now.of:
        of = f"a figure of {before.of}" if before.of else "a figure of no entity"
        message = f"`{name}` is {of} in the rulebook below"
        collector.add(error(Code.TYPE_MISMATCH, message, span, hint=_KEEP))
    else:
        check_type_kept(name, before.type, now.type, span, collector)
