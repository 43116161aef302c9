"""`daywatch pack`: what was so when an incident opened."""

import getpass
from dataclasses import asdict
from typing import Annotated

import typer

from monitoring_tasks.cli.incident_moves import IncidentArgument
from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.cli.pack_tables import print_pack


def pack(
    incident: IncidentArgument,
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="Only hold its files against the digests.")
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Make it again of what is known now; both stay."
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show the root-cause pack that was frozen when an incident opened.

    What moved, where the loss sits, versions side by side, failed checks, where the
    rows came from, what was changed lately. Each part names the command that makes it
    again, and what it could not tell.

    Example: daywatch pack flight_delay-model-2013-09-02
    """
    if verify and rebuild:
        raise typer.BadParameter("give --verify or --rebuild, not both")
    if verify:
        _verify(incident, as_json=as_json, home=home)
        return
    with reported(home):
        from monitoring_tasks.operations.root_cause import read_pack, rebuild_pack
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            if rebuild:
                kept = rebuild_pack(workspace, incident, actor=getpass.getuser())
            else:
                kept = read_pack(workspace, incident)
    if as_json:
        print_json(asdict(kept))
        return
    print_pack(kept.pack)
    console.print(f"\n{kept.path}\nSHA-256 {kept.digest}, checked")
    if kept.different is not None:
        different = ", ".join(kept.different) or "nothing"
        console.print(f"made again; told otherwise than when it opened: {different}")


def _verify(incident: str, *, as_json: bool, home: HomeOption) -> None:
    with reported(home):
        from monitoring_tasks.operations.root_cause import verify_packs
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            digests = verify_packs(workspace, incident)
    if as_json:
        print_json({"incident": incident, "unchanged": digests})
        return
    for digest in digests:
        console.print(f"{digest}: as it was written")


COMMANDS = (pack,)
