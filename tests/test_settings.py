import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitoring_tasks import settings as module
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.settings import TELEMETRY_OFF, Settings, load_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in [name for name in os.environ if name.startswith("DAYWATCH_")]:
        monkeypatch.delenv(name)


def written(home: Path, text: str) -> Settings:
    """Load the settings of a workspace whose file says this."""
    (home / "daywatch.yaml").write_text(text, encoding="utf-8")
    return load_settings(home)


def test_defaults_lie_in_the_workspace(tmp_path: Path) -> None:
    """Without a file everything is a file in the workspace."""
    settings = load_settings(tmp_path)
    assert settings.store_url == f"sqlite:///{tmp_path}/daywatch.db"
    assert settings.partitions == str(tmp_path / "partitions")
    assert (settings.expectations, settings.clock) == (
        tmp_path / "expectations",
        "system",
    )


def test_environment_comes_before_the_file_and_the_file_before_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearer word counts."""
    monkeypatch.setenv("DAYWATCH_STORE_URL", "postgresql://nearest/db")
    settings = written(tmp_path, "store_url: sqlite:///far\nregistry_url: http://r\n")
    assert settings.store_url == "postgresql://nearest/db"
    assert settings.registry_url == "http://r"
    assert settings.reports == tmp_path / "reports"


ADDRESSES = ("MLFLOW_REGISTRY_URI", "MLFLOW_TRACKING_URI")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(("", ""), ("sqlite:///{home}/mlflow.db", ""), id="nothing"),
        pytest.param(("", "http://t"), ("http://t", ""), id="tracking"),
        pytest.param(("uc", ""), ("uc", ""), id="registry"),
        pytest.param(("uc", "http://t"), ("uc", "http://t"), id="both"),
    ],
)
def test_mlflows_own_addresses_come_before_the_workspaces_registry(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: tuple[str, str],
    expected: tuple[str, str],
) -> None:
    """The registry a user's MLflow asks is the one that is meant."""
    monkeypatch.setattr(
        module, "MLFLOW_ADDRESSES", dict(zip(ADDRESSES, said, strict=True))
    )
    settings = load_settings(tmp_path)
    found = (settings.registry_url, settings.tracking_url)
    assert found == (expected[0].format(home=tmp_path), expected[1])


def test_the_workspaces_own_word_comes_before_mlflows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file beats MLflow's variables, Daywatch's variable beats the file."""
    both = dict.fromkeys(ADDRESSES, "http://elsewhere")
    monkeypatch.setattr(module, "MLFLOW_ADDRESSES", both)
    settings = written(tmp_path, "registry_url: sqlite:///mlflow.db\n")
    assert settings.registry_url == f"sqlite:///{tmp_path}/mlflow.db"
    assert settings.tracking_url == ""
    monkeypatch.setenv("DAYWATCH_REGISTRY_URL", "http://nearest")
    settings = load_settings(tmp_path)
    assert (settings.registry_url, settings.tracking_url) == ("http://nearest", "")


def test_what_mlflow_writes_into_the_environment_is_not_what_a_person_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another workspace's registry, left there by MLflow, is not taken over."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:////another/mlflow.db")
    assert load_settings(tmp_path).registry_url == f"sqlite:///{tmp_path}/mlflow.db"


def test_home_is_the_argument_then_the_environment_then_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`DAYWATCH_HOME` counts unless a home is passed."""
    monkeypatch.chdir(tmp_path)
    assert load_settings().home == tmp_path / ".daywatch"
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path / "other"))
    assert load_settings().home == tmp_path / "other"
    assert load_settings(tmp_path).home == tmp_path


def test_relative_folders_in_the_file_start_at_the_workspace(tmp_path: Path) -> None:
    """Where a process was started does not change what the file means."""
    settings = written(tmp_path, "expectations: ../models\npartitions: s3://b/parts\n")
    assert settings.expectations == tmp_path / "../models"
    assert settings.partitions == "s3://b/parts"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("stor_url: x\n", "stor_url: Extra inputs", id="unknown key"),
        pytest.param("clock: sundial\n", "clock: Input should be", id="clock"),
        pytest.param("store_url: [a]\n", "store_url: Input should be", id="type"),
        pytest.param("a: [1\n", "not valid YAML", id="broken"),
        pytest.param("- a\n", "a mapping of keys", id="a list"),
    ],
)
def test_settings_are_refused_with_file_and_key(
    tmp_path: Path, text: str, said: str
) -> None:
    """An unknown key or a value of the wrong kind is never passed over."""
    with pytest.raises(ConfigurationError, match=f"daywatch.yaml: .*{said}"):
        written(tmp_path, text)


def test_empty_file_is_no_file(tmp_path: Path) -> None:
    """A file with comments only leaves the defaults."""
    assert written(tmp_path, "# nothing\n") == load_settings(tmp_path)


def test_telemetry_is_switched_off_whatever_the_environment_said() -> None:
    """Importing the settings overrules an environment that allows it."""
    code = (
        "import os, monitoring_tasks.settings as s\n"
        "assert {k: os.environ[k] for k in s.TELEMETRY_OFF} == s.TELEMETRY_OFF"
    )
    allowed = dict.fromkeys(TELEMETRY_OFF, "on")
    subprocess.run(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-c", code], env={**os.environ, **allowed}, check=True
    )
