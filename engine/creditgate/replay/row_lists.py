"""The lists of the orders of a block: rows that stand in the orders, or in tables that name them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.decide.conversion import FactNames
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary
from creditgate.replay.cells import Cells, whole
from creditgate.replay.held import TIMELESS, Held, quoted
from creditgate.replay.side_records import MOST_LISTED, NotInColumns
from creditgate.replay.typed_columns import NONE, decoded, ordinals, twice, typed_record
from creditgate.tables.columns import key_of

_OWNER: Final = "owner"


class RowLists:
    """Read the lists of orders; `read` are the facts that some rule reads."""

    def __init__(self, held: Held, read: FactNames) -> None:
        self._held, self._read = held, read
        self._driving = held.columns.driving
        self._vocabulary = held.columns.vocabulary
        self._in_rows = held.folder.orders.lists
        self._tabled = held.columns.lists[self._driving.name]
        for fact in self._tabled:
            element = fact.target or ""
            if held.times[element] != TIMELESS or held.columns.lists[element]:
                raise NotInColumns(element)

    def of(self, cells: Cells, ids: Any) -> tuple[dict[str, Any], Any]:
        """Return the lists that rules read, by fact, and the orders whose lists are odd."""
        found: dict[str, Any] = {}
        odd = np.zeros(cells.count, dtype=bool)
        lists = {name: cells.column(name) for name in self._in_rows}
        lists |= self._from_tables(ids)
        for name, array in lists.items():
            typed, own = _typed_list(array, self._driving.facts[name], self._vocabulary, self._read)
            odd |= own
            if (self._driving.name, name) in self._read:
                found[name] = typed
        return found, odd

    def _from_tables(self, ids: Any) -> dict[str, Any]:
        if ids is None or not self._tabled:
            return {}
        held, name = self._held, self._driving.name
        words = decoded(ids)
        block = pa.table({"n": np.arange(len(words)), "id": words})
        known = pc.is_valid(words).to_numpy(zero_copy_only=False)
        found = {}
        for fact in self._tabled:
            element = self._vocabulary.entities[fact.target or ""]
            facts = [c for c in held.columns.files[element.name].columns if c in element.facts]
            with held.given("block", block):
                table = held.table(
                    f'SELECT o.n, {quoted(facts, "t")} FROM block o JOIN "{element.name}" t '
                    f"ON t.owner = '{name}' AND t.list = '{fact.name}' AND t.owner_key = o.id "
                    "ORDER BY o.n, t.row"
                )
            alone = len([f for f in self._tabled if f.target == fact.target]) == 1
            if not alone and not held.asked(
                f"SELECT 1 FROM \"{element.name}\" WHERE owner = '{name}' "
                f"AND list = '{fact.name}' LIMIT 1"
            ):
                continue
            sizes = np.bincount(table.column("n").to_numpy(), minlength=len(words))
            offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
            struct = pa.StructArray.from_arrays(
                [whole(table.column(f"c_{fact}")) for fact in facts], names=facts
            )
            mask = pa.array(~known) if not known.all() else None
            found[fact.name] = pa.ListArray.from_arrays(pa.array(offsets), struct, mask=mask)
        return found


def _typed_list(
    array: Any, fact: FactDeclaration, vocabulary: Vocabulary, read: FactNames
) -> tuple[Any, Any]:
    """Return a column of lists with their rows as values, and which lists are odd."""
    entity = vocabulary.entities[fact.target or ""]
    offsets = array.offsets.to_numpy()
    first, last = (int(offsets[0]), int(offsets[-1])) if len(offsets) else (0, 0)
    values = array.values.slice(first, last - first)
    names = [values.type.field(number).name for number in range(values.type.num_fields)]
    fields = {name: pc.struct_field(values, [name]) for name in names}
    lists = [name for name in names if name in entity.facts and entity.facts[name].kind == "list"]
    none = {name.removesuffix(NONE): fields[name] for name in names if name.endswith(NONE)}
    plain = {n: fields[n] for n in names if n in entity.facts and n not in lists}
    for name in none.keys() - plain.keys():
        plain[name] = pa.nulls(len(values))
    record = typed_record(plain, none, len(values), entity, vocabulary)
    bad = record.odd | pc.is_null(values).to_numpy(zero_copy_only=False)
    key = key_of(entity)
    columns = record.columns(lambda name: (entity.name, name) in read or name == key)
    for name in lists:
        inner, odd = _typed_list(fields[name], entity.facts[name], vocabulary, read)
        bad |= odd
        if (entity.name, name) in read:
            columns[name] = inner
    lengths = np.diff(offsets)
    owners = np.repeat(np.arange(len(array)), lengths)
    _add_keys(bad, owners, columns.get(key), entity, lengths)
    if (
        entity.key is not None
        and entity.facts[key].kind == "text"
        and (entity.name, key) not in read
    ):
        columns[key] = ordinals(lengths)
    found = np.zeros(len(array), dtype=bool)
    found[owners[bad]] = True
    found |= lengths > MOST_LISTED
    struct = pa.StructArray.from_arrays(
        [whole(column) for column in columns.values()], names=list(columns)
    )
    mask = array.is_null() if array.null_count else None
    begins = pa.array((offsets - first).astype(np.int32))
    return pa.ListArray.from_arrays(begins, struct, mask=mask), found


def _add_keys(bad: Any, owners: Any, keys: Any, entity: Entity, lengths: Any) -> None:
    """Note the rows without a key of their own."""
    if entity.key is None:
        return
    if keys is None:
        bad[:] = True
        return
    words = decoded(keys)
    bad |= pc.is_null(words).to_numpy(zero_copy_only=False)
    if len(lengths) and lengths.max() > 1:
        codes = pc.fill_null(words.dictionary_encode().indices, 0).to_numpy(zero_copy_only=False)
        bad[twice(owners, codes)] = True
