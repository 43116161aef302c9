"""Row-level estimates of segments and groups."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]  # no stubs

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.fitted import Fitted
from monitoring_tasks.estimate.nannyml_calls import run
from monitoring_tasks.estimate.row_estimators import fit_estimators, unmeasured
from monitoring_tasks.estimate.row_noise import row_noise
from monitoring_tasks.estimate.row_segments import measure_rows, parts_of
from monitoring_tasks.estimate.rowwise import fit_loss, fit_multiclass
from tests.builders import COLUMNS
from tests.estimate.count_by_hand import make_contract

pytestmark = pytest.mark.usefixtures("nannyml")
PRICES = make_contract(
    "regression",
    continuous=["x"],
    segments=["region"],
    protected=["sex"],
)
FILES = {"kind": "files", "path": "rows-{day}.parquet"}
MANY = Contract.model_validate(
    {
        "model": "model",
        "problem": "multiclass",
        "owners": ["owner"],
        "classes": ["a", "b", "c"],
        "sources": {"predictions": FILES, "labels": FILES},
        "columns": COLUMNS
        | {
            "score": {"a": "p_a", "b": "p_b", "c": "p_c"},
            "continuous": ["x"],
            "segments": ["region"],
        },
    }
)


def prices(rows: int = 3000, seed: int = 1) -> pd.DataFrame:
    """Return prices that are ten times as uncertain in the south as in the north."""
    random = np.random.default_rng(seed)
    region = random.choice(["north", "south", None], rows, p=[0.45, 0.45, 0.1])
    x = random.normal(0, 1, rows) + 6 * (region == "south")
    error = random.normal(0, 1, rows) * np.where(region == "south", 10, 1)
    return pd.DataFrame(
        {
            "x": x,
            "prediction": 5 * x,
            "label": 5 * x + error,
            "region": region,
            "sex": random.choice([1.0, 2.0], rows),
        }
    )


def classes(rows: int = 2000, seed: int = 1) -> pd.DataFrame:
    """Return three classes that are told apart in the north alone."""
    random = np.random.default_rng(seed)
    region = random.choice(["north", "south"], rows)
    sure = random.dirichlet([0.2, 0.2, 0.2], rows)
    p = np.where((region == "north")[:, None], sure, [0.4, 0.3, 0.3])
    names = np.array(["a", "b", "c"])
    drawn = (random.random(rows)[:, None] > p.cumsum(axis=1)).sum(axis=1)
    return pd.DataFrame(
        {
            "x": p[:, 0],
            **{f"p_{name}": p[:, place] for place, name in enumerate(names)},
            "prediction": names[p.argmax(axis=1)],
            "label": names[np.minimum(drawn, 2)],
            "region": region,
        }
    )


def test_loss_is_estimated_by_segment_and_group() -> None:
    """What DLE learnt of all rows says how uncertain each part is."""
    fitted = [fit_loss(prices(), PRICES.columns)]
    day = prices(1000, seed=2)
    found = {
        (m.metric, m.segment): m
        for m in measure_rows(fitted, day, contract=PRICES, version="1")
    }
    assert {segment for _, segment in found} == {
        "all", "region=north", "region=south", "region=unknown", "sex=1", "sex=2",
    }  # fmt: skip
    north, south = (found["mae", f"region={name}"] for name in ("north", "south"))
    assert north.value == pytest.approx(0.8, abs=0.3)
    assert south.value == pytest.approx(8.0, abs=1.0)
    parts = [m for (metric, s), m in found.items() if metric == "mae" and "region" in s]
    assert sum(m.rows for m in parts) == found["mae", "all"].rows == 1000


def test_classes_are_estimated_by_segment() -> None:
    """CBPE knows from the scores where they say nothing."""
    fitted = [fit_multiclass(classes(), MANY.columns)]
    found = {
        (m.metric, m.segment): m.value
        for m in measure_rows(fitted, classes(1000, 2), contract=MANY, version="1")
    }
    assert found["accuracy", "region=south"] == pytest.approx(0.4, abs=0.06)
    assert (found["accuracy", "region=north"] or 0) > 0.75


def test_part_that_cannot_be_measured_does_not_take_the_whole_with_it() -> None:
    """It has no value and NannyML's words."""

    def fail_on_few(frame: pd.DataFrame) -> object:
        if len(frame) < 500:
            msg = "NannyML failed: too few"
            raise EstimationError(msg)
        return good.run(frame)

    good = fit_loss(prices(), PRICES.columns)
    weak = Fitted(
        kind=good.kind, metrics=good.metrics, prepare=good.prepare, run=fail_on_few
    )
    day = prices(1000, seed=2)
    found = {
        (m.metric, m.segment): m
        for m in measure_rows([weak], day, contract=PRICES, version="1")
    }
    assert found["mae", "all"].value is not None
    unknown = found["mae", "region=unknown"]
    assert (unknown.value, unknown.reason) == (None, "NannyML failed: too few")


def test_multivariate_drift_is_of_the_whole_day_only() -> None:
    """Parts of a day never hang together as the whole does."""
    contract = make_contract(continuous=["x", "y"], segments=["region"])
    rows = prices().assign(y=lambda frame: frame["x"] * 2)
    found = measure_rows(
        fit_estimators(rows, contract), rows, contract=contract, version="1"
    )
    assert [(m.metric, m.segment) for m in found] == [("reconstruction_error", "all")]


def test_reference_days_teach_how_a_segment_moves() -> None:
    """What is never realized by segment is held against its own estimates."""
    days = [date(2026, 1, 1) + timedelta(days=n // 500) for n in range(3000)]
    learnt = row_noise(classes(3000), days, MANY, "1")
    assert learnt["estimated/roc_auc//region=north"].days == 6
    assert "estimated/roc_auc//all" in learnt


def test_parts_are_named_as_counts_name_them() -> None:
    """A 1.0 read beside nulls is a 1; a null is unknown."""
    rows = pd.DataFrame({"region": ["b", "a", None, "a"], "sex": [1.0, 2.0, 1.0, None]})
    parts = {name: list(part.index) for name, part in parts_of(rows, PRICES)}
    assert parts == {
        "region=a": [1, 3],
        "region=b": [0],
        "region=unknown": [2],
        "sex=1": [0, 2],
        "sex=2": [1],
        "sex=unknown": [3],
    }


def test_unmeasured_speaks_for_every_part() -> None:
    """An objective about a segment then knows why there is no number."""
    found = unmeasured(PRICES, "1", segments=["region=north"], reason="why")
    assert {(m.metric, m.segment, m.reason) for m in found} == {
        (metric, segment, "why")
        for metric in ("mae", "rmse")
        for segment in ("all", "region=north")
    }
    assert {m.kind for m in found} == {Kind.ESTIMATED}


def threads() -> set[int]:
    """Return how many threads each loaded library may take."""
    return {int(pool["num_threads"]) for pool in threadpool_info()}


def test_nannyml_takes_one_thread_and_gives_the_others_back() -> None:
    """BLAS takes every core it sees otherwise, in every process of a worker."""
    seen: list[set[int]] = []

    class Answer:
        data = pd.DataFrame()

    def look(_: pd.DataFrame) -> Answer:
        seen.append(threads())
        return Answer()

    before = threads()
    run(look, pd.DataFrame())
    assert seen == [{1}]
    assert threads() == before
