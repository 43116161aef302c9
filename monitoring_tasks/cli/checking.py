"""The command that checks contracts and suites: `check`."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.live import as_plain, count_faults, print_live
from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import ExitCode, console, print_json, reported
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from monitoring_tasks.operations.checks.workspace_check import Checked
    from monitoring_tasks.workspace.workspace import Workspace


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
    incidents: Annotated[
        bool, typer.Option("--incidents", help="Hold the tests incidents have left.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Check every contract and suite; names file, line, key and remedy.

    A path no file matches, a table or a connection that is not there is a fault.
    Suites are evaluated on the reference of the version that serves: what no day of it
    survives is refused. Of each expectation it is said who counts it: the engine, or
    Great Expectations, which takes seconds to load. Where days were judged, limits are
    also held against the noise of that version: those that would page about nothing
    are refused.

    With --live the newest day's rows, labels, versions, reference and scoring are
    tried; each line is ok, warn or fault.

    With --incidents every test that an incident has left behind is held as well: an
    expectation, a limit, a drill, its own frozen day. Drills and days take a while.

    Examples: daywatch check
              daywatch check --incidents
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
            held = _held(workspace, hidden=as_json) if incidents else None
    if as_json:
        _print_json(checked, live=live, held=held)
    else:
        _print(checked)
        _print_held(held)
    if _count_faults(checked) or (held and held["failed"]):
        raise typer.Exit(ExitCode.FAULT)


def _count_faults(checked: "Checked") -> int:
    in_files = sum(len(faults) for faults in checked.faults.values())
    return in_files + count_faults(checked.live)


def _held(workspace: "Workspace", *, hidden: bool) -> dict[str, Any]:
    """Hold the tests that incidents have left behind."""
    from monitoring_tasks.cli.progress import step_bar
    from monitoring_tasks.operations.incident_tests.running import (
        hold_tests,
        summary_of,
    )

    count = len(workspace.incident_work.tests())
    with step_bar("holding tests", count, hidden=hidden) as advance:
        return summary_of(hold_tests(workspace, progress=advance))


def _print_held(held: dict[str, Any] | None) -> None:
    for result in (held or {}).get("results", ()):
        word, style = ("ok", "green") if result["passed"] else ("fault", "red")
        about = f" {result['id']} ({result['kind']} {result['target']}): "
        console.print(assembled((word, style), about, result["text"]), soft_wrap=True)
    if held is not None:
        count, failed = len(held["results"]), len(held["failed"])
        console.print(f"tests of incidents: {count}, failed: {failed}")


def _print_json(checked: "Checked", *, live: bool, held: dict[str, Any] | None) -> None:
    answer = {
        "checked": checked.faults,
        "faults": _count_faults(checked),
        "notes": checked.notes,
        "evaluated_by": checked.evaluated_by,
    }
    answer |= {"live": as_plain(checked.live)} if live else {}
    print_json(answer | ({} if held is None else {"incident_tests": held}))


def _print(checked: "Checked") -> None:
    for path, faults in checked.faults.items():
        console.print(f"{path}: {'' if faults else 'ok'}")
        for fault in faults:
            console.print(assembled("  ", (fault, "red")), soft_wrap=True)
        for note in checked.notes.get(path, []):
            console.print(assembled("  ", (f"note: {note}", "yellow")), soft_wrap=True)
        for said in checked.evaluated_by.get(path, []):
            where = f" on {said['columns']}" if said["columns"] else ""
            about = f"  {said['expectation']}{where}: "
            console.print(assembled(about, (said["by"], "dim")), soft_wrap=True)
    for model, lines in checked.live.items():
        print_live(model, lines)


COMMANDS = (check,)
