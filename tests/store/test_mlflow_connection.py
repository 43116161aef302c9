import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import (
    PERMISSION_DENIED,
    RESOURCE_DOES_NOT_EXIST,
    TEMPORARILY_UNAVAILABLE,
)

from monitoring_tasks.errors import (
    RegistryError,
    SourceUnavailableError,
    VersionMissingError,
)
from monitoring_tasks.store.mlflow_connection import Connection, without_secrets

ABSENT_SERVER = "http://someone:hunter22@127.0.0.1:9"


class Flaky:
    """Raises `error` so many times, then answers."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.left, self.calls = error, times, 0

    def __call__(self, _: object) -> str:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error
        return "answer"


@pytest.fixture
def connection() -> Connection:
    return Connection(ABSENT_SERVER)


def test_an_unreachable_server_is_said_quickly_and_without_password() -> None:
    """A dead server is transient, found within seconds, its password unsaid."""
    began = time.monotonic()
    with pytest.raises(SourceUnavailableError, match="model 'm'") as caught:
        Connection(ABSENT_SERVER).ask(
            "model 'm'", lambda client: client.get_registered_model("m")
        )
    assert time.monotonic() - began < 15
    assert "hunter22" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert str(caught.value).endswith(
        "did not answer about model 'm' (connection refused); is it up, and is "
        "`registry_url` right?"
    )


def test_a_full_disk_is_not_an_address_that_is_wrong(connection: Connection) -> None:
    """MLflow quotes the system in words; what it says decides the remedy."""
    words = (
        "downloading: ##### File p.json #####\n[Errno 28] No space left on device: 'x'"
    )
    full = Flaky(MlflowException(words, TEMPORARILY_UNAVAILABLE), 9)
    with pytest.raises(SourceUnavailableError) as caught:
        connection.ask("the reference", full)
    said = "(no space left on device); make room, on this machine's disk"
    assert said in str(caught.value)
    busy = Flaky(MlflowException("busy", TEMPORARILY_UNAVAILABLE), 9)
    with pytest.raises(SourceUnavailableError, match=r"about it: busy$"):
        connection.ask("it", busy)


def test_ask_tries_again_when_the_answer_is_transient(connection: Connection) -> None:
    """Two failures are survived."""
    flaky = Flaky(MlflowException("busy", TEMPORARILY_UNAVAILABLE), 2)
    assert connection.ask("it", flaky) == "answer"


def test_ask_gives_up_after_three_attempts(connection: Connection) -> None:
    """The third failure is the last."""
    flaky = Flaky(MlflowException("busy", TEMPORARILY_UNAVAILABLE), 9)
    with pytest.raises(SourceUnavailableError):
        connection.ask("it", flaky)
    assert flaky.calls == 3


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(
            MlflowException("no", PERMISSION_DENIED), RegistryError, id="forbidden"
        ),
        pytest.param(
            MlflowException("gone", RESOURCE_DOES_NOT_EXIST),
            VersionMissingError,
            id="absent",
        ),
        pytest.param(FileNotFoundError("x"), VersionMissingError, id="no artifact"),
    ],
)
def test_ask_does_not_repeat_a_final_answer(
    connection: Connection, error: Exception, expected: type[Exception]
) -> None:
    """A refusal or an absence is told at once, as the right error."""
    flaky = Flaky(error, 1)
    with pytest.raises(expected) as caught:
        connection.ask("it", flaky)
    assert type(caught.value) is expected
    assert flaky.calls == 1


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError()], ids=repr)
def test_ask_calls_a_lost_connection_transient(
    connection: Connection, error: OSError
) -> None:
    """A connection that breaks while files are moved may be tried again."""
    with pytest.raises(SourceUnavailableError):
        connection.ask("it", Flaky(error, 9))


def test_without_secrets_blanks_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords in addresses and values of secret variables never leave."""
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "open-sesame")
    text = without_secrets("postgresql://u:pw@host/db said open-sesame")
    assert text == "postgresql://***@host/db said ***"


def test_without_secrets_blanks_options_of_an_address() -> None:
    """A password may stand behind the question mark as well."""
    text = without_secrets("postgresql://host/db?user=u&password=pw&sslmode=require")
    assert text == "postgresql://host/db?user=u&password=***&sslmode=require"


@pytest.mark.parametrize("content", [None, b""], ids=["absent", "empty"])
def test_a_question_never_makes_a_registry(
    tmp_path: Path, content: bytes | None
) -> None:
    """The error says where there is none and how to name another."""
    path = tmp_path / "mlflow.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(VersionMissingError, match=r"no registry at sqlite.*; name"):
        Connection(f"sqlite:///{path}").ask("it", lambda _: "answer")
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_question_never_makes_a_folder_of_runs(tmp_path: Path) -> None:
    """A registry of files is not made either."""
    with pytest.raises(VersionMissingError, match="no registry at"):
        Connection(f"{tmp_path}/mlruns").ask("it", lambda _: "answer")
    assert list(tmp_path.iterdir()) == []


def test_the_address_stays_out_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Child processes are told what the user said, not this workspace's registry."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://users")
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    Connection(f"sqlite:///{tmp_path}/mlflow.db").client()
    assert os.environ["MLFLOW_TRACKING_URI"] == "http://users"
    assert "MLFLOW_REGISTRY_URI" not in os.environ


def test_an_error_names_the_registry(connection: Connection) -> None:
    """Whoever reads it knows which registry was asked."""
    with pytest.raises(RegistryError, match=r"registry at http://\*\*\*@127.0.0.1:9 "):
        connection.ask("it", Flaky(MlflowException("no", PERMISSION_DENIED), 1))


def test_importing_the_registry_does_not_import_mlflow() -> None:
    """A command line that asks no registry does not pay for MLflow."""
    code = "import monitoring_tasks.store.registry, sys; print('mlflow' in sys.modules)"
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
