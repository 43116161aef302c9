"""Bare words in the place of a message that cannot be written, and an alarm of it."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.messages import Notice
from monitoring_tasks.domain.outbox import Message
from monitoring_tasks.errors import TransientError
from monitoring_tasks.operations.messages.alarming import tell_of_bare
from monitoring_tasks.respond.bare_notices import bare_digest, bare_notice
from monitoring_tasks.workspace.workspace import Workspace

logger = logging.getLogger(__name__)
MOST_TRIES = 2
"""Once more, in case it passes; somebody may be waited for."""


def bare_instead(
    workspace: Workspace,
    messages: Sequence[Message],
    error: Exception,
    *,
    now: datetime,
) -> Notice:
    """Return bare words for messages that cannot be written; tell others of it.

    Args:
        workspace: The workspace.
        messages: Those of a digest, or one.
        error: Why they cannot be written.
        now: The present instant.

    Raises:
        Exception: The same again, while the full words are worth another try.
    """
    first = messages[0]
    if first.attempts + 1 < MOST_TRIES:
        raise error
    fault = f"{type(error).__name__}: {error}"
    logger.error("message %s cannot be written", first.id, exc_info=error)
    tried = replace(first, attempts=first.attempts + 1)
    tell_of_bare(workspace, tried, fault, now=now)
    environment = workspace.settings.environment
    if first.is_gathered:
        return bare_digest(messages, fault, environment=environment, at=now)
    return bare_notice(first, _row_of(workspace, first), fault, environment=environment)


def _row_of(workspace: Workspace, message: Message) -> Incident | None:
    """Return the incident's row; None where that, too, cannot be read."""
    if message.belongs_to is None:
        return None
    try:
        return workspace.incidents.get(message.belongs_to)
    except TransientError:
        raise
    except Exception:
        logger.exception("no row for %s", message.belongs_to)
        return None
