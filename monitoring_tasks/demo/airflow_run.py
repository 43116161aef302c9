"""The child of `airflow_home.AirflowRunner`: one JSON line in, one out.

The only module of the package that imports Airflow; it stands in for a scheduler.
"""

import json
import os
import sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow.sdk import DAG

HEAVY = (
    "mlflow.pyfunc",
    "nannyml",
    "monitoring_tasks.report.step",
)
"""What the tasks import: loaded while the parent still trains, not on its first day."""


def main() -> None:
    """Load the DAGs at once, then run one per line until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    # Airflow prints to standard output; the answers must stay alone on theirs.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with redirect_stdout(sys.stderr):
        dags, fault = _try_load()
        for line in sys.stdin:
            try:
                answer = {"error": fault} if fault else _run(dags, json.loads(line))
            except Exception as error:  # noqa: BLE001 (told to the parent, which raises)
                answer = {"error": f"{type(error).__name__}: {error}"}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _try_load() -> "tuple[dict[str, DAG], str]":
    """Load the DAGs, or say why not; the parent hears of it with its first line."""
    try:
        return _load(), ""
    except Exception as error:  # noqa: BLE001 (told to the parent, which raises)
        return {}, f"{type(error).__name__}: {error}"


def _load() -> "dict[str, DAG]":
    from airflow.dag_processing.dagbag import BundleDagBag  # noqa: PLC0415 (heavy)
    from airflow.utils.db import initdb  # noqa: PLC0415

    initdb()
    folder = os.environ["AIRFLOW__CORE__DAGS_FOLDER"]
    bag = BundleDagBag(folder, bundle_path=Path(folder), bundle_name="dags-folder")
    if bag.import_errors:
        raise RuntimeError(str(bag.import_errors))
    for name in HEAVY:
        import_module(name)
    return dict(bag.dags)


def _run(dags: "dict[str, DAG]", request: dict[str, Any]) -> dict[str, Any]:
    if request["dag_id"] not in dags:
        msg = (
            f"there is no DAG {request['dag_id']}; there are {', '.join(sorted(dags))}"
        )
        raise RuntimeError(msg)
    run = dags[request["dag_id"]].test(run_conf=request["conf"])
    tasks = {task.task_id: str(task.state) for task in run.get_task_instances()}
    return {"state": str(run.state), "tasks": tasks}


if __name__ == "__main__":
    main()
