"""How right the arrival of labels is foretold, and early labels are weighed.

A share of 400 runs has a standard error of .011 at .95.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.estimate.binary import realized_binary
from monitoring_tasks.estimate.early_labels import reweighted
from monitoring_tasks.estimate.metric_value import MetricValue
from monitoring_tasks.statistics.arrival_curve import arrival_curve
from monitoring_tasks.statistics.label_arrival import LabelHistory
from monitoring_tasks.statistics.label_maturity import (
    coverage_shortfall,
    expected_coverage,
)

pytestmark = pytest.mark.slow

FIRST = date(2013, 1, 1)
AGES = 10
ROWS = 500


def drawn_days(
    rng: np.random.Generator, days: int, *, young: int
) -> list[LabelHistory]:
    """Draw days whose labels come at a pace of their own; the last `young` are young.

    Of the labels of a day a share between .05 and .35 is still missing each day; a
    twentieth never comes.
    """
    made = []
    for i in range(days):
        missing = rng.uniform(0.05, 0.35)
        waited = rng.geometric(1 - missing, ROWS) - 1
        waited[rng.random(ROWS) < 0.05] = AGES + 1
        last = min(days - 1 - i, AGES) if i >= days - young else AGES
        known = [int((waited <= age).sum()) for age in range(last + 1)]
        day = FIRST + timedelta(days=i)
        made.append(
            LabelHistory(day=day, rows=ROWS, first_age=0, labelled=tuple(known))
        )
    return made


def expected_share(age: int) -> float:
    """Return the share that has come by an age, in the mean over all paces."""
    missing = np.linspace(0.05, 0.35, 10_001)
    return float(0.95 * (1 - (missing ** (age + 1)).mean()))


@pytest.mark.parametrize("age", [0, 1, 3])
def test_curve_is_right_with_young_days_and_its_interval_nearly(age: int) -> None:
    """Thirty days, eight of them young: no bias; a 95 % interval holds .92.

    The shares of 400 runs lie .001 apart in the mean; percentiles of so few days are
    known to be too narrow.
    """
    rng = np.random.default_rng(1)
    truth, shares, hits = expected_share(age), [], 0
    for seed in range(400):
        made = arrival_curve(
            drawn_days(rng, 30, young=8),
            min_days=5,
            confidence=0.95,
            replicates=200,
            seed=seed,
        )[age]
        shares.append(made.share)
        hits += made.lower <= truth <= made.upper
    assert np.mean(shares) == pytest.approx(truth, abs=0.004)
    assert hits / 400 == pytest.approx(0.92, abs=0.035)


@pytest.mark.parametrize("earlier", [10, 39, 60])
def test_expected_coverage_holds_what_comes(earlier: int) -> None:
    """At .95 a day's final share lies in the interval on .95 of all occasions."""
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(400):
        *days, last = drawn_days(rng, earlier + 1, young=0)
        young = LabelHistory(
            day=last.day, rows=ROWS, first_age=0, labelled=last.labelled[:1]
        )
        made = expected_coverage(
            young, days, version="1", horizon_days=AGES, min_days=5, confidence=0.95
        )
        final = last.share_at(AGES) or 0.0
        hits += (made.lower or 0.0) <= final <= (made.upper or 0.0)
    assert hits / 400 >= 0.95 - 2 * 0.011


def test_shortfall_is_clear_on_few_healthy_days_and_on_a_day_of_snow() -> None:
    """One healthy day in forty lies below all that is usual; .43 of the labels do."""
    rng = np.random.default_rng(3)
    clear, snow = 0, 0
    for _ in range(400):
        *days, last = drawn_days(rng, 61, young=0)
        made = coverage_shortfall(last, days, version="1", min_days=5, confidence=0.95)
        clear += (made.lower or 0.0) > 0
        stayed = [round(0.43 * known) for known in last.labelled]
        worse = LabelHistory(
            day=last.day, rows=ROWS, first_age=0, labelled=tuple(stayed)
        )
        made = coverage_shortfall(worse, days, version="1", min_days=5, confidence=0.95)
        snow += (made.lower or 0.0) > 0
    assert clear / 400 <= 0.025 + 2 * 0.008
    assert snow == 400


Floats = npt.NDArray[np.float64]


def outcome_of(score: Floats, label: npt.NDArray[np.int64]) -> BinaryOutcome:
    """Count rows by score bin, decision and label."""
    bins = np.minimum((score * 10_000).astype(int), 9_999).tolist()
    decided = (score > 0.5).astype(int).tolist()
    cells: dict[tuple[int, int, int], int] = {}
    sums: dict[tuple[int, int, int], float] = {}
    for key, one in zip(
        zip(bins, decided, label.tolist(), strict=True), score.tolist(), strict=True
    ):
        cells[key] = cells.get(key, 0) + 1
        sums[key] = sums.get(key, 0.0) + one
    return BinaryOutcome(cells=cells, score_sums=sums)


def measured(outcome: BinaryOutcome | None, metric: str) -> MetricValue:
    """Realize one metric of the labelled rows."""
    assert outcome is not None
    return realized_binary(outcome, confidence=0.95, value=None)[metric]


def early_days(metric: str, *, by_label: bool) -> tuple[float, float, float]:
    """Return bias of early labels, of weighted ones, and how often the latter hold.

    A label has come with a probability of .8 where the score (or the label) is high
    and of .2 where it is low. The truth is the metric on all labels of 200 days.
    """
    rng = np.random.default_rng(5)
    every, early, weighted = [], [], []
    for _ in range(200):
        score = rng.beta(1.2, 2, 2000)
        truth = (rng.random(2000) < score).astype(np.int64)
        chance = 0.2 + 0.6 * (truth if by_label else score)
        label = np.where(rng.random(2000) < chance, truth, -1)
        seen = outcome_of(score, label)
        every.append(measured(outcome_of(score, truth), metric).value or 0.0)
        early.append(measured(seen, metric).value or 0.0)
        made = reweighted(seen, strata=10, min_labelled=20).outcome
        weighted.append(measured(made, metric))
    right = float(np.mean(every))
    held = [n.interval[0] <= right <= n.interval[1] for n in weighted if n.interval]
    values = [n.value or 0.0 for n in weighted]
    return (
        float(np.mean(early)) - right,
        float(np.mean(values)) - right,
        sum(held) / 200,
    )


@pytest.mark.parametrize("metric", ["accuracy", "positive_rate", "roc_auc", "recall"])
def test_weights_mend_labels_that_come_by_score(metric: str) -> None:
    """A twentieth of the bias at most is left, and the interval is about right.

    Three standard errors of 200 runs are .046.
    """
    before, after, held = early_days(metric, by_label=False)
    assert abs(before) > 0.005
    assert abs(after) < max(0.05 * abs(before), 0.004)
    assert held >= 0.95 - 0.046


def test_weights_do_not_mend_labels_that_come_by_class() -> None:
    """Documented: what depends on the label itself cannot be seen from the scores."""
    before, after, _ = early_days("positive_rate", by_label=True)
    assert before > 0.1
    assert after > 0.1
