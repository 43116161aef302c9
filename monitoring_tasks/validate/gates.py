"""The built-in gates: what holds for the batches of every model, whatever its suite."""

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.timestamps import TimestampPolicy
from monitoring_tasks.domain.findings import Check
from monitoring_tasks.domain.partitions import OtherDays
from monitoring_tasks.validate.engine_checks.batch import plain_column
from monitoring_tasks.validate.expectations import failing_ids
from monitoring_tasks.validate.structure import Structure, check_required

ENOUGH_ROWS = "enough_rows_to_judge"
"""Fails as a warning on 1 to `policy.min_rows` - 1 rows: the day is inconclusive."""
OF_THE_DAY = "rows_are_of_the_day"
LABEL_READABLE = "label_is_an_agreed_value"
LABEL_MATCHES = "label_belongs_to_a_prediction"


def check_row_count(rows: int, minimum: int) -> Check:
    """Say whether there are rows (critical) and enough of them (warning).

    Args:
        rows: Rows of the day.
        minimum: `policy.min_rows`.
    """
    return Check(
        gate="rows",
        name=ENOUGH_ROWS,
        status="passed" if rows >= minimum else "failed",
        # No row is no batch; a few are a batch that cannot be judged by.
        severity="warning" if rows else "critical",
        observed=f"{rows} (agreed {minimum} to any)",
    )


def check_days(other: OtherDays, policy: TimestampPolicy) -> Check:
    """Say that rows of other days were delivered, and left out.

    Args:
        other: How many rows were delivered, and how many of them are of other days.
        policy: From which share on that is critical.
    """
    share = other.rows / other.delivered
    return Check(
        gate="rows",
        name=OF_THE_DAY,
        status="failed",
        severity="critical" if share >= policy.max_other_share else "warning",
        observed=other.text,
        failing_rows=other.rows,
    )


def check_required_values(
    table: pa.Table, contract: Contract, structure: Structure
) -> list[Check]:
    """Check the values no row may lack; a failed scoring needs no score.

    Args:
        table: The rows, at least one.
        contract: Names the columns.
        structure: Which of them can be computed with; the others failed before.
    """
    columns, usable = contract.columns, structure.usable
    id_column = columns.id if columns.id in usable else None
    return [
        *check_required(
            table,
            [n for n in (columns.timestamp, columns.model_version) if n in usable],
            gate="keys",
            id_column=id_column,
        ),
        *check_required(
            table,
            [name for name in columns.scores if name in usable],
            gate="values",
            id_column=id_column,
            exempt=columns.error if columns.error in usable else None,
        ),
    ]


def check_refused(refused: int, why: str, column: str) -> Check:
    """Say that labels were refused for their value; the others are used.

    Args:
        refused: How many.
        why: In words.
        column: The label.
    """
    return Check(
        gate="values",
        name=LABEL_READABLE,
        status="failed",
        severity="warning",
        column=column,
        observed=why,
        failing_rows=refused,
    )


def _strangers(ids: pa.ChunkedArray, predicted_ids: pa.ChunkedArray) -> list[int]:
    """Return the positions of ids that no prediction has."""
    # As text: an id may be a number on one side and a text on the other.
    predicted = plain_column(predicted_ids, as_text=True)
    matched = pc.is_in(plain_column(ids, as_text=True), value_set=predicted)
    positions: list[int] = pc.indices_nonzero(pc.invert(matched)).to_pylist()
    return positions


def check_matches(
    ids: pa.ChunkedArray, predicted_ids: pa.ChunkedArray, column: str
) -> Check:
    """Say whether every label has a prediction; one without is a warning.

    Args:
        ids: Of the labels.
        predicted_ids: Of the day's predictions.
        column: The id.
    """
    # The same ids in the same order need no hash of each.
    positions = [] if ids.equals(predicted_ids) else _strangers(ids, predicted_ids)
    return Check(
        gate="keys",
        name=LABEL_MATCHES,
        status="failed" if positions else "passed",
        severity="warning",
        column=column,
        observed="no prediction has this id" if positions else "",
        failing_rows=len(positions),
        failing_ids=failing_ids(ids, positions),
    )
