"""What a model predicts, held against what it predicted on its reference."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.contract.column_kinds import (
    binned_columns,
    category_columns,
    watched_prediction,
)
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.estimate.counting import count_day
from monitoring_tasks.estimate.version_measurements import measure_version
from monitoring_tasks.operations.reference_building import make_reference
from tests.builders import COLUMNS, make_contract

# pyarrow uses what pandas 3 warns will go in pandas 4.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

FIRST, DAYS, ROWS = date(2024, 1, 1), 20, 400
TODAY = date(2024, 3, 1)
SCORES = {"a": "p_a", "b": "p_b"}
REGRESSION: dict[str, Any] = {
    "problem": "regression",
    "columns": COLUMNS | {"score": None, "continuous": ["x"]},
}
MULTICLASS: dict[str, Any] = {
    "problem": "multiclass",
    "classes": ["a", "b"],
    "columns": COLUMNS | {"score": SCORES, "continuous": ["x"]},
}


def rows_of(contract: Contract, day: date, moved: float = 0.0) -> pd.DataFrame:
    """Draw a day whose inputs never move, only what is said of them."""
    random = np.random.default_rng(day.toordinal())
    x = random.normal(size=ROWS)
    said = x + random.normal(size=ROWS) + moved
    columns = contract.columns
    frame = pd.DataFrame(
        {
            columns.id: [f"{day}-{n}" for n in range(ROWS)],
            columns.timestamp: pd.Timestamp(day),
            columns.model_version: "1",
            "x": x,
        }
    )
    if contract.classes:
        named = np.where(said > 0, "a", "b")
        frame = frame.assign(p_a=0.5, p_b=0.5)
        return frame.assign(**{columns.prediction: named, columns.label: named})
    return frame.assign(**{columns.prediction: said, columns.label: said})


def reference_of(contract: Contract) -> ReferenceProfile:
    """Learn a reference of twenty days."""
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    rows = pd.concat([rows_of(contract, day) for day in days], ignore_index=True)
    return make_reference(rows, contract, "1", trained_until=FIRST)


def found(
    contract: Contract, reference: ReferenceProfile | None, moved: float = 0.0
) -> list[Finding]:
    """Judge a day's drift of the prediction."""
    profiles = count_day(
        pa.Table.from_pandas(rows_of(contract, TODAY, moved), preserve_index=False),
        contract=contract,
        day=TODAY,
        version="1",
        bins=reference.bins if reference else {},
    )
    context = DayContext(
        day=TODAY,
        contract=contract,
        references={"1": reference} if reference else {},
        label_coverage={"1": 1.0},
    )
    findings = judge_day(measure_version(profiles, reference, contract), context)
    return [
        finding
        for finding in findings
        if finding.measurement.kind is Kind.DRIFT
        and finding.measurement.column == contract.columns.prediction
    ]


@pytest.mark.parametrize("parts", [REGRESSION, MULTICLASS], ids=["number", "class"])
@pytest.mark.parametrize(
    ("moved", "verdict"),
    [(0.0, Verdict.OK), (2.0, Verdict.WARN), (-2.0, Verdict.WARN)],
)
def test_predictions_that_move_warn(
    parts: dict[str, Any], moved: float, verdict: Verdict
) -> None:
    """Other predictions on the same inputs are told; the same ones are ok."""
    contract = make_contract(**parts)
    (finding,) = found(contract, reference_of(contract), moved)
    assert finding.verdict is verdict
    assert finding.measurement.metric == "jensen_shannon"
    assert finding.limit is not None
    assert finding.limit.advisory
    assert finding.p_value is not None


@pytest.mark.parametrize("parts", [REGRESSION, MULTICLASS], ids=["number", "class"])
def test_reference_that_did_not_count_predictions_is_told_of(
    parts: dict[str, Any],
) -> None:
    """An old reference is no error and no health: the reader learns what to do."""
    contract = make_contract(**parts)
    known = reference_of(contract)
    name = contract.columns.prediction
    assert name in known.profile.columns
    old = without(known, name)
    (finding,) = found(contract, old, moved=2.0)
    assert finding.verdict is Verdict.NO_DATA
    assert "log it again" in finding.reason
    assert found(contract, None) == []


def without(reference: ReferenceProfile, name: str) -> ReferenceProfile:
    """Return a reference as it was built before predictions were counted."""
    columns = {n: c for n, c in reference.profile.columns.items() if n != name}
    bins = {n: b for n, b in reference.bins.items() if n != name}
    profile = replace(reference.profile, columns=columns)
    return replace(reference, profile=profile, bins=bins)


def test_binary_model_is_watched_by_its_score() -> None:
    """Its score says more than its decision; no second number is asked for."""
    contract = make_contract()
    assert watched_prediction(contract) == ()
    assert binned_columns(contract) == ("score",)
    assert category_columns(contract) == ()
