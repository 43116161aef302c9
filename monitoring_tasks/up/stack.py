"""Bring the stack up, watch it, and take all of it down again."""

import contextlib
import json
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator

import httpx
from rich.console import Console
from rich.table import Table

from monitoring_tasks.up.layout import (
    ADMIN,
    AIRFLOW,
    Layout,
    commands,
    environment,
)
from monitoring_tasks.up.postgres import running_postgres
from monitoring_tasks.up.processes import (
    Processes,
    StackError,
    check_port,
    only_one,
)

START_SECONDS = 300
PARTS = ("metadatabase", "scheduler", "triggerer", "dag_processor")


def run(layout: Layout, console: Console) -> None:
    """Run Airflow and MLflow on this machine until Ctrl-C or SIGTERM.

    Whatever ends it, everything that was started is stopped before this returns.

    Args:
        layout: What runs, and where.
        console: Where progress and addresses are shown.

    Raises:
        ConfigurationError: If a port is taken, a package is missing or the workspace
            is already up; nothing was started.
        StackError: If a process ends by itself or is not healthy in time.
    """
    (layout.folder / "airflow").mkdir(parents=True, exist_ok=True)
    layout.logs.mkdir(exist_ok=True)
    with (
        only_one(layout.folder),
        _signals_as_interrupt(),
        contextlib.suppress(KeyboardInterrupt),
        console.status("looking for what an earlier start left") as status,
    ):
        # Before the ports are checked: leftovers would still hold them.
        Processes(layout.folder, layout.logs, {}).stop_leftovers()
        check_port(layout.airflow_port, "--port")
        if layout.starts_mlflow:
            check_port(layout.mlflow_port, "--mlflow-port")
        login = (
            ensure_password(layout)
            if layout.asks_for_login
            else "none: everybody on this machine is admin"
        )
        status.update("starting Postgres")
        with running_postgres(layout.folder / "postgres") as database:
            env = environment(
                layout,
                inherited=os.environ,
                database=database,
                secret=secrets.token_urlsafe(64),
            )
            with Processes(layout.folder, layout.logs, env) as processes:
                status.update("preparing Airflow's tables")
                processes.run("db-migrate", [*AIRFLOW, "db", "migrate"])
                for name, command in commands(layout).items():
                    processes.start(name, command)
                _wait(layout, processes, status.update)
                console.print(_addresses(layout, login))
                status.update("running; Ctrl-C stops everything")
                while True:
                    processes.check()
                    time.sleep(1)
    console.print("Everything is stopped.")


def missing(layout: Layout) -> list[str]:
    """Name the parts that do not answer as healthy yet."""
    health = _answer(f"{layout.airflow_url}/api/v2/monitor/health")
    parts = [part for part in PARTS if _status(health, part) != "healthy"]
    if layout.starts_mlflow and _answer(f"{layout.mlflow_url}/health") is None:
        parts.append("mlflow")
    return parts


def _wait(layout: Layout, processes: Processes, show: Callable[[str], object]) -> None:
    """Wait until every part is healthy.

    Raises:
        StackError: If a process ends, or a part is not healthy in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while parts := missing(layout):
        processes.check()
        if time.monotonic() > deadline:
            msg = (
                f"not healthy after {START_SECONDS} s: {', '.join(parts)}; "
                f"see the files in {layout.logs}"
            )
            raise StackError(msg)
        show(f"waiting for {', '.join(parts)}")
        time.sleep(1)


def _answer(url: str) -> httpx.Response | None:
    try:
        answer = httpx.get(url, timeout=5, trust_env=False)
    except httpx.HTTPError:
        return None  # not up yet: `_wait` asks again and has a deadline
    return answer if answer.is_success else None


def _status(health: httpx.Response | None, part: str) -> str | None:
    """Return what Airflow says of a part; None when it does not answer."""
    if health is None:
        return None
    status: str | None = health.json().get(part, {}).get("status")
    return status


def ensure_password(layout: Layout) -> str:
    """Make the password of Airflow's pages where there is none; say how to log in.

    The password itself is said once, when it is made; later the file is named.
    """
    path = layout.passwords
    if path.is_file():
        path.chmod(0o600)
        return f"user {ADMIN}, password in {path}"
    password = secrets.token_urlsafe(12)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        json.dump({ADMIN: password}, file)
    return f"user {ADMIN}, password {password}, kept in {path}"


def _addresses(layout: Layout, login: str) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    rows = {
        "Airflow": layout.airflow_url,
        "Login": login,
        "MLflow": layout.mlflow_url,
        "Workspace": str(layout.settings.home),
        "Logs": str(layout.logs),
        "Next": "unpause a monitor_<model> DAG, or trigger it for one day",
    }
    for name, text in rows.items():
        table.add_row(name, text)
    return table


@contextlib.contextmanager
def _signals_as_interrupt() -> Iterator[None]:
    """Turn the first SIGTERM or Ctrl-C into an interrupt; ignore them from then on."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in signals]

    def interrupt(*_: object) -> None:
        # A second Ctrl-C would interrupt the stopping and leave processes behind.
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    try:
        for number in signals:
            signal.signal(number, interrupt)
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
