"""What readers see above the columns of a table."""

from __future__ import annotations

from collections.abc import Mapping

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.suggest import nearest
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Type
from creditgate.ir.rulebook import Dimension, TableDefinition
from creditgate.load.located import Map
from creditgate.load.reading import bilingual_at, map_at


def column_titles(
    node: Map, dimensions: tuple[Dimension, ...], columns: Mapping[str, Type],
    inherited: TableDefinition | None, collector: Collector,
) -> Mapping[str, Bilingual]:  # fmt: skip
    """Return the titles that a table states or inherits, reporting those of no column."""
    titles = dict(inherited.column_titles) if inherited else {}
    stated = map_at(node, "column_titles")
    known = [*(dimension.name for dimension in dimensions), *columns]
    for key, words in stated.entries:
        if key.value not in known:
            near = nearest(key.value, known)
            collector.add(
                error(
                    Code.UNKNOWN_NAME,
                    f"the table has no column `{key.value}`",
                    key.span,
                    hint=f"did you mean `{near}`?" if near else f"columns: {', '.join(known)}",
                )
            )
        elif isinstance(words, Map):
            titles[key.value] = bilingual_at(stated, key.value)
    return titles
