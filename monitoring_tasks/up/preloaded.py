"""Airflow's scheduler with what the tasks need already loaded.

The local executor forks every task from the scheduler's process, so whatever is loaded
here costs no task a second time: seconds of imports each otherwise. Only modules
are loaded; no connection is opened before the fork.
"""

import importlib
import runpy

LOADED = (
    "pandas",
    "nannyml",
    "mlflow.pyfunc",
    "monitoring_tasks.daily",
    "monitoring_tasks.estimate.rowwise",
    "monitoring_tasks.validate.checks",
    "monitoring_tasks.report.step",
)

if __name__ == "__main__":
    for name in ("monitoring_tasks.settings", *LOADED):  # settings: telemetry off
        importlib.import_module(name)
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)
