"""The root of the command line: also wrong usage and crashes go through one door."""

import gc
import logging
import sys
import traceback
from collections.abc import Sequence
from copy import copy
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from monitoring_tasks.cli.command_lines import LINES
from monitoring_tasks.cli.commands import LazyCommands
from monitoring_tasks.cli.output import ExitCode, errors, print_fault

RARELY = 50_000
"""New objects between two looks for garbage, of which a command makes hardly any.

What it imports, it keeps: to walk all that again and again took a sixth of a day.
"""


class RootGroup(TyperGroup):
    """A group whose own errors are printed by the console that everything uses.

    Typer would print what was typed, and what an exception says, as it stands.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (Typer's signature)
        """Offer the commands of `commands.MODULES`.

        Args:
            **options: As Typer gives them.
        """
        super().__init__(**options)
        self.commands = LazyCommands()

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 (Typer's own)
        """Print what there is by the lines kept of it: no command is loaded."""
        shown = copy(self)
        shown.commands = {
            name: TyperCommand(name, help=line) for name, line in LINES.items()
        }
        super(RootGroup, shown).format_help(ctx, formatter)

    def main(  # noqa: PLR0917 (Typer's signature)
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 (Typer's signature)
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Run the command that was typed, and exit with its code."""
        gc.set_threshold(RARELY)
        logging.basicConfig(
            handlers=[_ConsoleHandler(logging.WARNING)], format="%(message)s"
        )
        # Warnings may quote data too: they go through the same console.
        logging.captureWarnings(capture=True)
        typed = (args, prog_name, complete_var)
        if not standalone_mode:
            return super().main(*typed, False, windows_expand_args, **extra)  # noqa: FBT003
        try:
            code = super().main(*typed, False, windows_expand_args, **extra)  # noqa: FBT003
        except typer.TyperException as error:
            _print_usage(error)
            sys.exit(error.exit_code)
        except typer.Abort:
            print_fault("stopped:", "nothing more was done")
            sys.exit(ExitCode.FAULT)
        except Exception as error:  # noqa: BLE001 (a crash is printed whole, then exits)
            errors.print("".join(traceback.format_exception(error)), soft_wrap=True)
            sys.exit(ExitCode.FAULT)
        sys.exit(code if isinstance(code, int) else ExitCode.DONE)


class _ConsoleHandler(logging.Handler):
    """Prints what is logged on standard error, as it stands."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        word = "error:" if record.levelno >= logging.ERROR else "warning:"
        print_fault(word, self.format(record), style="yellow")


def _print_usage(error: typer.TyperException) -> None:
    """Print how the command is used and what was wrong with what was typed."""
    context = getattr(error, "ctx", None)
    if context is not None:
        errors.print(context.get_usage())
        errors.print(f"'{context.command_path} --help' explains it.")
    if text := error.format_message():
        print_fault("error:", text)
