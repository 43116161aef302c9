"""A day judged whole while its rows stay in files: `daywatch run`, cold.

Labels have not come yet, as on most mornings: they are read into memory, whole.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml
from sklearn.linear_model import LogisticRegression

from benchmarks.growth.made_files import DAY, pieces
from benchmarks.growth.shape import Shape
from benchmarks.speed.cold_days import daywatch
from benchmarks.speed.made_model import MODEL, TRAINED
from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.store.versions import Training
from monitoring_tasks.workspace.workspace import open_workspace

REFERENCE_DAYS, REFERENCE_ROWS = 28, 33_600


def whole_day(shape: Shape, folder: Path) -> Sequence[str]:
    """Make the workspace around the files of a day; return the command that judges it.

    Args:
        shape: What the day looks like.
        folder: Holds its files; takes the workspace.
    """
    home = folder / "home"
    if not home.is_dir():
        _make(shape, folder, home)
    return daywatch(home, DAY)


def _make(shape: Shape, folder: Path, home: Path) -> None:
    contracts = home / "expectations" / MODEL
    contracts.mkdir(parents=True)
    (home / "daywatch.yaml").write_text("clock: simulated\n")
    text = yaml.safe_dump(shape.raw_contract, sort_keys=False)
    (contracts / "monitor.yaml").write_text(text)
    delivered = home / "predictions" / f"day={DAY}"
    delivered.mkdir(parents=True)
    for path in folder.glob("part-*.parquet"):
        os.link(path, delivered / path.name)
    rows = _reference_rows(shape)
    example = rows[shape.continuous[:3]]
    fitted = LogisticRegression().fit(example, rows["label"])
    training = Training(trained_from=TRAINED[0], trained_until=TRAINED[1])
    with open_workspace(home) as workspace:
        version = workspace.registry.register(
            MODEL, fitted, example=example, training=training
        )
        log_reference(workspace, MODEL, version, rows, trained_until=TRAINED[1])
        workspace.registry.set_alias(MODEL, "champion", version)


def _reference_rows(shape: Shape) -> pd.DataFrame:
    """Draw labelled rows of the days before, alike."""
    rows = next(pieces(replace(shape, rows=REFERENCE_ROWS))).to_pandas()
    days_before = REFERENCE_DAYS - rows.index % REFERENCE_DAYS
    back = pd.to_timedelta(days_before.to_numpy(), unit="D")
    ids = [f"reference-{number}" for number in range(len(rows))]
    aged: pd.DataFrame = rows.assign(at=rows["at"] - back, id=ids)
    return aged
