"""The tests incidents leave behind: `postmortem test add`, `list`."""

import getpass
from dataclasses import asdict
from typing import Annotated, Any

import typer
import yaml

from monitoring_tasks.cli.incident_moves import IncidentArgument
from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption
from monitoring_tasks.cli.output import console, print_json, print_table, reported

group = typer.Typer(
    name="test",
    help="What an incident leaves behind, so that it is found the next time.",
    no_args_is_help=True,
)


def add(  # noqa: PLR0913 (a command's options)
    incident: IncidentArgument,
    *,
    expectation: Annotated[
        str | None,
        typer.Option(
            "--expectation", help="SUITE:EXPECTATION (its id, type or type/column)."
        ),
    ] = None,
    limit: Annotated[
        str | None,
        typer.Option("--limit", help="Path of a limit that was changed since."),
    ] = None,
    was: Annotated[
        str | None,
        typer.Option("--was", help="With --limit: what it was then, if not on record."),
    ] = None,
    drill: Annotated[
        str | None, typer.Option("--drill", help="Name of a fault that shows it.")
    ] = None,
    size: Annotated[
        float | None, typer.Option("--size", help="With --drill: how large it is.")
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Its own frozen day, judged again.")
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Leave a test behind; `daywatch check --incidents` and the drill DAG hold it.

    Examples: daywatch postmortem test add flight_delay-model-2013-09-02 --replay
              daywatch postmortem test add flight_delay-data-2013-09-05
              --expectation predictions:expect_column_mean_to_be_between/distance
    """
    _require_kind([expectation, limit, drill, replay or None])
    if was is not None and limit is None:
        msg = "--was goes with --limit: what that limit was then"
        raise typer.BadParameter(msg)
    with reported(home):
        from monitoring_tasks.operations.incident_tests import leaving
        from monitoring_tasks.operations.incidents import said_now
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            entry = said_now(workspace, "", actor=by or getpass.getuser())
            about = (workspace, incident)
            if expectation:
                left = leaving.leave_expectation(*about, expectation, entry)
            elif limit:
                then: Any = yaml.safe_load(was or "")
                left = leaving.leave_limit(*about, limit, entry, was=then)
            elif drill:
                left = leaving.leave_drill(*about, drill, entry, size=size)
            else:
                left = leaving.leave_replay(*about, entry)
    if as_json:
        print_json(asdict(left))
    else:
        console.print(f"{left.id}: {left.kind} {left.target}")


def _require_kind(kinds: list[object]) -> None:
    if sum(kind is not None for kind in kinds) != 1:
        msg = "give one of --expectation, --limit, --drill, --replay"
        raise typer.BadParameter(msg)


def list_tests(
    incident: Annotated[
        str | None, typer.Argument(help="Id of the incident; all if left out.")
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List the tests that incidents have left behind.

    Example: daywatch postmortem test list
    """
    with reported(home):
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            tests = workspace.incident_work.tests(incident)
    if as_json:
        print_json([asdict(test) for test in tests])
        return
    rows = [[test.id, test.kind.value, test.target] for test in tests]
    print_table("Tests of incidents", ("test", "kind", "what"), rows)


for command in (add, list_tests):
    group.command(command.__name__.split("_")[0])(command)
