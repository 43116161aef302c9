"""NannyML's synthetic used cars: what one will sell for; everything in them is made.

Their time runs 2,600 rows a day for three weeks. Here it is stretched: in their order,
500 rows make a day. In the middle of the analysis period their makers change the
inputs, and the error falls by a sixth: nobody need be called. There is no model, only
its predictions; what is registered is a stand-in that never scores.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.linear_model import LinearRegression

from benchmarks.judgement import census
from benchmarks.judgement.raw import World, write_days, write_version
from benchmarks.judgement.shipped import shipped_rows

CONTINUOUS = ["car_age", "km_driven", "price_new", "accident_count", "door_count"]
CATEGORICAL = ["fuel", "transmission"]
ROWS_A_DAY = 500
STARTS = date(2017, 1, 1)
"""First day of the reference."""
FIRST, LAST = date(2017, 5, 1), date(2017, 8, 28)
DRIFTED_FROM = date(2017, 6, 30)
TRAINED = (date(2016, 1, 1), date(2016, 12, 31))
"""Made: nobody says when the model was trained."""
CONTRACT: dict[str, Any] = {
    **census.CONTRACT,
    "model": "used_car",
    "problem": "regression",
    "owners": ["car-team"],
    "timezone": "UTC",
    "columns": {
        "id": "offer",
        "timestamp": "offered_at",
        "model_version": "model_version",
        "prediction": "prediction",
        "label": "price",
        "continuous": CONTINUOUS,
        "categorical": CATEGORICAL,
    },
    "objectives": [
        {"metric": "mae", "source": "realized", "max": 930.0},
        {"metric": "mae", "source": "estimated", "max_drop": 85.0},
    ],
}
"""A tenth more error than the reference's 846: once as a limit, once as a loss."""


def make(folder: Path) -> None:
    """Write the reference and the days of the analysis period."""
    watched = shipped_rows("regression_synthetic_analysis.csv").merge(
        shipped_rows("regression_synthetic_analysis_targets.csv"), on="id", how="left"
    )
    reference = _shape(shipped_rows("regression_synthetic_reference.csv"))
    model = LinearRegression().fit(reference[["car_age"]], reference["price"])
    write_version(
        folder,
        "1",
        reference=reference.drop(columns="day"),
        model=model,
        trained=TRAINED,
    )
    write_days(folder, _shape(watched), WORLD.parsed, days=WORLD.days)


def _shape(rows: pd.DataFrame) -> pd.DataFrame:
    """Deal the rows out to days by their number; the instants spread over the day."""
    day = pd.Timestamp(STARTS) + pd.to_timedelta(rows["id"] // ROWS_A_DAY, unit="D")
    at = day + pd.to_timedelta(rows["id"] % ROWS_A_DAY * 2, unit="min")
    return pd.DataFrame(
        {
            "offer": "o" + rows["id"].astype("str"),
            "day": day,
            "offered_at": at.dt.tz_localize("UTC"),
            "model_version": "1",
            **{name: rows[name].astype("float64") for name in CONTINUOUS},
            **{name: rows[name].astype("str") for name in CATEGORICAL},
            "prediction": rows["y_pred"].astype("float64"),
            "price": rows["y_true"].astype("float64"),
        }
    )


WORLD = World(
    name="used-car",
    about="NannyML's synthetic used cars, a regression, all made, time stretched to "
    "500 rows a day: from 30 June on they are drifted by their makers, and the error "
    "falls; the promise is a static one, a mean absolute error of 930",
    first=FIRST,
    last=LAST,
    contract=CONTRACT,
    make=make,
    served=lambda _: "1",
    tuned_until=FIRST - timedelta(days=1),
    drifted_from=DRIFTED_FROM,
)
