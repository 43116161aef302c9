"""The incident that a bad day would open."""

from datetime import UTC, datetime

import pytest

from monitoring_tasks.domain.decisions import BLAMED, Cause
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
