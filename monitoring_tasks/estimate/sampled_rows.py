"""What counts cannot tell of a version's day, measured on a sample of its rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.rows.sampling import hash_sample

if TYPE_CHECKING:
    import pandas as pd

    from monitoring_tasks.estimate.fitted import Fitted


def measure_sample(
    rows: pa.Table,
    fitted: "Callable[[], tuple[Fitted, ...]]",
    *,
    contract: Contract,
    version: str,
    segments: Sequence[str],
) -> list[Measurement]:
    """Measure a version's rows of a day, or a deterministic sample of them.

    What NannyML cannot learn or estimate has no value, and its words for a reason.

    Args:
        rows: The day's rows of all versions with the label column joined on.
        fitted: Returns the version's estimators; may raise `EstimationError`.
        contract: Names the columns and the size of a sample.
        version: The version that is measured.
        segments: Segments and groups that are watched, `all` left out.
    """
    from monitoring_tasks.estimate.row_noise import unmeasured  # noqa: PLC0415 (heavy)
    from monitoring_tasks.estimate.row_segments import measure_rows  # noqa: PLC0415 (heavy)
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    frame: pd.DataFrame = rows.to_pandas()
    # As texts: a source may store versions as numbers.
    scored = frame[texts(frame[contract.columns.model_version]) == version]
    sample = hash_sample(scored, contract.columns.id, contract.policy.sample_rows)
    try:
        numbers = measure_rows(
            fitted(), sample, contract=contract, version=version, segments=segments
        )
    except EstimationError as error:
        return unmeasured(contract, version, segments=segments, reason=str(error))
    if len(sample) == len(scored):
        return numbers
    note = f"on a sample of {len(sample)} of {len(scored)} rows"
    return [replace(n, reason=f"{n.reason}; {note}".lstrip("; ")) for n in numbers]
