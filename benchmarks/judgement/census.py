"""Census answers of 2015 (Massachusetts), a fair version and an unfair one.

Real: the answers, sex included. Made: the day and order of a household (only the year
is real; whole households are dealt out with a fixed seed, so that halves of the year
differ by chance alone: an exact null); version 2, which was taught that 35 % of the
employed women have no work, and whose own reference believes it. The answers of 2016 to
2018 are a world of their own: the fair version three years on, nothing put in.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

from benchmarks.judgement.raw import World, write_days, write_version
from benchmarks.judgement.shipped import shipped_rows

SEED = 2015
MISLABELLED = 0.35
TRAINED = (date(2015, 1, 1), date(2015, 3, 31))
REFERENCE = (date(2015, 4, 1), date(2015, 6, 30))
CONTINUOUS = ["AGEP"]
CATEGORICAL = [
    "SCHL", "MAR", "RELP", "DIS", "ESP", "CIT", "MIG", "MIL", "ANC", "NATIVITY",
    "DEAR", "DEYE", "DREM", "SEX", "RAC1P",
]  # fmt: skip
FEMALE = "2"
HEADS = ("0", "16", "17")
"""Of a household, or somebody who lives in a group's quarters."""
SOURCE = {"kind": "files"}
CONTRACT: dict[str, Any] = {
    "model": "employment",
    "problem": "binary",
    "owners": ["employment-team"],
    "timezone": "America/New_York",
    "schedule": {"cron": "0 6 * * *"},
    "sources": {
        "predictions": {**SOURCE, "path": "predictions/day={day}/*.parquet"},
        "labels": {
            **SOURCE,
            "path": "labels/day={day}/*.parquet",
            "arrived_at": "arrived_at",
        },
    },
    "columns": {
        "id": "answer",
        "timestamp": "answered_at",
        "model_version": "model_version",
        "score": "score",
        "prediction": "prediction",
        "label": "employed",
        "continuous": CONTINUOUS,
        "categorical": CATEGORICAL,
        "protected": ["SEX"],
    },
    "objectives": [
        {"metric": "roc_auc", "source": "realized", "max_drop": 0.05},
        {"metric": "roc_auc", "source": "estimated", "max_drop": 0.05},
        {
            "metric": "equal_opportunity_gap",
            "source": "fairness",
            "column": "SEX",
            "max": 0.15,
        },
    ],
}


def load() -> pd.DataFrame:
    """Read the answers of 2015, each household on a day of its own."""
    return _dealt(shipped_rows("employment_MA_reference.pq"), SEED)


def load_later() -> pd.DataFrame:
    """Read the answers of 2016 to 2018, each household on a day of its own year."""
    truth = shipped_rows("employment_MA_analysis_target.pq")
    rows = shipped_rows("employment_MA_analysis.pq").merge(truth, on="id")
    years = [
        _dealt(mine.reset_index(drop=True), int(str(year)))
        for year, mine in rows.groupby("year")
    ]
    return pd.concat(years, ignore_index=True)


def _dealt(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Deal the households of a year out to its days; the year is the seed."""
    texts = {name: rows[name].astype("str") for name in CATEGORICAL}
    household = texts["RELP"].isin(HEADS).cumsum()
    random = np.random.default_rng(year)
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    numbers = random.integers(0, length, int(household.max()) + 1)[household]
    day = pd.Timestamp(year, 1, 1) + pd.to_timedelta(numbers, unit="D")
    noon = day + pd.Timedelta(hours=12)
    return pd.DataFrame(
        {
            "answer": "a" + rows["id"].astype("str"),
            "day": day,
            "answered_at": noon.tz_localize("America/New_York").tz_convert("UTC"),
            "AGEP": rows["AGEP"].astype("float64"),
            **texts,
            "employed": rows["employed"].astype("float64"),
        }
    ).sort_values(["day", "answer"], ignore_index=True)


def make(folder: Path) -> None:
    """Write both versions and the days of the second half."""
    rows = load()
    women = rows["SEX"].eq(FEMALE) & rows["employed"].eq(1)
    hit = women & (np.random.default_rng(SEED + 1).random(len(rows)) < MISLABELLED)
    believed = {"1": rows, "2": rows.assign(employed=rows["employed"].mask(hit, 0.0))}
    for version, mine in believed.items():
        model = _fit(_between(mine, TRAINED))
        reference = _score(_between(mine, REFERENCE), model, version)
        write_version(
            folder,
            version,
            reference=reference.drop(columns="day"),
            model=model,
            trained=TRAINED,
        )
        if version == "1":
            watched = _between(rows, (WORLD.first, WORLD.last))
            scored = _score(watched, model, version)
            write_days(folder, scored, WORLD.parsed, days=WORLD.days)


def make_later(folder: Path) -> None:
    """Write the fair version and the days of 2016 to 2018."""
    rows = load()
    model = _fit(_between(rows, TRAINED))
    reference = _score(_between(rows, REFERENCE), model, "1").drop(columns="day")
    write_version(folder, "1", reference=reference, model=model, trained=TRAINED)
    scored = _score(load_later(), model, "1")
    write_days(folder, scored, LATER.parsed, days=LATER.days)


def _between(rows: pd.DataFrame, span: tuple[date, date]) -> pd.DataFrame:
    first, last = (pd.Timestamp(day) for day in span)
    return rows[rows["day"].between(first, last)].reset_index(drop=True)


def _fit(rows: pd.DataFrame) -> Any:  # noqa: ANN401 (sklearn)
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = make_column_transformer((encoder, CATEGORICAL), remainder="passthrough")
    trees = HistGradientBoostingClassifier(
        max_iter=80, early_stopping=False, random_state=0
    )
    with threadpool_limits(1, user_api="openmp"):
        pipeline = make_pipeline(columns, trees)
        return pipeline.fit(rows[[*CONTINUOUS, *CATEGORICAL]], rows["employed"])


def _score(rows: pd.DataFrame, model: Any, version: str) -> pd.DataFrame:  # noqa: ANN401
    score = model.predict_proba(rows[[*CONTINUOUS, *CATEGORICAL]])[:, 1]
    prediction = (score >= 0.5).astype("int64")
    return rows.assign(score=score, prediction=prediction, model_version=version)


WORLD = World(
    name="census",
    about="real census answers of 2015 with made days: the second half against a "
    "reference of the second quarter, an exact null",
    first=date(2015, 7, 1),
    last=date(2015, 12, 31),
    contract=CONTRACT,
    make=make,
    served=lambda _: "1",
    tuned_until=date(2015, 7, 1) - timedelta(days=1),
)
LATER = World(
    name="census-later",
    about="real census answers of 2016 to 2018 with made days, scored by the version "
    "of 2015: three years in which the world changed as it did",
    first=date(2016, 1, 1),
    last=date(2018, 12, 31),
    contract=CONTRACT,
    make=make_later,
    served=lambda _: "1",
    tuned_until=date(2015, 12, 31),
    every=12,
)
