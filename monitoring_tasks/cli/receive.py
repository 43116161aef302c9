"""The door by which other systems tell what people did in them: `daywatch receive`."""

from typing import Annotated

import typer

from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import console, print_json, reported


def receive(
    *,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", help="Port to listen at.", min=1, max=65535)
    ] = 8095,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Listen to what people do in PagerDuty, JSM, Opsgenie and Slack, until stopped.

    Only channels with a `signing_connection` are listened to, each at /in/<channel>.
    TLS is for a proxy in front.

    Example: daywatch receive --host 0.0.0.0 --port 8095
    """
    with reported(home):
        from monitoring_tasks.web.serving import addresses, serve
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            listed = addresses(workspace, host=host, port=port)
        if as_json:
            print_json({"listens": listed})
        else:
            for name, address in listed.items():
                console.print(f"{name}: {address}", soft_wrap=True)
        serve(lambda: open_workspace(home), host=host, port=port)


COMMANDS = (receive,)
