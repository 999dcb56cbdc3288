"""Facts as every evaluator reads them.

A record is an object with one attribute per fact of its entity. A fact that was not given is
`MISSING`; one stated not to exist is None. Numbers are integers scaled by ten to the power of the
declared decimals, dates ordinals, instants and spans of seconds microseconds, times of day
minutes, enum members and texts strings, sets frozensets, lists tuples of records. A reference
holds the key of the record it points to; the record itself stands beside it. The class of a record
of a list names its key fact in `RECORD_KEY`.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

MISSING = msgspec.UNSET


@cache
def attribute(name: str) -> str:
    """Return the attribute that holds a fact.

    >>> attribute("class")
    'class_'
    """
    return f"{name}_" if keyword.iskeyword(name) else name


@cache
def record_attribute(name: str) -> str:
    """Return the attribute that holds the record a reference points to.

    >>> record_attribute("security")
    'security_record'
    """
    return f"{name}_record"


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """A claim with its author and the instant it was made (ISO 8601 with offset)."""

    claim: str
    by: str
    at: str


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What is known about one event; `root` has one attribute per entity.

    `given` is the document as it was handed in, for remedies and records; no evaluator reads it.
    `withheld` says why facts are missing that were given, by (entity, fact).
    """

    event: str
    root: Any
    claims: Mapping[str, ClaimMade]
    given: Any = None
    withheld: Mapping[tuple[str, str], str] | None = None
