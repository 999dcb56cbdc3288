"""A decision made again from its record, and what is no longer as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from creditgate.decide.decision import Core
from creditgate.explain.documents import stable_bytes
from creditgate.explain.lists_used import ListUsed, lists_used
from creditgate.explain.record import FORMAT, checksum_of
from creditgate.explain.rulebook_words import rulebook_text_digest
from creditgate.pipeline import Gate

SAME: Final = "same"
CHANGED_SAME_ANSWER: Final = "rulebook changed, same answer"
CHANGED_OTHER_ANSWER: Final = "rulebook changed, other answer"
OTHER_RULEBOOKS: Final = "other rulebooks"
ALTERED: Final = "record altered"
NOT_REPRODUCED: Final = "not reproduced"


class RecordRefused(Exception):
    """A record that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class ChangedRulebook:
    """A rulebook whose meaning is no longer that of the record; `now` is None if it is gone."""

    id: str
    was: str
    now: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A record against the decision made again from its facts.

    `verdict` is one of the constants of this module; `intact` tells whether the record is as it
    was written; `text_changed` names rulebooks with other words and the same meaning;
    `differences` says in what the answers differ; `lists` are the daily lists that its facts state.
    """

    verdict: str
    intact: bool
    same_core: bool
    was: str
    now: str
    rulebooks_changed: tuple[ChangedRulebook, ...]
    text_changed: tuple[str, ...]
    differences: tuple[str, ...]
    lists: tuple[ListUsed, ...]

    @property
    def same_answer(self) -> bool:
        """Tell whether the answer is the same, whatever the digests are."""
        return not self.differences


def again(made: Mapping[str, Any], gate: Gate | None = None) -> Comparison:
    """Decide the facts of a record anew and compare: core bytes, digests, checksum.

    Without a gate, the rulebooks that the record names are loaded as they are today, with what
    the record says was known.

    Errors: RecordRefused for what is not a record; RulebookRejected where a rulebook that it
            names does not load.
    """
    was, asked = read_core(made), made["asked"]
    if gate is None:
        ids = [str(book["id"]) for book in made["rulebooks"]]
        gate = Gate.load(ids, known_on=asked_day(made, "known_on"))
    facts, on = made["facts"], asked_day(made, "on")
    given = facts if isinstance(facts, str) else stable_bytes(facts)
    now = gate.decide(given, on=on, figures=[str(name) for name in asked.get("figures", ())])
    intact = made.get("checksum") == checksum_of(made)
    same_core = msgspec.json.encode(was) == now.core_bytes()
    changed = _changed_rulebooks(made, gate)
    differences = tuple(_differences(was, now.core))
    return Comparison(
        _verdict(intact, same_core, bool(changed), was, now.core, bool(differences)),
        intact, same_core, was.decision, now.core.decision, changed,
        _text_changed(made, gate, changed), differences,
        () if now.source is None else lists_used(now.source),
    )  # fmt: skip


def asked_day(made: Mapping[str, Any], key: str) -> date | None:
    """Return a day that a record was asked with: `on`, or `known_on`.

    Errors: RecordRefused for what is no day.
    """
    pinned = made["asked"].get(key)
    try:
        return None if pinned is None else date.fromisoformat(pinned)
    except (TypeError, ValueError):
        raise RecordRefused(f"the record was asked for a day that is none: {pinned}") from None


def read_core(made: Any) -> Core:
    """Return the core of a record, after a look at the record's shape.

    Errors: RecordRefused for what is not a record of this version.
    """
    if not isinstance(made, Mapping) or made.get("format") != FORMAT:
        raise RecordRefused(f"this is not a “{FORMAT}”")
    if made.get("facts") is None:
        raise RecordRefused("no facts could be read when it was made: there is nothing to decide")
    shape = {"asked": Mapping, "facts": Mapping | str, "rulebooks": list}
    for key, kind in shape.items():
        if not isinstance(made.get(key), kind):
            raise RecordRefused(f"the record has no `{key}` as it should be")
    if not all(isinstance(book, Mapping) and "id" in book for book in made["rulebooks"]):
        raise RecordRefused("the record does not name its rulebooks")
    try:
        return msgspec.convert(made.get("core"), Core)
    except msgspec.ValidationError as problem:
        raise RecordRefused(f"the core of the record cannot be read: {problem}") from None


def _verdict(
    intact: bool, same_core: bool, changed: bool, was: Core, now: Core, differs: bool
) -> str:
    if not intact:
        return ALTERED
    if same_core:
        return SAME
    if [book.id for book in was.rulebooks] != [book.id for book in now.rulebooks] and was.rulebooks:
        return OTHER_RULEBOOKS
    if changed:
        return CHANGED_OTHER_ANSWER if differs else CHANGED_SAME_ANSWER
    return NOT_REPRODUCED


def _differences(was: Core, now: Core) -> list[str]:
    """Return in what two answers differ, digests apart."""
    found = []
    if was.decision != now.decision:
        found.append(f"decision: {was.decision} then, {now.decision} now")
    before, after = msgspec.to_builtins(was), msgspec.to_builtins(now)
    for core in (before, after):
        core.pop("decision")
        for book in core["rulebooks"]:
            book.pop("digest")
    for key, value in before.items():
        if value != after[key]:
            found.append(f"{key}: {_told(value)} then, {_told(after[key])} now")
    return found


def _told(value: Any) -> str:
    if isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value):
        words = [str(item.get("rule") or item.get("id") or item.get("message")) for item in value]
        return ", ".join(words) or "none"
    text = stable_bytes(value).decode()
    return text if len(text) <= 200 else f"{text[:200]}…"


def _changed_rulebooks(made: Mapping[str, Any], gate: Gate) -> tuple[ChangedRulebook, ...]:
    now = {engine.rulebook.id: engine.digest for engine in gate.engines}
    return tuple(
        ChangedRulebook(str(book["id"]), str(book.get("digest")), now.get(book["id"]))
        for book in made["rulebooks"]
        if now.get(book["id"]) != book.get("digest")
    )


def _text_changed(
    made: Mapping[str, Any], gate: Gate, changed: tuple[ChangedRulebook, ...]
) -> tuple[str, ...]:
    other = {book.id for book in changed}
    now = {e.rulebook.id: rulebook_text_digest(e.rulebook) for e in gate.engines}
    return tuple(
        str(book["id"])
        for book in made["rulebooks"]
        if book["id"] not in other and book.get("text_digest") != now.get(book["id"])
    )
