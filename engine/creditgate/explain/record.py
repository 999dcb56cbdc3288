"""The full record of a decision, made on demand from the facts it was made from."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from creditgate import __version__
from creditgate.decide.decision import Decision, Value
from creditgate.explain.authorities import Authority, day_text, of_figure, of_forces
from creditgate.explain.documents import document_of, stable_bytes
from creditgate.explain.evidence import evidence_of, judged_day
from creditgate.explain.lists_used import lists_used
from creditgate.explain.report import claims_shown
from creditgate.explain.rulebook_words import rulebook_text_digest
from creditgate.ir.rulebook import Rulebook

FORMAT: Final = "creditgate decision record, version 1"


def record(decision: Decision) -> dict[str, Any]:
    """Return the full record of a decision, made from its own facts.

    Shape:   `core` (what is compared byte for byte), `asked`, `as_of`, `outcomes` (every rule of
             each rulebook with its evidence), `figures`, `determinations`, `claims`, `lists` (the
             daily lists that were stated), `facts` (the document as it was given), `rulebooks` and
             `calendars` with their digests, `checksum` over all of these, and `envelope`, which is
             not compared.
    Errors:  ValueError for a decision that no gate made.
    """
    source = decision.source
    if source is None:
        raise ValueError("only a decision that a gate made has a record")
    books = [engine.rulebook for engine in source.gate.engines]
    day = judged_day(source)
    compared = {
        "format": FORMAT,
        "core": msgspec.to_builtins(decision.core),
        "asked": {
            "on": None if source.on is None else source.on.isoformat(),
            "known_on": decision.core.known_on,
            "figures": list(source.figures),
        },
        "as_of": decision.core.as_of,
        "outcomes": msgspec.to_builtins(evidence_of(decision)),
        "figures": _figures(decision.core.figures, books, day),
        "determinations": _determinations(decision.core.determinations, books, day),
        "claims": msgspec.to_builtins(claims_shown(decision)),
        "lists": msgspec.to_builtins(lists_used(source)),
        "facts": document_of(source),
        "rulebooks": [
            {
                "id": engine.rulebook.id,
                "title": msgspec.to_builtins(engine.rulebook.title),
                "lineage": list(engine.rulebook.lineage),
                "digest": engine.digest,
                "text_digest": rulebook_text_digest(engine.rulebook),
            }
            for engine in source.gate.engines
        ],
        "calendars": _calendars(books),
    }
    return {
        **compared,
        "checksum": checksum_of(compared),
        "envelope": {"creditgate": __version__, "python": platform.python_version()},
    }


def record_bytes(made: Mapping[str, Any]) -> bytes:
    """Return a record as one line of JSON with stable bytes; keys of maps are sorted."""
    return stable_bytes(made)


def compared_bytes(made: Mapping[str, Any]) -> bytes:
    """Return the part of a record that is the same on every machine: all but the envelope."""
    return stable_bytes({key: made[key] for key in made if key != "envelope"})


def checksum_of(made: Mapping[str, Any]) -> str:
    """Return the checksum over all of a record but the checksum itself and the envelope."""
    compared = {key: made[key] for key in made if key not in {"checksum", "envelope"}}
    return hashlib.sha256(stable_bytes(compared)).hexdigest()


def _figures(values: Mapping[str, Value], books: list[Rulebook], day: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        book = next((book for book in books if name in book.figures), None)
        if book is None or day is None:
            found[name] = {"value": msgspec.to_builtins(value), "title": None, "authority": None}
            continue
        definition, authority = of_figure(book, name, day)
        title = None if definition is None else definition.title
        found[name] = _with_authority(value, title, authority)
    return found


def _determinations(
    values: Mapping[str, Value], books: list[Rulebook], day: int | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        book = next((book for book in books if name in book.determinations), None)
        if book is None or day is None:
            continue
        item = book.determinations[name]
        authority = of_forces(book, item.name, item.origin, item.in_force, day)
        found[name] = _with_authority(value, item.title, authority)
        status = item.values.get(value.value or "")
        found[name]["status"] = msgspec.to_builtins(status)
    return found


def _with_authority(value: Value, title: Any, authority: Authority) -> dict[str, Any]:
    return {
        "value": msgspec.to_builtins(value),
        "title": msgspec.to_builtins(title),
        "authority": msgspec.to_builtins(authority),
    }


def _calendars(books: list[Rulebook]) -> list[dict[str, str]]:
    known = {calendar.id: calendar for book in books for calendar in book.calendars.values()}
    return [
        {
            "id": id,
            "digest": hashlib.sha256(calendar.canonical()).hexdigest(),
            "first_day": day_text(calendar.first_day),
            "horizon": day_text(calendar.last_day),
        }
        for id, calendar in sorted(known.items())
    ]
