from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.assess import decisive_findings
from monitoring_tasks.decide.scope import scope_of
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.decide.symptoms import LastingCorruption, Symptoms
from monitoring_tasks.decide.triage import provisional_cause, triage
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.delivery_problem import NO_PROBLEM
from monitoring_tasks.domain.findings import (
    LABEL_GATE,
    Check,
    DataVerdict,
    Finding,
    Kind,
    Verdict,
)
from monitoring_tasks.domain.incident_context import (
    ColumnEffect,
    IncidentContext,
    PeerModel,
    PredictedEffect,
)
from monitoring_tasks.domain.label_days import LabelDay
from monitoring_tasks.domain.label_summary import LabelSummary
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.orphans import Orphans
from monitoring_tasks.domain.reasons import ReasonCode
from tests.builders import (
    COLUMNS,
    DAY,
    make_columns,
    make_comparison,
    make_contract,
    make_finding,
)

DRIFTED = make_finding(Verdict.WARN, kind=Kind.DRIFT, column="temp")
STEADY = make_finding(Verdict.OK, kind=Kind.DRIFT, column="temp")
BROKEN = make_finding(Verdict.BREACH, version="2")
NO_BETTER = make_comparison(gain=-0.05, lower=-0.1, upper=0.0)
PERHAPS = make_comparison(gain=0.0, lower=-0.1, upper=0.1)
UNMEASURED = Comparison(version="1", metric="roc_auc", reason="it did not load")


def symptoms(**parts: Any) -> Symptoms:  # noqa: ANN401 (facts)
    """Return a breach that began with the release of version 2, yesterday."""
    known: dict[str, Any] = {
        "day": DAY,
        "contract": make_contract(),
        "batch": DataVerdict(verdict=Verdict.OK, reason="all held"),
        "problem": NO_PROBLEM,
        "history": (),
        "version": "2",
        "version_since": DAY - timedelta(days=1),
        "seen_since": DAY - timedelta(days=1),
        "onset": DAY - timedelta(days=1),
        "findings": [STEADY, BROKEN],
        "comparisons": [make_comparison()],
        "context": IncidentContext(),
    } | parts
    scope = scope_of(decisive_findings(known["findings"]), known["context"])
    return Symptoms(**known, scope=scope)


def effect(predicted: float | None, realized: float | None = 0.2) -> PredictedEffect:
    """Return how much of the broken number's loss of 0.2 the scores predict."""
    return PredictedEffect(
        version="2",
        metric="roc_auc",
        segment="all",
        horizon=1,
        realized=realized,
        predicted=predicted,
    )


def peer(model: str, **parts: Any) -> PeerModel:  # noqa: ANN401 (facts)
    """Return another model that broke on the same day."""
    known: dict[str, Any] = {"tier": 2}
    known |= {"cause": Cause.CONCEPT_DRIFT, "onset": DAY - timedelta(days=1)}
    return PeerModel(model=model, **known | parts)


def others(*models: PeerModel, of: int = 10) -> IncidentContext:
    """Return other models that broke, out of so many."""
    return IncidentContext(models=of, peers=models)


def rates(today: float, *, slope: float = 1.0) -> tuple[LabelDay, ...]:
    """Return twenty days of a rate around 0.25, and today's, as scores go on saying."""
    usual = [0.25 + 0.01 * (n % 3 - 1) for n in range(20)]
    return tuple(
        LabelDay(
            day=DAY - timedelta(days=20 - n),
            labels=LabelSummary(
                rows=1000,
                levels={"1": rate},
                outputs={"1": 0.25},
                slope=slope if n == len(usual) else 1.0 + 0.01 * (n % 3 - 1),
            ),
            is_calm=n < len(usual),
        )
        for n, rate in enumerate([*usual, today])
    )


QUIET_SCORES = (effect(0.02),)
LABELS_LATE = make_finding(
    Verdict.WARN, kind=Kind.LABELS, metric="label_coverage_shortfall", version="2"
)
GUESSED = make_finding(Verdict.BREACH, kind=Kind.ESTIMATED, version="2")
OF_A_PART = make_finding(Verdict.BREACH, segment="sex=f", version="2")
FAULT = LastingCorruption(
    check=Check(
        gate=LABEL_GATE,
        name="labels_belong_to_predictions",
        status="failed",
        severity="warning",
        observed="300 of 900 labels have ids of no prediction",
        is_new=True,
    ),
    days=2,
    onset=DAY,
)
ODD_LABELS = LabelVerdict(
    usable=True, verdict=Verdict.WARN, reason="odd", failed=(FAULT.check,)
)
WORLD: dict[str, Any] = {"comparisons": [NO_BETTER]}


@pytest.mark.parametrize(
    ("parts", "cause", "says"),
    [
        pytest.param(
            {"context": IncidentContext(orphans=Orphans(share=0.2, usual=0.1))},
            Cause.INTEGRATION,
            "20.0% of the labels belong to no prediction",
            id="predictions lost",
        ),
        pytest.param(
            {"context": others(peer("a"), peer("b"))},
            Cause.COMMON_CAUSE,
            "3 of 10 models broke within a day of each other (this one, a, b)",
            id="three models",
        ),
        pytest.param(
            {"findings": [OF_A_PART]},
            Cause.SEGMENT,
            "only a part of the rows is worse off, sex=f",
            id="a slice",
        ),
        pytest.param(
            {}, Cause.MODEL, "version 1 is better on the same 900", id="model"
        ),
        pytest.param(
            {"findings": [DRIFTED, BROKEN]},
            Cause.MODEL,
            "version 1",
            id="model, though drifted",
        ),
        pytest.param(
            {"version_since": None},
            Cause.UNDETERMINED,
            "a person",
            id="unknown release",
        ),
        pytest.param(
            {"version_since": DAY - timedelta(days=30)},
            Cause.UNDETERMINED,
            "within 28 days",
            id="long after the release",
        ),
        pytest.param(
            {"comparisons": [UNMEASURED]},
            Cause.UNDETERMINED,
            "(it did not load)",
            id="not measured",
        ),
        pytest.param(
            {"comparisons": []}, Cause.UNDETERMINED, "no other version", id="no version"
        ),
        pytest.param(
            {"comparisons": [PERHAPS]},
            Cause.UNDETERMINED,
            "version 1 may be better on the same rows",
            id="nobody knows whether another is better",
        ),
        pytest.param(
            {"comparisons": [PERHAPS], "seen_since": DAY - timedelta(days=30)},
            Cause.CONCEPT_DRIFT,
            "no version does well",
            id="another may be better, but this one served well for longer",
        ),
        pytest.param(
            {
                "comparisons": [PERHAPS],
                "context": IncidentContext(effects=(effect(0.0, realized=0.2001),)),
            },
            Cause.CONCEPT_DRIFT,
            "no version does well",
            id="no other version may explain half of the loss",
        ),
        pytest.param(
            {"comparisons": [], "seen_since": DAY - timedelta(days=29)},
            Cause.UNDETERMINED,
            "no other version",
            id="no version, served as long as a release is blamed",
        ),
        pytest.param(
            {"comparisons": [UNMEASURED], "seen_since": DAY - timedelta(days=30)},
            Cause.CONCEPT_DRIFT,
            "version 2 served for 29 days or more before the trouble began",
            id="no version, served well for longer",
        ),
        pytest.param(
            WORLD | {"findings": [LABELS_LATE, BROKEN]},
            Cause.LABEL_QUALITY,
            "check the labels first",
            id="labels stay away",
        ),
        pytest.param(
            WORLD
            | {
                "onset": DAY,
                "context": IncidentContext(effects=QUIET_SCORES, label_days=rates(0.4)),
            },
            Cause.LABEL_QUALITY,
            "40.0% of the labels are positive; it was 25.0%",
            id="rate jumped",
        ),
        pytest.param(
            WORLD | {"lasting_label_faults": [FAULT], "labels": ODD_LABELS},
            Cause.LABEL_QUALITY,
            "300 of 900 labels",
            id="labels unlike before",
        ),
        pytest.param(
            WORLD | {"labels": ODD_LABELS},
            Cause.LABEL_QUALITY,
            "300 of 900 labels",
            id="labels unlike before, today alone",
        ),
        pytest.param(
            WORLD
            | {
                "findings": [DRIFTED, BROKEN],
                "context": IncidentContext(effects=(effect(0.15),)),
            },
            Cause.COVARIATE_DRIFT,
            "inputs moved (temp); the scores predict 75% of the loss",
            id="inputs moved",
        ),
        pytest.param(
            WORLD | {"findings": [DRIFTED, GUESSED]},
            Cause.COVARIATE_DRIFT,
            "100% of the loss",
            id="inputs moved, no labels yet",
        ),
        pytest.param(
            WORLD | {"findings": [DRIFTED, BROKEN]},
            Cause.UNDETERMINED,
            "how much of the loss that explains is unknown",
            id="inputs moved, no estimate",
        ),
        pytest.param(
            WORLD
            | {
                "findings": [DRIFTED, BROKEN],
                "context": IncidentContext(effects=QUIET_SCORES),
            },
            Cause.CONCEPT_DRIFT,
            "what moved in the inputs explains too little of it",
            id="inputs moved, which explains too little",
        ),
        pytest.param(
            {"comparisons": [NO_BETTER, UNMEASURED]},
            Cause.CONCEPT_DRIFT,
            "stayed as they were",
            id="meaning changed",
        ),
        pytest.param(
            WORLD | {"findings": [STEADY, GUESSED]},
            Cause.UNDETERMINED,
            "fits no known cause",
            id="an estimate alone knows no meaning",
        ),
    ],
)
def test_every_leaf_names_its_cause_and_evidence(
    parts: dict[str, Any], cause: Cause, says: str
) -> None:
    """Only the leaf `model` names a version to put back; each names its evidence."""
    found = triage(symptoms(**parts))
    assert (found.cause, says in found.reason.text) == (cause, True), found.reason.text
    assert found.rollback_to == ("1" if cause is Cause.MODEL else None)
    assert found.evidence


@pytest.mark.parametrize(
    ("share", "usual", "cause"),
    [
        (0.15, 0.1, Cause.MODEL),
        (0.1501, 0.1, Cause.INTEGRATION),
        (0.05, None, Cause.MODEL),
        (0.051, None, Cause.INTEGRATION),
    ],
)
def test_labels_without_predictions_count_beyond_the_usual(
    share: float, usual: float | None, cause: Cause
) -> None:
    """A label source that always has more than was scored is no fault."""
    context = IncidentContext(orphans=Orphans(share=share, usual=usual))
    assert triage(symptoms(context=context)).cause is cause


WRONG_IDS = Orphans(share=0.3, usual=0.0, coverage=0.7, usual_coverage=1.0)


def test_labels_of_wrong_ids_are_no_lost_predictions() -> None:
    """As many predictions lack a label as labels lack a prediction; labels tell."""
    context = IncidentContext(orphans=WRONG_IDS)
    found = triage(symptoms(context=context))
    assert found.cause is Cause.LABEL_QUALITY
    assert "only 70.0% of the predictions have a label" in found.reason.text
    guessed = triage(symptoms(context=context, findings=[GUESSED]))
    assert guessed.cause is not Cause.LABEL_QUALITY


@pytest.mark.parametrize(
    ("context", "policy", "cause"),
    [
        pytest.param(others(peer("a")), {}, Cause.MODEL, id="two of ten"),
        pytest.param(
            others(peer("a"), peer("b", cause=Cause.MODEL)),
            {},
            Cause.MODEL,
            id="one explains itself",
        ),
        pytest.param(
            others(peer("a"), peer("b", onset=DAY - timedelta(days=3))),
            {},
            Cause.MODEL,
            id="one is ill for longer",
        ),
        pytest.param(
            others(peer("a"), of=4),
            {"common_share": 0.5},
            Cause.COMMON_CAUSE,
            id="half of four",
        ),
        pytest.param(
            others(peer("a"), of=5),
            {"common_share": 0.5},
            Cause.MODEL,
            id="two of five",
        ),
        pytest.param(others(of=1), {"common_share": 0.5}, Cause.MODEL, id="alone"),
    ],
)
def test_models_break_together_or_each_by_itself(
    context: IncidentContext, policy: dict[str, Any], cause: Cause
) -> None:
    """So many at once, or such a share, that began together and explain nothing."""
    contract = make_contract(policy={"severity": policy})
    assert triage(symptoms(contract=contract, context=context)).cause is cause


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(rates(0.26), id="within reach"),
        pytest.param(rates(0.26, slope=0.5), id="they follow the scores less"),
        pytest.param(rates(0.4)[-5:], id="too few days before"),
        pytest.param((), id="not known"),
    ],
)
def test_labels_that_did_not_surely_move_leave_the_world(
    days: tuple[LabelDay, ...],
) -> None:
    """Then the sentence names the labels as what may be wrong all the same."""
    context = IncidentContext(effects=QUIET_SCORES, label_days=days)
    found = triage(symptoms(context=context, onset=DAY, **WORLD))
    assert found.cause is Cause.CONCEPT_DRIFT
    assert (
        "or the labels are wrong in a way that shows nowhere else" in found.reason.text
    )


@pytest.mark.parametrize(
    ("parts", "cause"),
    [
        pytest.param({}, Cause.LABEL_QUALITY, id="labels of other rows"),
        pytest.param({"onset": DAY - timedelta(days=3)}, Cause.SEGMENT, id="earlier"),
        pytest.param({"seen_since": DAY}, Cause.SEGMENT, id="with the version"),
        pytest.param(
            {"findings": [make_finding(Verdict.BREACH, segment="sex=m", version="2")]},
            Cause.SEGMENT,
            id="another segment is worse off",
        ),
        pytest.param(
            {
                "findings": [
                    make_finding(
                        Verdict.BREACH,
                        segment="sex=f",
                        version="2",
                        kind=Kind.ESTIMATED,
                    )
                ]
            },
            Cause.SEGMENT,
            id="no label tells",
        ),
    ],
)
def test_labels_of_one_segment_alone_without_relation_are_looked_at_first(
    parts: dict[str, Any], cause: Cause
) -> None:
    """Only it is worse off, and its version had served it well."""
    context = IncidentContext(
        segment_label_days={"sex=f": rates(0.25, slope=0.0), "sex=m": rates(0.25)}
    )
    known = {"findings": [OF_A_PART], "onset": DAY, "context": context} | parts
    found = triage(symptoms(**known))
    assert found.cause is cause
    is_told = "the labels where sex=f have next to nothing" in found.reason.text
    assert is_told is (cause is Cause.LABEL_QUALITY)


def test_segment_without_relation_is_a_sign_where_all_rows_suffer() -> None:
    """It drags the whole along."""
    parts = {"sex=f": rates(0.25, slope=0.0), "sex=m": rates(0.25)}
    context = IncidentContext(effects=QUIET_SCORES, segment_label_days=parts)
    found = triage(symptoms(context=context, onset=DAY, **WORLD))
    assert found.cause is Cause.LABEL_QUALITY
    assert "where sex=f" in found.reason.text


def test_labels_without_any_relation_to_scores_are_looked_at_before_the_world() -> None:
    """It was close until the onset; no rate moved."""
    context = IncidentContext(effects=QUIET_SCORES, label_days=rates(0.25, slope=0.0))
    found = triage(symptoms(context=context, onset=DAY, **WORLD))
    assert found.cause is Cause.LABEL_QUALITY
    assert "labels of other rows" in found.reason.text
    assert "a sudden change of the world can look the same" in found.reason.text


@pytest.mark.parametrize(
    ("predicted", "cause"),
    [(0.1, Cause.COVARIATE_DRIFT), (0.0999, Cause.CONCEPT_DRIFT)],
)
def test_drift_has_to_explain_its_share_of_the_loss(
    predicted: float, cause: Cause
) -> None:
    """Half of the loss, unless the policy says otherwise."""
    context = IncidentContext(effects=(effect(predicted),))
    found = triage(symptoms(findings=[DRIFTED, BROKEN], context=context, **WORLD))
    assert found.cause is cause


def test_version_that_is_better_on_all_rows_is_no_cure_for_a_slice() -> None:
    """Nobody has compared the versions on those rows: no rollback, and it is said."""
    columns = make_columns(protected=["sex"]).model_dump()
    found = triage(
        symptoms(contract=make_contract(columns=columns), findings=[OF_A_PART])
    )
    assert (found.cause, found.rollback_to) == (Cause.SEGMENT, None)
    assert "only a protected group is worse off" in found.reason.text
    assert "version 1 is better on all rows" in found.reason.text


def test_drift_of_the_labels_is_no_drift_of_the_inputs() -> None:
    """A label rate that drifts does not make a changed meaning an input's fault."""
    moved = make_finding(Verdict.WARN, kind=Kind.OUTCOME, metric="label_rate")
    found = triage(symptoms(findings=[moved, BROKEN], **WORLD))
    assert found.cause is Cause.CONCEPT_DRIFT


@pytest.mark.parametrize("findings", [[BROKEN], [OF_A_PART], [GUESSED]])
def test_too_grave_to_wait_puts_no_version_back(findings: list[Finding]) -> None:
    """A single day gives a first guess, and no version to put back."""
    found = provisional_cause(symptoms(findings=findings))
    assert found.is_guess
    assert (found.rollback_to, found.blamed) == (None, "")
    is_named = found.cause is not Cause.UNDETERMINED
    assert ("first guess" in found.reason.text) is is_named
    assert (found.reason.code is ReasonCode.TOO_GRAVE_TO_WAIT) is not is_named


def test_first_guess_is_no_common_cause() -> None:
    """Other models that broke are their own; one day adds none to them."""
    shown = symptoms(context=others(*(peer(name) for name in "abc"), of=4))
    assert triage(shown).cause is Cause.COMMON_CAUSE
    assert provisional_cause(shown).cause is not Cause.COMMON_CAUSE


@pytest.mark.parametrize(
    ("onset", "cause"),
    [
        (date(2013, 8, 31), Cause.MODEL),
        (date(2013, 9, 1), Cause.UNDETERMINED),
    ],
)
def test_release_is_blamed_within_the_days_of_the_policy(
    onset: date, cause: Cause
) -> None:
    """The last day of the span counts, the one after does not."""
    found = triage(symptoms(onset=onset, version_since=date(2013, 8, 3)))
    assert found.cause is cause


@pytest.mark.parametrize(
    ("lower", "cause"),
    [(0.0100001, Cause.MODEL), (0.01, Cause.UNDETERMINED)],
)
def test_gain_must_lie_past_the_margin(lower: float, cause: Cause) -> None:
    """A gain that may be one nobody cares about is no reason to roll back."""
    found = triage(symptoms(comparisons=[make_comparison(lower=lower)]))
    assert found.cause is cause


@pytest.mark.parametrize(
    ("verdict", "cause"),
    [(Verdict.BREACH, Cause.MODEL), (Verdict.INCONCLUSIVE, Cause.UNDETERMINED)],
)
def test_release_that_its_own_days_call_worse_is_the_model(
    verdict: Verdict, cause: Cause
) -> None:
    """Before any version is proven: the cause is told, and nothing is put back."""
    release = make_finding(verdict, kind=Kind.COMPARISON, metric="roc_auc_gain")
    unproven = make_comparison(lower=0.005)
    found = triage(symptoms(findings=[release], comparisons=[unproven]))
    assert (found.cause, found.rollback_to) == (cause, None)


def test_surest_of_several_versions_is_put_back() -> None:
    """The one whose gain is certain to be the largest, not the luckiest."""
    lucky = make_comparison(version="3", gain=0.3, lower=0.02, upper=0.6)
    sure = make_comparison(version="1", gain=0.1, lower=0.08, upper=0.12)
    found = triage(symptoms(comparisons=[lucky, sure]))
    assert found.rollback_to == "1"


FLOOR = {"metric": "roc_auc", "source": "realized", "min": 0.6}


@pytest.mark.parametrize(
    ("other", "objective", "cause"),
    [
        pytest.param(0.5, None, Cause.CONCEPT_DRIFT, id="no skill"),
        pytest.param(0.501, None, Cause.MODEL, id="some skill, nothing promised"),
        pytest.param(0.599, FLOOR, Cause.CONCEPT_DRIFT, id="under the floor"),
        pytest.param(0.6, FLOOR, Cause.MODEL, id="on the floor"),
        pytest.param(0.4, FLOOR | {"metric": "f1"}, Cause.CONCEPT_DRIFT, id="chance"),
        pytest.param(0.55, FLOOR | {"segment": "a=b"}, Cause.MODEL, id="of a segment"),
    ],
)
def test_least_bad_version_is_no_remedy(
    other: float, objective: dict[str, Any] | None, cause: Cause
) -> None:
    """On broken inputs some version is always less wrong; it would breach as well."""
    contract = make_contract(
        objectives=[objective] if objective else [],
        columns=COLUMNS | {"segments": ["a"]},
    )
    found = triage(
        symptoms(contract=contract, comparisons=[make_comparison(candidate=other)])
    )
    assert found.cause is cause
    assert (found.rollback_to is not None) is (cause is Cause.MODEL)


def test_covariate_drift_names_the_dearest_column_first() -> None:
    """`wind` is further from its limit and harmless; `temp` is what costs something."""
    far = make_finding(Verdict.WARN, kind=Kind.DRIFT, column="wind", version="2")
    near = make_finding(Verdict.WARN, kind=Kind.DRIFT, column="temp", version="2")
    costs = ColumnEffect(
        version="2", column="temp", metric="roc_auc", loss=0.05, lower=0.03, upper=0.07
    )
    harmless = replace(costs, column="wind", loss=0.0, lower=-0.02, upper=0.02)
    context = IncidentContext(effects=(effect(0.2),), columns=(harmless, costs))
    found = triage(
        symptoms(comparisons=[NO_BETTER], findings=[far, near, BROKEN], context=context)
    )
    assert found.cause is Cause.COVARIATE_DRIFT
    assert "(temp, wind; temp alone should worsen roc_auc by 0.05)" in found.reason.text


GAP = make_finding(
    Verdict.BREACH,
    kind=Kind.FAIRNESS,
    metric="equal_opportunity_gap",
    column="sex",
    version="2",
    reason="highest f, lowest m",
)


WITH_GROUPS = make_contract(columns=make_columns(protected=["sex"]).model_dump())


def test_group_that_fares_far_worse_is_a_slice_though_the_whole_suffers() -> None:
    """Women are refused: all rows together do worse, and their gap says why."""
    found = triage(
        symptoms(
            contract=WITH_GROUPS,
            findings=[BROKEN, GAP, STEADY],
            comparisons=[NO_BETTER],
        )
    )
    assert found.cause is Cause.SEGMENT
    assert found.reason.text == (
        "the groups of sex are treated unequally, equal_opportunity_gap it is "
        "breach; highest f, lowest m, and performance on all rows suffers with it"
    )
    assert found.evidence == ("fairness/equal_opportunity_gap/sex/all/2/1",)


def test_version_that_is_better_comes_before_a_gap() -> None:
    """A release that refuses women is the release's fault."""
    found = triage(
        symptoms(
            contract=WITH_GROUPS,
            findings=[BROKEN, GAP],
            comparisons=[make_comparison()],
        )
    )
    assert (found.cause, found.rollback_to) == (Cause.MODEL, "1")


def fault(onset: date, *, gate: str = "labels", severity: str = "critical") -> Any:  # noqa: ANN401 (facts)
    """Return a statement that has failed since a day, about labels or a column."""
    column = "" if gate == "labels" else "temp"
    check = Check(
        gate=gate, name="it", status="failed", severity=severity, column=column
    )
    return LastingCorruption(check=check, days=3, onset=onset)


def test_release_is_not_blamed_by_labels_that_are_faulty() -> None:
    """On wrong labels another version may look better; it is not put back."""
    known = symptoms(lasting_label_faults=(fault(DAY - timedelta(days=1)),))
    answer = triage(known)
    assert (answer.cause, answer.rollback_to) == (Cause.LABEL_QUALITY, None)
    slight = symptoms(lasting_label_faults=(fault(DAY, severity="warning"),))
    assert triage(slight).cause is Cause.MODEL


def test_warning_of_a_suite_that_is_old_hides_no_bad_release() -> None:
    """It failed long before the release, and says nothing of the breach."""
    old = fault(DAY - timedelta(days=30), gate="values", severity="warning")
    answer = triage(symptoms(corruption=(old,)))
    assert (answer.cause, answer.rollback_to) == (Cause.MODEL, "1")
    recent = fault(DAY - timedelta(days=3), gate="values", severity="warning")
    answer = triage(symptoms(corruption=(recent,)))
    assert (answer.cause, answer.rollback_to) == (Cause.DATA, None)


def test_version_that_is_better_all_along_is_no_cause_where_outputs_moved() -> None:
    """On outputs that are not the version's own, any other one looks better."""
    output = make_finding(
        Verdict.WARN, kind=Kind.OUTPUT, metric="score_mean", version="2"
    )
    moved = StandingWarning(
        finding=output,
        onset=DAY - timedelta(days=1),
        ratio=1.5,
        first_ratio=1.5,
        stands=True,
        is_told=True,
        is_harmless=False,
        is_sudden=False,
        is_grave=True,
    )
    long_ago = {"version_since": DAY - timedelta(days=40)}
    found = triage(symptoms(**long_ago))
    assert found.reason.code is ReasonCode.BETTER_VERSION_NO_RELEASE
    found = triage(symptoms(warnings=[moved], **long_ago))
    assert (found.cause, found.rollback_to) == (Cause.INTEGRATION, None)
    # Soon after a release a proven version stays the better answer.
    assert triage(symptoms(warnings=[moved])).rollback_to == "1"
