from dataclasses import replace

import numpy as np
import pytest

from monitoring_tasks.compare.alarm_rates import ADDED_UP, Size
from monitoring_tasks.compare.detection_power import DetectionPower, find_drops
from monitoring_tasks.compare.false_alarms import false_alarms, false_alarms_of_days
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.persistence import PersistenceRule
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.reference import DailyNoise

NOISE = DailyNoise(mean=0.7, spread=0.03, days=42, sampling=0.02, correlation=0.3)
POLICY = Policy()
SMALL = Size(runs=200, runs_a_drop=60, drops=8, reach_days=40)


def monitored(noise: DailyNoise = NOISE, **limits: float) -> MonitoredMetric:
    """Return a realized AUC under these limits."""
    limits = limits or {"max_drop": 0.05}
    objective = Objective.model_validate(
        {"metric": "roc_auc", "source": "realized"} | limits
    )
    return MonitoredMetric(
        objective=objective,
        noise=noise,
        baselines={horizon.days: noise for horizon in POLICY.horizons},
        sampling=0.02,
        rows=900,
    )


def alarms(one: MonitoredMetric, policy: Policy = POLICY, size: Size = SMALL) -> float:
    """Return the pages a year."""
    found = false_alarms_of_days([one], policy, labels_known=True, seed=1, size=size)
    return found.pages.value


def test_single_breaches_come_as_often_as_the_limit_says() -> None:
    """A learnt limit of one in a hundred is crossed on 3.65 days a year."""
    found = false_alarms(
        [monitored(max_drop=0.001)], POLICY, labels_known=True, seed=1, size=Size()
    )
    assert found.horizons[0][1].breaches.value == pytest.approx(3.65, abs=0.6)
    assert list(found.horizons[0]) == [1, 7, 28, ADDED_UP]
    assert found.total.breaches.lower < found.total.breaches.value
    assert 0 <= found.total.pages.quiet <= 1


def test_stricter_limits_page_more_often() -> None:
    """A floor next to the mean alarms often, one far below never."""
    assert alarms(monitored(min=0.67)) > 2
    assert alarms(monitored(min=0.4)) == 0


def test_one_bad_day_pages_more_often_than_two() -> None:
    """Persistence is what keeps single breaches from paging."""
    hasty = POLICY.model_copy(update={"persistence": PersistenceRule(bad_days=1)})
    assert alarms(monitored(), hasty) > 2 * alarms(monitored())


def test_detectors_share_one_promise() -> None:
    """One of three detectors may alarm a third as often as one alone.

    On a reference long enough to leave little open, which would alarm by itself.
    """
    known = replace(NOISE, days=5000)
    alone, among = (
        false_alarms(
            [monitored(known, max_drop=0.01)] * count,
            POLICY.model_copy(update={"run_length_days": 100}),
            labels_known=True,
            seed=1,
            size=SMALL,
        )
        .horizons[0][ADDED_UP]
        .breaches.value
        for count in (1, 3)
    )
    assert 0 < among < alone / 2


def test_larger_drops_are_found_sooner() -> None:
    """Nothing pages on the first day when two are needed."""
    found = find_drops(
        [monitored()], 0, POLICY, drops=[0.02, 0.06, 0.3], seed=1, size=SMALL
    )
    small, middle, large = np.median(found.page_days, axis=1)
    assert small > middle > large == 2
    assert found.smallest(1, power=0.8, paged=True) is None
    assert 0.02 < (found.smallest(28, power=0.8, paged=True) or 0) <= 0.3


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        pytest.param(1, None, id="nothing is found"),
        pytest.param(2, 0.35, id="between two sizes"),
        pytest.param(9, 0.1, id="the smallest that was tried"),
    ],
)
def test_smallest_drop_lies_where_power_is_reached(
    within: int, expected: float | None
) -> None:
    """On a straight line between the sizes tried; never beyond them."""
    days = np.array([[5.0, 5.0], [2.0, 5.0], [2.0, 2.0]])
    found = DetectionPower(
        drops=np.array([0.1, 0.2, 0.4]), breach_days=days, page_days=days
    )
    smallest = found.smallest(within, power=0.875, paged=True)
    assert smallest == (None if expected is None else pytest.approx(expected))


def test_pool_that_lies_above_its_days_hides_drops() -> None:
    """What counts added up give more than days averaged has to be lost first."""
    shifted = replace(monitored(), shifts={7: 0.03, 28: 0.03})
    plain, hidden = (
        (find_drops([one], 0, POLICY, drops=[0.07], seed=1, size=SMALL).page_days <= 20)
        .mean()
        for one in (monitored(), shifted)
    )  # fmt: skip
    assert hidden < plain


def test_same_seed_gives_the_same_rates() -> None:
    """What is promised does not change from one look to the next."""
    assert alarms(monitored()) == alarms(monitored())
