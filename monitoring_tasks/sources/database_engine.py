"""From the name of a connection to a SQLAlchemy engine; secrets never leave here."""

from urllib.parse import quote

import sqlalchemy as sa

from monitoring_tasks.connections import (
    ConnectionText,
    airflow_parts,
    find_connection,
)
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.settings import ConnectionLookup

# Airflow writes `postgres://`; on SQLAlchemy 2.1 the driver must be written out.
DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def open_engine(connection: str, look_up: ConnectionLookup | None = None) -> sa.Engine:
    """Open an engine for a URL or the name of a connection.

    Args:
        connection: A SQLAlchemy URL, or a name to look up.
        look_up: Asked first, e.g. Airflow's connections; then the environment.

    Raises:
        ConfigurationError: If the name is unknown or the URL cannot be used.
    """
    url = (
        connection
        if "://" in connection
        else _url_of(find_connection(connection, look_up))
    )
    scheme, _, address = url.partition("://")
    try:
        if not address:
            raise ValueError  # noqa: TRY301 (told below, like every other bad URL)
        return sa.create_engine(f"{DRIVERS.get(scheme, scheme)}://{address}")
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        msg = (
            f"connection '{_name(connection)}' cannot be used: no driver for "
            f"'{scheme}'; install one, e.g. `pip install daywatch[postgres]`"
        )
        raise ConfigurationError(msg) from error
    except ValueError:
        # The text of the error carries a part of the URL, maybe of the password.
        msg = (
            f"connection '{_name(connection)}' is not a SQLAlchemy URL; write special "
            "characters of a password as %XX"
        )
        raise ConfigurationError(msg) from None


def _name(connection: str) -> str:
    return connection.split("://", 1)[0] if "://" in connection else connection


def _url_of(written: ConnectionText) -> str:
    """Turn Airflow's JSON form of a connection into a URL; leave URLs alone."""
    if not written.text.startswith("{"):
        return written.text
    parts = airflow_parts(written)
    # A password may hold what would end a part of a URL, such as @ or /.
    login = quote(parts.get("login") or "", safe="")
    password = quote(parts.get("password") or "", safe="")
    port = f":{parts['port']}" if parts.get("port") else ""
    return (
        f"{parts['conn_type']}://{login}{':' + password if password else ''}"
        f"{'@' if login or password else ''}{parts.get('host') or ''}{port}"
        f"/{parts.get('schema') or ''}"
    )
