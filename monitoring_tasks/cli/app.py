"""The `daywatch` command: what people type.

A command is loaded when it is typed (`commands.MODULES`), and heavy libraries by the
command that needs them.
"""

from typing import Annotated

import typer

from monitoring_tasks import __version__
from monitoring_tasks.cli.commands import EXIT_CODES
from monitoring_tasks.cli.group import RootGroup

app = typer.Typer(
    name="daywatch",
    cls=RootGroup,
    help="Daily monitoring and incident response for batch-scoring models.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,  # locals may hold connection strings
)


def _show_version(value: bool) -> None:  # noqa: FBT001 (Typer's callback signature)
    if value:
        typer.echo(f"daywatch {__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Daily monitoring and incident response for batch-scoring models."""
