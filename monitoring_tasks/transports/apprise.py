"""Messages through Apprise, which says no more than whether it went well."""

import importlib
import logging

from monitoring_tasks.connections import Credentials
from monitoring_tasks.errors import (
    ConfigurationError,
    DeliveryDelayedError,
    DeliveryRefusedError,
)


def send_plain(title: str, body: str, kind: str, credentials: Credentials) -> None:
    """Send a title and a text through an Apprise URL.

    Args:
        title: One line.
        body: The text.
        kind: `info`, `success`, `warning` or `failure`.
        credentials: The Apprise URL.

    Raises:
        DeliveryDelayedError: If Apprise says it did not go well; it does not say why.
        DeliveryRefusedError: If the URL is none of Apprise's.
        ConfigurationError: If Apprise is not installed.
    """
    # Apprise logs what it was told, addresses with their tokens among it.
    logging.getLogger("apprise").propagate = False
    try:
        apprise = importlib.import_module("apprise")
    except ImportError as error:
        msg = "Apprise is not installed: `pip install 'daywatch[apprise]'`"
        raise ConfigurationError(msg) from error
    service = apprise.Apprise()
    if not service.add(credentials.address):
        msg = f"connection '{credentials.name}' is not a URL that Apprise takes"
        raise DeliveryRefusedError(msg)
    sent = service.notify(
        title=title, body=body, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
    )
    if not sent:
        msg = f"Apprise could not send through connection '{credentials.name}'"
        raise DeliveryDelayedError(msg)
