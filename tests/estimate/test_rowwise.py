"""Row-level estimates through NannyML: equal to it, reusable, never silent."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.rowwise import fit_loss, fit_multiclass
from tests.estimate.count_by_hand import make_contract

Rows = tuple[pd.DataFrame, pd.DataFrame]
ROWS = 4000
# NannyML is called here as we call it: one chunk; and it uses what
# pandas 4 will take away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The resulting number of chunks is too low"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LOAN_COLUMNS = make_contract(
    continuous=["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"],
    categorical=["salary_range", "repaid_loan_on_prev_car", "size_of_downpayment"],
).columns
PRICE_COLUMNS = make_contract(
    "regression",
    continuous=["car_age", "km_driven", "price_new", "accident_count", "door_count"],
    categorical=["fuel", "transmission"],
).columns
CLASSES = ["prepaid_card", "highstreet_card", "upmarket_card"]
CARD_COLUMNS = Columns(
    id="id",
    timestamp="timestamp",
    model_version="version",
    prediction="prediction",
    label="label",
    score={name: f"y_pred_proba_{name}" for name in CLASSES},
)


def by_metric(measured: list[Measurement]) -> dict[str, Measurement]:
    """Index measurements by metric."""
    return {m.metric: m for m in measured}


def test_loss_equals_nannyml(nannyml: ModuleType, car_price: Rows) -> None:
    """DLE on coded categories gives what NannyML gives on codes made by hand."""
    reference, day = car_price[0][:ROWS], car_price[1][:ROWS]
    theirs = nannyml.DLE(
        feature_column_names=[
            *PRICE_COLUMNS.continuous,
            *PRICE_COLUMNS.categorical,
        ],
        y_pred="prediction",
        y_true="label",
        metrics=["mae", "rmse"],
        chunk_number=1,
        hyperparameters={"n_jobs": 1, "verbosity": -1},
    )
    expected = theirs.fit(coded(reference)).estimate(coded(day)).data.iloc[-1]
    fitted = fit_loss(reference, PRICE_COLUMNS)
    ours = by_metric(fitted.measure(day, version="1", confidence=0.9973))
    for metric in ("mae", "rmse"):
        value = expected[(metric, "value")]
        assert ours[metric].value == pytest.approx(value, rel=1e-9)
        upper = expected[(metric, "upper_confidence_boundary")]
        assert ours[metric].upper == pytest.approx(upper, rel=1e-4)


def coded(rows: pd.DataFrame) -> pd.DataFrame:
    """Replace text by codes in alphabetical order."""
    codes = {
        name: pd.Categorical(rows[name].rank(method="dense").astype("int64"))
        for name in PRICE_COLUMNS.categorical
    }
    return rows.assign(**codes)


def test_loss_leaves_out_rows_without_a_prediction_and_says_so(car_price: Rows) -> None:
    """A null prediction has no error to estimate."""
    day = car_price[1][:100].copy()
    day.loc[day.index[:7], "prediction"] = np.nan
    fitted = fit_loss(car_price[0][:1000], PRICE_COLUMNS)
    measured = by_metric(fitted.measure(day, version="1", confidence=0.95))
    assert set(measured) == {"mae", "rmse"}
    assert {m.rows for m in measured.values()} == {93}
    assert {m.reason for m in measured.values()} == {"7 unusable rows left out"}


def test_multiclass_equals_nannyml(nannyml: ModuleType, cards: Rows) -> None:
    """Multiclass CBPE: same values and standard errors."""
    reference, day = cards[0][:ROWS], cards[1][:ROWS]
    theirs = nannyml.CBPE(
        problem_type="classification_multiclass",
        y_pred_proba=CARD_COLUMNS.score,
        y_pred="prediction",
        y_true="label",
        metrics=["roc_auc", "f1", "accuracy"],
        chunk_number=1,
    )
    theirs.fit(reference)
    expected = theirs.estimate(day).data.iloc[-1]
    fitted = fit_multiclass(reference, CARD_COLUMNS)
    ours = by_metric(fitted.measure(day, version="1", confidence=0.9973))
    assert set(ours) == {"roc_auc", "f1", "accuracy"}
    for metric, number in ours.items():
        value = expected[(metric, "value")]
        assert number.value == pytest.approx(value, abs=1e-9)
        lower = expected[(metric, "lower_confidence_boundary")]
        assert number.lower == pytest.approx(lower, abs=1e-5)


def test_multiclass_refuses_a_single_score_column() -> None:
    """Classes cannot be told apart by one score."""
    with pytest.raises(EstimationError, match="class: column"):
        fit_multiclass(pd.DataFrame(), LOAN_COLUMNS)
