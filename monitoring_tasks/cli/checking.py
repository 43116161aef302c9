"""The command that checks contracts and suites: `check`."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.cli.live import as_plain, count_faults, print_live
from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import ExitCode, console, print_json, reported
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from monitoring_tasks.operations.checks.workspace_check import Checked


def check(
    *,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the contract's JSON Schema.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Ask sources, registry and scoring as well.")
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Do not ask whether sources can be reached."),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Check every contract and suite; names file, line, key and remedy.

    A path no file matches, a table or a connection that is not there is a fault.
    Suites are evaluated on the reference of the version that serves: what no day of it
    survives is refused. Where days were judged, limits are also held against the noise
    of that version: those that would page about nothing are refused.

    With --live the newest day's rows, labels, versions, reference and scoring are
    tried; each line is ok, warn or fault.

    Examples: daywatch check
              daywatch check --live
              daywatch check --schema > contract.schema.json
    """
    from monitoring_tasks.contract.contract import Contract

    # Before the workspace is opened: the schema needs none.
    if schema:
        typer.echo(json.dumps(Contract.model_json_schema(), indent=2))
        return
    with reported(home):
        from monitoring_tasks.operations.checks.workspace_check import check_workspace
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            checked = check_workspace(workspace, live=live, offline=offline)
    if as_json:
        _print_json(checked, live=live)
    else:
        _print(checked)
    if _count_faults(checked):
        raise typer.Exit(ExitCode.FAULT)


def _count_faults(checked: "Checked") -> int:
    in_files = sum(len(faults) for faults in checked.faults.values())
    return in_files + count_faults(checked.live)


def _print_json(checked: "Checked", *, live: bool) -> None:
    answer = {
        "checked": checked.faults,
        "faults": _count_faults(checked),
        "notes": checked.notes,
    }
    print_json(answer | ({"live": as_plain(checked.live)} if live else {}))


def _print(checked: "Checked") -> None:
    for path, faults in checked.faults.items():
        console.print(f"{path}: {'' if faults else 'ok'}")
        for fault in faults:
            console.print(assembled("  ", (fault, "red")), soft_wrap=True)
        for note in checked.notes.get(path, []):
            console.print(assembled("  ", (f"note: {note}", "yellow")), soft_wrap=True)
    for model, lines in checked.live.items():
        print_live(model, lines)


COMMANDS = (check,)
