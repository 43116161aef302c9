"""What labels prove, and what that excuses."""

import pytest

from monitoring_tasks.decide.known_good import labels_answer_for, losses_left, rows_of
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Verdict
from monitoring_tasks.domain.standing_warnings import DayWarnings
from tests.builders import make_contract, make_finding

DROP = {"metric": "roc_auc", "source": "realized", "max_drop": 0.05}
CONTRACT = make_contract(objectives=[DROP])


def labelled(
    value: float, half: float, *, horizon: int = 1, verdict: Verdict = Verdict.OK
) -> Finding:
    """Return a realized AUC with its interval; 0.75 is expected, 0.70 allowed."""
    return make_finding(
        verdict,
        value=value,
        lower=value - half,
        upper=value + half,
        horizon=horizon,
        rows=1000 * horizon,
        limit=Limit(low=0.68, reference=0.75, false_alarm=0.01),
    )


@pytest.mark.parametrize(
    ("findings", "losses"),
    [
        pytest.param([labelled(0.74, 0.03)], ({1000: 0.8},), id="excludes the loss"),
        pytest.param([labelled(0.77, 0.01)], ({1000: 0.0},), id="gains"),
        pytest.param([labelled(0.74, 0.05)], (), id="not proven is not disproven"),
        pytest.param([labelled(0.71, 0.02)], (), id="may have lost too much"),
        pytest.param(
            [labelled(0.74, 0.05), labelled(0.74, 0.02, horizon=7)],
            ({7000: 0.6},),
            id="the week tells",
        ),
        pytest.param([labelled(0.74, 0.01, verdict=Verdict.IMMATURE)], (), id="few"),
        pytest.param([make_finding(Verdict.OK, kind=Kind.ESTIMATED)], (), id="guess"),
        pytest.param([], (), id="nothing"),
        pytest.param(
            [make_finding(Verdict.OK, limit=Limit(low=0.6))],
            ({1000: 1.0},),
            id="promised limit",
        ),
        pytest.param(
            [
                labelled(0.74, 0.01),
                make_finding(Verdict.INCONCLUSIVE, metric="f1", value=0.5),
            ],
            (),
            id="one objective of two",
        ),
    ],
)
def test_known_good_excludes_the_loss_that_matters(
    findings: list[Finding], losses: tuple[dict[int, float], ...]
) -> None:
    """By labels of all rows, for every objective; 0.75 is expected, 0.05 allowed."""
    assert losses_left(findings, CONTRACT) == tuple(map(pytest.approx, losses))


@pytest.mark.parametrize(
    ("losses", "run_rows", "is_good"),
    [
        pytest.param([{100: 0.9}], 100, True, id="the day itself"),
        pytest.param([{700: 0.9}], 700, True, id="a week of the run"),
        pytest.param([{700: 0.9}], 600, False, id="all of the loss may be of six days"),
        pytest.param([{700: 0.5}], 400, True, id="half of it cannot be of four"),
        pytest.param([{2800: 0.0}], 1300, False, id="mostly rows before"),
        pytest.param([{2800: 0.5}], 1400, True, id="half of the month"),
        pytest.param([{700: 0.1}, {2800: 0.1}], 700, False, id="every promise"),
        pytest.param([], 3000, False, id="nothing"),
    ],
)
def test_days_before_a_run_prove_nothing_of_it(
    losses: list[dict[int, float]], run_rows: int, *, is_good: bool
) -> None:
    """What a month lost, the rows of the run may have lost alone."""
    day = DayWarnings(losses=losses)
    assert day.is_good_for(run_rows) is is_good


def test_days_decided_before_losses_were_kept_stay_as_good_as_they_were() -> None:
    """An update is no reason to call somebody for a move that was harmless so far."""
    old = {
        "warnings": {"ratios": [["drift", "a", "b", "all", 2]], "is_known_good": True}
    }
    day = DayWarnings.from_json(old)
    assert day.ratios == {("drift", "a", "b", "all"): 2}
    assert day.is_good_for(day.rows)


def test_rows_of_a_day_are_the_labelled_ones() -> None:
    """Labels judge those; before they come, all rows count."""
    drift = make_finding(Verdict.OK, kind=Kind.DRIFT, rows=900)
    labels = make_finding(Verdict.OK, kind=Kind.REALIZED, rows=700)
    week = make_finding(Verdict.OK, kind=Kind.REALIZED, rows=5_000, horizon=7)
    assert rows_of([drift]) == 900
    assert rows_of([drift, labels, week]) == 700
    assert rows_of([]) == 0


def test_labels_that_fit_too_well_prove_nothing() -> None:
    """Whatever is wrong with them is wrong with what they prove."""
    good = labelled(0.97, 0.01)
    leak = make_finding(Verdict.WARN, kind=Kind.TOO_GOOD, value=0.97)
    assert losses_left([good], CONTRACT)
    assert not losses_left([good, leak], CONTRACT)


@pytest.mark.parametrize(
    ("promised", "metric", "is_answered"),
    [
        ("roc_auc", "score_mean", False),
        ("brier", "score_mean", True),
        ("accuracy", "score_mean", True),
        ("roc_auc", "decision_rate", False),
        ("brier", "decision_rate", False),
        ("accuracy", "decision_rate", True),
    ],
)
def test_promise_excuses_what_it_would_show(
    promised: str, metric: str, *, is_answered: bool
) -> None:
    """Ranks do not show where scores lie, scores not what is decided."""
    contract = make_contract(objectives=[DROP | {"metric": promised}])
    moved = make_finding(Verdict.WARN, kind=Kind.OUTPUT, metric=metric)
    of_part = make_finding(Verdict.WARN, kind=Kind.OUTPUT, metric=metric, segment="a=b")
    assert labels_answer_for(moved, contract) is is_answered
    assert not labels_answer_for(of_part, contract)


def test_nothing_is_excused_by_promises_without_labels() -> None:
    """An estimate is made from the very scores that moved."""
    contract = make_contract(objectives=[DROP | {"source": "estimated"}])
    moved = make_finding(Verdict.WARN, kind=Kind.OUTPUT, metric="score_mean")
    assert not labels_answer_for(moved, contract)


def test_predicted_class_is_a_decision() -> None:
    """Its drift is one of decisions, as that of a score is one of scores."""
    contract = make_contract(objectives=[DROP | {"metric": "brier"}])
    drift = {"kind": Kind.DRIFT, "metric": "jensen_shannon"}
    of_class = make_finding(Verdict.WARN, column="prediction", **drift)
    of_score = make_finding(Verdict.WARN, column="score", **drift)
    assert not labels_answer_for(of_class, contract)
    assert labels_answer_for(of_score, contract)
