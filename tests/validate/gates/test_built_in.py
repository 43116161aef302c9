"""Too many segments and numbers beyond all sums are said, by column and count."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.domain.findings import Check, Verdict
from monitoring_tasks.validate.gates.label_checks import check_labels
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.gates.table_rows import TableRows
from tests.builders import COLUMNS, make_contract

LARGEST_DOUBLE = float(np.finfo(np.float64).max)
ROWS = 120
CONTRACT = make_contract(
    problem="regression",
    columns=COLUMNS | {"score": None, "continuous": ["x"], "segments": ["place"]},
)


def failed(**columns: object) -> tuple[Verdict, dict[str, Check]]:
    """Return the verdict on a day with changed columns, and what failed."""
    names = CONTRACT.columns
    known: dict[str, object] = {
        names.id: [f"r{n}" for n in range(ROWS)],
        names.timestamp: [datetime(2024, 3, 1, tzinfo=UTC)] * ROWS,
        names.model_version: ["1"] * ROWS,
        names.prediction: [float(n) for n in range(ROWS)],
        "x": [float(n) for n in range(ROWS)],
        "place": ["north", "south"] * (ROWS // 2),
    }
    verdict = check_predictions(
        TableRows(pa.table(known | columns)), contract=CONTRACT, suite=None
    )
    return verdict.verdict, {c.name: c for c in verdict.checks if c.status == "failed"}


def test_column_of_too_many_segments_is_named() -> None:
    """The day is judged; the finding says how many there are and what to do."""
    verdict, found = failed(place=[f"p{n}" for n in range(ROWS)])
    check = found["segments_are_few_enough"]
    assert verdict is Verdict.WARN
    assert check.column == "place"
    assert check.observed.startswith("120 different values, at most 100 are watched")
    assert "columns.segments" in check.observed


@pytest.mark.parametrize(
    ("column", "stated"),
    [("x", Verdict.WARN), (CONTRACT.columns.prediction, Verdict.BREACH)],
)
def test_number_that_cannot_be_added_up_is_named(column: str, stated: Verdict) -> None:
    """Column, count and ids; infinity of an input is said by nobody here."""
    values = [LARGEST_DOUBLE, -1e100, float("inf"), None, *map(float, range(ROWS - 4))]
    verdict, found = failed(**{column: values})
    check = found["numbers_can_be_added_up"]
    assert verdict is stated
    assert (check.column, check.failing_rows) == (column, 2)
    assert check.failing_ids == ("r0", "r1")


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_row_without_a_predicted_number_is_not_judged_by_the_others(
    value: float | None, kind: pa.DataType
) -> None:
    """Every metric would leave it out; a regression has no score that fails for it."""
    name = CONTRACT.columns.prediction
    numbers = pa.array([value, *map(float, range(ROWS - 1))], kind)
    verdict, found = failed(**{name: numbers})
    check = found["every_row_has_a_value"]
    assert verdict is Verdict.BREACH
    assert (check.column, check.failing_rows, check.failing_ids) == (name, 1, ("r0",))


def test_failed_scoring_needs_no_prediction() -> None:
    """The error column says so, of a regression as of scores."""
    contract = make_contract(
        problem="regression", columns=COLUMNS | {"score": None, "error": "failed"}
    )
    names = contract.columns
    rows = pa.table(
        {
            names.id: [f"r{n}" for n in range(ROWS)],
            names.timestamp: [datetime(2024, 3, 1, tzinfo=UTC)] * ROWS,
            names.model_version: ["1"] * ROWS,
            names.prediction: [None, *map(float, range(ROWS - 1))],
            "failed": [True, *[False] * (ROWS - 1)],
        }
    )
    verdict = check_predictions(TableRows(rows), contract=contract, suite=None)
    assert verdict.is_fit


def test_label_that_cannot_be_added_up_is_named() -> None:
    """A truth beyond all sums counts as none."""
    columns = CONTRACT.columns
    labels = pa.table({columns.id: ["r0", "r1"], columns.label: [1.0, LARGEST_DOUBLE]})
    verdict = check_labels(labels, CONTRACT, suite=None)
    found = [c for c in verdict.checks if c.status == "failed"]
    assert verdict.verdict is Verdict.WARN
    assert [(c.name, c.failing_ids) for c in found] == [
        ("numbers_can_be_added_up", ("r1",))
    ]


def test_ids_and_values_of_a_finding_are_short_and_plain() -> None:
    """A customer's words are not repeated at length, nor is what steers a terminal."""
    words = "\x1b[2J" + "please call me back " * 1000
    contract = make_contract(
        problem="multiclass",
        classes=["a", "b"],
        columns=COLUMNS | {"score": {"a": "sa", "b": "sb"}},
    )
    labels = pa.table({COLUMNS["id"]: [words, "r1"], COLUMNS["label"]: [words, "a"]})
    verdict = check_labels(labels, contract, suite=None)
    (check,) = [c for c in verdict.checks if c.status == "failed"]
    assert check.failing_rows == 1
    assert max(map(len, (check.observed, *check.failing_ids))) <= 80
    assert "\x1b" not in check.observed
