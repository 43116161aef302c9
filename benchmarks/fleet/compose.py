"""`docker/compose.yaml` read as Compose does, and turned to one machine. Pure.

Without an engine for containers this is how their processes are run: the same commands
in the same environment, only that addresses and folders are those of this machine.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where on this machine is what the containers find in theirs.

    Attributes:
        sockets: Folder of Postgres' socket.
        redis_port: Port of Redis, on loopback.
        airflow_port: Port of Airflow's server, on loopback.
        mlflow_port: Port of MLflow's server, on loopback.
        folder: Takes what goes to `/airflow` and `/artifacts`.
        workspace: Stands for `/workspace`.
        expectations: Stands for `/opt/expectations`.
        dags: Stands for `/opt/dags`.
    """

    sockets: Path
    redis_port: int
    airflow_port: int
    mlflow_port: int
    folder: Path
    workspace: Path
    expectations: Path
    dags: Path

    def moved(self, text: str) -> str:
        """Return a value of the environment with this machine's addresses and folders.

        Args:
            text: The value, as a container has it.
        """
        text = re.sub(r"@postgres/(\w+)", rf"@/\1?host={self.sockets}", text)
        for name, address in {
            "@redis:6379": f"@127.0.0.1:{self.redis_port}",
            "mlflow:5000": f"127.0.0.1:{self.mlflow_port}",
            "127.0.0.1:5000": f"127.0.0.1:{self.mlflow_port}",
            "api-server:8080": f"127.0.0.1:{self.airflow_port}",
            "127.0.0.1:8080": f"127.0.0.1:{self.airflow_port}",
        }.items():
            text = text.replace(name, address)
        for inside, outside in {
            "/workspace": self.workspace,
            "/airflow": self.folder / "airflow",
            "/artifacts": self.folder / "artifacts",
            "/opt/dags": self.dags,
            "/opt/expectations": self.expectations,
        }.items():
            if text == inside or text.startswith(f"{inside}/"):
                return f"{outside}{text.removeprefix(inside)}"
        return text

    def ports(self) -> dict[str, str]:
        """Return what is said of hosts and ports, of which a machine has but one."""
        return {
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.airflow_port),
            "MLFLOW_HOST": "127.0.0.1",
            "MLFLOW_PORT": str(self.mlflow_port),
        }


def services(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the services of the compose file, with its variables filled in.

    Args:
        variables: What `docker/.env` would say.

    Raises:
        KeyError: If a variable that must be filled in is not.
    """
    text = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    filled: dict[str, dict[str, Any]] = _filled(document["services"], variables)
    return filled


def image_environment() -> dict[str, str]:
    """Return what the Dockerfile puts into the environment of every process."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    stages = text.split("\nFROM ")
    lines = [line for line in stages[-1].splitlines() if line.startswith("ENV ")]
    pairs = [pair for line in lines for pair in shlex.split(line.removeprefix("ENV "))]
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def _filled(value: Any, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 (YAML)
    if isinstance(value, dict):
        return {key: _filled(part, variables) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, variables) for part in value]
    if not isinstance(value, str):
        return value

    def fill(match: re.Match[str]) -> str:
        name, kind, default = match.groups()
        if name is None:
            return "$"
        return variables.get(name) or default if kind == "-" else variables[name]

    return VARIABLE.sub(fill, value)
