"""NannyML's synthetic car loans: everything in them is made, time included.

The first half of their analysis period is drawn as their reference was: a null. There
is no model, only its scores; what is registered is a stand-in that never scores.
"""

from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.judgement import census
from benchmarks.judgement.raw import World, write_days, write_version

CONTINUOUS = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"]
CATEGORICAL = ["salary_range", "repaid_loan_on_prev_car", "size_of_downpayment"]
TRAINED = (date(2017, 1, 1), date(2017, 12, 31))
"""Made: nobody says when the model was trained."""
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
    """Write the reference and the days of the first half of the analysis period."""
    spec = find_spec("nannyml")
    place = Path(str(spec and spec.origin)).parent / "datasets" / "data"
    truth = pd.read_csv(place / "synthetic_car_loan_analysis_target.csv")
    watched = pd.read_csv(place / "synthetic_car_loan_analysis.csv").merge(
        truth, on="id", how="left"
    )
    reference = _shape(pd.read_csv(place / "synthetic_car_loan_reference.csv"))
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
    about="NannyML's synthetic car loans, all made: the first half of the analysis "
    "period, drawn as the reference was",
    first=date(2018, 10, 31),
    last=date(2019, 3, 15),
    contract=CONTRACT,
    make=make,
    served=lambda _: "1",
    tuned_until=date(2018, 10, 30),
)
