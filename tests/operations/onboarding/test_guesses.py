"""What columns mean is guessed from what they hold, and said."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.operations.onboarding.facts import Guess, Kind, describe, words_of
from monitoring_tasks.operations.onboarding.inputs import guess_inputs
from monitoring_tasks.operations.onboarding.keys import (
    guess_arrival,
    guess_ids,
    guess_timestamp,
    guess_version,
)
from monitoring_tasks.operations.onboarding.outputs import guess_label, guess_outputs
from monitoring_tasks.operations.onboarding.promises import guess_promises
from monitoring_tasks.operations.onboarding.timing import (
    guess_hour,
    guess_min_rows,
    guess_timezone,
    label_timing,
)

ROWS = 60
DRAW = np.random.default_rng(5)
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
SURE = Guess(value="y", why="", is_sure=True)


def table(**columns: object) -> pa.Table:
    rows: dict[str, object] = {
        "rank": list(range(ROWS)),
        "loan_no": [f"L{n:03d}" for n in range(ROWS)],
        "when": [NOON + timedelta(minutes=n) for n in range(ROWS)],
        "modelVersion": ["3"] * ROWS,
        "amount": DRAW.normal(size=ROWS),
    }
    made = {name: v for name, v in (rows | columns).items() if v is not None}
    return pa.table(made)


def test_columns_are_described_by_what_they_hold() -> None:
    """Kinds, nulls and values; texts of instants are instants."""
    facts = describe(
        pa.table(
            {
                "n": [1.0, 2.0, None, float("nan")],
                "t": ["2024-03-01 08:00", "2024-03-02T09:00Z", None, "2024-03-03"],
                "b": [True, False, True, None],
                "l": [[1], [2], None, []],
            }
        )
    )
    kinds = [one.kind for one in facts.values()]
    assert kinds == [Kind.NUMBER, Kind.INSTANT, Kind.FLAG, Kind.OTHER]
    number = facts["n"]
    assert (number.nulls, number.distinct, number.low, number.high) == (2, 2, 1.0, 2.0)
    assert (number.is_whole, number.values) == (True, ("1", "2"))
    assert words_of("subject_raceEthnicity") == ("subject", "race", "ethnicity")


def test_ids_are_what_predictions_and_labels_share() -> None:
    """A count of rows is no id when the labels know another one, under its own name."""
    rows = table()
    labels = pa.table({"ref": [f"L{n:03d}" for n in range(10, 40)], "y": [1] * 30})
    of_id, of_label = guess_ids(rows, labels, describe(rows))
    assert (of_id.value, of_label.value) == ("loan_no", "ref")
    assert "90% of the labels' 'ref'" in of_id.why
    none, _ = guess_ids(rows, pa.table({"ref": ["x"] * 4}), describe(rows))
    assert (none.value, none.is_sure) == (None, False)


def test_keys_are_found_by_type_and_name() -> None:
    """When, which version, and when labels came."""
    facts = describe(table(shipped=[date(2024, 3, 1)] * ROWS))
    assert guess_timestamp(facts) == Guess(
        value="when", why="by its name; also instants: shipped"
    )
    alone = guess_timestamp(describe(table()))
    assert alone == Guess(
        value="when", why="the only column with instants", is_sure=True
    )
    assert guess_version(facts, {"3"}) == Guess(
        value="modelVersion", why="by its name; it holds 3", is_sure=True
    )
    assert not guess_version(facts, {"1"}).is_sure
    assert guess_version(describe(table(modelVersion=None)), {"3"}).value is None
    labels = describe(pa.table({"y": [1], "known_at": [NOON], "due": [NOON]}))
    assert guess_arrival(labels, apart_from="").value == "known_at"


@pytest.mark.parametrize(
    ("columns", "truth", "problem", "score"),
    [
        pytest.param(
            {"proba": DRAW.random(ROWS), "y_pred": [0, 1] * 30}, [0, 1], "binary",
            "proba", id="binary",
        ),
        pytest.param(
            {"forecast": DRAW.normal(size=ROWS)}, list(DRAW.normal(size=ROWS)),
            "regression", None, id="regression",
        ),
        pytest.param(
            {
                "p_debit_card": [0.2] * 20 + [0.5] * 20 + [0.1] * 20,
                "p_prepaid_card": [0.3] * 20 + [0.25] * 20 + [0.7] * 20,
                "p_none": [0.5] * 20 + [0.25] * 20 + [0.2] * 20,
                "pred": ["none", "debit_card", "prepaid_card"] * 20,
            },
            ["none", "debit_card", "prepaid_card"],
            "multiclass",
            {
                "debit_card": "p_debit_card",
                "prepaid_card": "p_prepaid_card",
                "none": "p_none",
            },
            id="multiclass",
        ),
        pytest.param(
            {
                "p_0": [0.2, 0.6, 0.3] * 20,
                "p_1": [0.8, 0.4, 0.7] * 20,
                "pred": [1, 0, 1] * 20,
            },
            [1, 0], "binary", "p_1", id="a column for no and for yes",
        ),
    ],
)  # fmt: skip
def test_problem_and_outputs_follow_from_the_values(
    columns: dict[str, object], truth: list[object], problem: str, score: object
) -> None:
    """Columns that add up to 1, two values, or many numbers."""
    rows = table(**columns)
    label = describe(pa.table({"y": truth}))["y"]
    taken = {"rank", "loan_no", "when", "modelVersion", "amount"}
    found = guess_outputs(rows, describe(rows), SURE, label, apart_from=taken)
    assert (found.problem.value, found.score.value) == (problem, score)
    assert found.prediction.value == [n for n in columns if n != "proba"][-1]


def test_label_is_what_is_left_or_called_so() -> None:
    """The only other column of the labels; else by its name, never a prediction."""
    alone = describe(pa.table({"id": ["a"], "paid": [1]}))
    assert guess_label(alone, apart_from={"id"}, is_apart=True).value == "paid"
    rows = describe(pa.table({"y_pred": [1], "y_true": [0], "z": [2]}))
    assert guess_label(rows, apart_from=(), is_apart=False).value == "y_true"
    assert guess_label(alone, apart_from={"id"}, is_apart=False).value is None
    rows = describe(pa.table({"price_new": [1], "predicted_price": [1], "price": [2]}))
    assert guess_label(rows, apart_from=(), is_apart=False).value == "price"


def test_inputs_are_those_of_the_signature() -> None:
    """Kinds by type, name and values; what cannot be watched is said."""
    facts = describe(
        table(
            hour=[n % 24 for n in range(ROWS)],
            weekend_nights=[n % 5 for n in range(ROWS)],
            doors=[2, 4] * 30,
            fuel=["gas", "oil"] * 30,
            sex=["f", "m"] * 30,
            note=[f"free {n}" for n in range(ROWS)],
            spare=[1.5] * ROWS,
        )
    )
    signature = dict.fromkeys(
        ["amount", "hour", "weekend_nights", "doors", "fuel", "note", "gone"], ""
    )
    found = guess_inputs(facts, signature, apart_from={"rank", "loan_no", "when"})
    assert found.continuous == ("amount",)
    assert found.categorical == ("weekend_nights", "doors", "fuel")
    assert found.calendar == ("hour",)
    assert found.absent == ("gone",)
    assert found.protected == ("sex",)
    assert found.left_out["note"] == f"{ROWS} different texts are no categories"
    assert found.left_out["spare"] == "no input of the model"


def test_volume_and_time_are_counted() -> None:
    """Half of a median day; labels by their delay; days where the zone says."""
    days = {date(2024, 3, n): 24 for n in range(1, 10)}
    assert guess_min_rows(days).value == 12
    assert guess_timezone("Europe/Berlin", is_aware=True).value == "Europe/Berlin"
    assert not guess_timezone("", is_aware=False).is_sure
    late = label_timing([9.5 * 86_400] * 99 + [40 * 86_400], rows=200, labelled=100)
    assert (late.labelled, late.usual_days, late.last_days) == (0.5, 10, 10)
    assert guess_hour([7, 8, 8], 1).value == 9
    assert guess_hour([7, 8, 8], 10).value == 6


@pytest.mark.parametrize(
    ("problem", "promised"),
    [
        (Problem.BINARY, ["realized roc_auc", "estimated roc_auc"]),
        (Problem.MULTICLASS, ["realized accuracy", "estimated accuracy"]),
        (Problem.REGRESSION, ["realized mae", "estimated mae", "realized bias"]),
    ],
)
def test_promises_fit_the_problem(problem: Problem, promised: list[str]) -> None:
    """Errors set the size of limits; without labels only estimates are promised."""
    predicted, truth = np.array([10.0, 12.0, 11.0]), np.array([11.0, 11.0, 13.0])
    found = guess_promises(problem, predicted, truth, has_labels=True)
    assert [f"{one.source} {one.metric}" for one in found] == promised
    if problem is Problem.REGRESSION:
        assert found[0].limits == {"max_drop": 0.2}
        assert found[2].limits == {"min": -1.0, "max": 1.0}
    unknown = np.full(3, np.nan)
    blind = guess_promises(problem, predicted, unknown, has_labels=False)
    assert [one.source for one in blind] == ["estimated"]


@pytest.mark.parametrize(
    ("rows", "drop", "error"),
    [(3_000, 0.03, 0.1), (150, 0.04, 0.1), (60, 0.05, 0.1), (24, 0.05, 0.15)],
)
def test_no_loss_is_promised_that_a_week_cannot_tell(
    rows: int, drop: float, error: float
) -> None:
    """2.576 * 0.5 / sqrt(7 * 150) = 0.0397; 2.576 * 0.756 / sqrt(7 * 24) = 0.150."""
    nothing, numbers = np.empty(0), np.array([10.0, 12.0])
    binary = guess_promises(
        Problem.BINARY, nothing, nothing, has_labels=True, rows_by_day=[rows]
    )
    assert binary[0].limits == {"max_drop": pytest.approx(drop)}
    rare = guess_promises(
        Problem.BINARY,
        nothing,
        nothing,
        has_labels=True,
        rows_by_day=[rows],
        rarer=0.005,
    )
    # One row of two hundred is positive: 4 * .005 * .995 of the rows tell.
    assert rare[0].limits == {"max_drop": 0.05}
    number = guess_promises(
        Problem.REGRESSION, numbers, numbers + 1, has_labels=True, rows_by_day=[rows]
    )
    assert number[0].limits == {"max_drop": pytest.approx(error)}
