import importlib
import json
import os
import subprocess
import sys

from monitoring_tasks.up.preloaded import LOADED, NOT_IN_TASKS, own_modules

CODE = """
import json, sys, threading
from monitoring_tasks.up.preloaded import load
load()
print(json.dumps([sorted(sys.modules), threading.active_count()]))
"""


def test_own_modules_are_those_of_tasks() -> None:
    """Steps and operations are among them; commands, HTTP and demo are not."""
    modules = set(own_modules())
    assert {"monitoring_tasks.daily", "monitoring_tasks.learn.step"} <= modules
    assert "monitoring_tasks.operations.approvals" in modules
    packages = {module.split(".")[1] for module in modules}
    assert not packages & NOT_IN_TASKS
    assert not [module for module in modules if ".migrations" in module]


def test_what_is_named_is_there() -> None:
    """A library that moved a module would stop the worker: found here first."""
    for name in LOADED:
        assert importlib.util.find_spec(name), name


def test_nothing_runs_beside_the_process_that_forks() -> None:
    """A fork of a process with threads may hang for ever; and all is loaded."""
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", CODE],
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    modules, threads = json.loads(done.stdout.splitlines()[-1])
    assert threads == 1
    assert {*LOADED, *own_modules()} <= set(modules)
