"""Intervals of fairness gaps: how often they hold the true gap."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pytest

from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.estimate.fairness import measure_fairness
from tests.estimate.count_by_hand import DAY, make_profile, make_reference

pytestmark = pytest.mark.slow

Floats = npt.NDArray[np.float64]
DAYS = 400
MISSED = 0.05 + 3 * np.sqrt(0.05 * 0.95 / DAYS)
"""Most misses at a confidence of 0.95: three binomial errors above, .083."""
BEGINS_ABOVE = 0.025 + 3 * np.sqrt(0.025 * 0.975 / DAYS)
"""The same for one end, .048."""
SCORES = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
SELECTED = SCORES >= 0.5


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rows a day, share of them by score, and positives by score."""

    rows: int
    shares: Floats
    positives: Floats

    def rates(self) -> dict[str, float]:
        """Return the group's true rates."""
        positive, negative = (
            self.shares * self.positives,
            self.shares * (1 - self.positives),
        )
        return {
            "selection_rate": float(self.shares[SELECTED].sum()),
            "tpr": float(positive[SELECTED].sum() / positive.sum()),
            "fpr": float(negative[SELECTED].sum() / negative.sum()),
            "precision": float(positive[SELECTED].sum() / self.shares[SELECTED].sum()),
            "calibration": float(np.sum(positive - self.shares * SCORES)),
        }

    def day(self, number: int, name: str, rng: np.random.Generator) -> DayProfile:
        """Draw a day."""
        rows = rng.multinomial(self.rows, self.shares)
        hits = rng.binomial(rows, self.positives)
        cells = {
            (round(score * 10_000), int(score >= 0.5), label): int(n)
            for label, counts in ((1, hits), (0, rows - hits))
            for score, n in zip(SCORES.tolist(), counts, strict=True)
        }
        sums = {key: n * key[0] / 10_000 for key, n in cells.items()}
        outcome = BinaryOutcome(cells=cells, score_sums=sums)
        return make_profile(
            outcome=outcome, segment=f"g={name}", day=DAY + timedelta(days=number)
        )


def usual(rows: int) -> Group:
    """Return a group whose scores are right and all equally frequent."""
    return Group(rows=rows, shares=np.full(5, 0.2), positives=SCORES)


def other(rows: int, *, calibrated: bool) -> Group:
    """Return a group of higher scores, which may promise too much."""
    positives = SCORES if calibrated else np.array([0.1, 0.3, 0.4, 0.55, 0.7])
    return Group(
        rows=rows, shares=np.array([0.1, 0.15, 0.2, 0.25, 0.3]), positives=positives
    )


def rare(rows: int) -> Group:
    """Return a group of which hardly anyone is selected or positive."""
    return Group(
        rows=rows,
        shares=np.array([0.7, 0.2, 0.06, 0.03, 0.01]),
        positives=np.array([0.01, 0.05, 0.3, 0.6, 0.9]),
    )


def true_gaps(groups: list[Group]) -> dict[str, float]:
    """Return the true gaps; the estimated ones are the same."""
    rates = [group.rates() for group in groups]
    gap = {
        rate: max(r[rate] for r in rates) - min(r[rate] for r in rates)
        for rate in rates[0]
    }
    selected = [r["selection_rate"] for r in rates]
    of_truths = {
        "equal_opportunity_gap": gap["tpr"],
        "equalized_odds_gap": max(gap["tpr"], gap["fpr"]),
        "predictive_parity_gap": gap["precision"],
    }
    return {
        "demographic_parity_gap": gap["selection_rate"],
        "demographic_parity_ratio": min(selected) / max(selected),
        "calibration_gap": gap["calibration"],
        **of_truths,
        **{f"estimated_{name}": value for name, value in of_truths.items()},
    }


def misses(groups: list[Group]) -> dict[str, tuple[float, float]]:
    """Return the shares of days whose interval claims too much, and too little.

    Too much is a gap whose lower end, or a ratio whose upper end, lies past the truth
    on the side that alarms.
    """
    rng = np.random.default_rng(20180101)
    truth, reference = true_gaps(groups), make_reference(make_profile())
    much: Counter[str] = Counter()
    little: Counter[str] = Counter()
    for number in range(DAYS):
        day = [group.day(number, str(i), rng) for i, group in enumerate(groups)]
        for m in measure_fairness(
            day, "g", min_rows=1, confidence=0.95, reference=reference
        ):
            if m.segment != "all" or m.lower is None or m.upper is None:
                continue
            above = m.lower > truth[m.metric] + 1e-9
            below = m.upper < truth[m.metric] - 1e-9
            is_ratio = m.metric.endswith("_ratio")
            much[m.metric] += below if is_ratio else above
            little[m.metric] += above if is_ratio else below
    return {gap: (much[gap] / DAYS, little[gap] / DAYS) for gap in truth}


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param([usual(100)] * 2, id="two alike"),
        pytest.param([usual(100)] * 5, id="five alike"),
        pytest.param([usual(n) for n in (1000, 50, 50, 400, 100)], id="unlike sizes"),
        pytest.param([usual(30)] * 3, id="three of thirty rows"),
        pytest.param([rare(300)] * 2, id="hardly anyone selected"),
        pytest.param([usual(200), other(200, calibrated=True)], id="apart"),
        pytest.param([usual(200), other(200, calibrated=True)] * 2, id="two and two"),
    ],
)
def test_intervals_hold_the_true_gap(groups: list[Group]) -> None:
    """Both ends together miss at most 5 % of the days, whoever the extremes are.

    Measured: at most 7.2 %, mostly 4 to 6. Estimates are right here, for the
    scores are: theirs miss hardly ever, as they allow for labels nobody has drawn yet.
    """
    for gap, (much, little) in misses(groups).items():
        assert much + little <= MISSED, gap


def test_alike_groups_are_told_apart_as_often_as_promised() -> None:
    """At a true gap of 0 the lower end errs in 5 %, so the interval is not too wide."""
    found = misses([usual(400)] * 2)
    for gap in ("demographic_parity_gap", "equal_opportunity_gap", "calibration_gap"):
        assert found[gap][0] == pytest.approx(0.05, abs=MISSED - 0.05)


def test_a_limit_at_the_true_gap_is_rarely_crossed() -> None:
    """Where two groups stand clearly apart the lower end errs in 2.5 %."""
    found = misses([usual(400), other(400, calibrated=False)])
    for gap in ("demographic_parity_gap", "predictive_parity_gap", "calibration_gap"):
        assert found[gap][0] <= BEGINS_ABOVE, gap
        assert found[gap][1] <= BEGINS_ABOVE, gap


def test_estimates_are_blind_to_a_group_that_is_scored_too_high() -> None:
    """CBPE believes the scores: of a gap in precision of .13 it sees .03."""
    assert (
        misses([usual(400), other(400, calibrated=False)])[
            "estimated_predictive_parity_gap"
        ][1]
        > 0.5
    )
