"""How commands print: diagnostics, JSON, colour, language."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from creditgate.base.diagnostic import Diagnostic
from creditgate.base.render import render_json, render_text


def use_colour(stream: Any = None) -> bool:
    """Tell whether output may be coloured: a terminal, and NO_COLOR not set."""
    where = stream if stream is not None else sys.stdout
    return where is not None and bool(where.isatty()) and "NO_COLOR" not in os.environ


def default_language() -> str:
    """Return `zh` where the locale is Chinese, else `en`."""
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith("zh") else "en"


def print_diagnostics(found: Sequence[Diagnostic], output: str, *, err: bool = True) -> None:
    """Print findings as text or JSON."""
    if output == "json":
        print_json(render_json(found))
    elif found:
        stream = sys.stderr if err else sys.stdout
        click.echo(render_text(found, color=use_colour(stream)), err=err)


def print_json(value: Any) -> None:
    """Print a value as JSON, readable and in UTF-8."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


format_option = click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
known_on_option = click.option(
    "--known-on",
    "known_on",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _context, _option, value: None if value is None else value.date(),
    metavar="DATE",
    help="With only what was published by this day.",
)
language_option = click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default=default_language,
    help="Language of titles and messages; the default follows the locale.",
)
