"""The sizes of the policy at their edges, and placeholders among common values."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.reference_gate import ReferenceGatePolicy
from monitoring_tasks.domain.batch_baseline import Baseline, BatchBaseline
from monitoring_tasks.domain.batch_summary import BatchSummary
from monitoring_tasks.validate.baseline.batch_baseline import learn_baseline
from monitoring_tasks.validate.corruption.batch_test import BatchTest
from monitoring_tasks.validate.corruption.hour_shifts import HourShifts
from monitoring_tasks.validate.corruption.level_shifts import LevelShifts
from monitoring_tasks.validate.corruption.missing_data import MissingData
from monitoring_tasks.validate.corruption.repeated_values import RepeatedValues
from monitoring_tasks.validate.reference_gate import DaysBefore, check_batch
from tests.validate import goods
from tests.validate.goods import Change, said

ROWS = 1000


def usual(mean: float, spread: float = 0.0) -> Baseline:
    """Return a number that lies so on every healthy day."""
    return Baseline(
        mean=mean, spread=spread, low=mean - spread, high=mean + spread, jump=spread
    )


def make_test(
    summary: dict[str, Any], baseline: dict[str, Any], **policy: float
) -> BatchTest:
    """Hold a day of a thousand rows against a baseline."""
    known = {"days": 42, "rows": usual(math.log(ROWS))}
    return BatchTest(
        summary=BatchSummary(**{"day": goods.TODAY, "rows": ROWS} | summary),
        baseline=BatchBaseline(**known | baseline),
        policy=ReferenceGatePolicy(**policy),
        rows_alarm=ReferenceGatePolicy().false_alarm,
        level_alarm=0.003,
    )


@pytest.mark.parametrize(
    ("rows", "severity"),
    [(599, "critical"), (600, "warning"), (601, "warning"), (699, "warning"),
     (701, None)],
)  # fmt: skip
def test_gross_volume_is_the_smallest_that_is_fit(
    rows: int, severity: str | None
) -> None:
    """Just .6 of the usual rows warn, one fewer is unfit."""
    found = list(MissingData(make_test({"rows": rows}, {})).find_missing_rows())
    assert [check.severity for check in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("share", "severity"), [(0.899, None), (0.9, "critical"), (0.901, "critical")]
)
def test_frozen_share_is_the_smallest_that_is_unfit(
    share: float, severity: str | None
) -> None:
    """A usual value that takes just .6 more of the rows than usual is frozen."""
    summary = {"common": {"x": share}, "value": {"x": "a"}, "nulls": {"x": 0.0}}
    baseline = {"shares": {"common/x": usual(0.3)}, "categories": {"x": {"a": 1.0}}}
    found = list(RepeatedValues(make_test(summary, baseline)).find_frozen())
    assert [check.severity for check in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("share", "severity"),
    [(0.059, None), (0.07, "warning"), (0.62, "warning"), (0.63, "critical")],
)
def test_usual_number_that_is_too_common_warns_and_is_frozen_in_the_end(
    share: float, severity: str | None
) -> None:
    """A number with usually .03 of the rows: filled in by .03 more, frozen by .6."""
    summary = {
        "common": {"x": share},
        "value": {"x": "2"},
        "nulls": {"x": 0.0},
        "quantiles": {"x": (1.0, 2.0, 2.0, 2.0, 3.0)},
    }
    baseline = {
        "shares": {"common/x": usual(0.03)},
        "quantiles": {"x": tuple(map(usual, (0.0, 1.0, 2.0, 3.0, 4.0)))},
    }
    repeated = RepeatedValues(make_test(summary, baseline))
    found = [*repeated.find_frozen(), *repeated.find_filled()]
    assert [check.severity for check in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("elsewhere", "is_found"), [(249, True), (250, True), (251, False)]
)
def test_clearness_is_how_much_better_a_time_zone_has_to_fit(
    elsewhere: int, *, is_found: bool
) -> None:
    """All rows in other hours, just four times fewer once they are moved alike."""
    today, hours = [0] * 24, [0.0] * 24
    hours[6] = hours[9] = 0.5
    today[11], today[14] = 500 + elsewhere, 500 - elsewhere
    summary = {"hours": {"at": tuple(today)}}
    baseline = {"hours": {"at": tuple(hours)}, "shares": {"hours/at": usual(0.0)}}
    trial = HourShifts(make_test(summary, baseline, clearness=4))
    assert bool(list(trial.find_shifted_hours())) is is_found


def levels(
    today: dict[str, list[float]], usually: dict[str, list[float]]
) -> LevelShifts:
    """Return a day of columns whose quantiles never moved."""
    baseline = {
        "quantiles": {n: tuple(map(usual, known)) for n, known in usually.items()},
        "shares": {f"common/{name}": usual(0.1) for name in usually},
    }
    summary = {"quantiles": {name: tuple(known) for name, known in today.items()}}
    return LevelShifts(make_test(summary, baseline))


@pytest.mark.parametrize(
    ("off", "is_found"), [(49.0, True), (50.0, True), (51.0, False)]
)
def test_clearness_is_how_much_better_the_other_column_has_to_fit(
    off: float, *, is_found: bool
) -> None:
    """Swapped columns have to fit each other just three times better."""
    one = [0.0, 100.0, 200.0, 300.0, 400.0]
    other = [value + 100 for value in one]
    trial = levels(
        {"one": [value + off for value in other], "other": one},
        {"one": one, "other": other},
    )
    assert bool(list(trial.find_swapped())) is is_found


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        (15.99, "values_keep_their_unit"),
        (16.01, "values_lie_where_they_did"),
        (4.01, "values_keep_their_unit"),
        (3.99, "values_lie_where_they_did"),
    ],
)
def test_clearness_is_how_alike_the_factors_of_a_unit_have_to_be(
    factor: float, name: str
) -> None:
    """Eight times, but for one quantile: within a third on the logarithm, 4 to 16."""
    usually = [100.0, 110.0, 120.0, 130.0, 140.0]
    today = [8 * value for value in usually[:-1]] + [factor * usually[-1]]
    (found,) = levels({"x": today}, {"x": usually}).find_moved()
    assert found.name == name


def visits(placeholder: float = 0.0, value: float = -1.0, later: float = 0.0) -> Change:
    """Return a column, 0 on a quarter of the rows, and a placeholder on some of all."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        count = len(rows)
        number = np.where(np.arange(count) % 4, rows["weight"], 0.0) + later
        first = (np.arange(count) * 7919) % count < placeholder * count
        return rows.assign(weight=np.where(first, value, number))

    return change


def reference(*changes: Change) -> list[BatchSummary]:
    """Return days of the reference, changed by turns."""
    return [
        goods.summary_of(goods.FIRST + timedelta(days=n), changes[n % len(changes)])
        for n in range(goods.DAYS)
    ]


def said_of(change: Change, baseline: BatchBaseline) -> list[tuple[str, str]]:
    """Return columns and severities of what is said to vary unusually."""
    checks = check_batch(
        goods.summary_of(change=change),
        baseline,
        goods.contract(),
        DaysBefore(summaries=goods.recent(visits())),
    )
    return [one[1:] for one in said(checks) if one[0] == "values_vary_as_usual"]


@pytest.mark.parametrize("value", [-99.0, 999.0])
@pytest.mark.parametrize(
    ("share", "severity"),
    [(0.24, "warning"), (0.248, "warning"), (0.252, "critical"), (0.75, "critical")],
)
def test_placeholder_is_held_against_its_own_usual_share(
    share: float, value: float, severity: str
) -> None:
    """It usually has none of the rows, however common the most common value was."""
    baseline = goods.baseline(reference(visits()))
    assert baseline.shares["common/weight"].mean == pytest.approx(0.25, abs=0.01)
    assert said_of(visits(share, value), baseline) == [("weight", severity)]


def test_placeholder_that_was_always_there_is_usual() -> None:
    """A number beyond the others on every day, and today, is no corruption."""
    baseline = goods.baseline(reference(visits(0.4)))
    assert said_of(visits(0.45), baseline) == []


def test_season_takes_all_values_along() -> None:
    """Where the rest of the day went with the most common value, it is a level."""
    baseline = goods.baseline(reference(visits()))
    assert said_of(visits(later=500), baseline) == []
    assert said_of(visits(later=-500), baseline) == []


def test_reference_from_before_is_held_against_as_before() -> None:
    """BatchBaseline that know nothing of odd numbers still find what is gross."""
    baseline = goods.baseline(reference(visits()))
    old = {n: u for n, u in baseline.shares.items() if not n.startswith("sentinel/")}
    before = replace(baseline, shares=old)
    assert said_of(visits(0.26, -99.0), before) == []
    assert said_of(visits(0.9, -99.0), before) == [("weight", "critical")]


def test_strange_share_is_learnt_from_the_other_days() -> None:
    """A day's most common number counts where no other day comes near it."""
    numbers = [(0.0, 1.0, 0.5, 0.3), (0.0, 1.0, 0.0, 0.4), (-9.0, 1.0, -9.0, 0.6)]
    days = [
        BatchSummary(
            day=goods.FIRST + timedelta(days=n),
            rows=ROWS,
            quantiles={"x": (low, low, low, high, high)},
            value={"x": f"{value:g}"},
            common={"x": share},
        )
        for n, (low, high, value, share) in enumerate(numbers)
    ]
    learnt = learn_baseline(days, recent_days=7)
    assert learnt is not None
    assert learnt.shares["sentinel/x"].high == 0.6
    assert learnt.shares["sentinel/x"].mean == pytest.approx(0.2)
    assert (
        learn_baseline([days[0], replace(days[1], quantiles={})], recent_days=7)
        is not None
    )
