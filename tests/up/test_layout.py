import os
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from monitoring_tasks.settings import load_settings
from monitoring_tasks.up.layout import HOST, Layout, commands, environment

SECRET = "signed with this"  # noqa: S105 (a test)
DATABASE = "postgresql+psycopg2://postgres:@/airflow?host=/run"


def layout(home: Path, **changes: Any) -> Layout:  # noqa: ANN401 (fields of Layout)
    return Layout(settings=load_settings(home), dags=home / "dags", **changes)


def env_of(where: Layout, **inherited: str) -> dict[str, str]:
    return environment(where, inherited=inherited, database=DATABASE, secret=SECRET)


@pytest.mark.parametrize("name", ["api-server", "mlflow"])
def test_servers_listen_on_loopback_only(tmp_path: Path, name: str) -> None:
    """Nobody but the users of this machine reaches a server without a login."""
    command = commands(layout(tmp_path))[name]
    assert command[command.index("--host") + 1] == HOST == "127.0.0.1"


@pytest.mark.parametrize("name", ["scheduler", "triggerer"])
def test_log_servers_are_off(tmp_path: Path, name: str) -> None:
    """Airflow's log servers would listen on every address."""
    assert "--skip-serve-logs" in commands(layout(tmp_path))[name]


def test_ports_reach_commands_and_urls(tmp_path: Path) -> None:
    """A changed port is changed everywhere."""
    where = layout(tmp_path, airflow_port=1234, mlflow_port=2345)
    env = env_of(where)
    assert "1234" in commands(where)["api-server"]
    assert "2345" in commands(where)["mlflow"]
    assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].startswith(
        "http://127.0.0.1:1234/"
    )
    assert env["DAYWATCH_REGISTRY_URL"] == "http://127.0.0.1:2345"


def test_a_registry_with_a_server_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No second MLflow is put in front of a tracking server."""
    monkeypatch.setenv("DAYWATCH_REGISTRY_URL", "https://mlflow.example.org")
    where = layout(tmp_path)
    assert "mlflow" not in commands(where)
    assert env_of(where)["DAYWATCH_REGISTRY_URL"] == "https://mlflow.example.org"


def test_mlflows_own_address_does_not_reach_the_processes(tmp_path: Path) -> None:
    """Each process is told the stack's registry, and no other stands beside it."""
    users = {"MLFLOW_TRACKING_URI": "http://users", "MLFLOW_REGISTRY_URI": "http://u"}
    env = env_of(layout(tmp_path), **users)
    assert not set(users) & set(env)
    assert env["DAYWATCH_TRACKING_URL"] == ""


def test_environment_drops_what_would_mislead_airflow(tmp_path: Path) -> None:
    """Settings of another Airflow do not leak in; connections and the path do."""
    kept = {"PATH": "/bin", "AIRFLOW_CONN_WAREHOUSE": "postgres://u:p@h/d"}
    stray = {"AIRFLOW__CORE__EXECUTOR": "x", "PYTHONDONTWRITEBYTECODE": "1"}
    env = env_of(layout(tmp_path), **kept, **stray)
    assert kept.items() <= env.items()
    assert not stray.keys() & env.keys()


def test_airflow_asks_for_a_password_unless_told_otherwise(tmp_path: Path) -> None:
    """Loopback is open to every user of the machine, so an open door is a choice."""
    key = "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"
    where = layout(tmp_path)
    env = env_of(where)
    assert env[key] == "False"
    assert env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] == "admin:admin"
    passwords = env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]
    assert Path(passwords) == where.passwords
    assert env_of(layout(tmp_path, asks_for_login=False))[key] == "True"


def test_environment_sends_nothing_anywhere(tmp_path: Path) -> None:
    """Telemetry is off even where the outer environment asked for it."""
    env = env_of(layout(tmp_path), DO_NOT_TRACK="false")
    assert env["DO_NOT_TRACK"] == "true"
    assert env["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"


@pytest.mark.slow
def test_the_scheduler_loads_what_tasks_need_before_it_starts(tmp_path: Path) -> None:
    """Tasks are forks of it: what it has loaded, they need not load again."""
    command = commands(layout(tmp_path))["scheduler"][:-2]
    script = (
        "import runpy, sys; sys.argv[0] = 'airflow'; "
        f"runpy.run_module({command[2]!r}, run_name='__main__'); "
    )
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [command[0], "-X", "importtime", "-c", script, "version"],
        env=os.environ | {"AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stderr.splitlines()
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in lines}
    # Great Expectations too: whose suite needs it would pay seconds for it every day.
    assert {"nannyml", "mlflow", "great_expectations"} <= loaded
    assert done.stdout.strip() == version("apache-airflow")
