"""Postgres' databases and role, as its image would make them; what Redis reads."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg

from benchmarks.fleet.compose import DOCKER


def prepare_databases(url: str, password: str) -> Path:
    """Make the role and the databases as the image of Postgres would.

    Args:
        url: Of Airflow's database, as Postgres' superuser.
        password: Of the role.

    Returns:
        The folder of the server's socket.
    """
    parts = urlsplit(url)
    sockets = parse_qs(parts.query)["host"][0]
    with psycopg.connect(
        host=sockets,
        user=parts.username,
        password=unquote(parts.password or ""),
        dbname="airflow",
        autocommit=True,
    ) as connection:
        role = f"CREATE ROLE daywatch SUPERUSER LOGIN PASSWORD '{password}'"
        connection.execute(role.encode())
        for line in (DOCKER / "databases.sql").read_text().splitlines():
            if not line.startswith("--"):
                connection.execute(line.encode())
    return Path(sockets)


def pid_of_postgres(folder: Path) -> int:
    """Return the process id of the server's parent process.

    Args:
        folder: Its data.
    """
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def write_redis_settings(folder: Path, *, port: int, password: str) -> Path:
    """Write the file Redis starts with; only its owner may read it.

    Args:
        folder: Takes it, and Redis' data; made.
        port: Of loopback.
        password: Asked of every client.
    """
    folder.mkdir(exist_ok=True)
    settings = folder / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f"requirepass {password}\nport {port}\nbind 127.0.0.1\n"
        f"dir {folder}\nappendonly yes\n"
    )
    return settings
