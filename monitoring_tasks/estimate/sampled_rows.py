"""What counts cannot tell of a version's day, measured on a sample of its rows."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.column_codes import texts_of
from monitoring_tasks.rows.sampling import hash_column, pick_by_hash

if TYPE_CHECKING:
    from monitoring_tasks.estimate.fitted import Fitted


def measure_sample(
    rows: pa.Table,
    fitted: "Callable[[], tuple[Fitted, ...]]",
    *,
    contract: Contract,
    version: str,
    of: int,
    segments: Sequence[str],
) -> list[Measurement]:
    """Measure a version's rows of a day, or a deterministic sample of them.

    What NannyML cannot learn or estimate has no value, and its words for a reason.

    Args:
        rows: The day's rows of all versions with the label column joined on, or those
            that are kept of them.
        fitted: Returns the version's estimators; may raise `EstimationError`.
        contract: Names the columns and the size of a sample.
        version: The version that is measured.
        of: How many rows of the day it scored.
        segments: Segments and groups that are watched, `all` left out.
    """
    from monitoring_tasks.estimate.row_estimators import unmeasured  # noqa: PLC0415 (heavy)
    from monitoring_tasks.estimate.row_segments import measure_rows  # noqa: PLC0415 (heavy)

    scored = _rows_of(version, rows, contract.columns)
    sample = _sample(scored, contract)
    if not len(sample):
        why = f"on a sample of 0 of {of} rows"
        return unmeasured(contract, version, segments=segments, reason=why)
    try:
        numbers = measure_rows(
            fitted(),
            sample.to_pandas(),
            contract=contract,
            version=version,
            segments=segments,
        )
    except EstimationError as error:
        return unmeasured(contract, version, segments=segments, reason=str(error))
    if len(sample) == of:
        return numbers
    note = f"on a sample of {len(sample)} of {of} rows"
    return [number.with_remark(note) for number in numbers]


def _rows_of(version: str, rows: pa.Table, columns: Columns) -> pa.Table:
    stated = rows.column(columns.model_version)
    different = pc.unique(stated)
    # As texts: a source may store versions as numbers.
    named = pa.array([text == version for text in texts_of(different)], pa.bool_())
    if pc.all(named).as_py():
        return rows
    return rows.filter(pc.is_in(stated, value_set=different.filter(named)))


def _sample(rows: pa.Table, contract: Contract) -> pa.Table:
    """Return the rows that `hash_sample` picks; the others never become a frame."""
    most = contract.policy.sample_rows
    if len(rows) <= most:
        return rows
    ids = rows.column(contract.columns.id)
    return rows.filter(pa.array(pick_by_hash(hash_column(ids), most)))
