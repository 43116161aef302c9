"""What a team's own batch scoring job does: files of predictions, later of labels.

Stands for the system that Daywatch watches; nothing of Daywatch depends on it. Real:
flights, features, labels. Made: `latency_seconds`, `failed` and the hour at which
labels arrive. Days are calendar days in New York.
"""

import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from monitoring_tasks.demo.flights import FEATURES, TIMEZONE
from monitoring_tasks.demo.service import add_service
from monitoring_tasks.demo.training import MODEL
from monitoring_tasks.errors import NoDataError, VersionMissingError
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.scoring_worker import load_folder, score_rows

if TYPE_CHECKING:
    from mlflow.pyfunc import PyFuncModel

ALIAS = "champion"
LABELS_ARRIVE = time(hour=3)
"""Labels of a day are delivered at three in the morning of the next one (made)."""
_PREDICTION_COLUMNS = [
    "flight_id",
    "scheduled_at",
    "model_version",
    "score",
    "prediction",
    *FEATURES,
    "latency_seconds",
    "failed",
]


def score_day(
    day: date,
    *,
    flights: pd.DataFrame,
    registry: Registry,
    out: Path,
    version: str | None = None,
) -> Path:
    """Score one day's flights and write `predictions/day=<day>/part-0.parquet`.

    Args:
        day: Calendar day in New York.
        flights: As `load_flights` gives them. Not modified.
        registry: Where the model comes from.
        out: The folder under which `predictions/` lies.
        version: Which version; None for the one the alias `champion` names.

    Returns:
        The file; writing it again gives the same rows.

    Raises:
        NoDataError: If no flight is scheduled that day.
        VersionMissingError: If no version is given and the alias is not set.
    """
    serving = version or registry.alias_version(MODEL, ALIAS)
    if serving is None:
        msg = f"model '{MODEL}' has no alias '{ALIAS}'; set it to a version first"
        raise VersionMissingError(msg)
    rows = _pick(flights, [day])
    scored = _score(rows, load_version(registry, serving), serving)
    return _write(scored, _part(out, "predictions", day))


def write_history(
    version_of: dict[date, str],
    *,
    flights: pd.DataFrame,
    registry: Registry,
    out: Path,
    progress: Callable[[date], None] | None = None,
) -> int:
    """Write the files of many days as `score_day` would, each version at one go.

    Args:
        version_of: Day -> the version that served it.
        flights: As `load_flights` gives them. Not modified.
        registry: Where the models come from.
        out: The folder under which `predictions/` lies.
        progress: Called with each day once its file is written.

    Returns:
        The number of rows written.
    """
    written = 0
    # By version, not by day: loading a model takes longer than scoring its days.
    for version in sorted(set(version_of.values())):
        days = [day for day, serving in version_of.items() if serving == version]
        loaded = load_version(registry, version)
        scored = _score(_pick(flights, days), loaded, version)
        for midnight, rows in scored.groupby("day"):
            written_day = pd.Timestamp(str(midnight)).date()
            _write(rows, _part(out, "predictions", written_day))
            written += len(rows)
            if progress:
                progress(written_day)
    return written


def write_labels(day: date, *, flights: pd.DataFrame, out: Path) -> Path:
    """Write `labels/day=<day>/part-0.parquet`: what became of that day's flights.

    A flight that was cancelled or diverted never arrives and never gets a label.
    `arrived_at` (made) is three in the morning of the next day, New York time.

    Args:
        day: Calendar day in New York.
        flights: As `load_flights` returns them. Not modified.
        out: The folder under which `labels/` lies.

    Raises:
        NoDataError: If no flight is scheduled that day.
    """
    rows = _pick(flights, [day])
    labelled = rows.loc[rows["arr_late"].notna(), ["flight_id", "arr_late"]]
    arrival = datetime.combine(
        day + timedelta(days=1), LABELS_ARRIVE, ZoneInfo(TIMEZONE)
    ).astimezone(UTC)
    labels = labelled.astype({"arr_late": "int64"}).assign(
        arrived_at=pd.Timestamp(arrival)
    )
    return _replace(labels, _part(out, "labels", day))


def load_version(registry: Registry, version: str) -> "PyFuncModel":
    """Load a version of the team's own, as its job would, into this process.

    Args:
        registry: Where the model comes from.
        version: Its number, as text.
    """
    with tempfile.TemporaryDirectory() as folder:
        return load_folder(str(registry.download(MODEL, version, Path(folder))))


def _pick(flights: pd.DataFrame, days: Iterable[date]) -> pd.DataFrame:
    wanted = [pd.Timestamp(day) for day in days]
    rows = flights[flights["day"].isin(wanted)].reset_index(drop=True)
    if rows.empty:
        msg = f"no flight is scheduled from {min(wanted)} to {max(wanted)}"
        raise NoDataError(msg)
    return rows


def _score(rows: pd.DataFrame, loaded: "PyFuncModel", version: str) -> pd.DataFrame:
    scores = score_rows(loaded, rows[list(FEATURES)])
    return add_service(rows.join(scores).assign(model_version=version))


def _part(out: Path, kind: str, day: date) -> Path:
    return out / kind / f"day={day.isoformat()}" / "part-0.parquet"


def _write(scored: pd.DataFrame, path: Path) -> Path:
    return _replace(scored[_PREDICTION_COLUMNS], path)


def _replace(rows: pd.DataFrame, path: Path) -> Path:
    """Write beside the target and rename: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    rows.to_parquet(partial, index=False)
    partial.replace(path)
    return path
