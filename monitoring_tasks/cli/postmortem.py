"""Post-mortems: `postmortem draft`, `publish`, and what they leave behind."""

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli import postmortem_actions, postmortem_tests
from monitoring_tasks.cli.incident_moves import IncidentArgument
from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption
from monitoring_tasks.cli.output import console, print_json, reported

group = typer.Typer(
    name="postmortem",
    help="What an incident taught: drafted from the store, written by people.",
    no_args_is_help=True,
)
group.add_typer(postmortem_actions.group)
group.add_typer(postmortem_tests.group)


def draft_postmortem(
    incident: IncidentArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Markdown file (default: postmortems/ of the home)."
        ),
    ] = None,
    html: Annotated[
        bool, typer.Option("--html", help="Write a page beside the Markdown file.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that people changed.")
    ] = False,
    seconds: Annotated[
        float,
        typer.Option(
            "--seconds", min=0, help="How long to try limits that find it sooner."
        ),
    ] = 60,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Draft the post-mortem of an incident, filled in from the store; blameless.

    Markdown to edit and keep in git. What you wrote is never written over without
    --force. Limits that could have found it sooner are tried by judging its days again;
    nothing is changed by that, and none is begun after --seconds.

    Examples: daywatch postmortem draft flight_delay-model-2013-09-02 --html
              daywatch postmortem draft churn-data-2026-03-01 --seconds 0
    """
    with reported(home):
        from monitoring_tasks.cli.progress import step_bar
        from monitoring_tasks.operations.postmortem.drafting import draft_postmortem
        from monitoring_tasks.workspace.workspace import open_workspace

        with (
            open_workspace(home) as workspace,
            step_bar("trying limits", None, hidden=as_json) as advance,
        ):
            drafted = draft_postmortem(
                workspace,
                incident,
                out=out,
                with_page=html,
                force=force,
                seconds=seconds,
                progress=advance,
            )
    if as_json:
        from monitoring_tasks.learn.postmortem.rendering import facts_as_plain

        files = {"file": drafted.path, "page": drafted.page, "is_new": drafted.is_new}
        print_json(files | facts_as_plain(drafted.facts))
        return
    word = "drafted" if drafted.is_new else "drafted again"
    console.print(f"{word}: {drafted.path}", soft_wrap=True)
    if drafted.page:
        console.print(f"page: {drafted.page}", soft_wrap=True)


def publish_postmortem(
    incident: IncidentArgument,
    channel: Annotated[
        str, typer.Option("--channel", help="Name of a channel of kind confluence.")
    ],
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write the post-mortem, as people left it, to its page in Confluence.

    The same page each time. What stands below its heading Notes stays.

    Example: daywatch postmortem publish flight_delay-model-2013-09-02 --channel wiki
    """
    with reported(home):
        from monitoring_tasks.operations.accountability import person
        from monitoring_tasks.operations.postmortem.publishing import publish_postmortem
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            page: dict[str, Any] = dict(
                publish_postmortem(
                    workspace,
                    incident,
                    channel,
                    actor=person(by or getpass.getuser()),
                )
            )
    if as_json:
        print_json({"incident": incident, "channel": channel} | page)
        return
    console.print(f"published: page {page['page']}, version {page['version']}")


COMMANDS = (draft_postmortem, publish_postmortem)
