"""Parse and serialize DAG files as Airflow's DAG processor does; a process of its own.

    python -m benchmarks.fleet.parse_folder FOLDER FILE ...

Prints JSON: by file the number of DAGs and of tasks, and CPU seconds to parse and to
serialize. What any DAG file imports of Airflow is imported before, as it is in the
processor, which forks for each file.
"""

import importlib
import json
import logging
import sys
import time
from pathlib import Path

IMPORTED = (
    "airflow.providers.standard.decorators.short_circuit",
    "airflow.providers.standard.operators.hitl",
    "airflow.providers.standard.operators.trigger_dagrun",
    "monitoring_tasks.contract.files",
    "monitoring_tasks.settings",
)


def main() -> None:
    """Measure the files that are named."""
    from airflow.dag_processing.dagbag import BundleDagBag
    from airflow.serialization.serialized_objects import DagSerialization

    folder = Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(folder))
    for module in IMPORTED:
        importlib.import_module(module)
    measured = {}
    for name in sys.argv[2:]:
        # Airflow's loaders log each file.
        logging.disable()
        started = time.process_time()
        bag = BundleDagBag(
            dag_folder=folder / name, bundle_path=folder, bundle_name="fleet"
        )
        parsed = time.process_time()
        for dag in bag.dags.values():
            DagSerialization.to_dict(dag)
        measured[name] = {
            "dags": len(bag.dags),
            "tasks": sum(len(dag.tasks) for dag in bag.dags.values()),
            "parse_seconds": parsed - started,
            "serialize_seconds": time.process_time() - parsed,
            "errors": [str(error) for error in bag.import_errors.values()],
        }
    print(json.dumps(measured))  # noqa: T201 (what was asked for)


if __name__ == "__main__":
    main()
