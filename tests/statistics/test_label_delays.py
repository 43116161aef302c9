import pytest

from monitoring_tasks.contract.labels import LabelPolicy
from monitoring_tasks.statistics.label_arrival import LabelHistory
from monitoring_tasks.statistics.label_delays import overdue_days, usual_delay
from tests.statistics.test_arrival_curve import history


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
