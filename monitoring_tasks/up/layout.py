"""What runs, where it keeps its files and which settings it gets. Pure."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitoring_tasks.settings import MLFLOW_ADDRESSES, TELEMETRY_OFF, Settings

HOST = "127.0.0.1"
SERVED = ("http://", "https://", "databricks", "uc:")
"""How the addresses of registries begin that somebody else runs."""
ADMIN = "admin"
"""The one user of Airflow's pages."""
AIRFLOW = (sys.executable, "-m", "airflow")
SCHEDULER = (sys.executable, "-m", "monitoring_tasks.up.preloaded")
# Tasks run side by side; threads within each would only get in the way, and a fork
# of a process with threads is not safe.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the stack lives; everything it writes lies under `<home>/up`.

    Attributes:
        settings: The workspace.
        dags: Folder of the DAG files.
        airflow_port: Port of Airflow's pages and API, on loopback.
        mlflow_port: Port of MLflow's pages and API, on loopback.
        asks_for_login: Whether Airflow's pages and API ask for a password: loopback is
            open to every user of the machine.
    """

    settings: Settings
    dags: Path
    airflow_port: int = 8080
    mlflow_port: int = 5000
    asks_for_login: bool = True

    @property
    def folder(self) -> Path:
        """The folder of everything the stack writes."""
        return self.settings.home / "up"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.folder / "logs"

    @property
    def passwords(self) -> Path:
        """Airflow's file of user names and passwords; nobody else may read it."""
        return self.folder / "airflow" / "passwords.json"

    @property
    def airflow_url(self) -> str:
        """Airflow's pages."""
        return f"http://{HOST}:{self.airflow_port}"

    @property
    def mlflow_url(self) -> str:
        """The registry: ours, or the server the workspace already uses."""
        if self.starts_mlflow:
            return f"http://{HOST}:{self.mlflow_port}"
        return self.settings.registry_url

    @property
    def starts_mlflow(self) -> bool:
        """Whether the workspace's registry is a database without a server."""
        return not self.settings.registry_url.startswith(SERVED)


def environment(
    layout: Layout, *, inherited: Mapping[str, str], database: str, secret: str
) -> dict[str, str]:
    """Return the environment of every process.

    Args:
        layout: Where the stack lives.
        inherited: The environment of this process.
        database: SQLAlchemy URL of Airflow's own metadata.
        secret: What the processes sign their messages with; new at every start.
    """
    kept = {
        key: value
        for key, value in inherited.items()
        # Without compiled modules every task would start seconds later.
        # Every process is told the registry by name below.
        if key not in {"PYTHONDONTWRITEBYTECODE", *MLFLOW_ADDRESSES}
        and not key.startswith("AIRFLOW__")
    }
    settings, api = layout.settings, f"{layout.airflow_url}/execution/"
    return (
        kept
        | TELEMETRY_OFF
        | ONE_THREAD
        | {
            "DAYWATCH_HOME": str(settings.home),
            "DAYWATCH_EXPECTATIONS": str(settings.expectations),
            "DAYWATCH_STORE_URL": settings.store_url,
            # One process writes the registry's file; all others ask it.
            "DAYWATCH_REGISTRY_URL": layout.mlflow_url,
            "DAYWATCH_TRACKING_URL": ""
            if layout.starts_mlflow
            else settings.tracking_url,
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "AIRFLOW_HOME": str(layout.folder / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(layout.dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": str(
                not layout.asks_for_login
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(layout.passwords),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": api,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
            "AIRFLOW__API__BASE_URL": layout.airflow_url,
            "AIRFLOW__API__SECRET_KEY": secret,
            "AIRFLOW__API_AUTH__JWT_SECRET": secret,
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
            # Every third supervisor misses the end of its task, whose sockets close a
            # moment before it is gone, and then sleeps this long: 5 s by default.
            "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        }
    )


def commands(layout: Layout) -> dict[str, list[str]]:
    """Name every process of the stack and say how it is started, in order.

    Nothing listens but the two servers, and they on loopback: the log servers of
    scheduler and triggerer are off, the files are read where they lie.
    """
    airflow_port = str(layout.airflow_port)
    api = ["api-server", "--host", HOST, "--port", airflow_port, "--workers", "1"]
    started = {
        "api-server": [*AIRFLOW, *api],
        "scheduler": [*SCHEDULER, "scheduler", "--skip-serve-logs"],
        "dag-processor": [*AIRFLOW, "dag-processor"],
        "triggerer": [*AIRFLOW, "triggerer", "--skip-serve-logs"],
    }
    if not layout.starts_mlflow:
        return started
    where = ["--host", HOST, "--port", str(layout.mlflow_port), "--workers", "1"]
    store = ["--backend-store-uri", layout.settings.registry_url]
    artifacts = ["--default-artifact-root", str(layout.settings.home / "mlruns")]
    server = [sys.executable, "-m", "mlflow", "server", *where, *store, *artifacts]
    return {"mlflow": server, **started}
