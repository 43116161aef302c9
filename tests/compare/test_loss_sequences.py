from datetime import timedelta

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.loss_sequences import judge_sequences
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.trust import DatedNumber
from tests.builders import DAY, make_contract, make_measurement, make_reference

OK, BREACH = Verdict.OK, Verdict.BREACH
NOISE = DailyNoise(mean=0.7, spread=0.04, days=60, sampling=0.02, rows=900)


def dated(ago: int, value: float | None, **parts: object) -> DatedNumber:
    """Return a realized AUC so many days ago, all its rows labelled."""
    ends = {} if value is None else {"lower": value - 0.04, "upper": value + 0.04}
    number = make_measurement(**{"value": value, "rows": 900} | ends | parts)
    return DatedNumber(
        day=DAY - timedelta(days=ago), measurement=number, rows=900, labelled=900
    )


def judged(
    numbers: list[DatedNumber], *, noise: DailyNoise = NOISE, **policy: object
) -> list[Finding]:
    """Judge days of version 1, whose AUC of 0.7 may lose 0.05."""
    objective = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05}
    context = DayContext(
        day=DAY,
        contract=make_contract(objectives=[objective], policy=policy),
        references={"1": make_reference(noise={"realized/roc_auc//all": noise})},
        label_coverage={"1": 1.0},
    )
    return judge_sequences(numbers, context)


def steady(days: int, value: float) -> list[DatedNumber]:
    """Return the same number every day up to today."""
    return [dated(ago, value) for ago in reversed(range(days))]


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        pytest.param(steady(60, 0.7), OK, id="as expected"),
        pytest.param(steady(60, 0.8), OK, id="better"),
        pytest.param(steady(3, 0.62), OK, id="three days are chance"),
        pytest.param(steady(30, 0.62), BREACH, id="a month is none"),
        pytest.param(steady(60, 0.66), OK, id="a month within the allowed loss"),
        pytest.param(steady(1, 0.7), OK, id="first day"),
    ],
)
def test_losses_add_up(numbers: list[DatedNumber], verdict: Verdict) -> None:
    """A loss no day can show is certain after a while, and counts if not allowed."""
    (found,) = judged(numbers)
    assert (found.verdict, found.measurement.kind) == (verdict, Kind.SEQUENCE)
    assert found.limit is not None
    assert found.limit.high == 730


def test_mean_loss_and_its_onset_are_told() -> None:
    """Whoever is called is told how much and since when."""
    numbers = [*(dated(ago, 0.7) for ago in range(59, 29, -1)), *steady(30, 0.6)]
    (found,) = judged(numbers)
    assert found.verdict is BREACH
    onset = DAY - timedelta(days=29)
    near = {str(onset + timedelta(days=shift)) for shift in range(-3, 4)}
    assert any(f"since {day}" in found.reason for day in near), found.reason


@pytest.mark.parametrize(
    "today",
    [
        pytest.param(dated(0, None), id="not measured"),
        pytest.param(dated(0, 0.62, version="2"), id="another version"),
        pytest.param(dated(0, 0.62, metric="f1"), id="another metric"),
        pytest.param(dated(0, 0.62, segment="a=b"), id="another segment"),
        pytest.param(dated(0, 0.62, kind=Kind.ESTIMATED), id="an estimate"),
    ],
)
def test_day_without_its_own_number_is_not_judged_by_the_past(
    today: DatedNumber,
) -> None:
    """Old evidence says nothing new; the day's own finding says what is missing."""
    assert judged([*steady(30, 0.62)[:-1], today]) == []


def test_days_that_do_not_count_are_left_out() -> None:
    """Immature, small and excluded days neither accuse nor excuse."""
    bad = steady(30, 0.5)
    immature = [
        DatedNumber(day=n.day, measurement=n.measurement, rows=900, labelled=700)
        for n in bad[:10]
    ]
    small = [dated(ago, 0.5, rows=99) for ago in range(19, 9, -1)]
    excluded = [str(n.day) for n in bad[20:29]]
    (found,) = judged(
        [*immature, *small, *bad[20:29], dated(0, 0.7)], excluded_days=excluded
    )
    assert (found.verdict, "1 day," in found.reason) == (OK, True)


def test_short_reference_judges_no_sequence() -> None:
    """How far its own mean may be off would add up like a loss."""
    short = DailyNoise(mean=0.7, spread=0.04, days=13, sampling=0.02, rows=900)
    assert judged(steady(30, 0.5), noise=short) == []
