"""What a model version looked like when it was registered, from labelled rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import (
    LARGEST,
    BinaryOutcome,
    Bins,
    ColumnCounts,
    add_up,
)
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.calibration import learn_calibrator, learn_sampling
from monitoring_tasks.estimate.cells import cells_of
from monitoring_tasks.estimate.noise import daily_noise
from monitoring_tasks.estimate.realized import realize


def bins_for(values: NDArray[np.float64]) -> Bins:
    """Choose a column's bins from its reference values.

    The coarse edges, `numpy.linspace(low, high, coarse + 1)`, are those of
    `numpy.histogram_bin_edges(values, bins="doane")`; the fine bins are 10,000
    equal-width ones over the same span. A constant column gets numpy's own rule:
    one coarse bin from 0.5 below to 0.5 above the constant.

    Args:
        values: Numbers of any real dtype, shape (n_rows,); those that are not finite
            or beyond `LARGEST` are left out. Not modified.

    Raises:
        EstimationError: If no value is left.

    References:
        Doane (1976), The American Statistician 30, 181-183.
    """
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[np.abs(numbers) <= LARGEST]
    if numbers.size == 0:
        msg = "a column without a finite value has no bins"
        raise EstimationError(msg)
    # Doane's rule is NannyML's own, so that distances are those of its bins.
    edges = np.histogram_bin_edges(numbers, bins="doane")
    return Bins(low=float(edges[0]), high=float(edges[-1]), coarse=len(edges) - 1)


def build_reference(
    profile: DayProfile,
    daily: list[DayProfile],
    rows: pd.DataFrame | None,
    *,
    bins: Mapping[str, Bins],
    contract: Contract,
    trained_until: date,
) -> ReferenceProfile:
    """Learn all that later days are held against.

    Args:
        profile: The whole reference window, counted on `bins`.
        daily: Its days, as a whole and by segment; none may hold rows `profile`
            does not. Without at least two of them nothing is known of daily noise.
        rows: Labelled rows of the reference with the contract's score, prediction
            and label columns; NannyML's calibrator and sampling errors are learnt on
            them. None: from the counts, each row at its score bin's mean.
        bins: Bins by continuous column, the score included.
        contract: The model's contract.
        trained_until: Last day the version was trained on.

    Returns:
        The reference of `profile.version`. `metrics` are the realized ones of the
        whole window, by plain name; what its labels do not allow is left out.

    Raises:
        EstimationError: If a day holds rows the reference does not.
    """
    days = [day.day for day in daily] or [profile.day]
    reference = ReferenceProfile(
        model=profile.model,
        version=profile.version,
        first_day=min(days),
        last_day=max(days),
        trained_until=trained_until,
        bins=bins,
        profile=profile,
        segments=_segments(daily, contract),
        metrics=_metrics(profile, contract),
    )
    if isinstance(profile.outcome, BinaryOutcome):
        # By name, so that building it again gives the same bootstrap.
        seed = crc32(f"{profile.model}/{profile.version}".encode())
        scored = (
            _from_counts(profile.outcome, seed)
            if rows is None
            else _from_rows(rows, contract)
        )
        reference = replace(
            reference,
            calibrator=learn_calibrator(scored),
            sampling=learn_sampling(scored, value=contract.value, seed=seed),
        )
    # Last: estimates of its days need the calibrator.
    return replace(reference, noise=daily_noise(reference, daily, contract))


def _segments(
    daily: Sequence[DayProfile], contract: Contract
) -> dict[str, Mapping[str, ColumnCounts]]:
    """Add up the columns of every declared segment over the days."""
    by_segment: dict[str, dict[str, list[ColumnCounts]]] = {}
    for profile in daily:
        # Drift is measured of segments; of protected groups only outcomes are.
        if profile.segment.partition("=")[0] not in contract.columns.segments:
            continue
        columns = by_segment.setdefault(profile.segment, {})
        for name, counts in profile.columns.items():
            columns.setdefault(name, []).append(counts)
    return {
        segment: {name: add_up(counts) for name, counts in columns.items()}
        for segment, columns in sorted(by_segment.items())
    }


def _metrics(profile: DayProfile, contract: Contract) -> dict[str, float]:
    measured = realize(
        profile,
        confidence=contract.policy.confidence,
        value=contract.value,
        classes=contract.classes,
    )
    return {m.metric: m.value for m in measured if m.value is not None}


def _from_rows(rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Keep the rows that can be learnt from: a score in 0..1, a decision, a label."""
    columns = contract.columns
    scored = pd.DataFrame(
        {
            "score": pd.to_numeric(rows[str(columns.score)]).astype("float64"),
            "predicted": pd.to_numeric(rows[columns.prediction]).astype("float64"),
            "label": pd.to_numeric(rows[columns.label]).astype("float64"),
        }
    )
    usable = scored[scored["score"].between(0, 1)].dropna()
    return usable.astype({"predicted": "int64", "label": "int64"}).reset_index(
        drop=True
    )


def _from_counts(outcome: BinaryOutcome, seed: int) -> pd.DataFrame:
    """Return a row for each counted one, shuffled: NannyML ranks ties as they come."""
    cells = cells_of(outcome).labelled.decided
    rows = cells.rows.astype(np.int64)
    scored = pd.DataFrame(
        {
            "score": np.repeat(cells.score, rows),
            "predicted": np.repeat(cells.predicted, rows),
            "label": np.repeat(cells.label, rows),
        }
    )
    # Cells come sorted: in that order every tie would be ranked right, or every one
    # wrong.
    return scored.sample(frac=1, random_state=seed, ignore_index=True)
