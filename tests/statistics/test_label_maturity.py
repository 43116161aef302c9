from datetime import timedelta

import pytest

from monitoring_tasks.contract.labels import LabelPolicy
from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.statistics.label_arrival import LabelHistory
from monitoring_tasks.statistics.label_maturity import (
    coverage_shortfall,
    expected_coverage,
    overdue_days,
    provisional_error,
    usual_delay,
)
from tests.builders import make_measurement
from tests.statistics.test_arrival_curve import FIRST, history

TODAY = history(40, day=200)


def shortfall(
    day: LabelHistory, *earlier: LabelHistory, min_days: int = 1
) -> Measurement:
    """Measure the shortfall at .9."""
    return coverage_shortfall(
        day, earlier, version="1", min_days=min_days, confidence=0.9
    )


def expected(
    day: LabelHistory, *earlier: LabelHistory, min_days: int = 1
) -> Measurement:
    """Measure the coverage to expect after two days, at .9."""
    return expected_coverage(
        day, earlier, version="1", horizon_days=2, min_days=min_days, confidence=0.9
    )


def test_shortfall_is_what_the_median_day_had_more() -> None:
    """Other ages of the earlier days do not matter."""
    made = shortfall(TODAY, history(50, 99), history(70, 99), history(60))
    assert (made.kind, made.metric) == (Kind.LABELS, "label_coverage_shortfall")
    assert (made.value, made.rows) == (pytest.approx(0.2), 100)


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        # k = floor((n + 1) / 20) of n shares .50, .51, .52 ...; below 19 days k is 0.
        pytest.param(18, (0.0, 1.0), id="one short"),
        pytest.param(19, (0.50, 0.68), id="the extremes"),
        pytest.param(38, (0.50, 0.87), id="one short of the next"),
        pytest.param(39, (0.51, 0.87), id="the second from either end"),
    ],
)
def test_shortfall_is_clear_only_beyond_what_days_have_shown(
    days: int, ends: tuple[float, float]
) -> None:
    """With few days even the worst day seen excludes nothing."""
    made = shortfall(TODAY, *(history(50 + i, day=i) for i in range(days)))
    assert (made.lower, made.upper) == pytest.approx((ends[0] - 0.4, ends[1] - 0.4))


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ([history(50)], "1 days known at age 0 are fewer than 2"),
        ([history(50), history(50, first=1)], "1 days known at age 0 are fewer than 2"),
        ([history(50), history(50)], ""),
    ],
)
def test_shortfall_has_no_value_without_enough_days_at_that_age(
    days: list[LabelHistory], reason: str
) -> None:
    """A day that nobody looked at at this age says nothing."""
    made = shortfall(TODAY, *days, min_days=2)
    assert (made.value is None) is bool(reason)
    assert made.reason == reason


def test_expected_coverage_adds_the_share_of_missing_labels_that_come() -> None:
    """Half of what was missing came on the median day: .4 + .6 x .5."""
    days = (history(50, 50, 75), history(20, 30, 28), history(60, 80, 96))
    made = expected(TODAY, *days)
    assert (made.metric, made.value) == (
        "label_coverage_expected",
        pytest.approx(0.7),
    )
    assert (made.lower, made.upper) == pytest.approx((0.4, 1.0))


def test_expected_coverage_lies_between_the_days_seen_when_there_are_many() -> None:
    """Nineteen days at .9: the smallest and the largest gain."""
    days = [history(50, 50, 60 + i, day=i) for i in range(19)]
    made = expected(TODAY, *days)
    ends = (0.4 + 0.6 * 0.2, 0.4 + 0.6 * 0.38, 0.4 + 0.6 * 0.56)
    assert (made.lower, made.value, made.upper) == pytest.approx(ends)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(history(40, 50, 70, day=200), id="at the horizon"),
        pytest.param(history(100, day=200), id="all there"),
    ],
)
def test_expected_coverage_is_known_when_nothing_can_come(day: LabelHistory) -> None:
    """No earlier day is needed then."""
    made = expected(day)
    assert made.value == made.lower == made.upper == day.share_at(day.last_age)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(history(50, 60), id="not watched to the horizon"),
        pytest.param(history(50, 60, first=1), id="not watched from the start"),
        pytest.param(history(100, 100, 100), id="nothing was missing"),
    ],
)
def test_expected_coverage_has_no_value_without_enough_days(
    other: LabelHistory,
) -> None:
    """A day that cannot say what came of missing labels does not count."""
    made = expected(TODAY, history(50, 60, 70), other, min_days=2)
    assert made.value is None
    assert made.reason == "1 days watched from age 0 to 2 are fewer than 2"


def test_day_without_rows_has_no_coverage() -> None:
    """No rows, no share."""
    empty = history(0, rows=0)
    assert shortfall(empty, history(50)).value is None
    assert expected(empty, history(50, 50, 50)).reason == "the day has no rows"


def test_provisional_error_is_what_early_labels_said_too_much() -> None:
    """Provisional less final; days whose labels were all there do not count."""
    days = [FIRST + timedelta(days=i) for i in range(8)]
    first = {day: make_measurement(value=0.8, rows=400) for day in days}
    final = {day: make_measurement(value=0.7, rows=900) for day in days}
    final[days[0]] = make_measurement(value=0.1, rows=400)
    final[days[1]] = make_measurement(value=None, rows=900)
    del final[days[2]]
    made = provisional_error(first, final, confidence=0.95)
    assert (made.days, made.mean) == (5, pytest.approx(0.1))
    assert made.lower is not None


def test_provisional_error_is_unknown_without_days() -> None:
    """Nothing to hold against each other."""
    assert provisional_error({}, {}, confidence=0.95).mean is None


def overdue(*days: LabelHistory, min_days: int = 3) -> float | None:
    """Count the days whose labels are overdue; .8 is mature."""
    return overdue_days(days, version="1", min_days=min_days, mature=0.8).value


USUAL = [history(share, day=n) for n, share in enumerate((95, 90, 99, 92))]


@pytest.mark.parametrize(
    ("latest", "count"),
    [
        pytest.param([], 0, id="as usual"),
        pytest.param([0], 1, id="one day without any"),
        pytest.param([0, 0, 79], 3, id="three that are not mature"),
        pytest.param([0, 0, 80], 0, id="fewer than ever, and mature all the same"),
        pytest.param([0, 93, *[94] * 4, 0], 1, id="a good day between"),
        pytest.param([0, 93, 0], 0, id="as before, for all that so few days tell"),
        pytest.param([0, 0, 0, 0, 0, 0, 0], 7, id="more than there were good days"),
    ],
)
def test_overdue_are_the_latest_days_that_lack_labels_as_none_before(
    latest: list[int], count: int
) -> None:
    """Each below every day before all of them, and by so much that it matters."""
    days = [history(known, day=10 + n) for n, known in enumerate(latest)]
    assert overdue(*USUAL, *days) == count


def test_labels_that_were_always_few_are_overdue_below_half_of_the_usual() -> None:
    """A tenth of the rows ever gets a label: no day is mature, and none needs to be."""
    few = [history(share, day=n) for n, share in enumerate((10, 12, 10, 10))]
    assert overdue(*few, history(4, day=9)) == 1
    assert overdue(*few, history(5, day=9)) == 0


def test_days_too_young_to_have_labels_neither_count_nor_end_the_run() -> None:
    """Labels take two days. Two days by now have had none, and the youngest may not."""
    usual = [history(0, 0, 95, day=n) for n in range(4)]
    late = [history(0, 0, 0, day=10), history(0, 0, 0, day=11)]
    assert overdue(*usual, *late, history(0, day=12)) == 2
    assert overdue(*usual, history(0, day=12)) == 0


def test_overdue_has_no_value_without_days_before() -> None:
    """Three days have to be known before any can be late."""
    made = overdue_days(USUAL[:3], version="1", min_days=3, mature=0.8)
    assert (made.value, made.reason) == (None, "2 days before it are fewer than 3")
    assert overdue(*USUAL[:2], history(0, day=9), history(0, day=10)) is None
    assert overdue() is None


def overdue_as_stated(delay: int, *days: LabelHistory) -> float | None:
    """Count the days whose labels are overdue by what the contract states."""
    stated = LabelPolicy(delay_days=delay).stated_delay
    return overdue_days(days, version="1", min_days=14, mature=0.8, stated=stated).value


def test_stated_delay_says_when_labels_are_overdue() -> None:
    """Three days and the round after: from age 5 on, with no day before to ask."""
    never = [history(*[0] * 6, day=n) for n in range(4)]
    assert overdue_as_stated(3, *never) == 4
    assert overdue_as_stated(4, *never) is None
    assert overdue_as_stated(3, history(*[0] * 5, 79), *never[1:]) == 4
    assert overdue_as_stated(3, *never[:2], history(*[0] * 5, 80), never[3]) == 1
    assert overdue_as_stated(3, *never, history(*[0] * 5, 80, day=9)) == 0


def test_days_that_may_still_wait_are_not_overdue_however_unusual() -> None:
    """Labels usually come at once; the contract allows ten days."""
    late = [history(*[0] * 13, day=5), history(*[0] * 12, day=9)]
    assert overdue_as_stated(10, *USUAL, *late) == 1
    assert overdue_as_stated(10, *USUAL, late[1]) == 0
    assert overdue_as_stated(10, late[1]) is None


def test_labels_that_never_come_are_never_overdue() -> None:
    """The contract says so."""
    stated = LabelPolicy(delay_days="never").stated_delay
    made = overdue_days(USUAL, version="1", min_days=3, mature=0.8, stated=stated)
    assert made.value is None
    assert made.reason == "the contract says that no labels will come"


@pytest.mark.parametrize(
    ("days", "delay"),
    [
        pytest.param([history(0, 0, 90)] * 2, None, id="too few"),
        pytest.param([history(0, 0, 90)] * 3, 2, id="as always"),
        pytest.param([history(90)] * 3, 0, id="at once"),
        pytest.param(
            [history(0, 90)] * 9 + [history(0, 0, 0, 90)], 1, id="nine in ten"
        ),
        pytest.param(
            [history(0, 90)] * 8 + [history(0, 0, 0, 90)] * 2, 3, id="two later"
        ),
        pytest.param(
            [history(0, 90)] * 3 + [history(0, 0, 0, 0)] * 9, 1, id="others wait"
        ),
        pytest.param(
            [history(90, first=9)] * 5, None, id="had them at a late first look"
        ),
    ],
)
def test_usual_delay_is_what_nine_days_in_ten_needed(
    days: list[LabelHistory], delay: int | None
) -> None:
    """Days that wait, and days looked at too late, do not say when labels come."""
    assert usual_delay(days, mature=0.8) == delay
