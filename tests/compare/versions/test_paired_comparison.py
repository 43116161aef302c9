import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import roc_auc_score

from monitoring_tasks.compare.versions.paired_comparison import compare_paired
from monitoring_tasks.compare.versions.paired_rows import PairedRows
from monitoring_tasks.domain.comparisons import Comparison
from tests.builders import DAY

Floats = npt.NDArray[np.float64]
RNG = np.random.default_rng(7)
N = 600
LABELS = (RNG.random(N) < 0.3).astype(np.float64)
LIVE = LABELS + RNG.normal(scale=2.0, size=N)
OTHER = LABELS + RNG.normal(scale=1.0, size=N)


def compared(
    champion: Floats, candidate: Floats, labels: Floats, metric: str = "roc_auc"
) -> Comparison:
    """Compare two versions at 95 %."""
    return compare_paired(
        PairedRows(champion, candidate, labels),
        version="1",
        metric=metric,
        confidence=0.95,
        days=(DAY,),
    )


def test_areas_are_those_of_scikit_learn_ties_included() -> None:
    """Ties count one half."""
    champion, candidate = np.round(LIVE), np.round(OTHER)
    found = compared(champion, candidate, LABELS)
    assert found.champion == pytest.approx(roc_auc_score(LABELS, champion))
    assert found.candidate == pytest.approx(roc_auc_score(LABELS, candidate))
    assert found.gain == pytest.approx((found.candidate or 0) - (found.champion or 0))


@pytest.mark.parametrize(
    ("metric", "champion", "candidate"),
    [
        pytest.param("roc_auc", LIVE, OTHER, id="roc_auc"),
        pytest.param("brier", 1 / (1 + np.exp(-LIVE)), np.full(N, 0.3), id="brier"),
        pytest.param("mae", LIVE, OTHER, id="mae"),
        pytest.param("rmse", LIVE, OTHER, id="rmse"),
        pytest.param(
            "accuracy", (LIVE > 0.5) * 1.0, (OTHER > 0.5) * 1.0, id="accuracy"
        ),
    ],
)
def test_interval_is_that_of_a_paired_bootstrap(
    metric: str, champion: Floats, candidate: Floats
) -> None:
    """The analytic interval agrees with resampling the rows."""
    found = compared(champion, candidate, LABELS, metric)
    rng = np.random.default_rng(11)
    gains = [
        compared(champion[rows], candidate[rows], LABELS[rows], metric).gain
        for rows in (rng.integers(0, N, N) for _ in range(400))
    ]
    assert found.lower is not None
    assert found.upper is not None
    width = found.upper - found.lower
    expected = 2 * 1.96 * float(np.std([gain or 0.0 for gain in gains]))
    assert width == pytest.approx(expected, rel=0.15)
    assert found.gain == pytest.approx((found.lower + found.upper) / 2)


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("brier", float(np.mean((OTHER - LABELS) ** 2))),
        ("mae", float(np.mean(np.abs(OTHER - LABELS)))),
        ("rmse", float(np.sqrt(np.mean((OTHER - LABELS) ** 2)))),
    ],
)
def test_gain_is_positive_when_the_other_errs_less(metric: str, value: float) -> None:
    """Less error is better, and better is positive."""
    found = compared(LIVE, OTHER, LABELS, metric)
    assert found.candidate == pytest.approx(value)
    assert found.is_better_by(0)
    assert not compared(OTHER, LIVE, LABELS, metric).is_better_by(0)


@pytest.mark.parametrize("metric", ["roc_auc", "brier", "mae", "rmse", "accuracy"])
def test_equal_scores_gain_nothing(metric: str) -> None:
    """A version against itself is better by nothing, for certain."""
    found = compared(LIVE, LIVE.copy(), LABELS, metric)
    assert (found.gain, found.lower, found.upper) == (0, 0, 0)
    assert not found.is_better_by(0)


def test_perfect_predictions_have_no_error() -> None:
    """A root of zero is zero, and divides nothing."""
    found = compared(LABELS, LABELS.copy(), LABELS, "rmse")
    assert (found.champion, found.gain) == (0, 0)


@pytest.mark.parametrize(
    ("positives", "negatives", "known"),
    [(9, 90, False), (90, 9, False), (10, 10, True), (0, 50, False), (0, 0, False)],
)
def test_few_rows_of_a_class_carry_no_area(
    positives: int, negatives: int, *, known: bool
) -> None:
    """Ten of each class are the least; one class alone has no area."""
    labels = np.array([1.0] * positives + [0.0] * negatives)
    scores = np.linspace(0, 1, len(labels))
    found = compared(scores, scores[::-1].copy(), labels)
    assert (found.gain is not None) is known
    assert known or found.reason.startswith("too few of a class")


@pytest.mark.parametrize(("rows", "known"), [(9, False), (10, True)])
def test_few_rows_carry_no_error(rows: int, *, known: bool) -> None:
    """Fewer than ten rows make no interval worth acting on."""
    found = compared(LIVE[:rows], OTHER[:rows], LABELS[:rows], "mae")
    assert (found.gain is not None) is known
    assert known or "too few" in found.reason


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("metric", ["roc_auc", "mae"])
def test_scores_that_are_no_number_are_not_compared(bad: float, metric: str) -> None:
    """A version that fails on some rows is neither better nor worse."""
    broken = OTHER.copy()
    broken[3] = bad
    found = compared(LIVE, broken, LABELS, metric)
    assert (found.gain, found.lower) == (None, None)
    assert "no finite score" in found.reason


DAYS = np.repeat(np.arange(6), N // 6)


def by_day(
    champion: Floats, candidate: Floats, labels: Floats, metric: str = "roc_auc"
) -> Comparison:
    """Compare two versions on rows of six days."""
    return compare_paired(
        PairedRows(champion, candidate, labels, DAYS),
        version="1",
        metric=metric,
        confidence=0.95,
        days=(DAY,),
    )


def test_areas_of_days_do_not_hang_on_what_other_days_scores_are() -> None:
    """Each day's scores stretched and moved in their own way rank their day alike."""
    moved = LIVE * (1 + DAYS) + 10 * DAYS
    plain, other = by_day(LIVE, OTHER, LABELS), by_day(moved, OTHER, LABELS)
    assert other.champion == pytest.approx(plain.champion)
    assert (other.lower, other.upper) == pytest.approx((plain.lower, plain.upper))
    assert compared(moved, OTHER, LABELS).champion != pytest.approx(plain.champion)


def test_day_of_one_class_has_no_weight() -> None:
    """What is ranked on the other days stands."""
    labels = np.where(DAYS == 0, 0.0, LABELS)
    rest = DAYS > 0
    found = by_day(LIVE, OTHER, labels)
    alone = compare_paired(
        PairedRows(LIVE[rest], OTHER[rest], labels[rest], DAYS[rest]),
        version="1",
        metric="roc_auc",
        confidence=0.95,
        days=(DAY,),
    )
    assert (found.gain, found.lower) == pytest.approx((alone.gain, alone.lower))


@pytest.mark.parametrize("metric", ["brier", "mae", "rmse"])
def test_means_over_rows_stay_means_and_days_that_differ_widen_them(
    metric: str,
) -> None:
    """The gain is that of all rows; its interval never narrower than of the rows."""
    uneven = OTHER + np.where(DAYS % 2, 1.5, 0.0)
    plain, found = (
        compared(LIVE, uneven, LABELS, metric),
        by_day(LIVE, uneven, LABELS, metric),
    )
    assert found.gain == pytest.approx(plain.gain)
    assert (found.lower or 0) < (plain.lower or 0)
    assert (found.upper or 0) > (plain.upper or 0)


def test_day_with_one_positive_takes_part() -> None:
    """Where positives are rare most days have one: each still ranks its day."""
    first = np.array([np.flatnonzero((d == DAYS) & (LABELS == 1))[0] for d in range(6)])
    rare = np.zeros(N)
    rare[first] = 1.0
    rare[np.flatnonzero((DAYS == 0) & (LABELS == 1))[:9]] = 1.0
    found = by_day(LIVE, OTHER, rare)
    assert found.gain is not None
    assert found.lower is not None
    assert found.lower < found.gain


def test_no_day_with_both_classes_has_no_area() -> None:
    """Labels enough in all, but none of a day can be ranked."""
    labels = (DAYS == 0).astype(np.float64)
    found = by_day(LIVE, OTHER, labels)
    assert (found.gain, found.reason) == (None, "no day has labels of both classes")


def test_rows_of_days_that_rank_nothing_carry_no_interval() -> None:
    """Many positives on one day, and one among the negatives of another."""
    labels = np.where(DAYS == 0, 1.0, 0.0)
    labels[np.flatnonzero(DAYS == 1)[0]] = 1.0
    found = by_day(LIVE, OTHER, labels)
    assert found.gain is None
    assert found.reason.startswith("too few of a class: 1 positive")
