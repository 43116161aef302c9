"""What could not be read of what is told all the same, and why."""

from collections.abc import Callable
from typing import TypeVar

from monitoring_tasks.errors import MonitoringError

Answer = TypeVar("Answer")


def or_why(
    read: Callable[[], Answer], unread: dict[str, str], part: str
) -> Answer | None:
    """Return what was read; note the reason where it cannot be.

    Args:
        read: Reads it.
        unread: Part -> why it could not be read; this one is added.
        part: What it is called.
    """
    try:
        return read()
    except (MonitoringError, LookupError, OSError) as error:
        unread[part] = str(error)
        return None
