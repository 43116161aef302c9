"""Confirming and paging on arrays, against the day's own code."""

from datetime import timedelta

import numpy as np
import pytest

from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.simulated_codes import (
    BREACH,
    INCONCLUSIVE,
    OK,
    WARN,
    Codes,
)
from monitoring_tasks.compare.simulated_pages import (
    ObjectiveVerdicts,
    confirm,
    day_codes,
    openings,
)
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.decide.assess import performance_verdict
from monitoring_tasks.decide.persistence import confirmed_by_any
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.reference import DailyNoise
from tests.builders import DAY, make_finding, make_past

VERDICTS = {
    OK: Verdict.OK,
    INCONCLUSIVE: Verdict.INCONCLUSIVE,
    WARN: Verdict.WARN,
    BREACH: Verdict.BREACH,
}


def drawn(*shape: int, seed: int = 1) -> Codes:
    """Return verdicts at random, good ones most often."""
    rng = np.random.default_rng(seed)
    codes = rng.choice([OK, INCONCLUSIVE, WARN, BREACH], shape, p=[0.5, 0.2, 0.1, 0.2])
    return codes.astype(np.int8)


def row(text: str) -> Codes:
    """Return the verdicts of a model's days: o(k), i(nconclusive), b(reach)."""
    known = {"o": OK, "i": INCONCLUSIVE, "b": BREACH}
    return np.array([[known[letter] for letter in text]], dtype=np.int8)


def test_breaches_are_confirmed_as_the_day_confirms_them() -> None:
    """Both rules, with days that tell nothing passed over."""
    codes, policy = drawn(20, 60), Policy()
    confirmed = confirm(codes, policy)
    for run in range(20):
        past = [
            make_past(DAY + timedelta(days=place), VERDICTS[int(code)])
            for place, code in enumerate(codes[run])
        ]
        rules = (policy.persistence, policy.slow_persistence)
        expected = [
            confirmed_by_any(past[place], past[:place], rules).confirmed
            for place in range(60)
        ]
        assert confirmed[run].tolist() == expected
    assert confirmed.any()


def test_objective_is_told_over_its_horizons_as_the_day_tells_it() -> None:
    """In breach over any; else the shortest that can tell speaks."""
    parts = [drawn(1, 300, seed=seed) for seed in range(3)]
    told = ObjectiveVerdicts(horizons=tuple(parts)).codes[0]
    for place in range(300):
        findings = [
            make_finding(VERDICTS[int(part[0, place])], horizon=days)
            for part, days in zip(parts, (1, 7, 28), strict=True)
        ]
        assert VERDICTS[int(told[place])] is performance_verdict(findings)


def monitored(source: str, metric: str = "roc_auc") -> MonitoredMetric:
    """Return a number of a source."""
    noise = DailyNoise(mean=0.7, spread=0.1, days=42)
    objective = Objective.model_validate(
        {"metric": metric, "source": source, "max_drop": 0.1}
    )
    return MonitoredMetric(
        objective=objective, noise=noise, baselines={}, sampling=0.0, rows=1
    )


@pytest.mark.parametrize("labels_known", [True, False])
def test_estimate_stays_aside_where_labels_tell(labels_known: bool) -> None:  # noqa: FBT001 (a case)
    """While labels are to come, or cannot tell, it speaks."""
    realized, estimated = drawn(1, 200, seed=5), drawn(1, 200, seed=6)
    told = [
        ObjectiveVerdicts(horizons=(realized,)),
        ObjectiveVerdicts(horizons=(estimated,)),
    ]
    both = [monitored("realized"), monitored("estimated")]
    days = day_codes(both, told, labels_known=labels_known)[0]
    aside = labels_known & (realized[0] != INCONCLUSIVE)
    worse = np.maximum(realized[0], estimated[0])
    assert days.tolist() == np.where(aside, realized[0], worse).tolist()


@pytest.mark.parametrize(
    ("days", "pages"),
    [
        pytest.param("obb", [2], id="confirmed by the second bad day"),
        pytest.param("obbbbb", [2], id="once while it lasts"),
        pytest.param("obbooobb", [2, 7], id="again once it was over"),
        pytest.param("obboobob", [2], id="not over by two good days"),
        pytest.param("obbiiiobb", [2], id="days that tell nothing end nothing"),
        pytest.param("oboooboo", [], id="single bad days page nobody"),
    ],
)
def test_page_goes_out_when_a_confirmed_breach_begins(
    days: str, pages: list[int]
) -> None:
    """An incident is over after three good days, the default."""
    codes = row(days)
    opened = openings(confirm(codes, Policy()), codes, 3)
    assert np.flatnonzero(opened[0]).tolist() == pages
