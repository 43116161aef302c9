"""Real flights, three real faults of training, and releases of a chosen quality.

Real: flights, weather, delays, the loss of April and autumn. Made: latencies; version
3 (its training job read hours 12 off), version 4 (weather 12 hours off), version 5 (a
copy of version 2; cases degrade its scores), version 6 (version 2's training on four
fifths of its rows).
"""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from benchmarks.judgement.raw import World, write_days, write_version
from monitoring_tasks.demo.flights import FEATURES, load_flights
from monitoring_tasks.demo.service import add_service
from monitoring_tasks.demo.shipped import shipped
from monitoring_tasks.demo.training import (
    MODEL,
    RECIPES,
    THRESHOLD,
    Recipe,
    Trained,
    fit,
    measure,
    predict_out_of_fold,
    train,
    training_rows,
)
from monitoring_tasks.domain.windows import days_between

COPY, SIBLING = "5", "6"
WEATHER = ("temp", "humid", "wind_speed", "precip", "pressure", "visib")
SECOND_FROM = date(2013, 7, 1)
TUNED_UNTIL = date(2013, 8, 31)
BROKEN = frozenset({date(2013, 11, 28), date(2013, 11, 29), date(2013, 12, 31)})
"""Few flights at Thanksgiving; no weather at all on the last day of the year."""


@cache
def _flights() -> pd.DataFrame:
    return load_flights()


@cache
def second() -> Trained:
    """Train version 2 of the demo."""
    return train(_flights(), RECIPES[1])


def served(day: date) -> str:
    """Say which version served a day of the demo's year."""
    return "1" if day < SECOND_FROM else "2"


def contract(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 (YAML)
    """Return the demo's contract, without its hand-written suite, floored at chance.

    A day that is surely worse than chance waits for no second one. Rows are not scored
    again: a mild release is feigned by exchanging scores, which they would see through.
    """
    text = (shipped("expectations") / MODEL / "monitor.yaml").read_text("utf-8")
    raw = yaml.safe_load(text)
    objectives = [promise | {"hard_min": 0.5} for promise in raw["objectives"]]
    versions = raw["policy"]["versions"] | {"rescore": {"rows": 0}}
    policy = raw["policy"] | {"versions": versions}
    return {**raw, "policy": policy, "objectives": objectives, **changes}


def make(folder: Path) -> None:
    """Write March to December as served by versions 1 and 2, and all versions."""
    first, gross = train(_flights(), RECIPES[0]), train(_flights(), RECIPES[2])
    for number, trained, recipe in zip(
        ("1", "2", "3"), (first, second(), gross), RECIPES, strict=True
    ):
        _write(folder, number, trained, recipe)
    _write(folder, "4", _trained_on_late_weather(), RECIPES[2])
    _write(folder, COPY, second(), RECIPES[1])
    _write(folder, SIBLING, _sibling(), RECIPES[1])
    models = {"1": first.model, "2": second().model}
    _write_days(folder, models, list(days_between(date(2013, 3, 1), WORLD.last)))


def make_since_march(folder: Path) -> None:
    """Write April to December as served by version 1; March is its reference."""
    first = train(_flights(), RECIPES[0])
    march = scored(list(days_between(date(2013, 3, 1), date(2013, 3, 31))), first.model)
    reference = march.drop(columns="day").assign(model_version="1")
    window = (RECIPES[0].first, RECIPES[0].last)
    write_version(folder, "1", reference=reference, model=first.model, trained=window)
    _write_days(folder, {"1": first.model}, SINCE_MARCH.days)


def _write(folder: Path, version: str, trained: Trained, recipe: Recipe) -> None:
    write_version(
        folder,
        version,
        reference=trained.reference.assign(model_version=version),
        model=trained.model,
        trained=(recipe.first, recipe.last),
    )


def _trained_on_late_weather() -> Trained:
    """Train January to August with each hour's weather taken from 12 hours before."""
    rows = training_rows(_flights(), replace(RECIPES[2], hours_off=0))
    hour = rows["scheduled_at"].dt.floor("h")
    weather = rows.assign(hour_at=hour).drop_duplicates(["origin", "hour_at"])
    late = weather[["origin", "hour_at", *WEATHER]].assign(
        hour_at=weather["hour_at"] + pd.Timedelta(hours=12)
    )
    plain = rows.drop(columns=list(WEATHER)).assign(hour_at=hour)
    off = plain.merge(late, on=["origin", "hour_at"], how="left").drop(
        columns="hour_at"
    )
    return _trained(off)


def _sibling() -> Trained:
    """Train as version 2 was, on four fifths of its rows."""
    rows = training_rows(_flights(), RECIPES[1])
    return _trained(rows.sample(frac=0.8, random_state=6).sort_index(ignore_index=True))


def _trained(rows: pd.DataFrame) -> Trained:
    known = rows[rows["arr_late"].notna()]
    reference = predict_out_of_fold(rows)
    return Trained(
        model=fit(known),
        example=known[list(FEATURES)].head(100),
        reference=reference.drop(columns="day"),
        metrics=measure(reference),
    )


def _write_days(folder: Path, models: dict[str, Any], days: list[date]) -> None:
    for version, model in models.items():
        mine = [d for d in days if len(models) == 1 or served(d) == version]
        rows = scored(mine, model).assign(model_version=version)
        write_days(folder, rows, WORLD.parsed, days=mine)


def scored(days: list[date], model: Any) -> pd.DataFrame:  # noqa: ANN401 (sklearn)
    """Return the flights of days as a model scores them, with `day` and the label."""
    wanted = [pd.Timestamp(day) for day in days]
    rows = _flights()[_flights()["day"].isin(wanted)].reset_index(drop=True)
    score = model.predict_proba(rows[list(FEATURES)])[:, 1]
    prediction = (score >= THRESHOLD).astype("int64")
    return add_service(rows.assign(score=score, prediction=prediction))


WORLD = World(
    name="flights",
    about="real flights of 2013 as in the demo: version 1 serves March to June, "
    "version 2 from July; each one's reference is its out-of-fold rows; the shipped "
    "contract without its suite, with a hard floor at an AUC of .5",
    first=date(2013, 3, 1),
    last=date(2013, 12, 31),
    contract=contract(),
    make=make,
    served=served,
    tuned_until=TUNED_UNTIL,
    broken=BROKEN,
)
SINCE_MARCH = World(
    name="flights-march",
    about="real flights of 2013: version 1 serves all year, its reference is March, so "
    "that April and autumn show a real loss; contract with max_drop .05",
    first=date(2013, 4, 1),
    last=date(2013, 12, 31),
    contract=contract(
        objectives=[
            {"metric": "roc_auc", "source": source, "max_drop": 0.05}
            for source in ("realized", "estimated")
        ]
    ),
    make=make_since_march,
    served=lambda _: "1",
    tuned_until=TUNED_UNTIL,
    broken=BROKEN,
)
