"""A command and a task load what they use, and nothing that takes seconds."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from monitoring_tasks.compare import limit_checks
from monitoring_tasks.operations.alarm_budget import expected_false_pages
from monitoring_tasks.operations.policy import limit_basis_of_model
from monitoring_tasks.store.registry_answers import RegistryAnswers
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import FIRST, Look, write_workspace

HEAVY = {
    "alembic", "altair", "duckdb", "fastapi", "fsspec", "great_expectations", "httpx",
    "ibis", "jinja2", "mlflow", "nannyml", "numpy", "pandas", "pyarrow", "requests",
    "scipy", "sklearn", "sqlglot", "statsmodels", "tenacity", "uvicorn",
}  # fmt: skip
"""None of these for a look at the store, nor before a step begins."""
IMPORTED = """
import json, sys
import {module}
print(json.dumps(sorted(sys.modules)))
"""
TYPED = """
import json, sys
from monitoring_tasks.cli.app import app
loaded = {}
for arguments in json.loads(sys.argv[1]):
    app(arguments, standalone_mode=False)
    loaded[" ".join(arguments)] = sorted(sys.modules)
print(json.dumps(loaded))
"""
COLLECTED = """
import gc, json
from monitoring_tasks.cli.app import app
app(["--help"], standalone_mode=False)
print(json.dumps(gc.get_threshold()))
"""


def run(code: str, *arguments: str) -> str:
    """Run code in a process of its own; return the last line it prints."""
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def heavy(modules: list[str]) -> set[str]:
    """Return the heavy packages among these modules."""
    return HEAVY & {module.partition(".")[0] for module in modules}


def test_a_task_begins_without_the_steps_it_does_not_run() -> None:
    """What Airflow loads of Daywatch for a task is light; a step adds what it uses."""
    loaded = json.loads(run(IMPORTED.format(module="monitoring_tasks.daily")))
    assert not heavy(loaded)
    steps = [m for m in loaded if m.endswith(".step")]
    assert not steps


def test_statistics_of_a_day_need_no_distributions_of_scipys() -> None:
    """`scipy.special` has the quantiles; `scipy.stats` takes a second to import."""
    module = "monitoring_tasks.compare.step, monitoring_tasks.decide.step"
    loaded = json.loads(run(IMPORTED.format(module=module)))
    assert "scipy.stats" not in loaded
    assert not heavy(loaded) & {"sklearn", "nannyml", "great_expectations", "mlflow"}


def test_rows_are_read_before_what_judges_them_is_loaded() -> None:
    """In extract the rows take most memory: nothing of later steps lies beside them."""
    loaded = json.loads(run(IMPORTED.format(module="monitoring_tasks.extract.step")))
    assert "pyarrow.parquet" in loaded
    assert not heavy(loaded) & {"scipy", "duckdb", "mlflow"}
    later = ("monitoring_tasks.validate", "monitoring_tasks.estimate")
    assert not [module for module in loaded if module.startswith(later)]


def test_a_command_seldom_looks_for_garbage() -> None:
    """Python's own 700 new objects cost a short command a sixth of its time."""
    first, *_ = json.loads(run(COLLECTED))
    assert first > 10_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a judged day, in which `status` was typed once."""
    home = write_workspace(tmp_path / "home")
    registry = sqlite3.connect(home / "mlflow.db")
    registry.execute("CREATE TABLE a (b)")
    registry.close()
    kept = home / "cache" / "registry" / "answers.json"
    answers = RegistryAnswers(registry=home / "mlflow.db", kept=kept)
    basis = SimpleNamespace(contract=None)
    monkeypatch.setattr(limit_basis_of_model, "limit_basis_of", lambda *_: basis)
    monkeypatch.setattr(limit_checks, "promised_alarms", lambda *_, **__: None)
    with open_workspace(home) as workspace:
        Look().write(workspace, FIRST)
        alias = workspace.contract(MODEL).alias
        answers.answer("alias", MODEL, alias, ask=lambda: "1")
        expected_false_pages(workspace, MODEL)
    return home


def test_a_look_at_the_store_loads_nothing_heavy(home: Path) -> None:
    """People type these commands while they wait for an answer."""
    place = ["--home", str(home)]
    typed = [
        ["--help"],
        ["incident", "list", *place],
        ["show", MODEL, *place],
        ["status", *place],
    ]
    loaded = json.loads(run(TYPED, json.dumps(typed)))
    assert {line: heavy(modules) for line, modules in loaded.items()} == {
        line: set() for line in loaded
    }
