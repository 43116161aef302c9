"""A reference of odd columns is made, small, and teaches what the sound cells tell."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.domain.counts import MAX_CATEGORIES, CategoricalCounts
from monitoring_tasks.operations.reference_building import make_reference
from monitoring_tasks.store.profiles import read_reference, write_reference
from tests.builders import COLUMNS, make_contract

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

DAYS, ROWS = 14, 120
LARGEST_DOUBLE = float(np.finfo(np.float64).max)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_reference_of_customers_and_of_the_largest_double(tmp_path: Path) -> None:
    """Every number it learnt is finite; what is kept of a column is bounded."""
    contract = make_contract(
        problem="regression",
        columns=COLUMNS
        | {"score": None, "continuous": ["x"], "categorical": ["c"], "segments": ["s"]},
    )
    random, count = np.random.default_rng(11), DAYS * ROWS
    x = random.normal(size=count)
    predicted = random.normal(10, 2, count)
    error = random.normal(size=count)
    odd = np.arange(count) % 50 == 0
    names = [f"customer {number}" for number in range(count)]
    start = pd.Timestamp("2024-03-01T08:00", tz="UTC")
    rows = pd.DataFrame(
        {
            COLUMNS["id"]: names,
            COLUMNS["timestamp"]: start
            + pd.to_timedelta(np.arange(count) // ROWS, unit="D"),
            COLUMNS["model_version"]: "1",
            COLUMNS["prediction"]: np.where(odd, LARGEST_DOUBLE, predicted),
            COLUMNS["label"]: predicted + error,
            "x": np.where(odd, -LARGEST_DOUBLE, x),
            "c": names,
            "s": names,
        }
    )
    reference = make_reference(rows, contract, "1", trained_until=date(2024, 2, 1))
    learnt = [v for n in reference.noise.values() for v in (n.mean, n.spread)]
    assert np.isfinite(learnt).all()
    assert reference.metrics["mae"] == pytest.approx(np.abs(error[~odd]).mean())
    assert reference.bins["x"].low == pytest.approx(x[~odd].min())
    customers = reference.profile.columns["c"]
    assert isinstance(customers, CategoricalCounts)
    assert len(customers.counts) == MAX_CATEGORIES
    assert customers.other == count - MAX_CATEGORIES
    assert len(reference.segments) == contract.policy.max_segments
    write_reference(reference, tmp_path)
    assert read_reference(tmp_path) == reference
