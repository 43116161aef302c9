from typing import Any

import pytest

from monitoring_tasks.compare.day_context import DayContext
from monitoring_tasks.compare.interval_rule import judge
from monitoring_tasks.compare.judge import judge_day
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import (
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from tests.builders import (
    COLUMNS,
    DAY,
    make_contract,
    make_measurement,
    make_reference,
)

OK, WARN, BREACH = Verdict.OK, Verdict.WARN, Verdict.BREACH
INCONCLUSIVE, NO_DATA = Verdict.INCONCLUSIVE, Verdict.NO_DATA
NAN, INF = float("nan"), float("inf")
LOW, HIGH, BOTH = Limit(low=0.5), Limit(high=0.5), Limit(low=0.4, high=0.6)
ADVISORY = Limit(high=0.5, advisory=True)


@pytest.mark.parametrize(
    ("ends", "limit", "verdict"),
    [
        pytest.param((0.3, 0.2, 0.4), LOW, BREACH, id="below"),
        pytest.param((0.4, 0.3, 0.5), LOW, INCONCLUSIVE, id="upper end on low"),
        pytest.param((0.5, 0.4, 0.6), LOW, INCONCLUSIVE, id="straddles low"),
        pytest.param((0.6, 0.5, 0.7), LOW, OK, id="lower end on low"),
        pytest.param((0.7, 0.6, 0.8), LOW, OK, id="above low"),
        pytest.param((0.7, 0.6, 0.8), HIGH, BREACH, id="above"),
        pytest.param((0.6, 0.5, 0.7), HIGH, INCONCLUSIVE, id="lower end on high"),
        pytest.param((0.4, 0.3, 0.5), HIGH, OK, id="upper end on high"),
        pytest.param((0.5, 0.45, 0.55), BOTH, OK, id="between"),
        pytest.param((0.5, 0.3, 0.55), BOTH, INCONCLUSIVE, id="straddles one"),
        pytest.param((0.5, 0.3, 0.7), BOTH, INCONCLUSIVE, id="straddles both"),
        pytest.param((0.1, None, None), LOW, BREACH, id="no interval, below"),
        pytest.param((0.5, None, None), LOW, OK, id="no interval, on low"),
        pytest.param((0.5, None, None), HIGH, OK, id="no interval, on high"),
        pytest.param((0.0, None, None), LOW, BREACH, id="zero is a value"),
        pytest.param((0.7, 0.6, 0.8), ADVISORY, WARN, id="advisory above"),
        pytest.param((0.5, 0.4, 0.6), ADVISORY, OK, id="advisory straddles"),
        pytest.param((INF, None, None), HIGH, NO_DATA, id="infinite above"),
        pytest.param((INF, None, None), LOW, NO_DATA, id="infinite above low"),
        pytest.param((-INF, None, None), LOW, NO_DATA, id="minus infinite below"),
        pytest.param((-INF, None, None), HIGH, NO_DATA, id="minus infinite below high"),
        pytest.param((INF, None, None), ADVISORY, NO_DATA, id="infinite, advisory"),
        pytest.param((0.7, INF, INF), LOW, NO_DATA, id="interval beyond everything"),
        pytest.param((0.3, -INF, -INF), HIGH, NO_DATA, id="interval before everything"),
        pytest.param((0.7, 0.6, INF), LOW, OK, id="no upper end, above low"),
        pytest.param((0.4, -INF, 0.45), HIGH, OK, id="no lower end, below high"),
        pytest.param((0.7, 0.6, INF), HIGH, BREACH, id="no upper end, above high"),
        pytest.param((0.7, -INF, 0.8), LOW, INCONCLUSIVE, id="no lower end"),
        pytest.param((0.3, 0.2, INF), HIGH, INCONCLUSIVE, id="no upper end"),
        pytest.param((0.5, -INF, INF), BOTH, INCONCLUSIVE, id="no end at all"),
        pytest.param((0.3, 0.2, INF), ADVISORY, INCONCLUSIVE, id="advisory, no end"),
        pytest.param((None, None, None), LOW, NO_DATA, id="nothing"),
        pytest.param((NAN, None, None), LOW, NO_DATA, id="no number"),
        pytest.param((NAN, None, None), ADVISORY, NO_DATA, id="no number, advisory"),
        pytest.param((0.7, NAN, 0.8), LOW, NO_DATA, id="lower end no number"),
        pytest.param((0.7, 0.6, NAN), LOW, NO_DATA, id="upper end no number"),
        pytest.param((0.7, None, None), Limit(), INCONCLUSIVE, id="no limit"),
        pytest.param(
            (0.7, None, None), Limit(advisory=True), INCONCLUSIVE, id="no drift limit"
        ),
    ],
)
def test_interval_rule(
    ends: tuple[float | None, ...], limit: Limit, verdict: Verdict
) -> None:
    """Past the limit is a breach, within is ok, and between nobody knows."""
    value, lower, upper = ends
    number = make_measurement(value=value, lower=lower, upper=upper)
    found = judge(number, limit, min_rows=100)
    assert found.verdict is verdict
    assert found.reason
    assert (found.measurement, found.limit) == (number, limit)


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [(99, INCONCLUSIVE), (100, BREACH), (101, BREACH), (0, INCONCLUSIVE)],
)
def test_few_rows_are_never_judged(rows: int, verdict: Verdict) -> None:
    """One row fewer than the policy asks for says nothing; as many are enough."""
    found = judge(make_measurement(value=0.1, rows=rows), LOW, min_rows=100)
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        pytest.param(
            {"value": None, "reason": "only one class"}, "only one class", id="class"
        ),
        pytest.param({"value": NAN}, "what was measured is not a number", id="nan"),
        pytest.param({"value": INF}, "what was measured is not finite", id="infinite"),
        pytest.param({"value": None}, "it was not measured", id="nothing"),
    ],
)
def test_reason_of_an_absent_number_is_told(parts: dict[str, Any], reason: str) -> None:
    """Why there is no number stands in the finding."""
    found = judge(make_measurement(**parts), LOW, min_rows=1, noun="auc")
    assert found.reason == f"no auc: {reason}"


def judged(
    contract: Contract,
    *measurements: Measurement,
    coverage: float = 1.0,
    reference: ReferenceProfile | None = None,
) -> list[Finding]:
    """Judge numbers of a day of version 1."""
    context = DayContext(
        day=DAY,
        contract=contract,
        references={"1": reference} if reference else {},
        label_coverage={"1": coverage},
    )
    return judge_day(measurements, context)


def test_labels_that_fit_no_prediction_are_told_of_where_a_number_waits() -> None:
    """They came, so waiting for them is in vain."""
    context = DayContext(
        day=DAY,
        contract=promised(),
        references={},
        label_coverage={"1": 0.0},
        stray_labels="3,026 labels have ids of no prediction",
    )
    (found,) = judge_day([make_measurement(rows=0, value=None)], context)
    assert found.verdict is Verdict.IMMATURE
    assert found.reason.endswith("; 3,026 labels have ids of no prediction")


def promised(**parts: object) -> Contract:
    """Return a contract with one objective: a realized AUC of at least 0.6."""
    objective = {"metric": "roc_auc", "source": "realized", "min": 0.6}
    columns = COLUMNS | {"protected": ["sex"]}
    return make_contract(objectives=[objective | parts], columns=columns)


@pytest.mark.parametrize(
    ("coverage", "verdict"),
    [(0.79, Verdict.IMMATURE), (0.8, BREACH), (0.0, Verdict.IMMATURE)],
)
def test_realized_numbers_wait_for_labels(coverage: float, verdict: Verdict) -> None:
    """Below the policy's share of labels a realized number is immature."""
    found = judged(promised(), make_measurement(value=0.5), coverage=coverage)
    assert [finding.verdict for finding in found] == [verdict]


@pytest.mark.parametrize(
    ("metric", "segment", "verdict"),
    [
        ("equal_opportunity_gap", "all", Verdict.IMMATURE),
        ("calibration_gap", "all", Verdict.IMMATURE),
        ("tpr", "sex=f", Verdict.IMMATURE),
        ("demographic_parity_gap", "all", BREACH),
        ("selection_rate", "sex=f", BREACH),
        ("estimated_equal_opportunity_gap", "all", WARN),
    ],
)
def test_fairness_that_needs_labels_waits_for_them(
    metric: str, segment: str, verdict: Verdict
) -> None:
    """The first labels are no fair sample of the groups; a guess at them only warns."""
    parts = {"metric": metric, "column": "sex", "segment": segment}
    contract = promised(**parts, source="fairness", min=None, max=0.1)
    number = make_measurement(kind=Kind.FAIRNESS, value=0.5, **parts)
    assert judged(contract, number, coverage=0.5)[0].verdict is verdict


def test_estimates_do_not_wait_for_labels() -> None:
    """An estimate is there so that nobody has to wait."""
    number = make_measurement(kind=Kind.ESTIMATED, value=0.5)
    found = judged(promised(source="estimated"), number, coverage=0)
    assert found[0].verdict is BREACH


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"metric": "f1"}, id="another metric"),
        pytest.param({"kind": Kind.ESTIMATED}, id="another kind"),
        pytest.param({"segment": "a=b"}, id="another segment"),
        pytest.param({"column": "x"}, id="another column"),
    ],
)
def test_objective_without_its_number_is_no_data(other: dict[str, Any]) -> None:
    """A metric that failed to compute cannot drop out of the verdict."""
    found = judged(promised(), make_measurement(**other))
    assert [finding.verdict for finding in found] == [NO_DATA]
    assert "did not produce it" in found[0].reason


def test_every_version_of_the_day_is_judged() -> None:
    """On the day of a release each version is held against the promise."""
    found = judged(promised(), make_measurement(), make_measurement(version="2"))
    assert [(f.measurement.version, f.verdict) for f in found] == [
        ("1", OK),
        ("2", Verdict.IMMATURE),  # nothing is known of its labels
    ]


def test_drop_without_a_reference_is_inconclusive() -> None:
    """A loss against nothing is no loss and no health either."""
    found = judged(promised(min=None, max_drop=0.1), make_measurement())
    assert (found[0].verdict, "too few days" in found[0].reason) == (INCONCLUSIVE, True)


REFERENCE = make_reference(
    noise={"realized/roc_auc//all": DailyNoise(mean=0.7, spread=0.001, days=60)}
)


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        pytest.param({}, OK, id="constant"),
        pytest.param({"value": 0.5}, BREACH, id="lost"),
        pytest.param({"value": None}, NO_DATA, id="one class, or empty"),
        pytest.param({"value": NAN}, NO_DATA, id="no number"),
        pytest.param({"value": INF}, NO_DATA, id="infinite gain"),
        pytest.param({"value": -INF}, NO_DATA, id="infinite loss"),
        pytest.param({"lower": NAN, "upper": 0.8}, NO_DATA, id="end is no number"),
        pytest.param({"lower": -INF, "upper": INF}, INCONCLUSIVE, id="no end at all"),
        pytest.param({"lower": 0.6, "upper": INF}, INCONCLUSIVE, id="no upper end"),
        pytest.param(
            {"value": 0.5, "lower": -INF, "upper": 0.6},
            INCONCLUSIVE,
            id="lost, no lower end",
        ),
        pytest.param({"rows": 99}, INCONCLUSIVE, id="too few rows"),
        pytest.param({"rows": 0}, INCONCLUSIVE, id="no rows"),
        pytest.param({"rows": 100}, OK, id="enough rows"),
    ],
)
def test_loss_that_cannot_be_told_is_never_ok(
    parts: dict[str, Any], verdict: Verdict
) -> None:
    """Against the reference, too, what is not known is neither health nor a loss."""
    contract = promised(min=None, max_drop=0.05)
    (found,) = judged(contract, make_measurement(**parts), reference=REFERENCE)
    assert found.verdict is verdict
    assert found.reason


def test_week_in_breach_stands_where_the_day_is_no_number() -> None:
    """A day that could not be measured does not show that the trouble is over."""
    week = make_measurement(value=0.4, horizon=7)
    for value, verdict in ((0.7, WARN), (0.5, BREACH), (NAN, BREACH), (INF, BREACH)):
        day = make_measurement(value=value)
        assert judged(promised(), day, week)[1].verdict is verdict


def drift(column: str, metric: str = "jensen_shannon", **parts: object) -> Measurement:
    """Return a distance of 0.3 of a column."""
    known = {"kind": Kind.DRIFT, "column": column, "metric": metric, "value": 0.3}
    return make_measurement(**known | parts)


@pytest.mark.parametrize(
    ("number", "verdicts"),
    [
        pytest.param(drift("x"), [WARN], id="continuous"),
        pytest.param(drift("c", "hellinger"), [WARN], id="categorical"),
        pytest.param(drift("score"), [WARN], id="score"),
        pytest.param(drift("x", value=0.05), [OK], id="small"),
        pytest.param(drift("x", value=None), [NO_DATA], id="not measured"),
        pytest.param(drift("x", "wasserstein"), [], id="another distance"),
        pytest.param(drift("c"), [], id="another distance of categories"),
        pytest.param(drift("w"), [], id="calendar"),
        pytest.param(drift("x", segment="c=a"), [], id="segment"),
        pytest.param(
            drift("", "reconstruction_error"), [INCONCLUSIVE], id="rows, no reference"
        ),
    ],
)
def test_drift_is_judged_by_the_policys_distance(
    number: Measurement, verdicts: list[Verdict]
) -> None:
    """Drift warns and never breaches; what follows the calendar is left alone."""
    columns = {"continuous": ["x"], "categorical": ["c"], "calendar": ["w"]}
    policy = {"drift": {"categorical": "hellinger"}}
    contract = make_contract(columns=COLUMNS | columns, policy=policy)
    assert [finding.verdict for finding in judged(contract, number)] == verdicts


def test_reconstruction_error_is_held_against_the_references_days() -> None:
    """A distance without a scale of its own takes it from the reference."""
    noise = {"drift/reconstruction_error//all": DailyNoise(mean=1, spread=0.1, days=30)}
    number = drift("", "reconstruction_error", value=1.5)
    found = judged(make_contract(), number, reference=make_reference(noise=noise))
    assert [finding.verdict for finding in found] == [WARN]
