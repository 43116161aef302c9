"""`daywatch init` where things lie as they do in real companies."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import yaml

from monitoring_tasks.operations.onboarding.facts import Guess
from monitoring_tasks.operations.onboarding.starting import Where, start_model
from monitoring_tasks.settings import load_settings
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET


def take(_key: str, guess: Guess) -> Guess:
    return guess


def test_registry_and_tracking_may_be_two_addresses(tmp_path: Path) -> None:
    """What a version takes lies with the runs, its name and alias in the registry."""
    made = worlds.base()
    home = world.copy(made, tmp_path / "home")
    shutil.rmtree(home / "expectations")
    shutil.copy(home / "mlflow.db", home / "tracking.db")
    with closing(sqlite3.connect(home / "mlflow.db")) as registry, registry:
        registry.execute("delete from logged_models")
    settings = load_settings(home).model_copy(
        update={"tracking_url": f"sqlite:///{home / 'tracking.db'}"}
    )
    where = Where(
        predictions=str(home / "predictions"),
        labels=str(home / "labels"),
        stated={"score": "score"},
    )
    started = start_model(settings, world.MODEL, where, take)
    columns = yaml.safe_load(started.contract.read_text())["columns"]
    assert columns["continuous"] == world.INPUTS
