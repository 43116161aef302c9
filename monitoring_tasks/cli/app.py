"""The `daywatch` command: what people type.

Heavy libraries are loaded by the command that needs them, so `--help` is quick.
"""

from typing import Annotated

import typer

from monitoring_tasks import __version__
from monitoring_tasks.cli import (
    acting,
    answering,
    autonomy,
    checking,
    demo,
    drill,
    governance,
    holding,
    incident,
    journal,
    judging,
    labels,
    looking,
    notify,
    onboarding,
    outbox,
    pack,
    playbook,
    policy,
    postmortem,
    pruning,
    receive,
    repairing,
    reporting,
    retrospective,
    rollbacks,
    segments,
    setting_up,
    settling,
    silence,
    slo,
    status,
    trace,
    trying,
    up,
)
from monitoring_tasks.cli.group import RootGroup

EXIT_CODES = """
Exit codes: 0 done; 1 something must be fixed (contract, data, settings, judgement);
2 wrong usage; 3 done, and a person is needed (breach, no_data, error);
4 a guard refused; 75 something did not answer, try again.
"""

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


PARTS = (
    demo,
    up,
    onboarding,
    trying,
    checking,
    setting_up,
    judging,
    settling,
    status,
    looking,
    pack,
    trace,
    playbook,
    reporting,
    labels,
    segments,
    rollbacks,
    acting,
    answering,
    repairing,
    pruning,
    autonomy,
    drill,
    receive,
)
for part in PARTS:
    for command in part.COMMANDS:
        # A command is called like its function, save for `try`, a word of Python.
        name = command.__name__.removesuffix("_command").replace("_", "-")
        app.command(name, epilog=EXIT_CODES)(command)
app.add_typer(incident.group)
for name, command in incident.COMMANDS.items():
    incident.group.command(name, epilog=EXIT_CODES)(command)
for grouped in (
    slo,
    policy,
    silence,
    holding,
    journal,
    notify,
    outbox,
    postmortem,
    retrospective,
):
    app.add_typer(grouped.group)
    for command in grouped.COMMANDS:
        name = command.__name__.split("_")[0]
        grouped.group.command(name, epilog=EXIT_CODES)(command)
app.add_typer(governance.group)
for part_of_group, named in governance.COMMANDS:
    for name, command in named.items():
        part_of_group.command(name, epilog=EXIT_CODES)(command)
