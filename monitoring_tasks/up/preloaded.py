"""An Airflow command in a process that has loaded what the tasks need.

    python -m monitoring_tasks.up.preloaded scheduler
    python -m monitoring_tasks.up.preloaded celery worker

The local executor forks every task from the scheduler's process, a Celery worker from
its own. Whatever is loaded there costs no task a second time: seconds of imports each
otherwise. Only modules are loaded; no connection is opened before the fork.
"""

import importlib
import pkgutil
import runpy
from collections.abc import Iterator

import monitoring_tasks
from monitoring_tasks.settings import Settings  # first: telemetry off

NOT_IN_TASKS = frozenset({"cli", "demo", "up", "web"})
"""Packages no task imports."""
LOADED = (
    # What ours import late, and what those import late in their turn.
    "linkify_it",
    "mlflow.pyfunc",
    "mlflow.tracing.export",
    "mlflow.tracing.processor.base_mlflow",
    "mlflow.tracing.processor.otel",
    "mlflow.tracking.request_header.registry",
    "mlflow.tracking.request_header.databricks_request_header_provider",
    "nannyml",
    "psycopg",
    "pyarrow.dataset",
    "vl_convert",
    # What the DAG files import: Airflow reads a file again before each task.
    "airflow.dag_processing.bundles.local",
    "airflow.providers.standard.decorators.python",
    "airflow.providers.standard.decorators.short_circuit",
    "airflow.providers.standard.operators.hitl",
    "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.sdk.definitions.decorators",
    "airflow.sdk.definitions.retry_policy",
)


def own_modules() -> Iterator[str]:
    """List the modules of this package that a task may import."""
    prefix = f"{monitoring_tasks.__name__}."
    for module in pkgutil.walk_packages(monitoring_tasks.__path__, prefix):
        _, package, *below = module.name.split(".")
        # Alembic runs migrations itself; they are no modules to import.
        if package not in NOT_IN_TASKS and "migrations" not in below:
            yield module.name


def load() -> None:
    """Import what tasks need, and make what is made of code alone at first use."""
    for name in (*own_modules(), *LOADED):
        importlib.import_module(name)
    from monitoring_tasks.contract.contract import Contract  # noqa: PLC0415 (as above)
    from monitoring_tasks.report.rendering import templates  # noqa: PLC0415 (as above)

    Settings.model_rebuild()
    Contract.model_rebuild()
    for page in templates().list_templates():
        templates().get_template(page)


if __name__ == "__main__":
    load()
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)
