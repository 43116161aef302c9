"""The door by which other systems tell what people did in them."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import TypeAlias

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from monitoring_tasks.channel_settings import AnsweringChannel
from monitoring_tasks.clock import SYSTEM_CLOCK
from monitoring_tasks.connections import read_credentials
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.operations.hearing import hear
from monitoring_tasks.respond.channels.inbound.reading import InboundRequest, Refusal
from monitoring_tasks.respond.channels.inbound.table import (
    INBOUND,
    listen,
    secrets_of,
)
from monitoring_tasks.settings import Settings
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
MOST_BYTES = 1024 * 1024
"""A longer request is refused; events have a few kilobytes."""

WorkspaceFactory: TypeAlias = Callable[[], AbstractContextManager[Workspace]]
"""Opens the workspace for one request, which closes it."""


def create_app(workspace_factory: WorkspaceFactory) -> FastAPI:
    """Return the application, without pages about itself.

    Args:
        workspace_factory: Opens the workspace for a request.
    """
    app = FastAPI(
        title="Daywatch", docs_url=None, redoc_url=None, openapi_url=None, debug=False
    )

    @app.get("/healthz")
    def answer_health() -> Response:
        """Say that the process is there; nothing else is asked."""
        return Response("ok", media_type="text/plain")

    @app.post("/in/{channel}")
    async def receive(channel: str, request: Request) -> Response:
        """Take what another system tells; say no more than whether it was taken."""
        try:
            body = await _body_of(request)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if body is None:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        inbound = InboundRequest(headers=dict(request.headers), body=body)
        return await run_in_threadpool(_take, workspace_factory, channel, inbound)

    return app


def doors_of(settings: Settings) -> tuple[str, ...]:
    """Return the names of the channels that may be told something."""
    return tuple(
        name
        for name, channel in sorted(settings.channels.items())
        if isinstance(channel, AnsweringChannel) and channel.signing_connection
    )


async def _body_of(request: Request) -> bytes | None:
    """Read a request's body; None where it is too long, and no more of it is read."""
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said[:20]) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _take(
    workspace_factory: WorkspaceFactory, channel: str, request: InboundRequest
) -> Response:
    """Hear what a request says; after a fault of ours the sender is to try again."""
    try:
        with workspace_factory() as workspace:
            return _answer(workspace, channel, request)
    except MonitoringError as error:
        logger.warning("what %.40r tells could not be taken: %s", channel, error)
    except Exception as error:  # noqa: BLE001 (the sender tries again; no traceback)
        fault = type(error).__name__
        logger.error("what %.40r tells could not be taken: %s", channel, fault)  # noqa: TRY400
    return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)


def _answer(workspace: Workspace, name: str, request: InboundRequest) -> Response:
    channel = workspace.settings.channels.get(name)
    if not isinstance(channel, AnsweringChannel) or not channel.signing_connection:
        # The same as after a wrong signature: nobody learns which channels there are.
        logger.warning("a request to a channel that takes none was refused")
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    signing = read_credentials(channel.signing_connection, workspace.look_up)
    verified = listen(
        request,
        channel.kind,
        name,
        secrets=secrets_of(signing.password or signing.url),
        now=SYSTEM_CLOCK.now(),
    )
    if isinstance(verified, Refusal):
        logger.warning("a request to %s was refused: %s", name, verified.reason)
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    for ignored in verified.ignored:
        logger.info("%s told of something nobody needs: %.60r", name, ignored)
    for heard in verified.heard:
        hear(workspace, heard)
    if verified.answer:
        return Response(verified.answer, media_type="text/plain")
    return Response(status_code=INBOUND[channel.kind].taken)
