"""Row-level numbers of a day: as a whole, and of every segment and group."""

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.fitted import Fitted
from monitoring_tasks.rows.encoding import categories

UNKNOWN = "unknown"
"""The segment of the rows whose value is null, as `counting` names it."""


def measure_rows(
    estimators: Sequence[Fitted],
    rows: pd.DataFrame,
    *,
    contract: Contract,
    version: str,
    segments: Collection[str] | None = None,
) -> list[Measurement]:
    """Measure a day's rows, or a sample of them.

    Estimates of performance are made of every declared segment and protected group as
    well, by the estimator that learnt the whole reference: as realized numbers are.
    Multivariate drift is about the whole day only; its estimators know how all rows
    hang together, and a part never does as the whole. What NannyML cannot measure has
    no value, and its words for a reason; the other parts are not lost with it.

    Args:
        estimators: Those of the version.
        rows: The day's rows with the contract's columns. Not modified.
        contract: Names the columns and the confidence.
        version: The version that scored the rows.
        segments: Segments and groups that are watched; None for the largest ones.
    """
    numbers: list[Measurement] = []
    for estimator in estimators:
        parts = [("all", rows)]
        if estimator.kind is Kind.ESTIMATED:
            parts += parts_of(rows, contract, segments)
        for segment, part in parts:
            try:
                numbers += estimator.measure(
                    part,
                    version=version,
                    confidence=contract.policy.confidence,
                    segment=segment,
                )
            except EstimationError as error:  # a part may be too small to measure
                numbers += _without_value(
                    estimator, segment, version, reason=str(error)
                )
    return numbers


def _without_value(
    estimator: Fitted, segment: str, version: str, *, reason: str
) -> list[Measurement]:
    return [
        Measurement(
            kind=estimator.kind,
            metric=metric,
            segment=segment,
            version=version,
            reason=reason,
        )
        for metric in estimator.metrics
    ]


def parts_of(
    rows: pd.DataFrame, contract: Contract, segments: Collection[str] | None = None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the rows of values of a segment or protected column, by their names.

    Args:
        rows: The rows. Not modified.
        contract: Names the columns and how many segments of each are watched.
        segments: Which ones; None for those with the most rows.
    """
    columns, most = contract.columns, contract.policy.max_segments
    for name in dict.fromkeys((*columns.segments, *columns.protected)):
        values = categories(rows[name]).fillna(UNKNOWN)
        counted = values.value_counts()
        # Ties by name, so that a rerun watches the same segments.
        wanted = sorted(counted.index, key=lambda value: (-counted[value], value))
        if segments is None:
            wanted = wanted[:most]
        else:
            wanted = [value for value in wanted if f"{name}={value}" in segments]
        for value in sorted(wanted):
            yield f"{name}={value}", rows[(values == value).to_numpy()]
