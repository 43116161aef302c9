"""What really happened to a model, month by month, with nobody's fault in it.

A month is `bad` if the realized ROC AUC of its labelled rows lies .05 or more below
that of the version's reference, `clean` below .03, and `between` otherwise: an alarm
is false in a clean month, right in a bad one, and in between nobody can say. Days whose
real data is broken count as neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from benchmarks.judgement.raw import World

BAD, CLEAN = 0.05, 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of a version: its value, the reference's, its days."""

    version: str
    name: str
    auc: float
    reference: float
    days: tuple[date, ...]

    @property
    def state(self) -> str:
        """`bad`, `clean` or `between`."""
        loss = self.reference - self.auc
        return "bad" if loss >= BAD else "clean" if loss < CLEAN else "between"


def months(world: World, folder: Path) -> list[Month]:
    """Measure every watched month of a world."""
    grouped: dict[tuple[str, str], list[date]] = {}
    for day in world.days:
        if day not in world.broken:
            grouped.setdefault((world.served(day), f"{day:%Y-%m}"), []).append(day)
    references = {version: _reference(world, folder, version) for version, _ in grouped}
    return [
        Month(
            version=version,
            name=name,
            auc=_auc(
                world, pd.concat(pd.read_parquet(_path(folder, day)) for day in days)
            ),
            reference=references[version],
            days=tuple(days),
        )
        for (version, name), days in grouped.items()
    ]


def states(found: list[Month]) -> Mapping[date, str]:
    """Give the state of every day that counts."""
    return {day: month.state for month in found for day in month.days}


def _path(folder: Path, day: date) -> Path:
    return folder / "days" / f"{day}.parquet"


def _reference(world: World, folder: Path, version: str) -> float:
    return _auc(world, pd.read_parquet(folder / "versions" / version / "peers.parquet"))


def _auc(world: World, rows: pd.DataFrame) -> float:
    columns = world.parsed.columns
    known = rows[rows[columns.label].notna()]
    score = known[str(columns.score)].to_numpy(dtype="float64")
    return float(roc_auc_score(known[columns.label].to_numpy(dtype=np.int64), score))
