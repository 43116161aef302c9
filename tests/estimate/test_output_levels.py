"""How outputs lie, from counts alone: labels or not."""

import pytest

from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    ContinuousCounts,
    MulticlassOutcome,
    RegressionOutcome,
)
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.output_levels import measure_outputs
from tests.builders import COLUMNS, make_contract, make_profile

CELLS = {(2_000, 0, -1): 30, (6_000, 1, 1): 10, (9_000, -1, 0): 10}
SCORES = BinaryOutcome(
    cells=CELLS,
    score_sums={cell: rows * (cell[0] / 10_000) for cell, rows in CELLS.items()},
    invalid=5,
)
CLASSES = MulticlassOutcome(cells={("a", None): 30, ("b", "a"): 10})
MULTICLASS = make_contract(
    problem="multiclass",
    classes=["a", "b", "c"],
    columns=COLUMNS | {"score": {"a": "p_a", "b": "p_b", "c": "p_c"}},
)
REGRESSION = make_contract(
    problem="regression",
    columns={key: name for key, name in COLUMNS.items() if key != "score"},
)
NUMBERS = ContinuousCounts(rows=5, nulls=1, total=40.0, squares=432.0)


def measured(profile: DayProfile, contract: object = None) -> dict[str, Measurement]:
    """Return the numbers of a profile by metric."""
    numbers = measure_outputs(profile, contract or make_contract())  # type: ignore[arg-type]
    return {number.metric: number for number in numbers}


def test_scores_and_decisions_of_a_binary_model() -> None:
    """Scores of all rows with one, decisions of those with one; no label is read."""
    numbers = measured(make_profile(outcome=SCORES, segment="a=b"))
    mean, rate = numbers["score_mean"], numbers["decision_rate"]
    assert (mean.value, mean.rows) == (pytest.approx((6 + 6 + 9) / 50), 50)
    assert (rate.value, rate.rows) == (0.25, 40)
    assert {(n.kind, n.segment) for n in numbers.values()} == {("output", "a=b")}


def test_interval_of_a_mean_is_that_of_its_rows() -> None:
    """Half-width is 1.96 standard errors, from the rows' own variance."""
    profile = make_profile(
        outcome=RegressionOutcome(rows=5), columns={"prediction": NUMBERS}
    )
    (number,) = measured(profile, REGRESSION).values()
    error = ((432 / 4 - 10**2) * 4 / 3 / 4) ** 0.5
    assert number.upper is not None
    assert (number.metric, number.value, number.rows) == ("prediction_mean", 10, 4)
    assert number.upper - 10 == pytest.approx(1.959964 * error, rel=1e-6)


def test_classes_that_are_never_predicted_have_a_share_of_0() -> None:
    """Of the declared classes; scores of a class where its column was counted."""
    counted = ContinuousCounts(rows=4, total=2.0, squares=1.0)
    profile = make_profile(outcome=CLASSES, columns={"p_b": counted})
    numbers = measured(profile, MULTICLASS)
    assert {name: number.value for name, number in numbers.items()} == {
        "decision_rate_a": 0.75,
        "decision_rate_b": 0.25,
        "decision_rate_c": 0.0,
        "score_mean_b": 0.5,
    }


@pytest.mark.parametrize(
    ("outcome", "contract", "metrics"),
    [
        pytest.param(
            BinaryOutcome(), None, {"score_mean", "decision_rate"}, id="binary"
        ),
        pytest.param(
            MulticlassOutcome(),
            MULTICLASS,
            {"decision_rate_a", "decision_rate_b", "decision_rate_c"},
            id="multiclass",
        ),
        pytest.param(RegressionOutcome(), REGRESSION, set(), id="not counted"),
    ],
)
def test_without_a_row_there_is_no_value_and_a_reason(
    outcome: object, contract: object, metrics: set[str]
) -> None:
    """Absence is never a level of 0."""
    numbers = measured(make_profile(outcome=outcome), contract)  # type: ignore[arg-type]
    assert set(numbers) == metrics
    assert all(n.value is None and n.reason for n in numbers.values())
