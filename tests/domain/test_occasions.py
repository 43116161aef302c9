from datetime import timedelta

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.occasions import occasion_of, tells_by_itself
from tests.builders import NOW, make_incident

S = IncidentState
OPEN = make_incident(state=S.OPEN, severity=Severity.P2)


def with_parts(**parts: object) -> Incident:
    """Return the open incident with some parts changed."""
    return make_incident(**{"state": S.OPEN, "severity": Severity.P2} | parts)


@pytest.mark.parametrize(
    ("before", "after", "occasion"),
    [
        (None, OPEN, Occasion.OPENED),
        (None, with_parts(state=S.CANDIDATE), None),
        (with_parts(state=S.CANDIDATE), with_parts(state=S.MERGED), None),
        (OPEN, OPEN, None),
        (OPEN, with_parts(last_day=OPEN.last_day + timedelta(days=1)), None),
        (OPEN, with_parts(severity=Severity.P1), Occasion.RAISED),
        (OPEN, with_parts(severity=Severity.P3), None),
        (OPEN, with_parts(escalation=1), Occasion.ESCALATED),
        (OPEN, with_parts(assignee="kim"), None),
        (OPEN, with_parts(paged_at=NOW), Occasion.OPENED),
        (OPEN, with_parts(state=S.ACKNOWLEDGED), Occasion.ACKNOWLEDGED),
        (
            with_parts(state=S.MONITORING),
            with_parts(state=S.MONITORING, acknowledged_at=NOW),
            Occasion.ACKNOWLEDGED,
        ),
        (OPEN, with_parts(state=S.MERGED, merged_into="other"), Occasion.MERGED),
        (with_parts(state=S.MONITORING), OPEN, Occasion.RAISED),
        (with_parts(state=S.RESOLVED), with_parts(reopened=1), Occasion.REOPENED),
        (with_parts(state=S.FALSE_POSITIVE), OPEN, Occasion.REOPENED),
        (with_parts(state=S.RESOLVED), with_parts(state=S.CLOSED), Occasion.CLOSED),
    ],
)
def test_what_there_is_to_tell_of_a_change(
    before: Incident | None, after: Incident, occasion: Occasion | None
) -> None:
    """A new state, a rise and a return are told; a further bad day is not."""
    assert occasion_of(before, after) is occasion


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({}, True),
        ({"silenced_by": "silence-1"}, False),
        ({"silenced_by": "silence-1", "paged_at": NOW}, True),
        ({"merged_into": "common_cause-1"}, False),
        ({"merged_into": "common_cause-1", "paged_at": NOW}, True),
        ({"merged_into": "other", "state": S.MERGED}, True),
        ({"id": "digest-2026-01-02", "silenced_by": "silence-1"}, True),
    ],
)
def test_who_is_spoken_for_is_not_told_of(
    parts: dict[str, object], *, told: bool
) -> None:
    """Unless somebody was paged about it before: they learn how it goes on."""
    assert tells_by_itself(with_parts(**parts)) is told
