import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.day_facts import DayFacts
from monitoring_tasks.decide.decide import decide
from monitoring_tasks.decide.standing_warnings import standing_warnings
from monitoring_tasks.domain.decisions import (
    MAX_REASONS,
    Cause,
    Decision,
    PastDay,
    Severity,
)
from monitoring_tasks.domain.delivery_problem import NO_PROBLEM, DeliveryProblem
from monitoring_tasks.domain.findings import (
    Check,
    DataVerdict,
    Finding,
    Kind,
    Limit,
    Verdict,
)
from monitoring_tasks.domain.incident_context import (
    IncidentContext,
    Override,
    PeerModel,
    PredictedEffect,
)
from monitoring_tasks.domain.standing_warnings import DayWarnings
from tests.builders import (
    DAY,
    make_comparison,
    make_contract,
    make_finding,
    make_past,
)

V = Verdict
YESTERDAY = DAY - timedelta(days=1)
BAD = [make_past(YESTERDAY, V.BREACH)]
BEFORE = make_past(DAY - timedelta(days=2), version="1")


DROP = make_contract(
    objectives=[{"metric": "roc_auc", "source": "realized", "max_drop": 0.05}]
)


def lost(loss: float, p_value: float) -> Finding:
    """Return a breach of a realized AUC of which 0.75 was expected."""
    return replace(
        make_finding(
            V.BREACH,
            value=0.75 - loss,
            # Steady days: more is allowed than chance ever brings.
            limit=Limit(low=0.7, reference=0.75, false_alarm=1e-30),
        ),
        p_value=p_value,
    )


def day_facts(**parts: object) -> DayFacts:
    """Return a good day of version 2, with nothing before it."""
    usual: dict[str, Any] = {
        "day": DAY,
        "contract": make_contract(),
        "version": "2",
        "batch": DataVerdict(verdict=V.OK, reason="all held"),
        "problem": NO_PROBLEM,
        "findings": [make_finding(V.OK)],
        "comparisons": [],
        "history": [],
    }
    return DayFacts(**usual | parts)


def test_good_day_needs_nobody() -> None:
    """A good day says by which number it is good."""
    found = decide(day_facts())
    assert (found.verdict, found.severity, found.cause) == (V.OK, None, None)
    assert found.reasons == ("realized roc_auc over 1 day: it is ok",)


def test_excluded_day_is_recorded_and_never_judged() -> None:
    """Not even a breach, nor broken data, on a day the owners excluded."""
    contract = make_contract(policy={"excluded_days": [DAY.isoformat()]})
    broken = DataVerdict(verdict=V.BREACH, reason="broken")
    for data in (day_facts().batch, broken):
        parts = {"findings": [make_finding(V.BREACH)], "history": BAD, "batch": data}
        found = decide(day_facts(contract=contract, **parts))
        assert (found.verdict, found.severity) == (V.EXCLUDED, None)


@pytest.mark.parametrize(
    ("data", "problem", "verdict", "cause", "says"),
    [
        pytest.param(
            V.BREACH, NO_PROBLEM, V.NO_DATA, Cause.DATA, "bad data", id="broken"
        ),
        pytest.param(
            V.NO_DATA,
            DeliveryProblem(error="NoDataError", text="no file"),
            V.NO_DATA,
            Cause.INTEGRATION,
            "no data: no file",
            id="missing",
        ),
        pytest.param(
            V.NO_DATA,
            DeliveryProblem(error="UnreadableDataError", text="cut off"),
            V.NO_DATA,
            Cause.INTEGRATION,
            "no data: cut off",
            id="unreadable",
        ),
        pytest.param(
            V.ERROR,
            NO_PROBLEM,
            V.ERROR,
            Cause.INTEGRATION,
            "bad data",
            id="not checked",
        ),
    ],
)
def test_unfit_day_is_about_its_data_and_never_about_the_model(
    *,
    data: Verdict,
    problem: DeliveryProblem,
    verdict: Verdict,
    cause: Cause,
    says: str,
) -> None:
    """No rollback can fix rows that are missing or broken."""
    fitness = DataVerdict(verdict=data, reason="a check failed")
    parts = {"findings": [make_finding(V.BREACH)], "comparisons": [make_comparison()]}
    found = decide(day_facts(batch=fitness, problem=problem, history=BAD, **parts))
    assert (found.verdict, found.performance, found.cause) == (verdict, verdict, cause)
    assert (found.confirmed, found.rollback_to) == (False, None)
    assert found.severity is Severity.P2
    assert found.reasons[0].startswith(f"P2, {cause}: {says}")


@pytest.mark.parametrize(
    ("columns", "cause"),
    [
        (("score",), Cause.INTEGRATION),
        (("score", "prediction"), Cause.INTEGRATION),
        (("score", "temp"), Cause.DATA),
        (("",), Cause.DATA),
    ],
)
def test_batch_whose_outputs_alone_are_unfit_is_the_scoring_jobs(
    columns: tuple[str, ...], cause: Cause
) -> None:
    """The rows are held back all the same; where to look is another matter."""
    failed = Check(
        gate="reference",
        name="no_more_nulls_than_usual",
        status="failed",
        severity="critical",
    )
    checks = tuple(replace(failed, column=column) for column in columns)
    unfit = DataVerdict(verdict=V.BREACH, reason="nulls", checks=checks)
    found = decide(day_facts(batch=unfit))
    assert (found.severity, found.cause) == (Severity.P2, cause)
    assert found.evidence["severity"][0]["rule"] == "data"


@pytest.mark.parametrize(
    "findings",
    [
        pytest.param([], id="nothing"),
        pytest.param([make_finding(V.OK, kind=Kind.DRIFT)], id="drift only"),
        pytest.param([make_finding(V.NO_DATA, value=None)], id="no number"),
    ],
)
def test_day_without_a_number_is_never_ok(findings: list[Any]) -> None:
    """Absence of evidence is told as such."""
    found = decide(day_facts(findings=findings))
    assert found.verdict is V.NO_DATA
    assert found.reasons


def test_data_warning_is_told_on_a_day_that_is_judged() -> None:
    """A day with a blemish counts, and the blemish is in the reasons."""
    data = DataVerdict(verdict=V.WARN, reason="few rows")
    assert "data: few rows" in decide(day_facts(batch=data)).reasons


def test_first_bad_day_waits() -> None:
    """One bad day is written down, and nobody is woken for it."""
    found = decide(day_facts(findings=[make_finding(V.BREACH)]))
    assert (found.verdict, found.confirmed, found.severity, found.cause) == (
        V.BREACH,
        False,
        Severity.P3,
        None,
    )
    assert found.reasons[0].startswith(
        "P3: not confirmed yet: 1 of the last 1 valid days are in"
    )


def test_confirmed_breach_of_a_bad_release_names_the_version_to_put_back() -> None:
    """A second bad day, a release just before, and an older version that is better."""
    found = decide(
        day_facts(
            findings=[make_finding(V.BREACH)],
            comparisons=[make_comparison()],
            history=[BEFORE, *BAD],
        )
    )
    assert (found.cause, found.rollback_to) == (Cause.MODEL, "1")
    assert (found.confirmed, found.severity) == (True, Severity.P1)
    told = {"bad_days": 2, "of_days": 2, "onset": YESTERDAY.isoformat()}
    assert told.items() <= found.evidence.items()
    assert found.evidence["chosen_by"] == [
        "comparison/1",
        "realized/roc_auc//all/1/1",
    ]
    (row,) = found.evidence["severity"]
    assert (row["rule"], row["severity"]) == ("performance", "P1")
    assert found.reasons[0].startswith(
        "P1, model: version 1 is better on the same 900 rows"
    )
    assert found.reasons[0].endswith("; all rows, 2 of 2 days")


def test_release_before_memory_is_not_known() -> None:
    """Where every remembered day is of one version nobody knows its release."""
    found = decide(
        day_facts(
            findings=[make_finding(V.BREACH)],
            comparisons=[make_comparison()],
            history=BAD,
        )
    )
    assert (found.cause, found.rollback_to) == (Cause.UNDETERMINED, None)


def test_day_without_rows_is_no_release() -> None:
    """A day nobody scored has no version; the days around it are one run."""
    gap = make_past(DAY - timedelta(days=2), V.NO_DATA, version="")
    served = make_past(DAY - timedelta(days=3), version="2")
    old = make_past(DAY - timedelta(days=4), version="1")
    parts: dict[str, Any] = {
        "findings": [make_finding(V.BREACH)],
        "comparisons": [make_comparison()],
        "history": [old, served, gap, *BAD],
    }
    for onset_days, cause in ((2, Cause.MODEL), (1, Cause.UNDETERMINED)):
        contract = make_contract(policy={"onset_days": onset_days})
        assert decide(day_facts(contract=contract, **parts)).cause is cause


@pytest.mark.parametrize("verdict", [V.OK, V.BREACH])
def test_stale_alias_is_an_integration_fault_whatever_the_numbers_say(
    verdict: Verdict,
) -> None:
    """Consumers who do not follow the registry are not helped by moving an alias."""
    found = decide(
        day_facts(
            stale_alias="3",
            findings=[make_finding(verdict)],
            comparisons=[make_comparison()],
            history=[BEFORE, *BAD],
        )
    )
    assert (found.cause, found.rollback_to) == (Cause.INTEGRATION, None)
    assert found.severity in {Severity.P1, Severity.P2}
    assert "does not follow the registry" in found.reasons[0]


def test_reasons_are_few_and_the_worst_come_first() -> None:
    """Breaches before drift, and never more than anybody reads."""
    drifts = [
        make_finding(V.WARN, kind=Kind.DRIFT, column=f"c{i}", segment="a=b")
        for i in range(20)
    ]
    found = decide(day_facts(findings=[*drifts, make_finding(V.BREACH)]))
    assert len(found.reasons) == MAX_REASONS
    assert found.reasons[1] == "realized roc_auc over 1 day: it is breach"
    assert found.reasons[2] == "drift roc_auc of c0 (a=b): it is warn"


TIER_ONE = make_contract(tier=1)
HARD = make_contract(
    objectives=[
        {"metric": "roc_auc", "source": "realized", "min": 0.7, "hard_min": 0.6}
    ]
)
FLOORED = make_finding(V.BREACH, version="2", value=0.5, lower=0.45, upper=0.55)
CHANCE = make_finding(V.BREACH, version="2", value=0.4, lower=0.35, upper=0.45)


@pytest.mark.parametrize(
    ("parts", "severity", "cause"),
    [
        pytest.param(
            {"contract": HARD, "findings": [FLOORED]},
            Severity.P1,
            Cause.MODEL,
            id="past the hard limit",
        ),
        pytest.param(
            {"contract": TIER_ONE, "findings": [CHANCE]},
            Severity.P0,
            Cause.MODEL,
            id="worse than chance, tier 1",
        ),
        pytest.param(
            {"findings": [CHANCE]}, Severity.P3, None, id="worse than chance, tier 2"
        ),
        pytest.param(
            {"findings": [replace(CHANCE, p_value=1e-4)]},
            Severity.P2,
            Cause.MODEL,
            id="worse than chance and beyond it, tier 2",
        ),
        pytest.param(
            {"contract": DROP, "findings": [lost(0.15, 1e-4)]},
            Severity.P2,
            Cause.MODEL,
            id="three times what is allowed, and beyond chance",
        ),
        pytest.param(
            {
                "contract": DROP,
                "findings": [lost(0.15, 1e-4)],
                "context": IncidentContext(
                    models=4,
                    peers=tuple(
                        PeerModel(model=m, tier=1, onset=DAY, cause=Cause.DATA)
                        for m in "abc"
                    ),
                ),
            },
            Severity.P2,
            Cause.MODEL,
            id="others' troubles make a first guess no graver",
        ),
        pytest.param(
            {"contract": DROP, "findings": [lost(0.15, 2e-4)]},
            Severity.P3,
            None,
            id="chance brings it oftener than two days past the limit",
        ),
        pytest.param(
            {"contract": DROP, "findings": [lost(0.14, 1e-9)]},
            Severity.P3,
            None,
            id="sure, and not far",
        ),
        pytest.param(
            {"findings": [lost(0.15, 1e-9)]}, Severity.P3, None, id="no loss is stated"
        ),
    ],
)
def test_what_is_too_grave_does_not_wait_and_moves_nothing(
    parts: dict[str, Any], severity: Severity, cause: Cause | None
) -> None:
    """A first day past all bounds is an incident; no alias moves for one day."""
    found = decide(
        day_facts(comparisons=[make_comparison()], history=[BEFORE], **parts)
    )
    assert (found.confirmed, found.rollback_to) == (False, None)
    assert (found.severity, found.cause) == (severity, cause)


def test_slow_rule_alone_is_a_ticket() -> None:
    """Trouble that comes and goes is confirmed, and less grave."""
    every_third = [
        make_past(DAY - timedelta(days=back), V.OK if back % 3 else V.BREACH)
        for back in range(9, 0, -1)
    ]
    found = decide(day_facts(findings=[make_finding(V.BREACH)], history=every_third))
    assert (found.confirmed, found.severity) == (True, Severity.P2)


def test_warnings_that_last_are_a_ticket_of_unknown_cause() -> None:
    """After a week somebody is told to look; until then it is told and no more."""
    week = [make_past(DAY - timedelta(days=ago), V.WARN) for ago in range(6, 0, -1)]
    early = decide(day_facts(findings=[make_finding(V.WARN)], history=week[-5:]))
    late = decide(day_facts(findings=[make_finding(V.WARN)], history=week))
    assert (early.severity, early.cause) == (Severity.P3, None)
    # Whoever has to act is told so: an unknown cause is a cause.
    assert (late.severity, late.cause) == (Severity.P2, Cause.UNDETERMINED)
    assert not late.confirmed


EXPECTS_LOSS = PredictedEffect(
    version="2",
    metric="roc_auc",
    segment="all",
    horizon=1,
    realized=None,
    predicted=0.2,
    is_surprising=True,
)


def warned(*ratios: float | None, is_known_good: bool = False) -> list[PastDay]:
    """Return the days before, on which the input lay so many limits off, or did not."""
    key = ("drift", "roc_auc", "temp", "all")
    return [
        replace(
            make_past(DAY - timedelta(days=len(ratios) - place)),
            warnings=DayWarnings(
                ratios={} if ratio is None else {key: ratio},
                rows=100,
                losses=[{100: 0.0}] if is_known_good else (),
            ),
        )
        for place, ratio in enumerate(ratios)
    ]


def decided(finding: Finding, history: list[PastDay], **parts: object) -> Decision:
    """Decide a day of unlabelled rows on which one number moved."""
    contract = make_contract()
    findings = [make_finding(V.OK, kind=Kind.ESTIMATED), finding]
    warnings = standing_warnings(findings, history, contract, day=DAY)
    return decide(
        day_facts(findings=findings, history=history, warnings=warnings, **parts)
    )


def moved_to(ratio: float, **parts: object) -> Finding:
    """Return drift of an input so many times past its limit of 0.1."""
    about = {"kind": Kind.DRIFT, "column": "temp", "version": "2"}
    limit = Limit(high=0.1)
    return make_finding(V.WARN, limit=limit, value=ratio / 10, **about | parts)


@pytest.mark.parametrize(
    ("ratio", "history", "severity", "cause"),
    [
        pytest.param(9.0, [], None, None, id="one day"),
        pytest.param(1.5, warned(None, 1.4), Severity.P3, None, id="stands"),
        pytest.param(1.5, warned(1.4, None), Severity.P3, None, id="two of three"),
        pytest.param(9.0, warned(None, 9.0), Severity.P2, Cause.DATA, id="overnight"),
        pytest.param(
            4.0, warned(None, 1.5), Severity.P2, Cause.COVARIATE_DRIFT, id="grew far"
        ),
        pytest.param(
            1.5,
            warned(None, *[1.4] * 6),
            Severity.P2,
            Cause.COVARIATE_DRIFT,
            id="a week",
        ),
        pytest.param(1.5, warned(None, *[1.4] * 5), Severity.P3, None, id="six days"),
    ],
)
def test_number_that_moved_is_told_and_then_a_ticket(
    ratio: float,
    history: list[PastDay],
    severity: Severity | None,
    cause: Cause | None,
) -> None:
    """On two of three days it is told; far past its limit, or for a week, a ticket."""
    decision = decided(moved_to(ratio), history)
    assert (decision.verdict, decision.severity, decision.cause) == (
        V.WARN,
        severity,
        cause,
    )


@pytest.mark.parametrize(
    ("history", "verdict", "severity"),
    [
        pytest.param(
            warned(None, *[1.4] * 9, is_known_good=True), V.OK, None, id="harmless"
        ),
        pytest.param(
            warned(None, *[0.5] * 9, is_known_good=True),
            V.WARN,
            Severity.P2,
            id="it was far less then",
        ),
        pytest.param(
            warned(None, 1.4, is_known_good=True),
            V.WARN,
            Severity.P3,
            id="one good day",
        ),
    ],
)
def test_labels_of_its_run_show_a_move_to_be_harmless(
    history: list[PastDay], verdict: Verdict, severity: Severity | None
) -> None:
    """Known good silences a move of that size, also before today's labels come."""
    decision = decided(moved_to(1.5), history)
    assert (decision.verdict, decision.severity) == (verdict, severity)


def test_jump_is_told_even_where_labels_show_it_to_be_harmless() -> None:
    """No season moves so: somebody should know, and nobody has to act."""
    history = warned(None, 9.0, 9.0, 9.0, is_known_good=True)
    decision = decided(moved_to(9.0), history)
    assert (decision.severity, decision.cause) == (Severity.P3, None)


@pytest.mark.parametrize(
    ("finding", "cause"),
    [
        (moved_to(9.0, column="score"), Cause.INTEGRATION),
        (moved_to(9.0, column="prediction"), Cause.INTEGRATION),
        (
            moved_to(9.0, kind=Kind.OUTCOME, metric="label_rate", column=""),
            Cause.LABEL_QUALITY,
        ),
    ],
)
def test_what_moved_alone_says_where_to_look(finding: Finding, cause: Cause) -> None:
    """Scores alone are the scoring job's fault; labels alone are the labels'."""
    number = finding.measurement
    key = (number.kind.value, number.metric, number.column, number.segment)
    before = [
        make_past(DAY - timedelta(days=2)),
        replace(make_past(YESTERDAY), warnings=DayWarnings(ratios={key: 9.0})),
    ]
    decision = decided(finding, before)
    assert (decision.severity, decision.cause) == (Severity.P2, cause)


def test_labels_that_move_with_an_input_are_no_fault_of_the_labels() -> None:
    """However little the input moved: what explains it comes first."""
    labels = moved_to(9.0, kind=Kind.OUTCOME, metric="label_rate", column="")
    findings = [make_finding(V.OK, kind=Kind.ESTIMATED), labels, moved_to(1.5)]
    key = ("outcome", "label_rate", "", "all")
    before = [
        make_past(DAY - timedelta(days=2)),
        replace(make_past(YESTERDAY), warnings=DayWarnings(ratios={key: 9.0})),
    ]
    warnings = standing_warnings(findings, before, make_contract(), day=DAY)
    decision = decide(day_facts(findings=findings, history=before, warnings=warnings))
    assert (decision.severity, decision.cause) == (Severity.P2, Cause.COVARIATE_DRIFT)


def test_jump_under_another_version_is_its_references() -> None:
    """A release is held against its own reference, and may differ from the first."""
    before, since = warned(None, 9.0)
    history = [replace(before, version="1"), since]
    decision = decided(moved_to(9.0), history)
    assert (decision.cause, decision.rollback_to) == (Cause.MODEL, None)
    assert "when version 2 was released" in decision.reasons[0]


def test_drift_that_predicts_a_loss_is_a_ticket_once_it_stands() -> None:
    """However near its limit."""
    context = IncidentContext(effects=(EXPECTS_LOSS,))
    first = decided(moved_to(1.5), [], context=context)
    second = decided(moved_to(1.5), warned(None, 1.4), context=context)
    assert first.severity is None
    assert (second.severity, second.cause) == (Severity.P2, Cause.COVARIATE_DRIFT)


def test_warnings_of_a_day_are_kept_for_the_days_after_it() -> None:
    """As plain JSON in the evidence, whatever the day came to."""
    decision = decided(moved_to(9.0), [])
    kept = DayWarnings.from_json(json.loads(json.dumps(decision.evidence)))
    assert kept.ratios == {("drift", "roc_auc", "temp", "all"): 9.0}
    assert not kept.losses


@pytest.mark.parametrize(
    ("before", "severity"),
    [
        ([], Severity.P2),
        ([V.OK, V.OK], Severity.P2),
        ([V.NO_DATA, V.OK], Severity.P1),
        ([V.ERROR], Severity.P1),
        ([V.NO_DATA, V.OK, V.OK], Severity.P2),
    ],
)
def test_blind_two_days_of_three_is_graver(
    before: list[Verdict], severity: Severity
) -> None:
    """One missing batch is a ticket; a second within three days pages."""
    history = [
        make_past(DAY - timedelta(days=len(before) - place), verdict)
        for place, verdict in enumerate(before)
    ]
    gone = DataVerdict(verdict=V.NO_DATA, reason="nothing there")
    problem = DeliveryProblem(error="NoDataError", text="no file")
    found = decide(day_facts(batch=gone, problem=problem, history=history))
    assert (found.severity, found.cause) == (severity, Cause.INTEGRATION)


@pytest.mark.parametrize(
    ("tier", "holds", "gate", "severity"),
    [
        (1, True, "reference", Severity.P2),
        (2, False, "values", Severity.P1),
        (1, False, "values", Severity.P1),
        (2, False, "reference", Severity.P1),
        (1, False, "reference", Severity.P0),
    ],
)
def test_broken_batch_is_graver_where_it_was_used(
    *, tier: int, holds: bool, gate: str, severity: Severity
) -> None:
    """Held back a ticket; used a page; rows of another kind in tier 1 the gravest."""
    policy = {"severity": {"quarantine_holds": holds}}
    check = Check(gate=gate, name="it", status="failed", severity="critical")
    data = DataVerdict(verdict=V.BREACH, reason="broken", checks=(check,))
    contract = make_contract(tier=tier, policy=policy)
    found = decide(day_facts(batch=data, contract=contract))
    assert (found.severity, found.cause) == (severity, Cause.DATA)
    assert found.evidence["chosen_by"] == [f"check/{gate}/it/"]


def overridden(**parts: Any) -> Override:  # noqa: ANN401 (facts)
    """Return a person's word that a P1 of the model is a P3 of the data."""
    usual: dict[str, Any] = {
        "incident": "i",
        "first_day": YESTERDAY,
        "last_day": None,
        "cause": Cause.DATA,
        "severity": Severity.P3,
        "machine_cause": Cause.MODEL,
        "machine_severity": Severity.P1,
        "actor": "ann",
        "reason": "the feed was old",
    }
    return Override(**usual | parts)


@pytest.mark.parametrize(
    ("parts", "stands"),
    [
        pytest.param({}, (Severity.P3, Cause.DATA, None), id="stands"),
        pytest.param(
            {"cause": Cause.MODEL}, (Severity.P3, Cause.MODEL, "1"), id="severity only"
        ),
        pytest.param(
            {"machine_severity": Severity.P2},
            (Severity.P1, Cause.DATA, None),
            id="it got graver",
        ),
        pytest.param(
            {"last_day": YESTERDAY}, (Severity.P1, Cause.MODEL, "1"), id="it was over"
        ),
        pytest.param(
            {"machine_cause": Cause.SEGMENT},
            (Severity.P1, Cause.MODEL, "1"),
            id="of another episode",
        ),
    ],
)
def test_persons_answer_stands_for_the_episode(
    parts: dict[str, Any], stands: tuple[Any, ...]
) -> None:
    """Later days keep it, the machine's own beside; what is graver still counts."""
    found = decide(
        day_facts(
            findings=[make_finding(V.BREACH)],
            comparisons=[make_comparison()],
            history=[BEFORE, *BAD],
            context=IncidentContext(overrides=(overridden(**parts),)),
        )
    )
    assert (found.severity, found.cause, found.rollback_to) == stands
    machine = found.evidence.get("machine", {"cause": "model", "severity": "P1"})
    assert (machine["cause"], machine["severity"]) == ("model", "P1")
    assert ("so says ann" in found.reasons[0]) == ("machine" in found.evidence)


def test_common_cause_is_graded_by_all_that_broke() -> None:
    """Three models of tier 1 at once are the gravest, though each is one breach."""
    friends = tuple(
        PeerModel(model=name, tier=1, cause=None, onset=YESTERDAY) for name in "ab"
    )
    for tier, severity in ((1, Severity.P0), (2, Severity.P1)):
        found = decide(
            day_facts(
                contract=make_contract(tier=tier),
                findings=[make_finding(V.BREACH)],
                comparisons=[make_comparison()],
                history=[BEFORE, *BAD],
                context=IncidentContext(models=3, peers=friends),
            )
        )
        assert (found.cause, found.rollback_to) == (Cause.COMMON_CAUSE, None)
        assert found.severity is severity


def test_evidence_is_plain_json() -> None:
    """What is stored of a decision can be read back by anybody."""
    found = decide(day_facts(findings=[make_finding(V.BREACH)], history=BAD))
    assert json.loads(json.dumps(found.evidence))["impact"]["streak"] == 2


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        pytest.param({}, ["within_limits"], id="a good day"),
        pytest.param(
            {"findings": [make_finding(V.BREACH)]},
            ["breach_not_confirmed", "limit_crossed"],
            id="a first bad day",
        ),
        pytest.param(
            {"findings": [make_finding(V.BREACH)], "history": BAD},
            ["no_version_measured", "limit_crossed"],
            id="a confirmed breach",
        ),
        pytest.param(
            {"findings": [make_finding(V.INCONCLUSIVE)]},
            ["interval_crosses_limit"],
            id="nobody knows",
        ),
        pytest.param({"findings": []}, ["nothing_measured"], id="nothing"),
        pytest.param(
            {"batch": DataVerdict(verdict=V.BREACH, reason="nulls")},
            ["batch_unfit", "rollback_would_not_help"],
            id="unfit",
        ),
    ],
)
def test_each_reason_has_its_code(parts: dict[str, Any], codes: list[str]) -> None:
    """Days can be counted by what was said of them, in the order it was said."""
    found = decide(day_facts(**parts))
    assert [code.value for code in found.reason_codes] == codes
    assert len(found.reasons) == len(codes)
