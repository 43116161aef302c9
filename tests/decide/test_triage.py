from datetime import date, timedelta
from typing import Any

import pytest

from monitoring_tasks.decide.triage import Symptoms, triage
from monitoring_tasks.domain.evaluations import Cause, Comparison
from monitoring_tasks.domain.findings import Kind, Verdict
from tests.builders import DAY, make_comparison, make_contract, make_finding

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
    found = triage(symptoms(**parts), make_contract())
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
    found = triage(
        symptoms(onset=onset, version_since=date(2013, 8, 3)), make_contract()
    )
    assert found.cause is cause


@pytest.mark.parametrize(
    ("lower", "cause"),
    [(0.0100001, Cause.MODEL), (0.01, Cause.CONCEPT_DRIFT)],
)
def test_gain_must_lie_past_the_margin(lower: float, cause: Cause) -> None:
    """A gain nobody cares about is no reason to roll back."""
    found = triage(
        symptoms(comparisons=[make_comparison(lower=lower)]), make_contract()
    )
    assert found.cause is cause


def test_surest_of_several_versions_is_put_back() -> None:
    """The one whose gain is certain to be the largest, not the luckiest."""
    lucky = make_comparison(version="3", gain=0.3, lower=0.02, upper=0.6)
    sure = make_comparison(version="1", gain=0.1, lower=0.08, upper=0.12)
    found = triage(symptoms(comparisons=[lucky, sure]), make_contract())
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
    contract = make_contract(objectives=[objective] if objective else [])
    found = triage(symptoms(comparisons=[make_comparison(other=other)]), contract)
    assert found.cause is cause
    assert (found.rollback_to is not None) is (cause is Cause.MODEL)
