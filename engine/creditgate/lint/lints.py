"""All lints of some rulebooks, in one list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache, partial

from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic
from creditgate.check.load import Catalogue
from creditgate.lint.cases import cases
from creditgate.lint.duplicates import duplicate_rules
from creditgate.lint.numbers import uncited_numbers
from creditgate.lint.review import review_due
from creditgate.lint.stated import Stated
from creditgate.lint.terms import Glossary, names_in_terms
from creditgate.lint.thresholds import never_binding
from creditgate.lint.unused import asked_below, unused
from creditgate.load.term_files import terms_from_maps


def lints(
    catalogue: Catalogue, rulebooks: Sequence[str], on: date | None = None
) -> tuple[Diagnostic, ...]:
    """Return what may not be meant in rulebooks of a catalogue that were accepted.

    Each is asked about what it states itself. `on` is the day against which days of review are
    held; without one they are not looked at.
    """
    collector = Collector()
    known = dict(_known(catalogue, rulebooks))
    terms = terms_from_maps(catalogue.shelf.terms(collector))
    glossary = Glossary(catalogue.vocabulary(), terms)

    @cache
    def asked(rulebook: str) -> frozenset[str]:
        folder = catalogue.shelf.folder(rulebook)
        return frozenset() if folder is None else asked_below(folder)

    for name in dict.fromkeys(rulebooks):
        stated = known.get(name)
        if stated is None:
            continue
        whole = partial(_is_whole, catalogue, name, known.keys())
        collector.extend(unused(stated, known, whole, asked))
        collector.extend(uncited_numbers(stated))
        collector.extend(cases(stated))
        collector.extend(never_binding(stated))
        collector.extend(duplicate_rules(stated))
        collector.extend(names_in_terms(stated, glossary))
        if on is not None:
            collector.extend(review_due(stated, on.toordinal()))
    return collector.diagnostics


def _known(catalogue: Catalogue, rulebooks: Sequence[str]) -> Iterator[tuple[str, Stated]]:
    waiting, seen = list(rulebooks), set[str]()
    while waiting:
        name = waiting.pop()
        checked = None if name in seen else catalogue.checked(name)
        seen.add(name)
        if checked is not None:
            yield name, Stated(checked.rulebook, checked.header.span)
            waiting.extend(checked.rulebook.lineage)


def _is_whole(catalogue: Catalogue, rulebook: str, known: Collection[str]) -> bool:
    """Tell whether all rulebooks of the shelf are known that build on one."""
    found, waiting = set[str](), [rulebook]
    while waiting:
        for name in catalogue.shelf.built_on(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return all(name in known for name in found)
