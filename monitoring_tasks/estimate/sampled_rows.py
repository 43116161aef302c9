"""What counts cannot tell of a version's day, measured on a sample of its rows."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.counting import rows_of_version
from monitoring_tasks.rows.coded_texts import plain_texts
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

    scored = rows_of_version(rows, contract, version)
    # A block a column, and as a frame alone: its numbers are not in memory twice.
    sample = plain_texts(_sample(scored, contract)).to_pandas(split_blocks=True)
    if not len(sample):
        why = f"on a sample of 0 of {of} rows"
        return unmeasured(contract, version, segments=segments, reason=why)
    try:
        numbers = measure_rows(
            fitted(),
            sample,
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


def _sample(rows: pa.Table, contract: Contract) -> pa.Table:
    """Return the rows that `hash_sample` picks; the others never become a frame."""
    columns, most = contract.columns, contract.policy.sample_rows
    # Who, when and how long is nothing to learn from.
    aside = {columns.id, columns.timestamp, columns.model_version, columns.latency}
    read = rows.select([i for i, n in enumerate(rows.column_names) if n not in aside])
    if len(rows) <= most:
        return read
    hashes = hash_column(rows.column(columns.id))
    return read.filter(pa.array(pick_by_hash(hashes, most)))
