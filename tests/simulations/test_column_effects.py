"""How often the predicted effect of one column's move is right.

A share of 200 runs has a standard error of .015 at .95.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from monitoring_tasks.domain.counts import Bins, ContinuousCounts
from monitoring_tasks.domain.incident_context import ColumnEffect
from monitoring_tasks.estimate.column_effects import column_effects
from tests.builders import COLUMNS, make_contract, make_profile, make_reference

pytestmark = pytest.mark.slow

Floats = npt.NDArray[np.float64]
Rows = tuple[pd.DataFrame, list[date]]
RUNS = 200
ROWS = 200
"""Of a day of the reference."""
CONTRACT = make_contract(
    columns=COLUMNS | {"continuous": ["x"]},
    objectives=[{"metric": "roc_auc", "source": "realized", "min": 0.5}],
)


def drawn(rng: np.random.Generator, rows: int, power: float) -> pd.DataFrame:
    """Draw rows whose scores rank the worse the larger x is; it is for small powers."""
    x = rng.uniform(size=rows) ** power
    label = rng.integers(0, 2, size=rows)
    score = 1 / (1 + np.exp(-(2 * (label - 0.5) * (1 - x) * 3 + rng.normal(size=rows))))
    prediction = (score > 0.5).astype(int)
    return pd.DataFrame(
        {"x": x, "label": label, "score": score, "prediction": prediction}
    )


def reference_rows(rng: np.random.Generator, days: int, rows: int, wave: float) -> Rows:
    """Draw days whose x differs from day to day by `wave`; give rows and their days."""
    powers = np.exp(rng.normal(0, wave, size=days))
    parts = [drawn(rng, rows, float(power)) for power in powers]
    of_day = [date(2013, 1, 1) + timedelta(days=i) for i in range(days)]
    return pd.concat(parts, ignore_index=True), list(np.repeat(of_day, rows))


def effect(
    rows: pd.DataFrame, days: list[date], *, bins: Bins, today: ContinuousCounts
) -> ColumnEffect:
    """Predict the effect of x."""
    (found,) = column_effects(
        rows,
        days,
        profile=make_profile(rows=today.rows, columns={"x": today}),
        reference=make_reference(bins={"x": bins}),
        contract=CONTRACT,
        columns=["x"],
    )
    return found


@pytest.mark.parametrize(
    ("days", "wave", "expected"),
    [
        pytest.param(14, 0.0, 0.92, id="14 days alike"),
        pytest.param(14, 0.2, 0.96, id="14 days that differ"),
        pytest.param(60, 0.2, 0.92, id="60 days that differ"),
    ],
)
def test_interval_holds_the_loss_on_endless_reference_rows(
    days: int, wave: float, expected: float
) -> None:
    """The truth is the same prediction from 200,000 rows; .06 is four errors."""
    rng = np.random.default_rng(3)
    bins = Bins(low=0, high=1, coarse=14)
    every, _ = reference_rows(rng, 400, 500, wave)
    held, errors = 0, []
    for _ in range(RUNS):
        x = drawn(rng, 2000, 0.4)["x"]
        counts = np.histogram(x, bins=14, range=(0, 1))[0].tolist()
        today = ContinuousCounts(rows=2000, coarse=dict(enumerate(counts)))
        truth = exact(every, counts)
        found = effect(*reference_rows(rng, days, ROWS, wave), bins=bins, today=today)
        assert found.loss is not None
        held += (found.lower or 0) <= truth <= (found.upper or 0)
        errors.append(found.loss - truth)
    assert held / RUNS == pytest.approx(expected, abs=0.06)
    assert abs(np.mean(errors)) < 0.0025


def exact(rows: pd.DataFrame, counts: list[int]) -> float:
    """Return the loss on many rows, by hand: weights by bin, AUC from sorted scores."""
    place = np.minimum((rows["x"] * 14).astype(int), 13)
    share = np.bincount(place, minlength=14) / len(rows)
    weight = (np.array(counts) / sum(counts) / share)[place]
    return area(rows, np.ones(len(rows))) - area(rows, weight)


def area(rows: pd.DataFrame, weight: Floats) -> float:
    """Return the weighted AUC of rows whose scores do not tie."""
    order = np.argsort(rows["score"].to_numpy())
    label, heavy = rows["label"].to_numpy()[order], weight[order]
    under = np.cumsum(heavy * (label == 0))
    hits = heavy * (label == 1)
    return float(np.sum(hits * under) / (hits.sum() * under[-1]))
