"""The reference: what it learns, and how days are held against the rest of it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import Bins, RegressionOutcome
from monitoring_tasks.domain.profiles import DayProfile, merge
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.drift import measure_drift
from monitoring_tasks.estimate.noise import without
from monitoring_tasks.estimate.reference import bins_for, build_reference
from tests.estimate.count_by_hand import (
    count_binary,
    count_categorical,
    count_continuous,
    make_contract,
    make_profile,
    make_reference,
)

FIRST = date(2026, 1, 1)
BINS = {"x": Bins(low=-4.0, high=4.0, coarse=12)}
CONTRACT = make_contract(continuous=["x"], categorical=["colour"])


def make_rows(day: int, *, rows: int = 600, shift: float = 0.0) -> pd.DataFrame:
    """Rows of one day; scores twice as sure as they should be, so calibration helps."""
    generator = np.random.default_rng(day)
    truth = generator.beta(2, 2, rows)
    score = np.clip(0.5 + (truth - 0.5) * 1.9, 0, 1)
    return pd.DataFrame(
        {
            "x": np.clip(generator.normal(shift, 1, rows), -4, 4),
            "colour": generator.choice(["red", "blue"], rows),
            "score": score,
            "prediction": (score > 0.5).astype(int),
            "label": (generator.uniform(size=rows) < truth).astype(int),
        }
    )


def count(rows: pd.DataFrame, day: int = 0, segment: str = "all") -> DayProfile:
    """Count rows as one day."""
    return make_profile(
        columns={
            "x": count_continuous(rows["x"], BINS["x"]),
            "colour": count_categorical(rows["colour"]),
        },
        outcome=count_binary(rows["score"], rows["prediction"], rows["label"]),
        rows=len(rows),
        day=FIRST + timedelta(days=day),
        segment=segment,
    )


def build(
    days: list[pd.DataFrame], *, with_rows: bool = True, contract: Contract = CONTRACT
) -> ReferenceProfile:
    """Build a reference from days of rows."""
    daily = [count(rows, number) for number, rows in enumerate(days)]
    return build_reference(
        merge(daily),
        daily,
        pd.concat(days) if with_rows else None,
        bins=BINS,
        contract=contract,
        trained_until=FIRST - timedelta(days=1),
    )


@pytest.fixture(scope="module")
def reference() -> ReferenceProfile:
    """Twelve ordinary days."""
    return build([make_rows(day) for day in range(12)])


def test_reference_knows_its_span_and_metrics(reference: ReferenceProfile) -> None:
    """First and last day are those of its days; metrics are the realized ones."""
    assert (reference.first_day, reference.last_day) == (FIRST, date(2026, 1, 12))
    assert 0.6 < reference.metrics["roc_auc"] < 0.9
    assert reference.metrics["accuracy"] == pytest.approx(
        reference.noise["realized/accuracy//all"].mean
    )


def test_calibrator_corrects_scores_that_are_too_sure(
    reference: ReferenceProfile,
) -> None:
    """A score of 0.95 stands for about 0.74 here."""
    knots = reference.calibrator
    probability = np.interp(0.95, knots.scores, knots.probabilities)
    assert probability == pytest.approx(0.74, abs=0.06)


def test_reference_from_counts_is_close_to_the_one_from_rows(
    reference: ReferenceProfile,
) -> None:
    """Without rows each stands at its bin's mean; ties come in any order in both."""
    other = build([make_rows(day) for day in range(12)], with_rows=False)
    assert set(other.sampling) == set(reference.sampling)
    for metric, (deviation, share) in reference.sampling.items():
        tolerance = 0.4 if metric == "average_precision" else 0.01
        assert other.sampling[metric][0] == pytest.approx(deviation, rel=tolerance)
        assert other.sampling[metric][1] == pytest.approx(share)


def test_building_twice_gives_the_same_reference(reference: ReferenceProfile) -> None:
    """The bootstrap is seeded by model and version."""
    assert build([make_rows(day) for day in range(12)]) == reference


def test_noise_of_equal_days_has_no_spread_beyond_sampling() -> None:
    """Sampling error (0.020 on 600 rows) is taken out; what the base rate moves stays.

    Twenty days know a variance to a third, so the spread of equal days is small, not 0.
    """
    alike = build([make_rows(day) for day in range(20)])
    moving = [make_rows(day) for day in range(20)]
    for number, rows in enumerate(moving):
        rows.loc[rows.index[: 15 * number], "label"] = 1
    assert alike.noise["realized/positive_rate//all"].spread < 0.018
    spread = build(moving).noise["realized/positive_rate//all"].spread
    assert spread == pytest.approx(0.074, abs=0.015)


def test_a_day_is_never_compared_with_itself() -> None:
    """The odd day's distance is that from the other days alone."""
    days = [*(make_rows(day) for day in range(3)), make_rows(9, shift=2.0)]
    built = build(days)
    rest = make_reference(merge([count(rows) for rows in days[:3]]), BINS)
    odd = next(
        m.value
        for m in measure_drift(rest, count(days[3]))
        if m.metric == "jensen_shannon"
    )
    noise = built.noise["drift/jensen_shannon/x/all"]
    others = []
    for number in range(3):
        kept = [count(rows) for i, rows in enumerate(days) if i != number]
        alone = make_reference(merge(kept), BINS)
        others.append(measure_drift(alone, count(days[number]))[1].value)
    assert noise.days == 4
    assert odd is not None
    assert noise.mean == pytest.approx(np.mean([odd, *(v for v in others if v)]))


def test_a_single_day_teaches_no_noise() -> None:
    """A spread needs two days."""
    assert build([make_rows(0)]).noise == {}


def test_a_day_that_is_not_part_of_the_reference_is_refused() -> None:
    """Taking it out would leave fewer than no rows."""
    with pytest.raises(EstimationError, match="does not"):
        without(count(make_rows(1)), count(make_rows(2)))


def test_segments_and_groups_have_noise_of_their_own() -> None:
    """Keys carry the segment; gaps carry the protected column."""
    contract = make_contract(continuous=["x"], protected=["colour"])
    rows = [make_rows(day) for day in range(4)]
    daily = [
        count(part, day, segment)
        for day, whole in enumerate(rows)
        for segment, part in (
            ("all", whole),
            ("colour=red", whole[whole["colour"] == "red"]),
            ("colour=blue", whole[whole["colour"] == "blue"]),
        )
    ]
    built = build_reference(
        count(pd.concat(rows)),
        daily,
        None,
        bins=BINS,
        contract=contract,
        trained_until=FIRST,
    )
    for key in (
        "drift/jensen_shannon/x/all",
        "realized/roc_auc//colour=blue",
        "fairness/demographic_parity_gap/colour/all",
        "service/volume//all",
    ):
        assert built.noise[key].days == 4


def test_segments_are_held_against_their_own_other_days() -> None:
    """Declared ones are kept; a day of one is never compared with itself."""
    contract = make_contract(continuous=["x"], segments=["colour"], protected=["sex"])
    rows = [make_rows(day, shift=day == 3) for day in range(4)]
    red = [part[part["colour"] == "red"] for part in rows]
    daily = [
        count(part, day, segment)
        for day, whole in enumerate(rows)
        for segment, part in (
            ("all", whole),
            ("colour=red", red[day]),
            ("sex=f", whole[:100]),
        )
    ]
    built = build_reference(
        count(pd.concat(rows)),
        daily,
        None,
        bins=BINS,
        contract=contract,
        trained_until=FIRST,
    )
    assert list(built.segments) == ["colour=red"]
    counted = built.segments["colour=red"]["x"]
    assert counted.valid == sum(len(part) for part in red)
    held_out = []
    for day, part in enumerate(red):
        others = count(pd.concat(red[:day] + red[day + 1 :])).columns
        alone = replace(built, segments={"colour=red": others})
        measured = measure_drift(alone, count(part, day, "colour=red"))
        held_out += [m.value for m in measured if m.metric == "hellinger"][:1]
    noise = built.noise["drift/hellinger/x/colour=red"]
    assert noise.days == 4
    assert noise.mean == pytest.approx(np.mean([v for v in held_out if v]))


def test_too_few_labels_leave_scores_uncalibrated() -> None:
    """Nothing is learnt from nothing, and nothing fails."""
    rows = make_rows(0, rows=30).assign(label=0)
    built = build([rows])
    assert built.calibrator.scores == ()
    assert built.sampling == {}


def test_a_regression_reference_has_no_calibrator() -> None:
    """There is no score to calibrate."""
    sums = dict.fromkeys(("e", "e2", "e4", "abs", "y", "y2", "sq_log", "sq_log2"), 1.0)
    outcome = RegressionOutcome(rows=5, labelled=5, sums=sums | {"logs": 5.0})
    built = build_reference(
        make_profile(outcome=outcome),
        [],
        None,
        bins={},
        contract=make_contract("regression"),
        trained_until=FIRST,
    )
    assert built.sampling == {}
    assert built.metrics["mae"] == pytest.approx(0.2)


def test_bins_of_nothing_are_refused() -> None:
    """A column without a finite value has no range."""
    with pytest.raises(EstimationError, match="finite"):
        bins_for(np.array([np.nan, np.inf]))
