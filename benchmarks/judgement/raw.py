"""What all worlds share: the files of a world, before any tool has looked at it.

    predictions/day=<day>/part-0.parquet    labels/day=<day>/part-0.parquet
    versions/<version>/reference.parquet, model.joblib, training.json

Every tool reads these files and no others.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import joblib  # type: ignore[import-untyped]  # no stubs
import pandas as pd

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.operations.drills.deliveries import Delivery

LABELS_ARRIVE = time(3)
"""Labels of a day are known at three the next morning (made)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A model, its days, and what is expected of it.

    Attributes:
        name: Short name, as it is typed.
        about: What is real in it and what is made.
        first: First watched day.
        last: Last watched day.
        contract: The contract, as `monitor.yaml` would hold it.
        make: Writes the files of the world into a folder.
        served: Says which version served a day.
        tuned_until: Days up to here may be looked at while limits are chosen.
        broken: Watched days whose real data is broken; an alarm there is no false one.
        drifted_from: First day of a drift its makers put in; None for none. Days from
            there on are never clean.
        every: Evidently takes seconds a day: of the clean days it is asked every so
            many.
        fleet: Name of the fleet it is a part of; its clean days are then not counted.
    """

    name: str
    about: str
    first: date
    last: date
    contract: Mapping[str, Any]
    make: Callable[[Path], None]
    served: Callable[[date], str]
    tuned_until: date
    broken: frozenset[date] = field(default_factory=frozenset)
    drifted_from: date | None = None
    every: int = 3
    fleet: str = ""

    @property
    def days(self) -> list[date]:
        """The watched days."""
        return list(days_between(self.first, self.last))

    @property
    def parsed(self) -> Contract:
        """The contract, read."""
        return Contract.model_validate(self.contract)


def path_of(folder: Path, kind: str, day: date) -> Path:
    """Say where a day's `predictions` or `labels` lie."""
    return folder / kind / f"day={day}" / "part-0.parquet"


def write_rows(folder: Path, kind: str, day: date, rows: pd.DataFrame) -> None:
    """Write a day's file."""
    path = path_of(folder, kind, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(path, index=False)


def write_days(
    folder: Path, rows: pd.DataFrame, world: Contract, *, days: Sequence[date]
) -> None:
    """Write the served rows of many days, and their labels without the unknown ones.

    Args:
        folder: Where the world lies.
        rows: With `day` (naive midnight), the columns of the contract and the label.
        world: Which column is what.
        days: Which days.
    """
    columns = world.columns
    by_day = dict(iter(rows.groupby("day")))
    for day in days:
        mine = by_day[pd.Timestamp(day)]
        write_rows(folder, "predictions", day, mine[list(columns.of_predictions)])
        known = mine.loc[mine[columns.label].notna(), [columns.id, columns.label]]
        arrival = datetime.combine(
            day + timedelta(days=1), LABELS_ARRIVE, ZoneInfo(world.timezone)
        )
        if world.problem is Problem.BINARY:
            known = known.astype({columns.label: "int64"})
        write_rows(
            folder, "labels", day, known.assign(arrived_at=pd.Timestamp(arrival))
        )


def read_day(folder: Path, day: date) -> Delivery:
    """Read a day as it was delivered."""
    return Delivery(
        predictions=pd.read_parquet(path_of(folder, "predictions", day)),
        labels=pd.read_parquet(path_of(folder, "labels", day)),
    )


def write_version(
    folder: Path,
    version: str,
    *,
    reference: pd.DataFrame,
    model: Any,  # noqa: ANN401 (any estimator)
    trained: tuple[date, date],
) -> None:
    """Write a version: its model, its reference rows, its training window."""
    home = folder / "versions" / version
    home.mkdir(parents=True, exist_ok=True)
    reference.to_parquet(home / "reference.parquet", index=False)
    joblib.dump(model, home / "model.joblib")
    window = [day.isoformat() for day in trained]
    (home / "training.json").write_text(json.dumps(window))


def joined(delivery: Delivery, contract: Contract) -> pd.DataFrame:
    """Return the rows with their labels, as the peers read them; unknown ones are null.

    Where an id has two labels the first counts. A batch without its id column has no
    labels.
    """
    columns, rows = contract.columns, delivery.predictions
    labels = delivery.labels.drop_duplicates(columns.id)
    truth = labels.set_index(columns.id)[columns.label]
    if columns.id not in rows.columns:
        return rows.assign(**{columns.label: float("nan")})
    label = rows[columns.id].map(truth)
    if contract.problem is not Problem.MULTICLASS:
        label = label.astype("float64")
    return rows.assign(**{columns.label: label})
