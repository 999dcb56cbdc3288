"""Run the command line in this process, with all that stands around its commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
from click.testing import CliRunner

from creditgate.cli.main import main


class Whole(click.Command):
    """The command line as the installed script runs it, for the runner of click."""

    def main(self, args: Any = None, *_: Any, **__: Any) -> Any:
        """Run it to its end."""
        main(list(args))


def run_here(
    arguments: Sequence[str], given: bytes, variables: Mapping[str, str]
) -> tuple[int, bytes, bytes]:
    """Return the status, the output and the standard error of a command."""
    done = CliRunner().invoke(Whole("creditgate"), arguments, given, variables)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout_bytes, done.stderr_bytes
