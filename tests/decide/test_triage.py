from datetime import date, timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.triage import Symptoms, triage
from monitoring_tasks.domain.evaluations import Cause, Comparison
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.policies import Policy
from tests.builders import DAY, make_comparison, make_finding

DRIFTED = make_finding(Verdict.WARN, kind=Kind.DRIFT, column="temp")
STEADY = make_finding(Verdict.OK, kind=Kind.DRIFT, column="temp")
NO_BETTER = make_comparison(gain=0.0, lower=-0.1, upper=0.1)
UNMEASURED = Comparison(version="1", metric="roc_auc", reason="it did not load")


def symptoms(**parts: object) -> Symptoms:
    """Give a breach that began with the release of version 2, yesterday."""
    known: dict[str, Any] = {
        "day": DAY,
        "version": "2",
        "version_since": DAY - timedelta(days=1),
        "onset": DAY - timedelta(days=1),
        "findings": [STEADY],
        "comparisons": [make_comparison()],
    }
    return Symptoms(**known | parts)


@pytest.mark.parametrize(
    ("parts", "cause", "says"),
    [
        pytest.param(
            {}, Cause.MODEL, "version 1 is better on the same 900", id="model"
        ),
        pytest.param(
            {"findings": [DRIFTED]},
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
            {"comparisons": [NO_BETTER], "findings": [DRIFTED]},
            Cause.COVARIATE_DRIFT,
            "inputs moved (temp)",
            id="inputs moved",
        ),
        pytest.param(
            {"comparisons": [NO_BETTER, UNMEASURED]},
            Cause.CONCEPT_DRIFT,
            "stayed as they were",
            id="meaning changed",
        ),
    ],
)
def test_every_leaf_names_its_cause_and_evidence(
    parts: dict[str, Any], cause: Cause, says: str
) -> None:
    """Only the leaf `model` names a version to put back."""
    found = triage(symptoms(**parts), Policy())
    assert (found.cause, says in found.reason) == (cause, True), found.reason
    assert found.rollback_to == ("1" if cause is Cause.MODEL else None)


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
    found = triage(symptoms(onset=onset, version_since=date(2013, 8, 3)), Policy())
    assert found.cause is cause


@pytest.mark.parametrize(
    ("lower", "cause"),
    [(0.0100001, Cause.MODEL), (0.01, Cause.CONCEPT_DRIFT)],
)
def test_gain_must_lie_past_the_margin(lower: float, cause: Cause) -> None:
    """A gain nobody cares about is no reason to roll back."""
    found = triage(symptoms(comparisons=[make_comparison(lower=lower)]), Policy())
    assert found.cause is cause


def test_surest_of_several_versions_is_put_back() -> None:
    """The one whose gain is certain to be the largest, not the luckiest."""
    lucky = make_comparison(version="3", gain=0.3, lower=0.02, upper=0.6)
    sure = make_comparison(version="1", gain=0.1, lower=0.08, upper=0.12)
    found = triage(symptoms(comparisons=[lucky, sure]), Policy())
    assert found.rollback_to == "1"
