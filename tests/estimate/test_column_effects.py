from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.column_effects import column_effects, predicted_metric
from monitoring_tasks.estimate.column_shift import effective_rows, shift_of
from monitoring_tasks.estimate.counting import count_day
from monitoring_tasks.estimate.reference import bins_for
from tests.builders import DAY, make_contract, make_reference

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

FEATURES = {"continuous": ["x", "y", "flat"], "categorical": ["kind", "is_new"]}
COLUMNS = {
    "id": "id",
    "timestamp": "at",
    "model_version": "version",
    "prediction": "prediction",
    "label": "label",
    "score": "score",
    **FEATURES,
}
DAYS = 14
ROWS = 300
"""Of a day."""


def contract_of(**parts: object) -> Contract:
    """Return a contract with an AUC that was promised, parts replaced."""
    known: dict[str, Any] = {
        "columns": COLUMNS,
        "objectives": [{"metric": "roc_auc", "source": "realized", "min": 0.6}],
    }
    return make_contract(**known | parts)


def drawn(rows: int, *, seed: int = 0, x: float = 1.0, y: float = 0.0) -> pd.DataFrame:
    """Draw rows of a model that ranks well for small x, not at all for x above 0.7.

    `x` is uniform up to the power of `x`: a power below 1 makes large ones common. `y`
    is a normal number around `y` that nothing depends on; `kind` is `hard` for large x.
    """
    rng = np.random.default_rng(seed)
    values = rng.uniform(size=rows) ** x
    label = rng.integers(0, 2, size=rows)
    is_hard = values > 0.7
    told = np.where(is_hard, rng.integers(0, 2, size=rows), label)
    score = np.clip(0.3 + 0.4 * told + rng.normal(0, 0.15, size=rows), 0, 1)
    return pd.DataFrame(
        {
            "id": [str(i) for i in range(rows)],
            "at": pd.Timestamp(DAY),
            "version": "1",
            "x": values,
            "y": rng.normal(y, 1, size=rows),
            "flat": 5.0,
            "kind": np.where(is_hard, "hard", "easy"),
            "is_new": is_hard,
            "score": score,
            "prediction": (score > 0.5).astype(int),
            "label": label,
        }
    )


REFERENCE_ROWS = drawn(DAYS * ROWS)
OF_DAY = [date(2013, 5, 1) + timedelta(days=i // ROWS) for i in range(DAYS * ROWS)]
BINS = {
    name: bins_for(REFERENCE_ROWS[name].to_numpy(dtype=float))
    for name in FEATURES["continuous"]
}


def counted(rows: pd.DataFrame, contract: Contract) -> DayProfile:
    """Count rows as a day."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    return count_day(table, contract=contract, day=DAY, version="1", bins=BINS)[0]


def effects_of(
    today: pd.DataFrame,
    *columns: str,
    rows: pd.DataFrame = REFERENCE_ROWS,
    days: list[date] = OF_DAY,
    contract: Contract | None = None,
) -> dict[str, ColumnEffect]:
    """Predict the effect of columns of a day."""
    contract = contract or contract_of()
    reference = make_reference(bins=BINS)
    found = column_effects(
        rows,
        days,
        profile=counted(today, contract),
        reference=reference,
        contract=contract,
        columns=columns,
    )
    return {effect.column: effect for effect in found}


def test_a_small_move_that_hurts_costs_and_a_large_one_that_does_not_is_harmless() -> (
    None
):
    """The loss of x is that of 400,000 such rows drawn anew, .098; y costs nothing."""
    found = effects_of(drawn(2000, seed=1, x=0.5, y=2.0), "x", "y")
    assert found["x"].hurts
    assert found["x"].loss == pytest.approx(0.098, abs=0.012)
    assert found["x"].rows < len(REFERENCE_ROWS)
    assert found["y"].is_harmless
    assert not found["y"].hurts


@pytest.mark.parametrize("column", ["kind", "is_new"])
def test_a_category_that_became_common_costs_what_its_rows_cost(column: str) -> None:
    """Text and truth values are told apart as the day's counts name them."""
    found = effects_of(drawn(2000, seed=1, x=0.5), column)[column]
    assert found.unlike == 0
    assert found.loss == pytest.approx(0.098, abs=0.012)


def test_a_day_like_the_reference_costs_nothing() -> None:
    """Weights of one leave the metric as it is, to the last bit of rounding."""
    found = effects_of(REFERENCE_ROWS, "x", "flat")
    for effect in found.values():
        assert effect.loss == pytest.approx(0, abs=1e-12)
        assert effect.rows == len(REFERENCE_ROWS)
        assert effect.is_harmless


def test_fewer_hard_rows_are_a_gain() -> None:
    """A loss below 0 hurts nobody."""
    found = effects_of(drawn(2000, seed=1, x=2.0), "x")["x"]
    assert (found.upper or 0) < 0
    assert found.is_harmless


def test_lower_is_better_turns_the_sign() -> None:
    """A larger Brier score is a loss."""
    promised = {"metric": "brier", "source": "realized", "max": 0.3}
    contract = contract_of(objectives=[promised])
    found = effects_of(drawn(2000, seed=1, x=0.5), "x", contract=contract)["x"]
    assert found.metric == "brier"
    assert found.hurts


def test_a_constant_that_became_another_one_is_not_known() -> None:
    """No row of the reference is like any of the day."""
    today = drawn(500).assign(flat=6.0)
    found = effects_of(today, "flat")["flat"]
    assert found.unlike == 1
    assert found.loss is None
    assert not found.is_harmless
    assert "no reference row resembles any" in found.reason


def test_unseen_categories_are_left_out_and_said() -> None:
    """Nothing is predicted of a fifth that is new, so nobody calls it harmless."""
    today = drawn(1000, seed=3)
    today.loc[:199, "kind"] = "never seen"
    found = effects_of(today, "kind")["kind"]
    assert found.unlike == pytest.approx(0.2)
    assert found.loss is not None
    assert not found.hurts
    assert not found.is_harmless
    assert "20% of the day's rows resemble no" in found.reason


def test_missing_values_are_a_kind_of_row() -> None:
    """Where rows without a value are the hard ones, a flood of them costs."""
    rows = REFERENCE_ROWS.copy()
    rows.loc[rows["is_new"], "x"] = np.nan
    rows.loc[rows["is_new"], "kind"] = None
    today = drawn(2000, seed=1, x=0.5)
    today.loc[today["is_new"], "x"] = np.inf
    today.loc[today["is_new"], "kind"] = None
    found = effects_of(today, "x", "kind", rows=rows)
    assert found["x"].loss == pytest.approx(0.098, abs=0.02)
    assert found["kind"].loss == pytest.approx(0.098, abs=0.012)


def test_rows_without_label_or_score_do_not_count() -> None:
    """They change neither the weights nor the loss."""
    today = drawn(2000, seed=1, x=0.5)
    broken = REFERENCE_ROWS.astype({"label": float}).copy()
    broken.loc[:99, "label"] = np.nan
    broken.loc[100:199, "score"] = np.nan
    found = effects_of(today, "x", rows=broken)
    left = effects_of(
        today, "x", rows=REFERENCE_ROWS[200:], days=OF_DAY[200:], contract=contract_of()
    )
    assert found == left


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param(REFERENCE_ROWS[:0], "of 0 days are fewer than 7", id="empty"),
        pytest.param(REFERENCE_ROWS[:1800], "of 6 days are fewer", id="six days"),
        pytest.param(
            REFERENCE_ROWS.assign(label=1), "roc_auc is not defined", id="one class"
        ),
        pytest.param(
            REFERENCE_ROWS.drop(columns="x"), "lack this column", id="no column"
        ),
    ],
)
def test_a_reference_that_cannot_tell_says_why(rows: pd.DataFrame, why: str) -> None:
    """No number, no harmlessness, but the reason."""
    days = OF_DAY[: len(rows)]
    found = effects_of(drawn(500), "x", rows=rows, days=days)["x"]
    assert (found.loss, found.lower, found.upper) == (None, None, None)
    assert why in found.reason
    assert not found.is_harmless


def test_seven_days_of_reference_are_enough() -> None:
    """The limit is where it is documented."""
    found = effects_of(drawn(500), "x", rows=REFERENCE_ROWS[:2100], days=OF_DAY[:2100])[
        "x"
    ]
    assert found.loss is not None


def test_too_few_effective_rows_are_not_believed() -> None:
    """A day in the one bin that the reference hardly has: a handful of rows tell."""
    lonely = float(REFERENCE_ROWS["y"].max())
    found = effects_of(drawn(500).assign(y=lonely), "y")["y"]
    assert found.loss is None
    assert "effective rows support it, 100 are needed" in found.reason


def test_a_column_that_was_not_counted_is_not_known() -> None:
    """A score of a day without it, or a column nobody declared any more."""
    found = effects_of(drawn(500).drop(columns="x"), "x")["x"]
    assert found.reason == "the column was not counted on the day"


@pytest.mark.parametrize(
    ("objectives", "metric"),
    [
        pytest.param([], "roc_auc", id="nothing promised"),
        pytest.param(
            [
                {"metric": "error_ratio", "source": "service", "max": 0.1},
                {
                    "metric": "f1",
                    "source": "realized",
                    "min": 0.1,
                    "segment": "kind=hard",
                },
                {"metric": "calibration_error", "source": "realized", "max": 0.1},
                {"metric": "recall", "source": "realized", "min": 0.1},
            ],
            "recall",
            id="the first that can be weighted",
        ),
    ],
)
def test_effects_are_predicted_of_what_is_promised(
    objectives: list[dict[str, object]], metric: str
) -> None:
    """Of the whole batch, and of a number that weights can be put on."""
    columns = COLUMNS | {"error": "error", "segments": ["kind"]}
    contract = contract_of(objectives=objectives, columns=columns)
    assert predicted_metric(contract) == metric


def test_weights_make_the_rows_spread_as_the_day() -> None:
    """Each bin has the day's share once rows are weighted; rows left out weigh 0."""
    today = drawn(2000, seed=1, x=0.5)
    part = counted(today, contract_of()).columns["x"]
    shift = shift_of(REFERENCE_ROWS["x"], part, BINS["x"])
    assert not isinstance(shift, str)
    kept = (np.arange(len(REFERENCE_ROWS)) % 2).astype(float)
    weights = shift.weights(kept)
    shares = np.bincount(shift.cell_of, weights=weights, minlength=len(shift.today))
    present = shift.today * (shares > 0)
    assert shares / shares.sum() == pytest.approx(present / present.sum())
    assert not weights[kept == 0].any()
    assert 0 < effective_rows(weights) < kept.sum()


def test_no_weight_is_larger_than_a_root_of_the_rows() -> None:
    """One row that would stand for the whole day is held back."""
    rows = pd.Series(["a"] * 399 + ["b"])
    day = counted(drawn(100).assign(kind="b"), contract_of()).columns["kind"]
    shift = shift_of(rows, day, None)
    assert not isinstance(shift, str)
    assert shift.weights(np.ones(400)).max() == pytest.approx(20)


def test_an_empty_day_has_no_shift() -> None:
    """Nothing moved where nothing is."""
    part = replace(counted(drawn(9), contract_of()).columns["x"], rows=0)
    assert shift_of(REFERENCE_ROWS["x"], part, BINS["x"]) == "the day has no rows"
