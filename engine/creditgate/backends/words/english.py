"""The grammar that titles need to stand in an English sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from creditgate.backends.words.phrases import ENGLISH

_LINK_WORDS: Final = (
    "of|that|to|for|in|at|by|under|over|on|from|which|who|whose|where|when|with|without|not|"
    "still|already|after|before|within|between|less|as|per|once|through|across"
)
_LINK: Final = re.compile(rf"\b(?:{_LINK_WORDS})\b")
_PARTICIPLE: Final = re.compile(r"(?<=\w )\w+ed\b")
_OPENERS: Final = frozenset(
    {"the", "a", "an", "all", "each", "both", "it", "its", "no", "any", "whether"}
)
_QUESTIONS: Final = frozenset({"what", "how", "where", "when", "who", "for", "which"})
_CLAUSE_OPENERS: Final = frozenset({"the", "a", "an", "it", "each", "both"})
_VERB: Final = re.compile(r"\b(?:is|are|was|were|has|have|may|can|must)\b")
_RELATIVE: Final = re.compile(r"\b(?:that|which|who|whose|where|when)\b")
_NEGATABLE: Final = re.compile(r"\b(is|are|was|were|may|can|has|have)\b")
_OWNS: Final = {"has": "does not have", "have": "do not have"}
_OWNED: Final = re.compile(r" (?:a|an|the|its)\b")
_PREPOSITIONS: Final = frozenset({"under", "on", "in", "within", "at", "among", "outside"})
_STATES: Final = frozenset(
    {"able", "exempt", "frozen", "paid", "bound", "free", "held", "known", "lent"}
)
_QUALIFIED: Final = re.compile(r"\b(?:by|that|which|where|with|from)\b")
_CLASS: Final = re.compile(r"(?:\w(?:or|er|ent)|\btarget|\bsecurity|\bstock)\s*$")
_SINGULAR: Final = ("ss", "us", "is", "'s")
_WITHOUT_ARTICLE: Final = frozenset({"cash", "equity", "money"})
_BREAKS: Final = re.compile(r"[,;:()]|\b(?:and|or)\b")
_AFTER_STATE: Final = re.compile(r"(?:by|to|as|for|under|at|in|off|on|with|from|of)\b")


def lowered(title: str) -> str:
    """Return a title as it stands inside a sentence; names and abbreviations keep their capitals.

    >>> lowered("Margin available"), lowered("NYSE status"), lowered("Rule 201 test")
    ('margin available', 'NYSE status', 'Rule 201 test')
    """
    first, _, rest = title.partition(" ")
    keeps = any(c.isupper() or c.isdigit() for c in first[1:]) or rest[:1].isdigit()
    return title if keeps else title[:1].lower() + title[1:]


def is_plural(title: str) -> bool:
    """Tell whether a title speaks of several things, judged by its first noun.

    >>> is_plural("Shares of the security that the client is short"), is_plural("Margin available")
    (True, False)
    """
    text = title.lower()
    if text.partition(" ")[0] in _QUESTIONS:
        return False
    head = _head(text)
    if re.search(r"\band\b", head):
        return True
    words = re.sub(r"[^\w\s-]", "", head).split()
    return any(word.endswith("s") and not word.endswith(_SINGULAR) for word in words)


def _head(text: str) -> str:
    """Return the noun that a title begins with, up to what says more about it."""
    found = (_LINK.search(text), _PARTICIPLE.search(text))
    end = min((match.start() for match in found if match is not None), default=0)
    return text[:end] if end else text


def is_clause(title: str) -> bool:
    """Tell whether a title is a sentence of its own, such as `The client was notified`.

    >>> is_clause("Trading in the account is blocked"), is_clause("On the list that is published")
    (True, False)
    """
    if title.lower().partition(" ")[0] in _CLAUSE_OPENERS:
        return True
    verb, relative = _VERB.search(title), _RELATIVE.search(title)
    return verb is not None and (relative is None or verb.start() < relative.start())


def is_state(title: str) -> bool:
    """Tell whether a title can stand behind `is`, such as `Under risk warning` or `Pledged`.

    >>> [is_state(t) for t in ("Under risk warning", "Paid for in full", "Trading suspended")]
    [True, True, False]
    """
    first, _, rest = title.lower().partition(" ")
    if first.endswith("ly"):
        first, _, rest = rest.partition(" ")
    if first in _PREPOSITIONS:
        return True
    state = first in _STATES or first.endswith("ed")
    return state and (not rest or _AFTER_STATE.match(rest) is not None)


def is_class(title: str) -> bool:
    """Tell whether a title names what somebody or something is, such as `Constituent of an index`.

    >>> [is_class(t) for t in ("Financing target of the exchange", "Trading halted", "Record of it")]
    [True, False, False]
    """
    if is_plural(title) or is_clause(title) or is_state(title):
        return False
    head = _head(title.lower())
    return _CLASS.search(head) is not None and " the " not in head


class English:
    """How titles, records and lists are put into an English sentence."""

    id: Final = "en"
    phrases: Final[Mapping[str, str]] = ENGLISH
    brackets: Final = ("(", ")")

    def name(self, title: str) -> str:
        """Return a title as a noun; one that would break the sentence stands in quotes."""
        text = lowered(title)
        first = text.partition(" ")[0]
        return f"“{text}”" if first in _QUESTIONS or re.search("[,;:]", text) else text

    def definite(self, title: str) -> str:
        """Return a title with its article."""
        text = self.name(title)
        first = text.strip("“").partition(" ")[0]
        return text if first in _OPENERS or first in _QUESTIONS else f"the {text}"

    def of_single(self, holder: str, title: str) -> str:
        """Return a fact of the one record of its kind; `holder` is the entity's title."""
        owner, text = lowered(holder), self.name(title)
        if f"{text} ".startswith(f"{owner} ") or _is_long(text) or len(owner.split()) > 2:
            return self.definite(title)
        if _PARTICIPLE.search(owner):
            return f"{self.definite(title)} of the {owner}"
        return f"the {owner}'s {text}"

    def of_judged(self, holder: str, title: str) -> str:
        """Return a fact of the one record of its kind, told from those of rows."""
        return f"{self.definite(title)} of the {lowered(holder)} judged"

    def of_record(self, record: str, title: str) -> str:
        """Return a fact of a record that has words of its own."""
        definite = self.definite(title)
        if definite.endswith(f" {record}"):
            return definite
        # What a title says more about itself would seem to be said of the record.
        return f"{definite} {'for' if _QUALIFIED.search(title) else 'of'} {record}"

    def record(self, holder: str) -> str:
        """Return the words for the one record of its kind."""
        return f"the {lowered(holder)}"

    def statement(self, title: str, subject: str | None, single: bool, holds: bool) -> str:
        """Return a title that is true or false as a clause, or its opposite."""
        text = lowered(title)
        if is_clause(title):
            return text if holds else _denied(text)
        if is_state(title) and subject is not None:
            return f"{subject} is {text}" if holds else f"{subject} is not {text}"
        if is_class(title) and subject is not None:
            return f"{subject} is {'' if holds else 'not '}{_article(text)}{text}"
        verb = "holds" if holds else "does not hold"
        behind = "" if subject is None or single else f" for {subject}"
        return f"“{text}” {verb}{behind}"

    def existence(self, title: str, record: str | None, holds: bool) -> str:
        """Say that something is given, or that there is none."""
        text = self.name(title)
        plural = is_plural(title)
        behind = "" if record is None else f" for {record}"
        verb = "there are" if plural else "there is"
        if not holds:
            return f"{verb} no {text}{behind}"
        bare = plural or text.partition(" ")[0] in _WITHOUT_ARTICLE
        article = "" if bare else _article(text)
        return f"{verb} {article}{text}{behind}"

    def pronoun(self, title: str) -> str:
        """Return the word for something just named."""
        return "they" if is_plural(title) else "it"

    def listed(self, items: Sequence[str]) -> str:
        """Join nouns."""
        return _listed(items, "and")

    def any_of(self, items: Sequence[str]) -> str:
        """Join values by `or`."""
        return _listed(items, "or")

    def all_of(self, items: Sequence[str]) -> str:
        """Join clauses by `and`."""
        return _listed(items, "and")

    def alternatives(self, items: Sequence[str]) -> str:
        """Join clauses by `or`."""
        return " or ".join(items)

    def clause(self, title: str) -> str:
        """Return a title as a clause."""
        return lowered(title)

    def member(self, title: str) -> str:
        """Return the title of an enum's member; one that would break the sentence is quoted."""
        return f"“{title}”" if _BREAKS.search(title) else title


def _listed(items: Sequence[str], word: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def _article(text: str) -> str:
    return "an " if text[0] in "aeiou" else "a "


def _is_long(text: str) -> bool:
    return len(text.split()) > 3 or _LINK.search(text) is not None


def _denied(clause: str) -> str:
    """Deny a clause: by `not` where it has one verb and no parts, else as a whole.

    What is said not to be is denied by leaving the `not` out, and what is said of one thing or
    another by saying it of none.

    >>> [_denied(c) for c in ("the security is listed", "it has a term", "the order is not marked")]
    ['the security is not listed', 'it does not have a term', 'the order is marked']
    """
    verbs = _VERB.findall(clause)
    found = _NEGATABLE.search(clause)
    simple = (
        found is not None
        and len(verbs) == 1
        and not re.search(r"\bbut\b|\bor (?:\w+s|may|had)\b|,", clause)
        and not _RELATIVE.search(clause[: found.start()])
    )
    if not simple or found is None:
        return f"it is not true that {clause}"
    first, _, rest = clause.partition(" ")
    behind = clause[found.end() :]
    if " not " in behind:
        positive = clause[: found.end()] + behind.removeprefix(" not")
        is_definite = first == "the" and behind.startswith(" not ")
        return positive if is_definite else f"it is not true that {clause}"
    if first in {"a", "an"}:
        return f"no {rest}"
    owns = _OWNS.get(found[1]) if _OWNED.match(behind) else None
    if owns is not None:
        return f"{clause[: found.start()]}{owns}{behind}"
    return f"{clause[: found.end()]}{'' if found[1] == 'can' else ' '}not{behind}"
