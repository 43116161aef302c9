from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import norm

from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.statistics.burn_rate import SloState, assess
from monitoring_tasks.statistics.day_grades import KnownDay

pytestmark = pytest.mark.slow
WINDOWS, WARM_UP, LIMIT = 3000, 50, 0.5
SLO = Slo.model_validate(
    {
        "name": "value",
        "indicator": {"source": "service", "metric": "volume"},
        "min": LIMIT,
        "target": 0.9,
    }
)


def exhausted_share(bad_share: float, correlation: float) -> float:
    """Return the share of windows whose budget is exhausted; days follow an AR(1)."""
    random = np.random.default_rng(20130902)
    shocks = random.normal(size=(WINDOWS, SLO.window_days + WARM_UP))
    scaled = shocks * sqrt(1 - correlation**2)
    values = lfilter([1], [1, -correlation], scaled, axis=1)[:, WARM_UP:]
    values += LIMIT - norm.ppf(bad_share)
    days = [date(2013, 1, 1) + timedelta(days=n) for n in range(SLO.window_days)]
    fit = Verdict.OK
    states = [
        assess(
            SLO,
            [
                KnownDay(day=day, verdict=fit, data_verdict=fit, value=value)
                for day, value in zip(days, window, strict=True)
            ],
        ).state
        for window in values.tolist()
    ]
    return states.count(SloState.EXHAUSTED) / WINDOWS


@pytest.mark.parametrize(
    ("bad_share", "correlation", "stated"),
    [
        (0.02, 0.0, 0.018),
        (0.05, 0.0, 0.163),
        (0.10, 0.0, 0.541),
        (0.02, 0.5, 0.045),
        (0.05, 0.5, 0.199),
        (0.10, 0.5, 0.493),
    ],
)
def test_exhausted_windows_are_as_frequent_as_the_docs_say(
    bad_share: float, correlation: float, stated: float
) -> None:
    """The table of docs/statistics.md holds; the tolerance is 4 binomial errors."""
    error = sqrt(stated * (1 - stated) / WINDOWS)
    found = exhausted_share(bad_share, correlation)
    assert found == pytest.approx(stated, abs=4 * error)
