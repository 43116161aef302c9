"""A server for the door, and where it can be reached."""

import logging

import uvicorn

from monitoring_tasks.connections import find_connection
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.web.receiving import WorkspaceFactory, create_app, doors_of
from monitoring_tasks.workspace.workspace import Workspace

MOST_AT_ONCE = 40
"""Requests at the same time; what comes besides is told to try again."""


def addresses(workspace: Workspace, *, host: str, port: int) -> dict[str, str]:
    """Return the address of each channel that may be told something.

    Args:
        workspace: The workspace.
        host: Where the server listens.
        port: At which port.

    Raises:
        ConfigurationError: If there is none, or the secret of one is not known.
    """
    names = doors_of(workspace.settings)
    if not names:
        msg = (
            "no channel has a `signing_connection`, so nobody could be believed; add "
            f"one under `channels` in {workspace.settings.home / 'daywatch.yaml'}"
        )
        raise ConfigurationError(msg)
    for name in names:
        # Asked for now: a secret that is missing is a fault nobody else would see.
        signing = getattr(workspace.settings.channels[name], "signing_connection", "")
        find_connection(signing, workspace.look_up)
    shown = f"[{host}]" if ":" in host else host
    return {name: f"http://{shown}:{port}/in/{name}" for name in names}


def serve(workspace_factory: WorkspaceFactory, *, host: str, port: int) -> None:
    """Serve the door until the process is told to stop.

    Args:
        workspace_factory: Opens the workspace for a request.
        host: Where to listen.
        port: At which port.
    """
    _show_log()
    uvicorn.run(
        create_app(workspace_factory),
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=5,
    )


def _show_log() -> None:
    """Show what Daywatch says of each request, with its time, on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    ours = logging.getLogger("monitoring_tasks")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
