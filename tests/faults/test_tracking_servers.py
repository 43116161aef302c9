"""Rollbacks from end to end with MLflow as it is run in earnest, nothing faked."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
import requests
import sqlalchemy as sa

from monitoring_tasks import daily
from monitoring_tasks.errors import RegistryError
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults.conftest import Saw
from tests.faults.servers import MlflowServer
from tests.faults.stories import Story
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
READER, PASSWORD = "reader", "an0ther-s3cret-word"
ADMIN, ADMIN_PASSWORD = "admin", "s3cret-word-of-12"
SECURED = "tracking server on Postgres with basic-auth"


def log_in(patch: pytest.MonkeyPatch, name: str, password: str) -> None:
    """Let MLflow's client send a name and a password."""
    patch.setenv("MLFLOW_TRACKING_USERNAME", name)
    patch.setenv("MLFLOW_TRACKING_PASSWORD", password)


@pytest.fixture(scope="module")
def secured(
    make_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MlflowServer]:
    """A tracking server on Postgres that asks for a name and a password."""
    pytest.importorskip("flask_wtf", reason="basic-auth needs it")
    folder = tmp_path_factory.mktemp("secured")
    config = folder / "auth.ini"
    url = sa.make_url(make_database()).set(drivername="postgresql+psycopg")
    config.write_text(
        "[mlflow]\ndefault_permission = READ\n"
        f"database_uri = sqlite:///{folder / 'auth.db'}\n"
        f"admin_username = {ADMIN}\nadmin_password = {ADMIN_PASSWORD}\n"
        "auth_cache_ttl_seconds = 600\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
    )
    server = MlflowServer(
        url.render_as_string(hide_password=False),
        folder,
        options=("--app-name", "basic-auth"),
        environment={
            "MLFLOW_AUTH_CONFIG_PATH": str(config),
            "MLFLOW_FLASK_SERVER_SECRET_KEY": "made-up-for-one-test",
        },
    )
    with server:
        answer = requests.post(
            f"{server.url}/api/2.0/mlflow/users/create",
            json={"username": READER, "password": PASSWORD},
            auth=(ADMIN, ADMIN_PASSWORD),
            timeout=60,
        )
        assert answer.ok, answer.text
        yield server


@pytest.fixture(scope="module")
def lived(secured: MlflowServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story, registered and judged through the secured server; not responded to."""
    home = tmp_path_factory.mktemp("lived") / "home"
    first, last = (day.isoformat() for day in world.HISTORY)
    with pytest.MonkeyPatch.context() as here:
        log_in(here, ADMIN, ADMIN_PASSWORD)
        here.setenv("DAYWATCH_REGISTRY_URL", secured.url)
        world.build(home)
        for day in (worlds.FIRST_BAD, worlds.CONFIRMED):
            world.write_day(home, day, version="3")
        with open_workspace(home) as workspace:
            backfill(world.MODEL, first, last, workspace=workspace)
            workspace.registry.set_alias(world.MODEL, world.ALIAS, "3")
            daily.run_day(workspace, world.unit_of(workspace, worlds.FIRST_BAD))
            worlds.judge(workspace, world.unit_of(workspace, worlds.CONFIRMED))
    return home


@pytest.fixture
def judged(
    lived: Path,
    tmp_path: Path,
    secured: MlflowServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Story:
    """A copy of the story; its registry, the secured server, as the story left it."""
    monkeypatch.setenv("DAYWATCH_REGISTRY_URL", secured.url)
    log_in(monkeypatch, ADMIN, ADMIN_PASSWORD)
    Registry(secured.url).set_alias(world.MODEL, world.ALIAS, "3")
    return Story(Path(copytree(lived, tmp_path / "home")))


def test_rollback_with_a_tracking_server_on_sqlite(
    served: MlflowServer,
    breached: Path,
    monkeypatch: pytest.MonkeyPatch,
    saw: Saw,
) -> None:
    """The target is loaded through the server, tried, put back and marked."""
    monkeypatch.setenv("DAYWATCH_REGISTRY_URL", served.url)
    story = Story(breached)
    assert story.respond().kind == "rollback"
    assert_put_back(story)
    saw(
        fault="none: a rollback from end to end",
        registry="tracking server on SQLite",
        happened="the target was loaded, tried and put back",
        end=story.told(),
    )


def test_user_who_may_only_read_moves_nothing(
    judged: Story, monkeypatch: pytest.MonkeyPatch, saw: Saw
) -> None:
    """The write is forbidden: the rollback fails, and nothing was moved."""
    log_in(monkeypatch, READER, PASSWORD)
    assert judged.respond().kind == "refused"
    with open_workspace(judged.home) as workspace:
        (known,) = workspace.rollbacks.find(world.MODEL)
        last = workspace.journal.lines(world.MODEL)[-1]
    assert (known.state, judged.alias()) == ("failed", "3")
    assert "not moved" in last.reason
    assert PASSWORD not in f"{last}"
    saw(
        fault="the registry lets Daywatch read and not write",
        registry=SECURED,
        happened="refused: the registry refused the write",
        end=judged.told(),
    )


def test_rollback_with_a_secured_server_on_postgres(
    judged: Story,
    monkeypatch: pytest.MonkeyPatch,
    saw: Saw,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Loaded, tried and put back through it; the password is found nowhere."""
    caplog.set_level("DEBUG")
    log_in(monkeypatch, ADMIN, ADMIN_PASSWORD)
    assert judged.respond().kind == "rollback"
    assert_put_back(judged)
    kept = b"".join(p.read_bytes() for p in judged.home.rglob("*") if p.is_file())
    assert ADMIN_PASSWORD.encode() not in kept
    assert ADMIN_PASSWORD not in caplog.text
    saw(
        fault="none: a rollback from end to end",
        registry=SECURED,
        happened="the target was loaded, tried and put back",
        end=judged.told(),
    )


def test_wrong_password_is_said_without_the_password(
    secured: MlflowServer, monkeypatch: pytest.MonkeyPatch, saw: Saw
) -> None:
    """The registry refuses; the error names neither password."""
    log_in(monkeypatch, ADMIN, PASSWORD)
    with pytest.raises(RegistryError, match="refused") as caught:
        Registry(secured.url).alias_version(world.MODEL, world.ALIAS)
    assert PASSWORD not in str(caught.value)
    saw(
        fault="a wrong password for the registry",
        registry=SECURED,
        happened=f"{type(caught.value).__name__}, without the password",
        end="nothing was moved",
    )


def assert_put_back(story: Story) -> None:
    """Require the whole move: alias, marks, journal, and guards that all held."""
    with open_workspace(story.home) as workspace:
        (known,) = workspace.rollbacks.find(world.MODEL)
        withdrawn = workspace.registry.version(world.MODEL, "3")
        assert workspace.registry.alias_version(world.MODEL, world.ALIAS) == "2"
        assert workspace.journal.verify() is None
    assert known.state == "verifying"
    assert all(guard.passed for guard in known.guards)
    assert withdrawn.tags["daywatch.rolled_back"].startswith("3->2")
