"""A first suite for predictions, drafted from reference days.

A draft for a person to read and edit, not a judgement. How wide each bound is follows
from `margins`.
"""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import DataError
from monitoring_tasks.validate.suites.expectation_drafts import (
    MIN_DAYS,
    Expectation,
    draft_expectations,
)
from monitoring_tasks.validate.suites.margins import (
    make_margin,
)


class SuiteDraft(TypedDict):
    """A suite as Great Expectations stores it; `meta` says how it was made."""

    name: str
    expectations: list[Expectation]
    meta: dict[str, str]


def propose_suite(
    days: Mapping[date, pa.Table],
    *,
    contract: Contract,
    false_alarms_per_year: float = 1.0,
) -> SuiteDraft:
    """Draft the suite of predictions from reference days.

    Per continuous feature: its 1 % and 99 % quantiles, and its mean; where the mean is
    steady enough to show a changed unit (a factor of 1.6), its check looks for that
    alone and is critical; everything else warns. Per declared column: its share of
    nulls. Per categorical column: its categories. And the number of rows. Nothing is
    proposed where the reference holds no spread to learn from, where the bound would
    allow everything, or that a day of the reference would violate.

    Args:
        days: Reference days, at least 7 with `policy.min_rows` rows; others are left
            out. Not modified.
        contract: Declares the columns.
        false_alarms_per_year: How many of all proposed checks may fail in a year of
            daily batches that are like the reference.

    Returns:
        A suite as Great Expectations stores it; `meta` says how it was made.

    Raises:
        DataError: On fewer than 7 usable days, or when one lacks a declared column.
        ValueError: If `false_alarms_per_year` is not above 0.
    """
    usable = {
        day: table
        for day, table in sorted(days.items())
        if table.num_rows >= contract.policy.min_rows
    }
    if len(usable) < MIN_DAYS:
        msg = (
            f"{len(usable)} of {len(days)} days hold {contract.policy.min_rows} rows "
            f"or more; a suite needs {MIN_DAYS} such days"
        )
        raise DataError(msg)
    _require_columns(usable, contract)
    margin = make_margin(
        list(usable),
        # Of one column at most nulls, tails (or categories) and mean; and the rows.
        expectations=3 * len(contract.columns.of_predictions) + 1,
        false_alarms_per_year=false_alarms_per_year,
    )
    expectations = list(draft_expectations(list(usable.values()), contract, margin))
    return {
        "name": f"{contract.model}_predictions",
        "expectations": expectations,
        "meta": {
            "reference": f"{min(usable)} to {max(usable)}, {len(usable)} days",
            "rule": margin.in_words,
        },
    }


def _require_columns(days: Mapping[date, pa.Table], contract: Contract) -> None:
    for day, table in days.items():
        absent = sorted(set(contract.columns.of_predictions) - set(table.column_names))
        if absent:
            msg = f"{day}: the reference lacks the column '{absent[0]}'"
            raise DataError(msg)
