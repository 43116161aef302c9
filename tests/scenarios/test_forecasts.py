"""A slow decline is told of before it breaks a promise: through the real path."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
FIRST = world.HISTORY[0]
AGES = (*range(18), 45)
"""How far the decline has gone on each day: slowly, and then at once."""
GAP = {
    "metric": "equal_opportunity_gap",
    "source": "fairness",
    "column": "gender",
    "max": 0.6,
}
POLICY = world.CONTRACT["policy"] | {
    "forecast": {"min_points": 10, "window_days": 28, "horizon_days": 14},
    "sequence_days": 2,
}


def decline(rows: pd.DataFrame, age: int) -> pd.DataFrame:
    """Return more scores to the wrong rows every day, and refuse more women."""
    random = np.random.default_rng(age)
    places = np.arange(len(rows))
    chosen = random.permutation(places)[: round(0.009 * age * len(rows))]
    places[chosen] = random.permutation(chosen)
    rows = rows.assign(
        **{name: rows[name].to_numpy()[places] for name in ("score", "prediction")}
    )
    hit = rows["gender"].eq("f") & (random.random(len(rows)) < 0.025 * age)
    return rows.assign(prediction=rows["prediction"].mask(hit, 0))


def judged(home: Path) -> list[tuple[Evaluation, dict[tuple[Kind, str], Verdict]]]:
    """Judge day by day; return the evaluation and the verdict on each number."""
    objectives = [*world.CONTRACT["objectives"], GAP]
    contract = world.CONTRACT | {"objectives": objectives, "policy": POLICY}
    world.write_contract(home, contract)
    days = [FIRST + timedelta(days=number) for number in range(len(AGES))]
    for age, day in zip(AGES, days, strict=True):
        world.write_day(home, day, change=lambda rows, age=age: decline(rows, age))
    return [one_day(home, day) for day in days]


def one_day(
    home: Path, day: date
) -> tuple[Evaluation, dict[tuple[Kind, str], Verdict]]:
    """Judge a day as the schedule would."""
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, day)
        row = daily.run_day(workspace, unit)
        verdicts = {
            (f.measurement.kind, f.measurement.metric): f.verdict
            for f in workspace.results.findings(unit)
            if (f.measurement.horizon, f.measurement.segment) == (1, "all")
        }
    return row, verdicts


@pytest.mark.slow
def test_decline_is_told_days_before_it_is_a_breach(home: Path) -> None:
    """Accuracy and fairness both: a P3 first, and only then the breach."""
    found = judged(home)
    for metric, kind in (
        ("roc_auc", Kind.REALIZED),
        ("equal_opportunity_gap", Kind.FAIRNESS),
    ):
        told = [v.get((Kind.FORECAST, metric)) is Verdict.WARN for _, v in found]
        broken = [v[kind, metric] is Verdict.BREACH for _, v in found]
        assert told.index(True) + 2 <= broken.index(True), (metric, told, broken)
    first = next(
        number
        for number, (_, v) in enumerate(found)
        if any(
            kind is Kind.FORECAST and one is Verdict.WARN
            for (kind, _), one in v.items()
        )
    )
    row = found[first][0]
    assert (row.verdict, row.severity) == ("warn", "P3")
    assert row.action.kind == "none"
    estimate = [v.get((Kind.FORECAST, "estimated_roc_auc")) for _, v in found]
    assert Verdict.OK in estimate
    assert Verdict.WARN not in estimate
