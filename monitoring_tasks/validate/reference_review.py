"""What the rows of a reference can teach and what they cannot, in words."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from monitoring_tasks.contract.column_kinds import binned_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import LARGEST, MAX_CATEGORIES
from monitoring_tasks.domain.volumes import suggest_min_rows
from monitoring_tasks.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceReview:
    """What a reference is made of.

    Attributes:
        rows: Rows of the version.
        days: Calendar days they lie on.
        rows_a_day: Median rows of such a day.
        baseline_days: Days with `policy.min_rows` rows, from which is learnt what
            sound data look like.
        labelled: Rows with a label.
        warnings: What it cannot do, and what to do about it.
    """

    rows: int
    days: int
    rows_a_day: int
    baseline_days: int
    labelled: int
    warnings: tuple[str, ...]


def review_reference(
    rows: "pd.DataFrame",
    days: Sequence[date],
    contract: Contract,
    *,
    trained_until: date,
    others: int = 0,
) -> ReferenceReview:
    """Say what rows can teach.

    Args:
        rows: The version's rows, at least one, typed. Not modified.
        days: The calendar day of each.
        contract: Declares the columns and the limits.
        trained_until: Last day the version was trained on.
        others: Rows of other versions that were left out.

    Raises:
        DataError: If nothing can be learnt: no row has a label, or none a score.
    """
    columns = contract.columns
    labelled = int(rows[columns.label].notna().sum())
    outputs = [*columns.scores, columns.prediction]
    if not labelled and not contract.policy.labels.never_come:
        msg = (
            f"none of the {len(rows)} reference rows has a label in column "
            f"'{columns.label}'; join the labels on '{columns.id}' first"
        )
        raise DataError(msg)
    for name in outputs:
        if not rows[name].notna().any():
            msg = f"column '{name}' of the {len(rows)} reference rows is empty"
            raise DataError(msg)
    by_day = Counter(days)
    review = ReferenceReview(
        rows=len(rows),
        days=len(by_day),
        rows_a_day=int(median(by_day.values())),
        baseline_days=sum(n >= contract.policy.min_rows for n in by_day.values()),
        labelled=labelled,
        warnings=(),
    )
    warnings = (
        *_about_rows(rows, contract, labelled=labelled, others=others),
        *_about_ids(rows[columns.id], days),
        *_about_values(rows, contract),
        *_about_training(days, trained_until),
        *_about_days(by_day, contract, review),
    )
    return replace(review, warnings=warnings)


def _about_rows(
    rows: "pd.DataFrame", contract: Contract, *, labelled: int, others: int
) -> Iterator[str]:
    columns = contract.columns
    if others:
        yield (
            f"{others} rows of other versions were left out (column "
            f"'{columns.model_version}')"
        )
    if not labelled:
        yield (
            f"no row has a label in '{columns.label}': performance can be neither "
            "measured nor estimated, so only data and drift are judged; with some rows "
            "labelled by hand, `daywatch reference ... --replace` makes estimates "
            "possible"
        )
    elif labelled < len(rows):
        yield (
            f"{len(rows) - labelled} of {len(rows)} rows have no label in "
            f"'{columns.label}': they count as inputs and not in any metric"
        )
    for name in (*columns.scores, columns.prediction, *columns.features):
        empty = int(rows[name].isna().sum())
        if empty == len(rows):
            yield (
                f"column '{name}' is empty in all {len(rows)} rows: nothing is known "
                "of it, and every day without a value in it is unfit to judge by; take "
                f"it out of `columns` until rows have values in '{name}'"
            )


def _about_ids(ids: "pd.Series", days: Sequence[date]) -> Iterator[str]:
    """Name ids that come twice; on another day they may begin again."""
    repeated = int(ids.to_frame().assign(day=[*days]).duplicated().sum())
    elsewhere = int(ids.duplicated().sum()) - repeated
    if repeated:
        yield f"{repeated} rows repeat an id of '{ids.name}'; keep each row once"
    if elsewhere:
        yield (
            f"{elsewhere} rows have an id of '{ids.name}' that an earlier day has too: "
            "well where ids begin again each day; else keep each row once"
        )


def _about_values(rows: "pd.DataFrame", contract: Contract) -> Iterator[str]:
    """Name columns of too many values, and of numbers that cannot be added up."""
    columns, most = contract.columns, contract.policy.max_segments
    for name in dict.fromkeys((*columns.segments, *columns.protected)):
        values = rows[name].nunique()
        if values > most:
            role = "segments" if name in columns.segments else "protected"
            yield (
                f"column '{name}' has {values} different values: the {most} with the "
                f"most rows are watched one by one; take it out of columns.{role} or "
                "raise policy.max_segments"
            )
    for name in columns.categorical:
        values = rows[name].nunique()
        if values > MAX_CATEGORIES:
            yield (
                f"column '{name}' has {values} different values: the {MAX_CATEGORIES} "
                "most common are counted by name, all others as one; take it out of "
                "columns.categorical if it names rows or customers"
            )
    for name in dict.fromkeys((*binned_columns(contract), columns.label)):
        if rows[name].dtype.kind == "f":  # no integer is that large
            sizes = rows[name].astype("float64").abs()
            beyond = int((sizes.gt(LARGEST) & sizes.ne(math.inf)).sum())
            if beyond:
                yield (
                    f"column '{name}' holds {beyond} numbers beyond {LARGEST:g} in "
                    "size: they count as no value; find what wrote them"
                )


def _about_training(days: Sequence[date], trained_until: date) -> Iterator[str]:
    inside = sum(day <= trained_until for day in days)
    # Told, not refused: rows predicted out of fold are fair, and nobody here can see.
    if inside:
        yield (
            f"{inside} of {len(days)} rows lie on or before --trained-until "
            f"{trained_until}: right only if they were predicted out of fold; a model "
            "looks better on rows it learnt from, and every later day then looks worse"
        )


def _about_days(
    by_day: Counter[date], contract: Contract, review: ReferenceReview
) -> Iterator[str]:
    policy = contract.policy
    few = review.days - review.baseline_days
    if few and review.rows_a_day < policy.min_rows:
        yield (
            f"{few} of {review.days} days have fewer rows than policy.min_rows "
            f"({policy.min_rows}), a median day has {review.rows_a_day}: such days are "
            f"never judged; set policy.min_rows to {suggest_min_rows(by_day.values())} "
            "and run this again with --replace"
        )
    elif few:
        yield (
            f"{few} of {review.days} days have fewer rows than policy.min_rows "
            f"({policy.min_rows}) and are left out of the baseline"
        )
    if review.baseline_days < policy.min_reference_days:
        yield (
            f"no baseline of the data: {review.baseline_days} days are large enough, "
            f"policy.min_reference_days is {policy.min_reference_days}: nulls, frozen "
            "columns, changed units and missing rows will not be found; add days"
        )
    if review.days < policy.min_reference_days:
        yield (
            f"no limits from the days' own spread: {review.days} days, "
            f"policy.min_reference_days is {policy.min_reference_days}; objectives "
            "with max_drop will be inconclusive; add days"
        )
    elif review.days < policy.min_pooled_reference_days:
        yield (
            f"no limits over several days: {review.days} days, "
            f"policy.min_pooled_reference_days is {policy.min_pooled_reference_days}; "
            "small losses will be found late; add days"
        )
