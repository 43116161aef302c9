from dataclasses import replace

import pytest

from monitoring_tasks.compare.untrusted_estimates import demote_untrusted
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.trust import EstimatorTrust, TrustVerdict
from tests.builders import make_finding

BREACH = make_finding(Verdict.BREACH, kind=Kind.ESTIMATED)
DISTRUST = EstimatorTrust(
    version="1",
    segment="all",
    metric="roc_auc",
    verdict=TrustVerdict.DEMOTED,
    reason="its interval held 61% of 41 days",
)
TRUST = {("1", "all", "roc_auc"): DISTRUST}


def test_breach_of_a_demoted_estimator_is_a_warning() -> None:
    """The reason keeps what was seen and says why it is not more."""
    (made,) = demote_untrusted([BREACH], TRUST)
    assert made.verdict is Verdict.WARN
    assert made.reason == (
        "it is breach; only a warning, the estimate is not trusted: "
        "its interval held 61% of 41 days"
    )
    assert made.reason_code is ReasonCode.UNTRUSTED_ESTIMATE
    kept = replace(made, verdict=BREACH.verdict, reason=BREACH.reason, reason_code=None)
    assert kept == BREACH


def test_ok_of_a_demoted_estimator_is_inconclusive() -> None:
    """Within its limits by a number nobody believes: nothing is known."""
    (made,) = demote_untrusted([make_finding(Verdict.OK, kind=Kind.ESTIMATED)], TRUST)
    assert made.verdict is Verdict.INCONCLUSIVE
    assert made.reason_code is ReasonCode.UNTRUSTED_ESTIMATE
    assert "the estimate is not trusted" in made.reason


def test_breach_over_pooled_days_is_demoted_as_well() -> None:
    """Pooling does not make a wrong estimate right."""
    (made,) = demote_untrusted(
        [make_finding(Verdict.BREACH, kind=Kind.ESTIMATED, horizon=7)], TRUST
    )
    assert made.verdict is Verdict.WARN


@pytest.mark.parametrize(
    "finding",
    [
        pytest.param(make_finding(Verdict.BREACH), id="realized"),
        pytest.param(make_finding(Verdict.BREACH, kind=Kind.FAIRNESS), id="fairness"),
        pytest.param(
            make_finding(Verdict.BREACH, kind=Kind.ESTIMATED, version="2"), id="version"
        ),
        pytest.param(
            make_finding(Verdict.BREACH, kind=Kind.ESTIMATED, segment="a=b"),
            id="segment",
        ),
        pytest.param(
            make_finding(Verdict.BREACH, kind=Kind.ESTIMATED, metric="f1"), id="metric"
        ),
        pytest.param(make_finding(Verdict.WARN, kind=Kind.ESTIMATED), id="warn"),
        pytest.param(
            make_finding(Verdict.INCONCLUSIVE, kind=Kind.ESTIMATED), id="open"
        ),
        pytest.param(make_finding(Verdict.NO_DATA, kind=Kind.ESTIMATED), id="no data"),
    ],
)
def test_other_findings_stay_as_they_are(finding: Finding) -> None:
    """Distrust reaches no further than the numbers it was earned by."""
    assert demote_untrusted([BREACH, finding], TRUST)[1] is finding


@pytest.mark.parametrize("verdict", [TrustVerdict.TRUSTED, TrustVerdict.UNTESTED])
def test_estimator_that_is_not_demoted_may_breach(verdict: TrustVerdict) -> None:
    """Untested is not distrusted: before labels there is nothing else to go by."""
    trust = {key: replace(one, verdict=verdict) for key, one in TRUST.items()}
    assert demote_untrusted([BREACH], trust) == [BREACH]
    assert demote_untrusted([BREACH], {}) == [BREACH]
