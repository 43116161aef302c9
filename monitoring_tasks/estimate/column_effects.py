"""What the move of a drifted column would cost by itself, on the reference's rows."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.column_shift import Shift, shift_of
from monitoring_tasks.estimate.weighted_loss import Days, WeightedLoss
from monitoring_tasks.estimate.weighted_metric import (
    METRICS,
    is_usable,
    weighted_metric,
)

FEWEST_DAYS = 7
"""Fewer days of the reference say too little of how an effect varies."""


def predicted_metric(contract: Contract) -> str:
    """Name the metric that effects are predicted of.

    The first that is promised, realized or estimated, of the whole batch and can be
    weighted; else the one versions are compared by.
    """
    promised = (
        objective.metric
        for objective in contract.objectives
        if objective.source in {"realized", "estimated"} and objective.segment == "all"
    )
    weighable = (name for name in promised if name in METRICS[contract.problem])
    return next(weighable, contract.comparison_metric)


def column_effects(
    rows: pd.DataFrame,
    days: Sequence[date],
    *,
    profile: DayProfile,
    reference: ReferenceProfile,
    contract: Contract,
    columns: Sequence[str],
) -> list[ColumnEffect]:
    """Predict what the move of single columns costs, each as if all else stood still.

    The reference's labelled rows are weighted until the column is spread as on the day
    (`Shift.weights`); the loss is the metric of the unweighted rows less that of the
    weighted ones (the other way round where lower is better). Interval: jackknife over
    at most 30 groups of whole days, Student's t; it allows for rows of a day that are
    alike. The day's own spread is taken as it is.

    Assumes that the column alone moved: given its value, rows are what they were, and
    their labels too. When it lies: a changed meaning (concept drift) is invisible here;
    columns that move together each get the whole of their common effect; a column that
    stands for a season gets the season's effect; within a bin or a category all rows
    count as alike; rows unlike all of the reference are left out (`unlike`).

    Args:
        rows: Labelled rows of the version's reference. Not modified.
        days: The calendar day of each row.
        profile: The counts of the day, as a whole.
        reference: The version's reference; its bins are those of the profile.
        contract: Names columns and metric; `policy.min_rows` effective rows are needed.
        columns: The columns that moved.

    Returns:
        One a column, in the order given; without a loss, and with a reason, where
        nothing can be said.

    References:
        Shimodaira (2000), JSPI 90, 227-244 (weights under covariate shift); Zhang et
        al. (2023), ICML, "Why did the model fail?" (one distribution at a time); Kott
        (2001), Journal of Official Statistics 17, 521-526 (jackknife by groups).
    """
    # Rows without label or score would be weighed and count in no metric.
    usable = is_usable(rows, contract)
    kept = rows.loc[usable].reset_index(drop=True)
    of_day = np.array(days, dtype="datetime64[D]")[usable]
    metric = predicted_metric(contract)
    empty = partial(ColumnEffect, version=profile.version, metric=metric)
    if why := _too_few_days(of_day):
        return [empty(column=name, reason=why) for name in columns]
    weighing = WeightedLoss(
        weighted_metric(kept, contract, metric),
        of_day,
        better=metric_of(Kind.REALIZED, metric).better,
        confidence=contract.policy.confidence,
        min_rows=contract.policy.min_rows,
    )
    return [
        weighing.effect(empty(column=name), _shift(kept, name, profile, reference))
        for name in columns
    ]


def _too_few_days(of_day: Days) -> str:
    """Say that the rows are of too few days; empty where they are not."""
    count = len(np.unique(of_day))
    if count >= FEWEST_DAYS:
        return ""
    return f"labelled reference rows of {count} days are fewer than {FEWEST_DAYS}"


def _shift(
    rows: pd.DataFrame, column: str, profile: DayProfile, reference: ReferenceProfile
) -> Shift | str:
    part = profile.columns.get(column)
    if part is None:
        return "the column was not counted on the day"
    if column not in rows.columns:
        return "the stored reference rows lack this column"
    return shift_of(rows[column], part, reference.bins.get(column))
