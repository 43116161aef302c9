"""`daywatch playbook`: what to do about an incident."""

from dataclasses import asdict

from monitoring_tasks.cli.incident_moves import IncidentArgument
from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import print_fault, print_json, print_text, reported


def playbook(
    incident: IncidentArgument,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Print what to check, in which order, who decides and whom to call, as Markdown.

    With the incident's own numbers and commands. A model's own playbooks lie beside its
    contract, in `playbooks/<cause>.md`.

    Example: daywatch playbook flight_delay-model-2013-09-02
    """
    with reported(home):
        from monitoring_tasks.operations.playbooks import playbook_of
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            rendered = playbook_of(workspace, incident)
    if as_json:
        print_json(asdict(rendered))
        return
    print_text(rendered.text)
    if rendered.fault:
        print_fault("warning:", rendered.fault, style="bold yellow")


COMMANDS = (playbook,)
