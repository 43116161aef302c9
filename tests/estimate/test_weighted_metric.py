from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.estimate.counting import count_day
from monitoring_tasks.estimate.realized import realize
from monitoring_tasks.estimate.weighted_metric import (
    METRICS,
    is_usable,
    weighted_metric,
)
from tests.builders import COLUMNS, DAY, make_contract

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

WORTH = {"true_positive": 5.0, "false_positive": -1.0, "false_negative": -2.0}
PROBLEMS: dict[Problem, dict[str, Any]] = {
    Problem.BINARY: {"columns": COLUMNS, "value": WORTH},
    Problem.MULTICLASS: {
        "columns": COLUMNS | {"score": {"a": "score_a", "b": "score_b"}},
        "classes": ["a", "b"],
    },
    Problem.REGRESSION: {"columns": {k: v for k, v in COLUMNS.items() if k != "score"}},
}
CASES = [(p, metric) for p in Problem for metric in sorted(METRICS[p])]


def contract_of(problem: Problem) -> Contract:
    """Return the smallest contract of a problem."""
    return make_contract(problem=problem.value, **PROBLEMS[problem])


def rows_of(problem: Problem) -> pd.DataFrame:
    """Draw 500 labelled rows; every tenth label, score or prediction is missing."""
    rng = np.random.default_rng(4)
    n = 500
    frame = pd.DataFrame(
        {"id": [str(i) for i in range(n)], "at": pd.Timestamp(DAY), "version": "1"}
    )
    missing = np.arange(n) % 10 == 0
    if problem is Problem.MULTICLASS:
        names = np.array(["a", "b"], dtype=object)
        frame["label"] = pd.Series(names[rng.integers(0, 2, n)]).mask(missing)
        frame["prediction"] = names[rng.integers(0, 2, n)]
        return frame.assign(score_a=0.5, score_b=0.5)
    if problem is Problem.REGRESSION:
        truth = rng.normal(10, 2, n)
        frame["label"] = np.where(missing, np.nan, truth)
        frame["prediction"] = truth + rng.normal(0, 1, n)
        return frame
    score = rng.uniform(size=n).round(4)
    frame["score"] = np.where(missing, np.nan, score)
    frame["label"] = (rng.uniform(size=n) < score).astype(int)
    frame["prediction"] = (score > 0.5).astype(int)
    return frame


def realized(rows: pd.DataFrame, contract: Contract, metric: str) -> float:
    """Return the metric as a day of these rows has it."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    profile = count_day(table, contract=contract, day=DAY, version="1", bins={})[0]
    found = realize(
        profile, confidence=0.95, value=contract.value, classes=contract.classes
    )
    value = next(number.value for number in found if number.metric == metric)
    assert value is not None
    return value


@pytest.mark.parametrize(("problem", "metric"), CASES)
def test_equal_weights_give_the_realized_metric(problem: Problem, metric: str) -> None:
    """Whatever the weight is; rows without label or score are no part of it."""
    contract, rows = contract_of(problem), rows_of(problem)
    kept = rows[is_usable(rows, contract)]
    assert len(kept) == 450
    value = weighted_metric(kept, contract, metric)(np.full(450, 0.3))
    assert value == pytest.approx(realized(kept, contract, metric), abs=1e-8)


@pytest.mark.parametrize(("problem", "metric"), CASES)
def test_a_weight_of_two_is_a_row_twice(problem: Problem, metric: str) -> None:
    """And a weight of 0 is no row."""
    contract, rows = contract_of(problem), rows_of(problem)
    kept = rows[is_usable(rows, contract)].reset_index(drop=True)
    times = np.arange(450) % 3
    twice = kept.loc[kept.index.repeat(times)]
    value = weighted_metric(kept, contract, metric)(times.astype(float))
    assert value == pytest.approx(realized(twice, contract, metric), abs=1e-8)


@pytest.mark.parametrize(("problem", "metric"), CASES)
def test_no_weight_at_all_gives_no_metric(problem: Problem, metric: str) -> None:
    """Nothing is not a number."""
    contract, rows = contract_of(problem), rows_of(problem)
    kept = rows[is_usable(rows, contract)]
    assert weighted_metric(kept, contract, metric)(np.zeros(450)) is None
