"""How the labels of a day lie, whatever the problem."""

import pyarrow as pa
import pytest

from monitoring_tasks.domain.counts import BinaryOutcome, MulticlassOutcome
from monitoring_tasks.estimate.label_summaries import summarize_labels
from tests.builders import COLUMNS, make_contract, make_profile

NO_ROWS = pa.table({})
BINARY = BinaryOutcome(
    cells={(2000, 0, 0): 60, (2000, 0, 1): 20, (8000, 1, 1): 20, (8000, 1, -1): 50},
    score_sums={
        (2000, 0, 0): 12.0,
        (2000, 0, 1): 4.0,
        (8000, 1, 1): 16.0,
        (8000, 1, -1): 40.0,
    },
)


def test_rate_and_mean_score_are_of_the_labelled_rows() -> None:
    """Two versions of a day are one day of labels; a thin segment is left out."""
    contract = make_contract(columns=COLUMNS | {"segments": ["region"]})
    thin = make_profile(
        segment="region=a",
        outcome=BinaryOutcome(cells={(1, 0, 1): 9}, score_sums={(1, 0, 1): 0.0009}),
    )
    both = [make_profile(outcome=BINARY), make_profile(outcome=BINARY, version="2")]
    found = summarize_labels([*both, thin], NO_ROWS, contract)
    assert set(found) == {"all"}
    labels = found["all"]
    assert (labels.rows, labels.levels["1"]) == (200, pytest.approx(0.4))
    assert labels.outputs["1"] == pytest.approx(0.32)
    assert labels.slope == pytest.approx(1.25)


def test_class_that_no_label_names_has_a_share_of_nothing() -> None:
    """The model still predicts it."""
    contract = make_contract(
        problem="multiclass",
        columns=COLUMNS | {"score": {"a": "p_a", "b": "p_b"}},
        classes=["a", "b"],
    )
    outcome = MulticlassOutcome(cells={("a", "a"): 150, ("b", "a"): 50, ("b", None): 9})
    labels = summarize_labels([make_profile(outcome=outcome)], NO_ROWS, contract)["all"]
    assert labels.levels == {"a": 1.0, "b": 0.0}
    assert labels.outputs == {"a": 0.75, "b": 0.25}


def test_quantiles_of_a_number_are_of_rows_with_label_and_prediction() -> None:
    """By segment too; rows without a label do not count."""
    columns = {k: v for k, v in COLUMNS.items() if k != "score"} | {
        "segments": ["region"]
    }
    contract = make_contract(problem="regression", columns=columns)
    rows = pa.table(
        {
            "label": [*map(float, range(200)), None],
            "prediction": [float(2 * n) for n in range(201)],
            "region": ["a"] * 150 + ["b"] * 51,
        }
    )
    profiles = [make_profile(), make_profile(segment="region=a")]
    found = summarize_labels(profiles, rows, contract)
    assert set(found) == {"all", "region=a"}
    assert found["all"].levels["50%"] == pytest.approx(99.5)
    assert found["all"].slope == pytest.approx(0.5)
    assert found["region=a"].outputs["50%"] == pytest.approx(149.0)
    curves = found["region=a"].curves
    assert curves is not None
    ends = [
        (c.values[0], c.values[-1])
        for c in (curves.labels, curves.outputs, curves.residuals)
    ]
    assert ends == [(0, 149), (0, 298), (-149, 0)]
