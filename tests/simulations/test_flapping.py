"""How often a healthy alarm would be called flapping."""

from datetime import date, timedelta

import numpy as np
import pytest

from monitoring_tasks.contract.alarms import AlarmPolicy
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.flapping import flapping
from monitoring_tasks.decide.persistence import confirmed_by_any
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.findings import Verdict

YEARS = 200


@pytest.mark.slow
@pytest.mark.parametrize(("share", "most"), [(0.01, 0.02), (0.02, 0.15)])
def test_chance_alone_hardly_ever_flaps(share: float, most: float) -> None:
    """Independent bad days of this share begin to flap at most so often a year.

    200 years are drawn with one seed; the bound holds the upper end of the exact 95 %
    Poisson interval of what the docstring of `flapping` promises.
    """
    rng, policy = np.random.default_rng(20), Policy()
    rules = (policy.persistence, policy.slow_persistence)
    days: list[PastDay] = []
    begun, was = 0, False
    for number, is_bad in enumerate(rng.random(365 * YEARS) < share):
        verdict = Verdict.BREACH if is_bad else Verdict.OK
        today = PastDay(
            day=date(1800, 1, 1) + timedelta(days=number),
            version="1",
            verdict=verdict,
            performance=verdict,
        )
        is_confirmed = is_bad and confirmed_by_any(today, days[-14:], rules).confirmed
        today = PastDay(
            day=today.day,
            version="1",
            verdict=verdict,
            performance=verdict,
            confirmed=is_confirmed,
        )
        now = flapping(days[-58:], today, AlarmPolicy()).is_flapping
        begun, was = begun + (now and not was), now
        days.append(today)
    assert begun / YEARS <= most
