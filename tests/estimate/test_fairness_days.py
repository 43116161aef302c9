"""Fairness before labels, against the reference, and of real people."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.counts import BinaryOutcome
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import Calibrator, DailyNoise
from monitoring_tasks.estimate.fairness import measure_fairness
from monitoring_tasks.estimate.noise import daily_noise
from tests.estimate.count_by_hand import (
    DAY,
    count_binary,
    make_contract,
    make_profile,
    make_reference,
)

REFERENCE = make_reference(make_profile())
"""Its scores are probabilities as they are."""


def estimated(
    *groups: DayProfile, calibrator: Calibrator | None = None
) -> dict[str, Measurement]:
    """Return what is estimated from scores, by metric."""
    reference = replace(REFERENCE, calibrator=calibrator or Calibrator())
    found = measure_fairness(
        groups, "sex", min_rows=20, confidence=0.95, reference=reference
    )
    return {m.metric: m for m in found if m.metric.startswith("estimated_")}


def scored(name: str, *parts: tuple[float, int, int]) -> DayProfile:
    """Make a group of unlabelled rows: score, predicted class, how many."""
    scores = np.repeat([p[0] for p in parts], [p[2] for p in parts])
    predicted = np.repeat([p[1] for p in parts], [p[2] for p in parts])
    outcome = count_binary(scores, predicted, np.full(len(scores), -1))
    return make_profile(outcome=outcome, segment=f"sex={name}")


HIGH = scored("F", (0.75, 1, 80), (0.25, 0, 80))
"""Expects 60 true and 20 false positives, 20 false and 60 true negatives."""
LOW = scored("M", (0.5, 1, 40), (0.25, 0, 160))
"""Expects 20 true and 20 false positives, 40 false and 120 true negatives."""


@pytest.mark.parametrize(
    ("gap", "value"),
    [
        ("estimated_equal_opportunity_gap", 60 / 80 - 20 / 60),
        ("estimated_equalized_odds_gap", 60 / 80 - 20 / 60),
        ("estimated_predictive_parity_gap", 60 / 80 - 20 / 40),
    ],
)
def test_gaps_are_estimated_from_scores(gap: str, value: float) -> None:
    """Each row counts as positive with its probability; no label is needed."""
    number = estimated(HIGH, LOW)[gap]
    assert number.value == pytest.approx(value)
    assert number.reason.startswith("estimated_")
    assert number.lower is not None
    assert number.lower > 0


def test_estimates_do_not_read_labels() -> None:
    """The same scores with labels, even wrong ones, give the same estimate."""
    assert isinstance(HIGH.outcome, BinaryOutcome)
    wrong = BinaryOutcome(
        cells={(b, p, 1 - p): n for (b, p, _), n in HIGH.outcome.cells.items()},
        score_sums={
            (b, p, 1 - p): s for (b, p, _), s in HIGH.outcome.score_sums.items()
        },
    )
    assert estimated(HIGH, LOW) == estimated(replace(HIGH, outcome=wrong), LOW)


def test_estimates_are_calibrated() -> None:
    """Scores become the probabilities the reference taught: here all one half."""
    flat = Calibrator(scores=(0.0, 1.0), probabilities=(0.5, 0.5))
    found = estimated(HIGH, LOW, calibrator=flat)
    assert found["estimated_predictive_parity_gap"].value == pytest.approx(0)
    opportunity = found["estimated_equal_opportunity_gap"].value
    assert opportunity == pytest.approx(80 / 160 - 40 / 200)


def test_without_a_reference_nothing_is_estimated() -> None:
    """There is no calibrator to do it with."""
    found = measure_fairness([HIGH, LOW], "sex", min_rows=20, confidence=0.95)
    assert not any(m.metric.startswith("estimated_") for m in found)


def random_day(number: int, *, women_found: float) -> list[DayProfile]:
    """Make a day of 400 women and 400 men, half of them positive, whole first."""
    generator = np.random.default_rng(number)
    label = np.tile([0, 1], 400)
    is_woman = np.arange(800) < 400
    tpr = np.where(is_woman, women_found, 0.8)
    predicted = generator.random(800) < np.where(label == 1, tpr, 0.2)
    return [
        make_profile(
            outcome=count_binary(np.full(of.sum(), 0.5), predicted[of], label[of]),
            rows=int(of.sum()),
            segment=segment,
            day=DAY + timedelta(days=number),
        )
        for segment, of in (
            ("all", is_woman | ~is_woman),
            ("sex=F", is_woman),
            ("sex=M", ~is_woman),
        )
    ]


@pytest.fixture(scope="module")
def noise() -> dict[str, DailyNoise]:
    """What twenty even days teach."""
    days = [part for n in range(20) for part in random_day(n, women_found=0.8)]
    reference = make_reference(make_profile(rows=16_000))
    return daily_noise(reference, days, make_contract(protected=["sex"]))


OPPORTUNITY, ODDS, PARITY = (
    "equal_opportunity_gap",
    "equalized_odds_gap",
    "demographic_parity_ratio",
)


@pytest.mark.parametrize(
    ("gap", "parts", "women_found", "verdict"),
    [
        pytest.param(OPPORTUNITY, {"max_drop": 0.1}, 0.8, "ok", id="as ever"),
        pytest.param(OPPORTUNITY, {"max_drop": 0.1}, 0.5, "breach", id="wider"),
        pytest.param(ODDS, {"max_drop": 0.1}, 0.5, "breach", id="odds"),
        pytest.param(OPPORTUNITY, {"max": 0.15}, 0.8, "ok", id="promise kept"),
        pytest.param(OPPORTUNITY, {"max": 0.15}, 0.5, "breach", id="promise broken"),
        pytest.param(PARITY, {"min": 0.75}, 0.8, "ok", id="even"),
        pytest.param(PARITY, {"max_drop": 0.1}, 0.2, "breach", id="uneven"),
    ],
)
def test_objectives_on_gaps_hold_from_counts_to_verdict(
    noise: dict[str, DailyNoise],
    gap: str,
    *,
    parts: dict[str, float],
    women_found: float,
    verdict: str,
) -> None:
    """A gap may not widen, nor a ratio fall, against the reference's own days."""
    objective = Objective.model_validate(
        {"metric": gap, "source": "fairness", "column": "sex"} | parts
    )
    assert noise[f"fairness/{gap}/sex/all"].days == 20
    context = DayContext(
        day=DAY + timedelta(days=99),
        contract=make_contract(protected=["sex"]).model_copy(
            update={"objectives": (objective,)}
        ),
        references={"1": replace(REFERENCE, noise=noise)},
        label_coverage={"1": 1.0},
    )
    today = random_day(99, women_found=women_found)
    numbers = measure_fairness(today, "sex", min_rows=100, confidence=0.95)
    (finding,) = judge_day(numbers, context)
    assert finding.verdict == verdict, finding.reason


@pytest.mark.parametrize(
    ("overlooked", "smallest", "largest"),
    [
        pytest.param(0.0, 0.005, 0.02, id="as shipped"),
        pytest.param(0.35, 0.29, 0.33, id="a third of the working women overlooked"),
    ],
)
def test_census_gap_by_sex(
    census: tuple[pd.DataFrame, pd.DataFrame],
    overlooked: float,
    smallest: float,
    largest: float,
) -> None:
    """Real people and a real model; the overlooked women are ours.

    The shipped model finds 86.6 % of the working men and 85.5 % of the working women.
    Overlooking a third of the latter costs 7.5 points of accuracy and no AUC.
    """
    people = census[1]
    women, working = people["SEX"].eq("2"), people["label"].eq(1)
    chance = np.random.default_rng(1).random(len(people))
    predicted = people["prediction"].where(
        ~(women & working & (chance < overlooked)), 0
    )
    groups = [
        make_profile(
            outcome=count_binary(
                people["score"][of], predicted[of], people["label"][of]
            ),
            segment=f"sex={name}",
        )
        for name, of in (("men", ~women), ("women", women))
    ]
    found = measure_fairness(groups, "sex", min_rows=100, confidence=0.95)
    gap = next(m for m in found if m.metric == "equal_opportunity_gap")
    assert gap.lower is not None
    assert gap.upper is not None
    assert smallest < gap.lower < gap.upper < largest
    assert "smallest women" in gap.reason
