"""Handing an OpenLineage event over: to a receiver, or to a file, a line each."""

import json
import os
from pathlib import Path

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.store.mlflow_connection import without_secrets

ENDPOINT = "api/v1/lineage"
SECONDS = 5.0


def send_event(target: str, event: JsonObject) -> None:
    """Send an event once; whoever calls decides whether to try again.

    Args:
        target: `http(s)://...` of a receiver, or a file. The receiver's token is
            `OPENLINEAGE_API_KEY`, as of OpenLineage's own clients.
        event: The event, JSON only.

    Raises:
        SourceUnavailableError: If the receiver does not answer, or refuses it.
        OSError: If the file cannot be written.
    """
    if not target.startswith(("http://", "https://")):
        path = Path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps(event, default=str)}\n")
        return
    import httpx  # noqa: PLC0415 (heavy)

    token = os.environ.get("OPENLINEAGE_API_KEY", "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = httpx.post(
            f"{target.rstrip('/')}/{ENDPOINT}",
            content=json.dumps(event, default=str),
            headers=headers | {"Content-Type": "application/json"},
            timeout=SECONDS,
        )
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        msg = f"{without_secrets(target)} did not take it: {type(error).__name__}"
        if isinstance(error, httpx.HTTPStatusError):
            msg = f"{msg} {error.response.status_code}"
        raise SourceUnavailableError(msg) from None
