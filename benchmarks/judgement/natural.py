"""What really happened to a model, month by month, with nobody's fault in it.

A month is `bad` if its labelled rows were judged worse by .05 or more than those of the
version's reference, `clean` below .03, and `between` otherwise: an alarm is false in a
clean month, right in a bad one, and in between nobody can say. What is lost is ROC AUC
(binary), accuracy (multiclass), or a share of the reference's mean absolute error
(regression). Days whose real data is broken count as neither. Days of a drift that the
makers of a set put in are `drifted` where they are not bad: something changed, so no
alarm about it is plainly false.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, mean_absolute_error, roc_auc_score

from benchmarks.judgement.raw import World
from monitoring_tasks.domain.problems import Problem

BAD, CLEAN = 0.05, 0.03
METRICS: Mapping[Problem, str] = {
    Problem.BINARY: "roc_auc",
    Problem.MULTICLASS: "accuracy",
    Problem.REGRESSION: "mae",
}
"""What a model's quality is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of a version: its quality, the reference's, its days.

    Attributes:
        version: The version that served.
        name: Year and month.
        metric: What `value` and `reference` are: one of `METRICS`.
        value: Quality of the month's labelled rows.
        reference: That of the version's reference.
        days: The days that count.
        is_drifted: Whether the makers of the set had changed something by then.
    """

    version: str
    name: str
    value: float
    reference: float
    days: tuple[date, ...]
    metric: str = METRICS[Problem.BINARY]
    is_drifted: bool = False

    @property
    def loss(self) -> float:
        """How much worse than the reference; below 0 it is better."""
        if self.metric == METRICS[Problem.REGRESSION]:
            return self.value / self.reference - 1
        return self.reference - self.value

    @property
    def state(self) -> str:
        """`bad`, `drifted`, `clean` or `between`."""
        if self.loss >= BAD:
            return "bad"
        if self.is_drifted:
            return "drifted"
        return "clean" if self.loss < CLEAN else "between"


def months(world: World, folder: Path) -> list[Month]:
    """Measure every watched month of a world; one in which a drift begins is two."""
    grouped: dict[tuple[str, str, bool], list[date]] = {}
    for day in world.days:
        if day not in world.broken:
            key = (world.served(day), f"{day:%Y-%m}", _is_drifted(world, day))
            grouped.setdefault(key, []).append(day)
    references = {key[0]: _reference(world, folder, key[0]) for key in grouped}
    return [
        Month(
            version=version,
            name=name,
            metric=METRICS[world.parsed.problem],
            value=_quality(
                world, pd.concat(pd.read_parquet(_path(folder, day)) for day in days)
            ),
            reference=references[version],
            days=tuple(days),
            is_drifted=is_drifted,
        )
        for (version, name, is_drifted), days in grouped.items()
    ]


def states(found: list[Month]) -> Mapping[date, str]:
    """Return the state of every day that counts."""
    return {day: month.state for month in found for day in month.days}


def _is_drifted(world: World, day: date) -> bool:
    return world.drifted_from is not None and day >= world.drifted_from


def _path(folder: Path, day: date) -> Path:
    return folder / "days" / f"{day}.parquet"


def _reference(world: World, folder: Path, version: str) -> float:
    return _quality(
        world, pd.read_parquet(folder / "versions" / version / "peers.parquet")
    )


def _quality(world: World, rows: pd.DataFrame) -> float:
    columns = world.parsed.columns
    known = rows[rows[columns.label].notna()]
    truth, said = known[columns.label], known[columns.prediction]
    match world.parsed.problem:
        case Problem.BINARY:
            score = known[str(columns.score)].to_numpy(dtype="float64")
            return float(roc_auc_score(truth.to_numpy(dtype=np.int64), score))
        case Problem.MULTICLASS:
            return float(accuracy_score(truth.astype("str"), said.astype("str")))
        case Problem.REGRESSION:
            return float(mean_absolute_error(truth, said))
