"""Weak segments: what is found, how honestly it is measured, when nothing is said."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.weak_segments import WeakSegments
from monitoring_tasks.estimate.row_loss import row_loss
from monitoring_tasks.estimate.weak_segments import _first_half, find_weak_segments
from tests.builders import COLUMNS, DAY, make_contract

FEATURES = {"continuous": ["distance"], "categorical": ["carrier"]}
DAYS = (DAY - timedelta(days=1), DAY)


def contract(problem: str = "binary", **policy: object) -> Contract:
    """Return a contract with two features; segments need 100 rows."""
    columns: dict[str, object] = {**COLUMNS, **FEATURES}
    if problem != "binary":
        del columns["score"]
    if problem == "multiclass":
        columns["score"] = {"a": "p_a", "b": "p_b"}
    return make_contract(
        problem=problem,
        columns=columns,
        classes=["a", "b"] if problem == "multiclass" else [],
        policy={"weak_segments": {"min_rows": 100} | policy},
    )


def rows(seed: int, n: int = 4000, *, flipped: bool = False) -> pd.DataFrame:
    """Make calibrated scores; flipped, the labels of long AA flights are random."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": [f"{seed}-{i}" for i in range(n)],
            "distance": rng.uniform(0, 3000, n),
            "carrier": rng.choice(["AA", "UA", "DL", "B6"], n),
            "score": rng.choice([0.05, 0.95], n),
        }
    )
    chance = frame["score"].to_numpy(copy=True)
    if flipped:
        bad = (frame["carrier"] == "AA") & (frame["distance"] > 1200)
        chance[bad.to_numpy()] = 0.5
    frame["label"] = (rng.random(n) < chance).astype(float)
    frame["prediction"] = (frame["score"] > 0.5).astype(float)
    return frame


def search(frame: pd.DataFrame, reference: pd.DataFrame | None = None) -> WeakSegments:
    """Search under the default contract."""
    return find_weak_segments(frame, reference, contract(), days=DAYS)


def test_segment_is_named_in_plain_words_when_its_labels_are_noise() -> None:
    """The segment that was made bad is the one that is told, with its edge."""
    found = search(rows(1, flipped=True), rows(2))
    worst = found.segments[0]
    assert "carrier in {AA}" in worst.rule
    edge = float(worst.rule.split("distance > ")[1].split(" ")[0].replace(",", ""))
    assert edge == pytest.approx(1200, abs=60)


def test_numbers_come_from_rows_the_segment_was_not_found_on() -> None:
    """Rows and share are those of one half, and the true loss lies in the interval."""
    found = search(rows(1, flipped=True), rows(2))
    worst = found.segments[0]
    bad, good = -np.log(0.05 * 0.95) / 2, -0.05 * np.log(0.05) - 0.95 * np.log(0.95)
    assert found.rows == pytest.approx(2000, abs=120)
    assert worst.share == pytest.approx(worst.rows / found.rows)
    assert worst.lower < bad - good < worst.upper


def test_segment_that_is_bad_on_the_rows_it_was_found_on_only_is_not_told() -> None:
    """The other half of the rows speaks, and there all is well."""
    bad, good = rows(1, flipped=True), rows(1)
    found_on = _first_half(bad["id"])
    assert search(bad).segments
    assert not search(pd.concat([bad[found_on], good[~found_on]])).segments


def test_segment_is_new_when_the_reference_did_better_there() -> None:
    """A segment that became bad has a rise; one that was always bad has none."""
    day = rows(1, flipped=True)
    assert search(day, rows(2)).segments[0].is_new
    assert not search(day, rows(3, flipped=True)).segments[0].is_new
    assert search(day).segments[0].reference is None


def test_result_is_the_same_whatever_the_order_of_the_rows() -> None:
    """Halves are picked by the id, so a shuffled batch gives the same segments."""
    day = rows(1, flipped=True)
    shuffled = day.sample(frac=1, random_state=5)
    assert search(day).segments[0].rule == search(shuffled).segments[0].rule
    assert search(day).rows == search(shuffled).rows


@pytest.mark.parametrize(("n", "is_enough"), [(399, False), (400, True), (401, True)])
def test_too_few_rows_are_said_to_be_too_few(n: int, is_enough: bool) -> None:  # noqa: FBT001 (a case)
    """Four times the smallest segment is needed; less is no search at all."""
    reason = search(rows(1, n)).reason
    assert ("are too few" in reason) is not is_enough


def test_unusable_rows_are_left_out() -> None:
    """A null score, an infinite one, a missing or odd label: no loss, no crash."""
    day = rows(1, 500)
    day.loc[0, "score"], day.loc[1, "score"] = np.nan, np.inf
    day.loc[2, "label"], day.loc[3, "label"] = np.nan, 7
    assert np.isnan(row_loss(day, contract())[:4]).all()
    assert np.isfinite(row_loss(day, contract())[4:]).all()


def test_nothing_is_cut_when_features_are_constant_or_unknown() -> None:
    """Without a difference to cut by there is no segment, and the reason is told."""
    day = rows(1).assign(distance=np.nan, carrier=None)
    found = search(day)
    assert not found.segments
    assert "no rule" in found.reason


def test_unknown_values_belong_to_a_segment_that_says_so() -> None:
    """Rows without a distance that are bad are found and named as unknown."""
    day = rows(1, flipped=True)
    bad = (day["carrier"] == "AA") & (day["distance"] > 1200)
    day.loc[bad, "distance"] = np.nan
    assert "unknown" in search(day).segments[0].rule


def test_surest_scores_cost_at_most_so_much() -> None:
    """A score of 0 or 1 is a score; wrong, it costs -log(.001), and right next to 0."""
    day = pd.DataFrame({"label": [1.0, 0.0, 1.0], "score": [0.0, 1.0, 1.0]})
    most = -np.log(0.001)
    assert row_loss(day, contract()) == pytest.approx([most, most, -np.log(0.999)])


def test_rise_has_the_error_of_both_samples() -> None:
    """Its interval is wider than that of the day's difference, around the rise."""
    worst = search(rows(1, flipped=True), rows(2)).segments[0]
    assert worst.rise is not None
    assert worst.rise_lower is not None
    assert worst.rise_upper is not None
    assert worst.rise_lower + worst.rise_upper == pytest.approx(2 * worst.rise)
    assert worst.rise_upper - worst.rise_lower > worst.upper - worst.lower


def test_regression_and_multiclass_have_a_loss_of_their_own() -> None:
    """Absolute error, and 1 for each wrong class."""
    day = pd.DataFrame({"label": [1.0, 2.0], "prediction": [3.0, 2.0]})
    assert row_loss(day, contract("regression")).tolist() == [2, 0]
    named = pd.DataFrame({"label": ["a", "b"], "prediction": ["b", "b"]})
    assert row_loss(named, contract("multiclass")).tolist() == [1, 0]


@pytest.mark.slow
def test_false_segments_are_as_rare_as_promised_when_nothing_is_worse() -> None:
    """Of 400 searches among rows all alike at most 2.5 % tell a segment.

    Each tail of the simultaneous 95 % interval holds at most 2.5 %; the limit is that
    plus three binomial standard errors (.78 %).
    """
    false = [bool(search(rows(1000 + k, 1200)).segments) for k in range(400)]
    assert np.mean(false) <= 0.025 + 3 * 0.0078


@pytest.mark.slow
def test_true_difference_lies_in_the_interval_as_often_as_promised() -> None:
    """Of 300 searches with a bad segment the interval misses the truth in at most 5 %.

    Only pure segments, whose true difference is known, are counted: half of the rows
    are of one carrier, and losing its skill is all that is wrong.
    """
    bad, good = -np.log(0.05 * 0.95) / 2, -0.05 * np.log(0.05) - 0.95 * np.log(0.95)
    missed = []
    for seed in range(300):
        day = rows(5000 + seed, 1600)
        lost = (day["carrier"] == "AA").to_numpy()
        luck = np.random.default_rng(seed).random(len(day)) < 0.5
        day.loc[lost, "label"] = luck[lost].astype(float)
        one = [s for s in search(day).segments if s.rule == "carrier in {AA}"]
        missed += [not s.lower < bad - good < s.upper for s in one]
    assert len(missed) > 20
    assert np.mean(missed) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(missed))
