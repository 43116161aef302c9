"""Which authorities are trusted: the system's, and one a connection names."""

import ssl
from functools import cache

from monitoring_tasks.connections import Credentials
from monitoring_tasks.errors import ConfigurationError


def trust_of(credentials: Credentials) -> ssl.SSLContext:
    """Return the TLS context of a connection, which checks names and certificates.

    Raises:
        ConfigurationError: If its `ca_file` cannot be read.
    """
    path = credentials.extra.get("ca_file")
    if not path:
        return _system_trust()
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=path)
    except OSError as error:
        msg = (
            f"connection '{credentials.name}': ca_file: {path} is not a readable PEM "
            "file"
        )
        raise ConfigurationError(msg) from error
    return context


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()
