import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A judged day, looked at a year and a day later."""
    home = world.copy(worlds.base(), tmp_path / "home")
    worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        now = workspace.now(world.MODEL) + timedelta(days=366)
    monkeypatch.setattr(Workspace, "now", lambda _, __: now)
    return home


def test_what_would_go_is_said_and_then_goes(home: Path) -> None:
    """As a table, and as JSON with the same numbers."""
    typed = ["prune", "--keep", "1y", "--home", str(home)]
    said = CliRunner().invoke(app, [*typed, "--dry-run"])
    assert said.exit_code == 0, said.output
    assert "nothing removed" in said.output
    planned = CliRunner().invoke(app, [*typed, "--dry-run", "--json"])
    done = CliRunner().invoke(app, [*typed, "--yes", "--json"])
    assert json.loads(done.output) == json.loads(planned.output)
    (of_model,) = json.loads(done.output)
    assert (of_model["model"], of_model["days"]) == (world.MODEL, 1)
    assert of_model["removed"]["evaluations"] == 1
    with open_workspace(home) as workspace:
        assert workspace.results.current(world.MODEL, DAY, DAY) == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        pytest.param(["--keep", "1y"], "--yes, or --dry-run", id="nobody to ask"),
        pytest.param(
            ["--keep", "1y", "--yes", "--dry-run"], "--yes, or --dry-run", id="both"
        ),
        pytest.param(["--yes"], "--keep", id="no span"),
    ],
)
def test_removal_is_never_a_slip(home: Path, typed: list[str], why: str) -> None:
    """Usage errors, and everything is still there."""
    said = CliRunner().invoke(app, ["prune", *typed, "--home", str(home)])
    assert said.exit_code == 2
    assert why in said.output
    with open_workspace(home) as workspace:
        assert len(workspace.results.current(world.MODEL, DAY, DAY)) == 1


def test_span_that_is_too_short_is_refused_with_the_reason(home: Path) -> None:
    """It needs no more than a look at what was typed."""
    typed = ["prune", "--keep", "30d", "--yes", "--home", str(home)]
    said = CliRunner().invoke(app, typed)
    assert said.exit_code == 1
    assert "183" in said.output
