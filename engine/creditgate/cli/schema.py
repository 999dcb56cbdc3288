"""`creditgate schema`: JSON Schemas of the files and documents."""

from __future__ import annotations

from typing import Final

import click

from creditgate.cli.main import EXIT_CLEAN, EXIT_USAGE
from creditgate.cli.output import print_diagnostics, print_json

FILES: Final = (
    "rulebook",
    "chapter",
    "scenarios",
    "vocabulary",
    "enums",
    "events",
    "claims",
    "reasons",
    "lists",
    "terms",
    "calendar",
)
DOCUMENTS: Final = ("facts", "decision")


@click.command(
    "schema",
    epilog="\b\nExamples:\n"
    "  creditgate schema chapter > chapter.schema.json\n"
    "  creditgate schema facts > facts.schema.json\n"
    "  creditgate schema decision",
)
@click.argument("kind", type=click.Choice([*FILES, *DOCUMENTS]), metavar="KIND")
def command(kind: str) -> int:
    r"""Print the JSON Schema of KIND.

    \b
    Files:      rulebook, chapter, scenarios, vocabulary, enums, events, claims, reasons, lists,
                terms, calendar
    Documents:  facts (what is sent), decision (what comes back)
    """
    if kind in FILES:
        from creditgate.load.schema_check import schema_document

        print_json(schema_document(kind))
        return EXIT_CLEAN
    from creditgate.explain.schemas import decision_schema, facts_schema

    if kind == "decision":
        print_json(decision_schema())
        return EXIT_CLEAN
    from creditgate.pipeline import catalogue

    shelf = catalogue()
    vocabulary = shelf.vocabulary()
    if shelf.collector.has_errors:
        print_diagnostics(shelf.collector.diagnostics, "text")
        return EXIT_USAGE
    print_json(facts_schema(vocabulary))
    return EXIT_CLEAN
