"""What a person says against Daywatch's own word: `incident reclassify`, `silence`."""

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.cli.incident_moves import IncidentArgument, carry_out
from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption, ReasonOption
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.incidents import Incident

if TYPE_CHECKING:
    from monitoring_tasks.domain.timeline import Entry
    from monitoring_tasks.workspace.workspace import Workspace


def silence(
    incident: IncidentArgument,
    reason: ReasonOption,
    *,
    days: Annotated[
        int, typer.Option("--days", min=1, help="For so many days, 14 at most.")
    ] = 1,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Tell nobody of an incident's further days; never of a P0.

    Example: daywatch incident silence churn-data-2026-03-01 --days 3
             --reason "the feed moves to a new provider"
    """
    with reported(home):
        from monitoring_tasks.operations.incidents import said_now, silence_incident
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            entry = said_now(workspace, reason, actor=by or getpass.getuser())
            silenced = silence_incident(workspace, incident, entry, days=days)
    if as_json:
        print_json(asdict(silenced))
    else:
        console.print(f"{silenced.id} acts until {silenced.ends_at:%Y-%m-%d %H:%M} UTC")


def reclassify(
    incident: IncidentArgument,
    reason: ReasonOption,
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

    Example: daywatch incident reclassify flight_delay-model-2013-09-02 --cause data
             --severity P2 --reason "the weather feed was two days old"
    """
    if cause is None and severity is None:
        raise typer.BadParameter("give --cause, --severity, or both")

    def change(workspace: "Workspace", entry: "Entry") -> Incident:
        from monitoring_tasks.operations.incidents import reclassify_incident

        return reclassify_incident(
            workspace,
            incident,
            cause=cause,
            severity=severity,
            reason=entry.text,
            actor=entry.actor,
        )

    carry_out(change, reason, by=by, as_json=as_json, home=home)


COMMANDS = (silence, reclassify)
