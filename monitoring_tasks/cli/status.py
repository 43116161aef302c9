"""The command that shows every model in a line: `status`."""

from monitoring_tasks.cli.alarm_lines import fleet_lines
from monitoring_tasks.cli.by_labels import by_labels, stands
from monitoring_tasks.cli.options import HomeOption, JsonOption, models
from monitoring_tasks.cli.output import (
    console,
    print_json,
    print_table,
    reported,
    styled,
)
from monitoring_tasks.cli.terminal import assembled, joined


def status(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Show every model of the workspace in a line: last day, verdict, incidents.

    Example: daywatch status --json
    """
    with reported(home):
        from monitoring_tasks.operations.alarm_budget import fleet_view
        from monitoring_tasks.operations.views.status import status_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            lines = [status_view(workspace, model) for model in models()]
            fleet = fleet_view(workspace, models())
    if as_json:
        print_json(
            [line | {"alarms": fleet["models"][line["model"]]} for line in lines]
        )
        return
    rows = [
        [
            line["model"],
            line["day"] or "-",
            stands(line),
            line["version"] or "-",
            line["alias"] or "-",
            str(line["active_incidents"]),
        ]
        for line in lines
    ]
    columns = ("model", "last day", "verdict", "served", "alias", "active incidents")
    print_table("Daywatch", columns, rows)
    for line in lines:
        for text in by_labels(line):
            console.print(text)
        if line["slos"]:
            stand = [assembled(f"{n} ", styled(s)) for n, s in line["slos"].items()]
            statuses = joined(", ", stand)
            console.print(assembled(f"{line['model']} over many days: ", statuses))
    for text in fleet_lines(fleet):
        console.print(text)


COMMANDS = (status,)
