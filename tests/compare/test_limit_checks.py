"""From how many days of false alarm a year on a limit is refused."""

import pytest

from monitoring_tasks.compare.alarm_rates import Alarms, Rate, Rates
from monitoring_tasks.compare.limit_basis import LimitBasis
from monitoring_tasks.compare.limit_checks import refusals
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import make_contract, make_reference


def rates(days: float) -> Rates:
    """Return a rate of days a year that is known to a tenth of a day."""
    rate = Rate(value=days + 0.1, lower=days, upper=days + 0.2, quiet=0.0)
    return Rates(breaches=rate, confirmed=rate, pages=rate)


@pytest.mark.parametrize(
    ("days", "is_refused"), [(3.99, False), (4.0, False), (4.01, True)]
)
def test_max_false_alarm_days_is_the_most_that_is_put_up_with(
    days: float, *, is_refused: bool
) -> None:
    """Only surely more of them are refused, and the sentence names the limit."""
    contract = make_contract(
        objectives=[{"metric": "roc_auc", "source": "realized", "min": 0.6}],
        policy={"tuning": {"max_false_alarm_days": 4}},
    )
    noise = DailyNoise(mean=0.7, spread=0.05, days=42)
    monitored = MonitoredMetric(
        objective=contract.objectives[0],
        noise=noise,
        baselines={1: noise},
        sampling=0.02,
        rows=900,
    )
    basis = LimitBasis(
        contract=contract,
        reference=make_reference(),
        evaluations=(),
        monitored=(monitored,),
        left_out=(),
        labels_known=True,
    )
    alarms = Alarms(total=rates(0), objectives=(rates(days),), horizons=({},))
    said = refusals(basis, alarms)
    assert len(said) == int(is_refused)
    assert all("max_false_alarm_days is 4;" in text for text in said)
    assert refusals(basis, None) == []
