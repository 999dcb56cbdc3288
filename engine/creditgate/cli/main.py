"""The command group: each command is imported only when it is called."""

from __future__ import annotations

import gc
import sys
import traceback
from importlib import import_module
from typing import Any, Final

import click

COMMANDS: Final = {
    "decide": "Approve or refuse orders, with reasons.",
    "replay": "Decide a file of many orders, and count what came out.",
    "compute": "Compute a figure or a determination.",
    "lint": "Check rulebooks and report every mistake.",
    "fmt": "Write rulebook files in their canonical form.",
    "test": "Run the scenarios of rulebooks.",
    "prove": "Ask questions about all orders at once.",
    "diff": "Say what changes between two rulebooks.",
    "show": "Print a rulebook or a rule as readable text.",
    "facts": "List the facts that a rulebook needs.",
    "schema": "Print a JSON Schema.",
    "calendar": "Ask a trading calendar.",
    "new": "Write the beginning of a rule with its scenarios.",
}

EXIT_CLEAN: Final = 0
EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2
EXIT_OUR_FAULT: Final = 3


class LazyCommands(click.Group):
    """A group that knows the names of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names, in the order in which they help a newcomer."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  # click's signature
        name: str,
    ) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"creditgate.cli.{name}").command
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  # click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 all approved or clean, 1 findings or refusals, 2 bad usage or input, "
    "3 a fault of creditgate.",
)
@click.version_option(package_name="creditgate", message="creditgate %(version)s")
def group() -> None:
    r"""Decide credit trades under dated, cited rulebooks.

    \b
    Try:  creditgate show cn/sse --on 2026-01-19
          creditgate facts cn/sse
          creditgate decide orders.jsonl --rulebook cn/sse
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and exit with its status; a traceback never reaches the user."""
    # Rulebooks are many small objects that live as long as the command: few are ever garbage.
    gc.set_threshold(100_000, 20, 50)
    try:
        status = group.main(args=arguments, prog_name="creditgate", standalone_mode=False)
        sys.exit(status if isinstance(status, int) else EXIT_CLEAN)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        sys.exit(EXIT_USAGE)
    except click.ClickException as problem:
        problem.show()
        sys.exit(EXIT_USAGE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_CLEAN)
    except Exception as failure:
        from creditgate import __version__

        where = traceback.extract_tb(failure.__traceback__)[-1]
        click.echo(
            f"creditgate {__version__} failed: {type(failure).__name__}: {failure}\n"
            f"  at {where.name} in {where.filename.rsplit('creditgate/', 1)[-1]}:{where.lineno}\n"
            "  this is a fault of creditgate, not of your input; please report these lines",
            err=True,
        )
        sys.exit(EXIT_OUR_FAULT)
