"""NannyML's synthetic car loans: everything in them is made, time included.

The first half of their analysis period is drawn as their reference was: a null. In the
second half their makers moved the inputs; by AUC that costs .01. There is no model,
only its scores; what is registered is a stand-in that never scores.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.judgement import census
from benchmarks.judgement.raw import World, write_days, write_version
from benchmarks.judgement.shipped import shipped_rows

CONTINUOUS = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"]
CATEGORICAL = ["salary_range", "repaid_loan_on_prev_car", "size_of_downpayment"]
TRAINED = (date(2017, 1, 1), date(2017, 12, 31))
"""Made: nobody says when the model was trained."""
DRIFTED_FROM = date(2019, 3, 31)
CONTRACT: dict[str, Any] = {
    **census.CONTRACT,
    "model": "car_loan",
    "owners": ["loan-team"],
    "timezone": "UTC",
    "columns": {
        "id": "loan",
        "timestamp": "asked_at",
        "model_version": "model_version",
        "score": "score",
        "prediction": "prediction",
        "label": "repaid",
        "continuous": CONTINUOUS,
        "categorical": CATEGORICAL,
    },
    "objectives": [
        {"metric": "roc_auc", "source": "realized", "max_drop": 0.05},
        {"metric": "roc_auc", "source": "estimated", "max_drop": 0.05},
    ],
}


def make(folder: Path) -> None:
    """Write the reference and the days of the analysis period."""
    truth = shipped_rows("synthetic_car_loan_analysis_target.csv")
    watched = shipped_rows("synthetic_car_loan_analysis.csv").merge(
        truth, on="id", how="left"
    )
    reference = _shape(shipped_rows("synthetic_car_loan_reference.csv"))
    model = LogisticRegression().fit(reference[CONTINUOUS], reference["repaid"])
    write_version(
        folder,
        "1",
        reference=reference.drop(columns="day"),
        model=model,
        trained=TRAINED,
    )
    write_days(folder, _shape(watched), WORLD.parsed, days=WORLD.days)


def _shape(rows: pd.DataFrame) -> pd.DataFrame:
    at = pd.to_datetime(rows["timestamp"], utc=True)
    return pd.DataFrame(
        {
            "loan": "l" + rows["id"].astype("str"),
            "day": at.dt.tz_localize(None).dt.normalize(),
            "asked_at": at,
            "model_version": "1",
            **{name: rows[name].astype("float64") for name in CONTINUOUS},
            **{name: rows[name].astype("str") for name in CATEGORICAL},
            "score": rows["y_pred_proba"].astype("float64"),
            "prediction": rows["y_pred"].astype("int64"),
            "repaid": rows["repaid"].astype("float64"),
        }
    )


WORLD = World(
    name="car-loan",
    about="NannyML's synthetic car loans, all made: until March drawn as the reference "
    "was, from 31 March on drifted by their makers",
    first=date(2018, 10, 31),
    last=date(2019, 8, 28),
    contract=CONTRACT,
    make=make,
    served=lambda _: "1",
    tuned_until=date(2018, 10, 30),
    drifted_from=DRIFTED_FROM,
)
