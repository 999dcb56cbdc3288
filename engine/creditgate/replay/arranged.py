"""Arrange held tables by key and moment, and report what stands twice, dangles or has no owner."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Final

import pyarrow

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity
from creditgate.replay.cells import text_of
from creditgate.replay.held import (
    MOST_FOUND,
    TIMELESS,
    Held,
    key_columns,
    owner_case,
    quoted,
)
from creditgate.tables.columns import CLAIMS, key_of, lists_of, plain_facts

_IDS_AT_ONCE: Final = 65_536


def arrange(held: Held) -> None:
    """Put the tables in order; what is wrong with their rows goes to `held.problems`."""
    folder = held.folder
    if held.columns.is_linked(folder.entity.name):
        _take_ids(held)
    held_entities = [held.columns.vocabulary.entities[n] for n in folder.tables if n != CLAIMS]
    for entity in held_entities:
        if entity.kind in {"single", "table"} and entity.name != PUBLISHED_LIST:
            _arrange_records(held, entity)
    for entity in held_entities:
        if entity.kind == "element":
            _arrange_lists(held, entity)
    for entity in held_entities:
        if entity.kind == "element":
            _check_owners(held, entity)
    if CLAIMS in folder.tables or _lists_by_order(held):
        _check_for_orders(held)


def dangling_references(held: Held) -> list[Diagnostic]:
    """Return what rows refer to that no table holds at any moment, where there is such a table."""
    found: list[Diagnostic] = []
    entities = held.columns.vocabulary.entities
    for name in held.folder.tables:
        for fact in [] if name == CLAIMS else plain_facts(entities[name]).values():
            target = fact.target or ""
            if fact.kind != "reference" or target not in held.folder.tables:
                continue
            if fact.name not in held.folder.tables[name].columns:
                continue
            column, key = quoted([fact.name], "t"), quoted([key_of(entities[target])], "r")
            stated = f"AND {column} <> 'none'" if fact.may_be_none else ""
            rows = held.asked(
                f'SELECT t.place, {column} FROM "raw_{name}" t '
                f'ANTI JOIN "raw_{target}" r ON {column} = {key} '
                f"WHERE {column} IS NOT NULL {stated} LIMIT {MOST_FOUND}"
            )
            for place, cell in rows:
                message = f"`{fact.name}` refers to {target} `{cell}`, which no table holds"
                found.append(fault(Code.UNKNOWN_RECORD, held.place(name, place), message))
    return found[:MOST_FOUND]


def _take_ids(held: Held) -> None:
    """Hold the ids of the orders, for other tables refer to them: each must be one row."""
    entity = held.folder.entity
    key = key_of(entity)
    held.database.execute("CREATE OR REPLACE TABLE order_ids (id VARCHAR, place BIGINT)")
    for cells in held.folder.orders.blocks(repeat(_IDS_AT_ONCE)):
        ids = {"id": text_of(cells.column(key)), "place": cells.numbers()}
        with held.given("batch", pyarrow.table(ids)):
            held.database.execute("INSERT INTO order_ids SELECT * FROM batch WHERE id IS NOT NULL")
    twice = held.asked(
        "SELECT max(place), id FROM order_ids GROUP BY id HAVING count(*) > 1 "
        f"ORDER BY id LIMIT {MOST_FOUND}"
    )
    for place, id in twice:
        hint = "other tables refer to it, so it must be one row"
        message = f"two rows have the `{key}` {id}"
        held.found(Code.DUPLICATE_RECORD, entity.name, place, message, hint)


def _arrange_records(held: Held, entity: Entity) -> None:
    keyed = key_columns(held.columns, entity)
    name = entity.name
    missing = " OR ".join(f"{quoted([column])} IS NULL" for column in keyed) or "false"
    for (place,) in held.asked(
        f'SELECT place FROM "raw_{name}" WHERE {missing} LIMIT {MOST_FOUND}'
    ):
        held.found(Code.MISSING_KEY, name, place, f"the row has no `{', '.join(keyed)}`")
    partition, order = _windows(quoted(keyed), held.times[name])
    moment = ", starts" if held.times[name] != TIMELESS else ""
    by = f"{quoted(keyed) or 'true'}{moment}"
    shown = f", {quoted(keyed)}" if keyed else ""
    twice = held.asked(
        f'SELECT place{shown} FROM "raw_{name}" '
        f"QUALIFY row_number() OVER (PARTITION BY {by} ORDER BY rowid) = 2 LIMIT {MOST_FOUND}"
    )
    for place, *key in twice:
        _twice(held, entity, keyed, key, place)
    _write(held, name, f'SELECT * FROM "raw_{name}"', partition, order)


def _twice(
    held: Held, entity: Entity, keyed: Sequence[str], key: Sequence[str], place: int
) -> None:
    if keyed:
        words = ", ".join(f"{c} {v}" for c, v in zip(keyed, key, strict=True))
        message, hint = f"two rows have the same key: {words}", "give each row once"
        if held.times[entity.name] != TIMELESS:
            message, hint = f"{message} as of the same moment", "only one of them can hold"
    else:
        message = "the table has several rows, and nothing says which case each belongs to"
        hint = f"add a column `{entity.name}` to the orders, or a column of their facts here"
    held.found(Code.DUPLICATE_RECORD, entity.name, place, message, hint)


def _windows(partition: str, times: str) -> tuple[str, str]:
    by = f"PARTITION BY {partition}" if partition else ""
    return by, "" if times == TIMELESS else "ORDER BY starts"


def _write(held: Held, name: str, query: str, partition: str, order: str) -> None:
    """Write a table with the moments at which its rows cease to hold, in the order of moments."""
    if not order:
        held.database.execute(
            f'CREATE OR REPLACE TABLE "{name}" AS SELECT row_number() OVER () AS row, * FROM ({query})'
        )
        return
    held.database.execute(
        f'CREATE OR REPLACE TABLE "{name}" AS SELECT row_number() OVER () AS row, *, '
        f"lead(starts) OVER ({partition} {order}) AS ends, "
        f"lead(day) OVER ({partition} {order}) AS next_day FROM ({query}) ORDER BY starts"
    )


def _arrange_lists(held: Held, entity: Entity) -> None:
    """Write the rows of lists with their owners.

    All rows of an owner's list as of one moment state it whole; a row without a key says that
    the list is empty from then on.
    """
    name, owners = entity.name, held.columns.owners(entity)
    source, key = f'"raw_{name}"', key_of(entity)
    count = " + ".join(f"({quoted([owner.name])} IS NOT NULL)::INT" for owner in owners)
    words = " or ".join(owner.name for owner in owners)
    for (place,) in held.asked(f"SELECT place FROM {source} WHERE {count} <> 1 LIMIT {MOST_FOUND}"):
        held.found(Code.MISSING_KEY, name, place, f"the row must name one owner: {words}")
    owner, owner_key, listed = owner_case(held.columns, entity)
    timed = held.times[name] != TIMELESS
    facts = [c for c in held.columns.files[name].columns if c in plain_facts(entity)]
    empty = " AND ".join(f"{quoted([c])} IS NULL" for c in facts) or "true"
    allowed = f"AND NOT ({empty})" if timed else ""
    for (place,) in held.asked(
        f"SELECT place FROM {source} WHERE {quoted([key])} IS NULL {allowed} LIMIT {MOST_FOUND}"
    ):
        held.found(Code.MISSING_KEY, name, place, f"the row has no `{key}`")
    query = f"SELECT {owner} AS owner, {owner_key} AS owner_key, {listed} AS list, * FROM {source}"
    for one in owners:
        lists = [fact.name for fact in lists_of(one, name)]
        known = ", ".join(f"'{item}'" for item in lists)
        rows = held.asked(
            f"SELECT place, list FROM ({query}) WHERE owner = '{one.name}' "
            f"AND (list IS NULL OR list NOT IN ({known})) LIMIT {MOST_FOUND}"
        )
        for place, stated in rows:
            message = f"`{stated or ''}` is no list of {one.name} with such rows"
            hint = f"say in the column `list` which it is: {', '.join(lists)}"
            held.found(Code.UNKNOWN_FACT, name, place, message, hint)
    is_owner = any(
        entity in held.columns.owners(other)
        for other in held.columns.entities if other.kind == "element"
    )  # fmt: skip
    within = [quoted([key])] if is_owner else ["owner", "owner_key", "list", quoted([key])]
    within += ["starts"] if timed else []
    twice = held.asked(
        f"SELECT place, {quoted([key])} FROM ({query}) QUALIFY row_number() OVER "
        f"(PARTITION BY {', '.join(within)} ORDER BY place) = 2 LIMIT {MOST_FOUND}"
    )
    for place, own in twice:
        message = f"two rows have the `{key}` {own or ''}"
        held.found(Code.DUPLICATE_RECORD, name, place, message, "give each row once")
    if not timed:
        _write(held, name, query, "", "")
        return
    held.database.execute(
        f'CREATE OR REPLACE TABLE "{name}" AS WITH placed AS ({query}), stated AS ('
        "SELECT *, lead(starts) OVER w AS ends, lead(day) OVER w AS next_day FROM "
        "(SELECT owner, owner_key, list, starts, any_value(day) AS day FROM placed GROUP BY ALL) "
        "WINDOW w AS (PARTITION BY owner, owner_key, list ORDER BY starts)) "
        "SELECT row_number() OVER () AS row, placed.*, stated.ends, stated.next_day "
        "FROM placed JOIN stated USING (owner, owner_key, list, starts) ORDER BY starts"
    )


def _check_owners(held: Held, entity: Entity) -> None:
    """Report rows of lists whose owner no table holds at any moment."""
    for owner in held.columns.owners(entity):
        if owner is held.folder.entity:
            known = "SELECT id AS key FROM order_ids"
        elif owner.name in held.folder.tables:
            known = f'SELECT {quoted([key_of(owner)])} AS key FROM "raw_{owner.name}"'
        else:
            continue
        rows = held.asked(
            f'SELECT place, owner_key FROM "{entity.name}" t ANTI JOIN ({known}) k '
            f"ON t.owner_key = k.key WHERE owner = '{owner.name}' LIMIT {MOST_FOUND}"
        )
        for place, key in rows:
            message, hint = f"there is no {owner.name} `{key}`", f"add it to `{owner.name}`"
            held.found(Code.UNKNOWN_RECORD, entity.name, place, message, hint)


def _lists_by_order(held: Held) -> bool:
    source = held.folder.tables.get(PUBLISHED_LIST)
    return source is not None and held.folder.entity.name in source.columns


def _check_for_orders(held: Held) -> None:
    """Report claims and daily lists for orders that there are not."""
    name = held.folder.entity.name
    column = quoted([name], "t")
    for table in (CLAIMS, PUBLISHED_LIST):
        source = held.folder.tables.get(table)
        if source is None or name not in source.columns:
            continue
        required = f"{column} IS NULL OR" if table == CLAIMS else f"{column} IS NOT NULL AND"
        rows = held.asked(
            f'SELECT t.place, {column} FROM "raw_{table}" t WHERE {required} '
            f"NOT EXISTS (SELECT 1 FROM order_ids o WHERE o.id = {column}) LIMIT {MOST_FOUND}"
        )
        for place, key in rows:
            message = f"there is no {name} `{key or ''}` that the row could be for"
            held.found(Code.UNKNOWN_RECORD, table, place, message)
