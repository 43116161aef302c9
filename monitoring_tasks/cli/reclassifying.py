"""The command by which a person overrules cause or severity: `reclassify`."""

import getpass
from dataclasses import asdict
from typing import Annotated

import typer

from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.domain.decisions import Cause, Severity


def reclassify(
    incident: Annotated[str, typer.Argument(help="Its id, from `daywatch incidents`.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; on its time line.")],
    *,
    cause: Annotated[
        Cause | None, typer.Option("--cause", help="Where the trouble comes from.")
    ] = None,
    severity: Annotated[
        Severity | None, typer.Option("--severity", help="How much it matters.")
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Overrule cause or severity of an incident; Daywatch's own answer stays beside.

    Later days of the episode keep what you say; something graver than Daywatch had
    found by then still raises the severity. Only a person may lower one.

    Example: daywatch reclassify flight_delay-model-2013-09-03 --cause data
             --severity P2 --reason "the weather feed was two days old"
    """
    if cause is None and severity is None:
        raise typer.BadParameter("give --cause, --severity, or both")
    with reported(home):
        from monitoring_tasks.operations.incidents import reclassify_incident
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            changed = reclassify_incident(
                workspace,
                incident,
                cause=cause,
                severity=severity,
                reason=reason,
                actor=by or getpass.getuser(),
            )
    if as_json:
        print_json(asdict(changed))
    else:
        console.print(f"{changed.id} is {changed.severity}, {changed.cause}")


COMMANDS = (reclassify,)
