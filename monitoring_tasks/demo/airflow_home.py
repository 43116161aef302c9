"""A throw-away Airflow of one's own, driven through `dag.test`.

The parent starts one child process that loads Airflow once and runs a DAG for each
line it is sent; so a week of days pays for one start-up.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from monitoring_tasks.demo.shipped import shipped
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.settings import TELEMETRY_OFF


def airflow_environment(home: Path) -> dict[str, str]:
    """Return the environment of an Airflow that lives in `home`/airflow."""
    airflow = home / "airflow"
    return {
        **os.environ,
        **TELEMETRY_OFF,
        "AIRFLOW_HOME": str(airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(shipped("dags")),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{airflow / 'airflow.db'}",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "DAYWATCH_HOME": str(home),
        "PYTHONWARNINGS": "ignore",
    }


class AirflowRunner:
    """Runs monitor DAGs one after another in one Airflow process."""

    def __init__(self, home: Path) -> None:
        self._environment = airflow_environment(home)
        self._log_path = home / "airflow" / "demo.log"
        self._log: IO[bytes] | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Bring the metadata database up to date and start the child."""
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        self._log = self._log_path.open("ab")
        self._child = subprocess.Popen(
            [sys.executable, "-m", "monitoring_tasks.demo.airflow_run"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=self._environment,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the child end; kill it if something went wrong."""
        if self._child is not None:
            if kind is not None:
                self._child.kill()
            self._child.communicate(timeout=60)
        if self._log is not None:
            self._log.close()

    def run(self, dag_id: str, conf: Mapping[str, Any]) -> dict[str, Any]:
        """Run a DAG to its end.

        Args:
            dag_id: Id of the DAG.
            conf: What the run is given, JSON only.

        Returns:
            `state` of the run and of each task.

        Raises:
            MonitoringError: If the Airflow process died; its log is named.
        """
        if self._child is None or self._child.stdin is None or not self._child.stdout:
            msg = "the runner is used as a context manager"
            raise MonitoringError(msg)
        line = json.dumps({"dag_id": dag_id, "conf": dict(conf)})
        try:
            self._child.stdin.write(line.encode() + b"\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            pass  # the empty answer below says it
        answer = self._child.stdout.readline()
        if not answer:
            msg = f"Airflow stopped; see {self._log_path}"
            raise MonitoringError(msg)
        result: dict[str, Any] = json.loads(answer)
        if "error" in result:
            msg = f"Airflow could not run {dag_id}: {result['error']}"
            raise MonitoringError(f"{msg}; see {self._log_path}")
        return result
