"""The incident that a bad day would open."""

from datetime import UTC, datetime

import pytest

from monitoring_tasks.domain.decisions import BLAMED, FIRST_GUESS, Cause
from monitoring_tasks.respond.incident_report import incident_of
from tests.builders import make_contract, make_decision, make_evaluation

NOW = datetime(2024, 3, 19, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("evidence", "version"), [({}, "1"), ({BLAMED: "3"}, "3")], ids=["most", "part"]
)
def test_incident_is_about_the_version_that_is_blamed(
    evidence: dict[str, str], version: str
) -> None:
    """A release of a part of the rows ends with that version, not with the rest's."""
    decision = make_decision(cause=Cause.MODEL, evidence=evidence)
    evaluation = make_evaluation(version="1")
    incident = incident_of(evaluation, decision, make_contract(), now=NOW)
    assert incident.version == version


@pytest.mark.parametrize("is_guess", [True, False])
def test_first_guess_has_nothing_in_common_with_others(*, is_guess: bool) -> None:
    """Three of a day would be one of the fleet, and page; what is confirmed may be."""
    decision = make_decision(evidence={FIRST_GUESS: True} if is_guess else {})
    evaluation = make_evaluation(decision=decision)
    incident = incident_of(evaluation, decision, make_contract(), now=NOW)
    assert bool(incident.upstreams) is not is_guess
