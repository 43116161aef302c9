"""A row-level estimator that has learnt its reference, and how it measures a day."""

import math
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.statistics.intervals import clipped, normal

Make = partial[Measurement]
Estimates = Mapping[str, tuple[float, float]]
"""Metric -> its value and sampling error; NaN for what there is none of."""
FEWEST_ROWS = 2
"""NannyML takes a frame of one row for a broken one, and one row has no spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A row-level estimator that has learnt its reference.

    Attributes:
        kind: Kind of its measurements.
        metrics: What it measures, all of which come back for every day.
        prepare: Rows -> what `run` reads, unusable rows left out.
        run: What `prepare` gave, not empty -> every metric and its sampling error.
        high: Largest possible value of the metrics; the smallest is 0.
        fewest: Fewer usable rows have no value.
    """

    kind: Kind
    metrics: tuple[str, ...]
    prepare: Callable[[pd.DataFrame], Sized]
    run: Callable[[Any], Estimates]
    high: float = math.inf
    fewest: int = FEWEST_ROWS

    def measure(
        self,
        rows: pd.DataFrame,
        *,
        version: str,
        confidence: float,
        segment: str = "all",
    ) -> list[Measurement]:
        """Measure one day, or a segment of it.

        Args:
            rows: The day's rows, or a sample, with the columns of the reference. Not
                modified.
            version: The version that scored them.
            confidence: Level of the intervals, 0..1; they hold the sampling error
                only.
            segment: What the rows are: `all`, or `column=value`.

        Returns:
            One measurement a metric; without a value and with a reason on fewer than
            `fewest` usable rows or where the estimate is NaN.
        """
        frame = self.prepare(rows)
        make = partial(
            Measurement,
            kind=self.kind,
            segment=segment,
            version=version,
            rows=len(frame),
        )
        if len(frame) < self.fewest:
            reason = f"{len(frame)} usable rows are too few"
            return [make(metric=metric, reason=reason) for metric in self.metrics]
        dropped = len(rows) - len(frame)
        if dropped:
            make = partial(make, reason=f"{dropped} unusable rows left out")
        estimates = self.run(frame)
        return [
            self._number(
                partial(make, metric=metric), *estimates[metric], confidence=confidence
            )
            for metric in self.metrics
        ]

    def _number(
        self, make: Make, value: float, error: float, *, confidence: float
    ) -> Measurement:
        if not math.isfinite(value):
            return make(reason="NannyML could not compute it")
        # The domain classifier comes without a sampling error.
        if not math.isfinite(error):
            return make(value=value)
        lower, upper = normal(value, error, confidence=confidence)
        lower, upper = clipped((lower, upper), 0.0, self.high)
        return make(value=value, lower=lower, upper=upper)
