"""From the name of a connection to a SQLAlchemy engine; secrets never leave here."""

import json
import os
from collections.abc import Callable
from urllib.parse import quote_plus, urlsplit

import sqlalchemy as sa

from monitoring_tasks.errors import ConfigurationError

ConnectionLookup = Callable[[str], str | None]
"""From a connection's name to its URL; None when it does not know the name."""

DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
# Airflow writes `postgres://`; on SQLAlchemy 2.1 the driver must be written out.


def connection_from_environment(name: str) -> str | None:
    """Find a connection in `DAYWATCH_CONN_<NAME>`, then in `AIRFLOW_CONN_<NAME>`."""
    for prefix in ("DAYWATCH_CONN_", "AIRFLOW_CONN_"):
        text = os.environ.get(prefix + name.upper())
        if text:
            return _url_of(text)
    return None


def open_engine(connection: str, look_up: ConnectionLookup | None = None) -> sa.Engine:
    """Open an engine for a URL or the name of a connection.

    Args:
        connection: A SQLAlchemy URL, or a name to look up.
        look_up: Asked first, e.g. Airflow's connections; then the environment.

    Raises:
        ConfigurationError: If the name is unknown or the URL cannot be used.
    """
    url = connection if "://" in connection else None
    if url is None and look_up is not None:
        url = look_up(connection)
    url = url or connection_from_environment(connection)
    if url is None:
        msg = (
            f"connection '{connection}' is not known; set "
            f"DAYWATCH_CONN_{connection.upper()} to a SQLAlchemy URL, "
            "or add an Airflow Connection of that name"
        )
        raise ConfigurationError(msg)
    scheme, rest = url.split("://", 1)
    try:
        return sa.create_engine(f"{DRIVERS.get(scheme, scheme)}://{rest}")
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        msg = (
            f"connection '{_name(connection)}' cannot be used: no driver for "
            f"'{scheme}'; install one, e.g. `pip install daywatch[postgres]`"
        )
        raise ConfigurationError(msg) from error


def _name(connection: str) -> str:
    return connection.split("://", 1)[0] if "://" in connection else connection


def _url_of(text: str) -> str:
    """Turn Airflow's JSON form of a connection into a URL; leave URLs alone."""
    if not text.lstrip().startswith("{"):
        return text
    parts = json.loads(text)
    login = quote_plus(parts.get("login") or "")
    password = quote_plus(parts.get("password") or "")
    port = f":{parts['port']}" if parts.get("port") else ""
    url = (
        f"{parts['conn_type']}://{login}{':' + password if password else ''}"
        f"{'@' if login else ''}{parts.get('host') or ''}{port}"
        f"/{parts.get('schema') or ''}"
    )
    return urlsplit(url).geturl()
