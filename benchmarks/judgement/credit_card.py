"""NannyML's synthetic credit cards: three classes, everything in them is made.

The first half of the analysis period is drawn as their reference was; in November their
makers change the meaning of the features, and a quarter of the accuracy is lost. There
is no model, only its scores; what is registered is a stand-in that never scores.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.judgement import census
from benchmarks.judgement.raw import World, write_days, write_version
from benchmarks.judgement.shipped import shipped_rows

CLASSES = ("prepaid_card", "highstreet_card", "upmarket_card")
CONTINUOUS = [
    "app_behavioral_score",
    "requested_credit_limit",
    "credit_bureau_score",
    "stated_income",
]
CATEGORICAL = ["acq_channel", "app_channel", "is_customer"]
FIRST, LAST = date(2020, 9, 1), date(2020, 12, 31)
DRIFTED_FROM = date(2020, 11, 1)
"""Their second half begins in the evening of this day."""
TRAINED = (date(2020, 1, 1), date(2020, 4, 30))
"""Made: nobody says when the model was trained."""
CONTRACT: dict[str, Any] = {
    **census.CONTRACT,
    "model": "credit_card",
    "problem": "multiclass",
    "owners": ["card-team"],
    "timezone": "UTC",
    "classes": list(CLASSES),
    "columns": {
        "id": "request",
        "timestamp": "asked_at",
        "model_version": "model_version",
        "score": {name: f"p_{name}" for name in CLASSES},
        "prediction": "prediction",
        "label": "card",
        "continuous": CONTINUOUS,
        "categorical": CATEGORICAL,
    },
    "objectives": [
        {"metric": "accuracy", "source": "realized", "min": 0.70},
        {"metric": "accuracy", "source": "estimated", "max_drop": 0.05},
    ],
}


def make(folder: Path) -> None:
    """Write the reference and the days of the analysis period."""
    truth = shipped_rows("mc_analysis_gt.csv")
    watched = shipped_rows("mc_analysis.csv").merge(truth, on="id", how="left")
    reference = _shape(shipped_rows("mc_reference.csv"))
    reference = reference[reference["day"] < pd.Timestamp(FIRST)]
    model = LogisticRegression().fit(reference[["p_prepaid_card"]], reference["card"])
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
            "request": "r" + rows["id"].astype("str"),
            "day": at.dt.tz_localize(None).dt.normalize(),
            "asked_at": at,
            "model_version": "1",
            **{name: rows[name].astype("float64") for name in CONTINUOUS},
            **{name: rows[name].astype("str") for name in CATEGORICAL},
            **{
                f"p_{name}": rows[f"y_pred_proba_{name}"].astype("float64")
                for name in CLASSES
            },
            "prediction": rows["y_pred"].astype("str"),
            "card": rows["y_true"].astype("str"),
        }
    )


WORLD = World(
    name="credit-card",
    about="NannyML's synthetic credit cards, three classes, all made: from November on "
    "they are drifted by their makers; the promise is a static one, accuracy of .70",
    first=FIRST,
    last=LAST,
    contract=CONTRACT,
    make=make,
    served=lambda _: "1",
    tuned_until=FIRST - timedelta(days=1),
    drifted_from=DRIFTED_FROM,
)
