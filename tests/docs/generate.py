"""Write the generated tables of the documentation: `python -m tests.docs.generate`.

The tables stand between `<!-- generated: name -->` and `<!-- end of generated -->`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, cast

from tests.docs.ledger import ledger
from tests.docs.pages import PAGES, with_generated
from tests.perf.accounts_results import kept as kept_accounts
from tests.perf.accounts_results import report as report_of_accounts
from tests.perf.peers.report import report
from tests.perf.peers.results import kept
from tests.perf.replay_results import kept as kept_replay
from tests.perf.replay_results import report as report_of_replay
from tests.perf.start_results import kept as kept_start
from tests.perf.start_results import report as report_of_start
from tests.perf.tables.results import kept as kept_tables
from tests.perf.tables.results import report as report_of_tables

from creditgate.backends.words.kinds import kind_text
from creditgate.domain.dsl_types import BOOLEAN, Record, without_none
from creditgate.domain.facts import MISSING, Facts
from creditgate.domain.vocabulary import CURRENCY_PLACEHOLDER, Vocabulary
from creditgate.ir.nodes import Expr, Fact, Literal, Root
from creditgate.ir.operators import OPERATORS
from creditgate.ir.rulebook import EpochRule
from creditgate.pipeline import catalogue
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge

_TYPES_WITH_A_TARGET = {
    "enum": "a member of an enum",
    "set": "a set of members of an enum, or of texts",
    "reference": "the key of a record of another entity",
    "list": "rows of another entity",
    "duration": "days, months, trading days, settlement days or seconds, as declared",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *map(list, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def operators() -> str:
    """Return the table of operators."""
    rows = (
        (
            f"`{row.symbol}`",
            row.arguments,
            row.result,
            row.meaning + (f"; unknown if {row.fails}" if row.fails else ""),
            f"`{row.example}`",
        )
        for row in OPERATORS.values()
    )
    return table(("Written", "Takes", "Gives", "Meaning", "Example"), rows)


def fact_types(vocabulary: Vocabulary) -> str:
    """Return the table of the types of facts, each with a fact of that type."""
    found: dict[str, tuple[str, ...]] = {}
    for entity in vocabulary.entities.values():
        for fact in entity.facts.values():
            words = kind_text(without_none(fact.type), vocabulary, "en")
            words = words.replace(CURRENCY_PLACEHOLDER, "the currency of the rulebook")
            words = _TYPES_WITH_A_TARGET.get(fact.kind, words)
            decimals = str(fact.scale) if fact.low is not None and fact.kind != "duration" else ""
            example = f"`{entity.name}.{fact.name}`"
            found.setdefault(
                fact.kind, (f"`{fact.kind}`", words, decimals, f"{example}: {fact.title.en}")
            )
    rows = (found[name] for name in sorted(found))
    return table(("Type", "What it holds", "Decimals", "For example"), rows)


def entities(vocabulary: Vocabulary) -> str:
    """Return the table of entities."""
    how = {
        "single": "one record",
        "table": "records by key, in the list `{0}`",
        "element": "rows of a list",
    }
    rows = (
        (
            f"`{entity.name}`",
            entity.title.en,
            entity.title.zh,
            how[entity.kind].format(entity.list_name),
        )
        for entity in vocabulary.entities.values()
    )
    return table(("Entity", "English", "中文", "In the facts"), rows)


def events(vocabulary: Vocabulary) -> str:
    """Return the table of events."""
    rows = (
        (
            f"`{event.name}`",
            event.title.en,
            event.title.zh,
            f"`{'.'.join(event.dated_by)}`",
            ", ".join(f"`{subject}`" for subject in event.subjects),
        )
        for event in vocabulary.events.values()
    )
    return table(("Event", "English", "中文", "Dated by", "Rules on it may speak of"), rows)


def outcomes() -> str:
    """Return the outcome of a rule for each state of its three parts, as the reference judges."""
    nothing: Expr = Fact(BOOLEAN, Root(Record("order"), "order"), "unknown")
    states: dict[str, Expr] = {
        "true": Literal(BOOLEAN, True),
        "false": Literal(BOOLEAN, False),
        "unknown": nothing,
    }
    root = type("Root", (), {"order": MISSING})()
    evaluation = Evaluation(Facts("order", root, {}), None, {})
    rows = []
    for when, unless, require in product(states, repeat=3):
        rule = EpochRule(
            "rule", "order", states[when], (("exemption", states[unless]),), states[require],
            "reject", cast(Any, None),  # judging does not look at what a rule was made from
        )  # fmt: skip
        rows.append((when, unless, require, f"**{judge(evaluation, rule).outcome}**"))
    return table(("`when`", "`unless`", "`require`", "outcome"), rows)


def parts() -> dict[str, str]:
    """Return every generated table by name."""
    vocabulary = catalogue().vocabulary()
    return {
        "operators": operators(),
        "fact_types": fact_types(vocabulary),
        "entities": entities(vocabulary),
        "events": events(vocabulary),
        "ledger": ledger(),
        "outcomes": outcomes(),
        "one_order": report(kept()),
        "tables": report_of_tables(kept_tables()),
        "accounts": report_of_accounts(kept_accounts()),
        "replay": report_of_replay(kept_replay()),
        "start": report_of_start(kept_start()),
    }


def main() -> None:
    """Write all pages."""
    made = parts()
    for page in PAGES:
        page.write_text(with_generated(page, made), "utf-8")


if __name__ == "__main__":
    main()
