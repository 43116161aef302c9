"""A version that hangs, eats memory, is gone or was changed is not put back."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloudpickle  # type: ignore[import-untyped]  # it has no types
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.operations.rollbacks.manual import request_manual_rollback
from monitoring_tasks.store.versions import Training
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults.conftest import Saw
from tests.faults.stories import Story
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
HOSTILE = "4"
PATIENCE_SECONDS = 20
"""Of the test: far more than the limit of the contract, far less than the version's."""


class Hostile(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Behaves while it is registered, and not in the process that scores with it."""

    classes_ = np.array([0, 1])

    def __init__(self, deed: str) -> None:
        self.deed = deed

    def predict(self, rows: pd.DataFrame) -> Any:  # noqa: ANN401 (numpy)
        if "daywatch-worker-" not in str(Path.cwd()):
            return np.zeros(len(rows))
        kept = []
        while True:
            if self.deed == "eats memory":
                kept.append(np.ones((1000, 20_000)))
            else:
                time.sleep(1)

    predict_proba = predict


@pytest.mark.parametrize("deed", ["hangs", "eats memory"])
def test_version_that_misbehaves_is_not_put_back(
    breached: Path, saw: Saw, deed: str
) -> None:
    """It is given up within its limits, a guard says why, and the alias stays."""
    limits = {"time_limit_seconds": 5, "memory_limit_mb": 1024}
    world.amend(breached, "policy", versions=limits)
    register(breached, deed)
    begun = time.monotonic()
    with open_workspace(breached) as workspace:
        outcome = request_manual_rollback(
            workspace,
            world.MODEL,
            to=HOSTILE,
            reason="it may be better than the third",
            actor="ann",
        )
    taken = time.monotonic() - begun
    (guard,) = [g for g in outcome["guards"] if g["name"] == "target_loads"]
    assert (outcome["state"], guard["passed"]) == ("blocked", False)
    assert worlds.alias(breached) == "3"
    assert taken < 6 * PATIENCE_SECONDS
    saw(
        fault=f"the version to put back {deed} while it is scored",
        happened=f"given up: {guard['seen']}",
        end=Story(breached).told(),
    )


def lose(file: Path) -> None:
    """Take the model's file away."""
    file.unlink()


def change(file: Path) -> None:
    """Exchange the model's file for one of the same size."""
    file.write_bytes(bytes(len(file.read_bytes())))


@pytest.mark.parametrize(("name", "harm"), [("gone", lose), ("changed", change)])
def test_files_that_are_not_those_registered_stop_the_move(
    breached: Path, saw: Saw, name: str, harm: Callable[[Path], None]
) -> None:
    """Before the move they are fetched afresh and held against the journal's digest."""
    with open_workspace(breached) as workspace:
        source = workspace.registry._find(world.MODEL, "2").source
    (model,) = breached.glob(f"mlflow-artifacts/models/{source[8:]}/artifacts/model.*")
    harm(model)
    action = Story(breached).respond()
    with open_workspace(breached) as workspace:
        (known,) = workspace.rollbacks.find(world.MODEL)
    (guard,) = [g for g in known.guards if g.name == "target_loads"]
    assert (action.kind, known.state) == ("refused", "blocked")
    assert not guard.passed
    assert worlds.alias(breached) == "3"
    saw(
        fault=f"a file of the version to put back is {name} before the move",
        happened="refused: target_loads does not hold",
        end=Story(breached).told(),
    )


def register(home: Path, deed: str) -> None:
    """Register a hostile version the way a training job does."""
    import sys  # noqa: PLC0415 (beside its only use)

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    rows = world._known(world.TRAINED[0], "1")
    training = Training(
        trained_from=world.TRAINED[0],
        trained_until=world.TRAINED[1],
        serialization_format="cloudpickle",
        requirements=("scikit-learn",),
    )
    with open_workspace(home) as workspace:
        version = workspace.registry.register(
            world.MODEL, Hostile(deed), example=rows[world.INPUTS], training=training
        )
        assert version == HOSTILE
        log_reference(
            workspace,
            world.MODEL,
            version,
            world._score(rows, "1").assign(model_version=version),
            trained_until=world.TRAINED[1],
        )
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
