"""The limits by which a cause is chosen, at their edges."""

from typing import Any

import pytest

from monitoring_tasks.decide.triage import triage
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.incident_context import (
    IncidentContext,
    PredictedEffect,
)
from monitoring_tasks.domain.orphans import Orphans
from tests.builders import make_comparison, make_contract, make_finding
from tests.decide.test_triage import symptoms

NO_BETTER = make_comparison(gain=-0.05, lower=-0.1, upper=0.0)


def cause_of(
    context: IncidentContext, comparison: Comparison = NO_BETTER, **limits: object
) -> Cause:
    """Name the cause of a breach on inputs that moved, since yesterday's release."""
    findings = [
        make_finding(Verdict.WARN, kind=Kind.DRIFT, column="temp", version="2"),
        make_finding(Verdict.BREACH, version="2"),
    ]
    day = symptoms(
        contract=make_contract(policy={"severity": limits} if limits else {}),
        findings=findings,
        comparisons=[comparison],
        context=context,
    )
    return triage(day).cause


def explaining(predicted: float) -> IncidentContext:
    """Say how much of a loss of 0.2 the scores predict."""
    effect: dict[str, Any] = {"metric": "roc_auc", "segment": "all", "horizon": 1}
    known = PredictedEffect(version="2", realized=0.2, predicted=predicted, **effect)
    return IncidentContext(effects=(known,))


@pytest.mark.parametrize(
    ("share", "cause"),
    [
        (0.249, Cause.CONCEPT_DRIFT),
        (0.25, Cause.CONCEPT_DRIFT),
        (0.251, Cause.INTEGRATION),
    ],
)
def test_orphan_share_is_the_largest_that_is_none_of_anybodys_business(
    share: float, cause: Cause
) -> None:
    """Labels without a prediction count from beyond the usual ones and the limit."""
    orphans = Orphans(share=share, usual=0.125)
    context = IncidentContext(orphans=orphans, effects=explaining(0.0).effects)
    assert cause_of(context, orphan_share=0.125) is cause


@pytest.mark.parametrize(
    ("predicted", "cause"),
    [
        (0.0999, Cause.CONCEPT_DRIFT),
        (0.1, Cause.COVARIATE_DRIFT),
        (0.1001, Cause.COVARIATE_DRIFT),
    ],
)
def test_explained_share_is_the_smallest_that_blames_the_inputs(
    predicted: float, cause: Cause
) -> None:
    """Scores that predict just half of the loss explain it."""
    assert cause_of(explaining(predicted)) is cause


@pytest.mark.parametrize(
    ("upper", "cause"),
    [
        (0.0499, Cause.COVARIATE_DRIFT),
        (0.05, Cause.COVARIATE_DRIFT),
        (0.0501, Cause.UNDETERMINED),
    ],
)
def test_explained_share_is_the_most_a_release_may_cost_and_not_be_asked(
    upper: float, cause: Cause
) -> None:
    """Another version that may win back more than a quarter of the loss is in doubt."""
    perhaps = make_comparison(gain=0.0, lower=-0.1, upper=upper)
    assert cause_of(explaining(0.2), perhaps, explained_share=0.25) is cause
