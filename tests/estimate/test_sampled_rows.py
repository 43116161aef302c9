"""A version's rows of a day, picked before they become a frame."""

import numpy as np
import pandas as pd
import pyarrow as pa

from monitoring_tasks.estimate.row_estimators import fit_estimators
from monitoring_tasks.estimate.sampled_rows import measure_sample
from monitoring_tasks.rows.sampling import hash_sample
from tests.builders import COLUMNS, make_contract


def test_version_is_measured_on_the_rows_that_its_hashes_pick() -> None:
    """Versions written as numbers, nulls among them; the reason says how many rows."""
    contract = make_contract(
        columns={**COLUMNS, "continuous": ["x", "y"]}, policy={"sample_rows": 1000}
    )
    columns, random = contract.columns, np.random.default_rng(5)
    rows = pd.DataFrame(
        {
            columns.id: [f"id-{number}" for number in range(3600)],
            columns.model_version: [2.0, 2.0, None, 1.0] * 900,
            "x": random.normal(size=3600),
            "y": random.normal(size=3600),
            columns.label: 1.0,
        }
    )
    fitted = fit_estimators(rows, contract)
    (found,) = measure_sample(
        pa.Table.from_pandas(rows, preserve_index=False),
        lambda: fitted,
        contract=contract,
        version="2",
        of=1800,
        segments=[],
    )
    picked = hash_sample(rows[rows[columns.model_version] == 2], columns.id, 1000)
    (known,) = fitted[0].measure(
        picked, version="2", confidence=contract.policy.confidence
    )
    assert found.value == known.value
    assert (found.rows, found.reason) == (1000, "on a sample of 1000 of 1800 rows")
