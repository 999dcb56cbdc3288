"""Ways to spoil a facts document, or to write the same one in another way.

A mutation of the tree gets a tree of its own and a place in it; a mutation of bytes gets the text.
`random` is seeded by the caller, so that each run makes the same mutants.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import Final

from tests.fuzz.facts_tree import NUMBERS, Items, Members, Site, Token, Tree, copied, sites, written

from creditgate.domain.vocabulary import Vocabulary

ODD_NUMBERS: Final = (
    "NaN", "-NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1E+999999999", "1e-999999999",
    "1e99999999999999999999", "9" * 400, "-" + "9" * 400, "0." + "0" * 400 + "1", "1." + "0" * 70,
    "1." + "0" * 400, "-0", "-0.0", "0.00", "0e5", "0e-999999999", "-1", "0", "1", "00", "01", "1.",
    ".5", "+1", "0x10", "1_000", "1,000", "1 000", "１２", "10.10", "10.1", "1.233", "1e2", "1E2",
    "100e-2", "0.1234567890123456789", "123456789012345678901234567890.123456789", "true", "false",
    "null", '"NaN"', '"sNaN"', '"Infinity"', '"1_000"', '" 12 "', '"+5"', '".5"', '"5."', '"007"',
    '"١٢"', '"1e5"', '"0x10"', '"12%"', '"12 CNY"', '"−1"', '""',
)  # fmt: skip
ODD_TEXTS: Final = (
    '""', '" "', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\u202e"',
    '"\ufeff"', '"a\\u0022\\u003a1"', '"a\\":1"', '"\\"', '"\\x41"', '"none"', '"null"', '"NaN"',
    '"' + "x" * 1_000 + '"', '"' + "x" * 1_001 + '"', '"' + "长" * 5_000 + '"', "'single'", "bare",
    "0", "-1", "1.5", "true", "[]", "{}",
)  # fmt: skip
ODD_DATES: Final = (
    '"0001-01-01"', '"9999-12-31"', '"0000-01-01"', '"2026-02-30"', '"2024-02-29"', '"1582-10-10"',
    '"20260119"', '"2026-1-19"', '"2026-W04-1"', '"2026-01-19T00:00:00"', '"٢٠٢٦-01-19"', '"today"',
    '"2010-03-30"', '"2010-03-31"', "20260119", '""', "null",
)  # fmt: skip
ODD_INSTANTS: Final = (
    '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"', '"2026-01-19T10:31:00"',
    '"2026-01-19T10:31:00+0800"', '"2026-01-19T10:31+08:00"', '"2026-01-19 10:31:00+08:00"',
    '"2026-01-19t10:31:00z"', '"2026-01-19T10:31:00.1234567+08:00"', '"2026-01-19T10:31:60Z"',
    '"2026-01-19T24:00:00Z"', '"2026-01-19T10:31:00-00:00"', '"2026-01-19"', "1768790000", '""',
    '"09:30"', '"09:30:00"', '"09:30:30"', '"09:30:00Z"', '"09:30:00.0000001"', '"24:00:00"',
)  # fmt: skip
ODD_BOOLEANS: Final = (
    "0", "1", '"yes"', '"no"', '"true"', '"false"', '"Y"', '""', "True", "TRUE", "[]", "null", "1.0",
)  # fmt: skip
ODD_DURATIONS: Final = ("5.0", "5.5", '"5"', "-1", "0", "1e3", "9" * 30, "true", "-0", "null")
ODD_CHARACTERS: Final = ("\u200b", "\ufeff", "：", "，", "é", "\x00", "\x1f", "𝟙", "\u2028")

TreeMutation = Callable[[Members, Site, Vocabulary, Random], None]


def a_value_of_the_same_kind_that_is_odd(
    tree: Members, site: Site, vocabulary: Vocabulary, random: Random
) -> None:
    kind = site.fact.kind if site.fact is not None else "text"
    if kind in NUMBERS:
        site.put(Token(random.choice(ODD_NUMBERS)))
    elif kind == "date":
        site.put(Token(random.choice(ODD_DATES)))
    elif kind in {"instant", "time"}:
        site.put(Token(random.choice(ODD_INSTANTS)))
    elif kind == "boolean":
        site.put(Token(random.choice(ODD_BOOLEANS)))
    elif kind == "duration":
        site.put(Token(random.choice(ODD_DURATIONS)))
    else:
        site.put(Token(random.choice(ODD_TEXTS)))


def a_dropped_key(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    site.remove()


def a_key_given_twice(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    """State a fact twice, with the same value or another."""
    again = Token("null") if random.random() < 0.3 else copied(site.value)
    if isinstance(site.holder, Members):
        place = random.randint(0, len(site.holder.pairs))
        site.holder.pairs.insert(place, (site.key or "", again))
    else:
        site.holder.values.insert(random.randint(0, len(site.holder.values)), again)


def a_renamed_key(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    if not isinstance(site.holder, Members):
        return
    key = site.key or ""
    name = random.choice(
        (
            key.upper(),
            key + "s",
            key[:-1],
            key.replace("_", "-"),
            key[1:2] + key[:1] + key[2:],
            f" {key}",
            f"{key}\u200b",
            "",
            "__class__",
            "event",
            "~security_record",
            "x" * random.choice((50, 5_000)),
            random.choice(list(site.entity.facts)) if site.entity is not None else "claims",
        )
    )
    site.holder.pairs[site.position] = (name, site.value)


def a_null(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    site.put(Token("null"))


def a_value_of_another_kind(
    tree: Members, site: Site, vocabulary: Vocabulary, random: Random
) -> None:
    value = site.value
    choices: list[Tree] = [
        Items([]), Members([]), Items([copied(value)]), Members([("value", copied(value))]),
        Token("true"), Token("0"), Token('"text"'), Items([Items([Items([])])]),
    ]  # fmt: skip
    if isinstance(value, Token):
        choices += [Token(json.dumps(value.text)), Token(value.text.strip('"'))]
    if isinstance(value, Members):
        choices.append(Items([item for _, item in value.pairs]))
    if isinstance(value, Items):
        choices.append(Members([(str(n), item) for n, item in enumerate(value.values)]))
    site.put(random.choice(choices))


def the_same_number_written_differently(
    tree: Members, site: Site, vocabulary: Vocabulary, random: Random
) -> None:
    value = site.value
    if not isinstance(value, Token) or site.fact is None or site.fact.kind not in NUMBERS:
        site.put(copied(value))
        return
    text = value.text
    longer = text + ("0" if "." in text else ".0")
    site.put(Token(random.choice((longer, f'"{text}"', f'"{longer}"', f"{text}e0", longer + "00"))))


def a_boundary(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    fact = site.fact
    if fact is None or fact.low is None or fact.high is None:
        a_value_of_the_same_kind_that_is_odd(tree, site, vocabulary, random)
        return
    site.put(Token(random.choice(boundaries(site))))


def boundaries(site: Site) -> tuple[str, ...]:
    """Return the bounds of a numeric fact, one unit within and beyond, and one decimal too many."""
    fact = site.fact
    assert fact is not None
    assert fact.low is not None
    assert fact.high is not None
    unit = Decimal(1).scaleb(-fact.scale)
    values = (
        fact.low, fact.high, fact.low - unit, fact.high + unit, fact.low + unit, fact.high - unit,
        fact.low + unit / 10,
    )  # fmt: skip
    return tuple(format(value, "f") for value in values)


def another_member(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    fact = site.fact
    if fact is None or fact.kind not in {"enum", "set"} or fact.target in {None, "text"}:
        a_value_of_the_same_kind_that_is_odd(tree, site, vocabulary, random)
        return
    members = [*vocabulary.enums[fact.target or ""].members, "no_such_member", "", "none"]
    chosen = Token(json.dumps(random.choice(members)))
    twice = [copied(chosen)] if random.random() < 0.2 else []
    site.put(Items([chosen, *twice]) if fact.kind == "set" else chosen)


def a_shuffled_order(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    """Say the same in another order: keys never have one, and rows are known by their keys."""
    random.shuffle(site.holder.pairs if isinstance(site.holder, Members) else site.holder.values)


def a_dangling_reference(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    """Refer to a record that is not given, or take the record away."""
    references = [
        other
        for other in sites(tree, vocabulary)
        if other.fact is not None and other.fact.kind == "reference"
    ]
    if references and random.random() < 0.6:
        random.choice(references).put(Token('"nowhere"'))
        return
    tables = [n for n, (key, _) in enumerate(tree.pairs) if key in vocabulary.tables()]
    if tables:
        del tree.pairs[random.choice(tables)]


def odd_claims(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    name = random.choice([*vocabulary.claims, "no_such_claim"])
    good = Members(
        [
            ("claim", Token(json.dumps(name))),
            ("by", Token('"desk 7"')),
            ("at", Token('"2026-01-19T09:00:00+08:00"')),
        ]
    )
    at = random.choice(ODD_INSTANTS)
    spoilt = (
        Items([good]),
        Items([good, copied(good)]),
        Items([Members([*good.pairs[:2], ("at", Token(at))])]),
        Items([Members(good.pairs[:2])]),
        Items([Members([*good.pairs, ("note", Token('"x"'))])]),
        Items([Members([good.pairs[0], ("by", Token('""')), good.pairs[2]])]),
        Items([Members([good.pairs[0], ("by", Token("7")), good.pairs[2]])]),
        Items([Token(json.dumps(name))]),
        Members([(name, Token("true"))]),
        Items([Token("null")]),
        Items([]),
        Token("null"),
    )
    tree.pairs[:] = [pair for pair in tree.pairs if pair[0] != "claims"]
    tree.pairs.append(("claims", random.choice(spoilt)))


def another_event(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    names = ['"no_such_event"', '""', "null", "7", '["order"]', '"' + "e" * 2_000 + '"']
    names += [json.dumps(name) for name in vocabulary.events]
    tree.pairs[:] = [pair for pair in tree.pairs if pair[0] != "event"]
    tree.pairs.append(("event", Token(random.choice(names))))


def deep_nesting(tree: Members, site: Site, vocabulary: Vocabulary, random: Random) -> None:
    depth = random.choice((30, 41, 200, 3_000))
    opening, closing = random.choice((("[", "]"), ('{"a":', "}"), ('[{"order":', "}]")))
    inside = written(site.value) if random.random() < 0.5 else "1"
    site.put(Token(opening * depth + inside + closing * depth))


TREE_MUTATIONS: Final[tuple[TreeMutation, ...]] = (
    a_value_of_the_same_kind_that_is_odd, a_dropped_key, a_key_given_twice, a_renamed_key, a_null,
    a_value_of_another_kind, the_same_number_written_differently, a_boundary, another_member,
    a_shuffled_order, a_dangling_reference, odd_claims, another_event, deep_nesting,
    a_value_of_the_same_kind_that_is_odd, the_same_number_written_differently, a_boundary,
)  # fmt: skip


def flipped_bits(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 5))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def truncated(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def a_repeated_piece(data: bytes, random: Random) -> bytes:
    start = random.randrange(len(data))
    end = min(len(data), start + random.choice((1, 8, 60, 400)))
    return data[:end] + data[start:end] + data[end:]


def inserted_characters(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    inserted = random.choice(
        (*ODD_CHARACTERS, "{", "}", "[", "]", '"', ",", ":", "\\", "/*x*/", "//", "\t", "\r\n", " ")
    )
    return data[:place] + inserted.encode() + data[place:]


def bytes_that_are_no_text(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    inserted = random.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\x80", b"\xf5\x80\x80\x80"))
    return data[:place] + inserted + data[place:]


def another_encoding(data: bytes, random: Random) -> bytes:
    return data.decode().encode(random.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig")))


def spaces_around_colons(data: bytes, random: Random) -> bytes:
    """Write the same document with other white space, which must not hide a key given twice."""
    return data.replace(b'":', b'" :') if random.random() < 0.5 else data.replace(b",", b" ,\n")


def text_around_the_document(data: bytes, random: Random) -> bytes:
    return random.choice(
        (data + data, data + b"x", b"x" + data, b"[" + data + b"]", data + b"\x00")
    )


BYTE_MUTATIONS: Final[Sequence[Callable[[bytes, Random], bytes]]] = (
    flipped_bits, truncated, a_repeated_piece, inserted_characters, bytes_that_are_no_text,
    another_encoding, spaces_around_colons, text_around_the_document, flipped_bits,
)  # fmt: skip
