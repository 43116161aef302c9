from datetime import timedelta

import pytest

from monitoring_tasks.contract.notify import ResponseClock
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.respond.response_clocks import overdue, silence_since
from tests.builders import NOW, make_incident

S = IncidentState
CLOCK = ResponseClock(acknowledge_hours=0.25, contain_hours=4, update_hours=1)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("after", "parts", "steps"),
    [
        (QUARTER - timedelta(seconds=1), {}, None),
        (QUARTER, {}, 1),
        (3 * QUARTER, {}, 3),
        (timedelta(days=9), {}, 10),  # no further
        (3 * QUARTER, {"acknowledged_at": NOW, "state": S.ACKNOWLEDGED}, None),
        (timedelta(hours=4), {"acknowledged_at": NOW, "state": S.ACKNOWLEDGED}, 0),
        (timedelta(hours=9), {"acknowledged_at": NOW, "state": S.MONITORING}, None),
        (timedelta(hours=9), {"state": S.RESOLVED}, None),
    ],
)
def test_steps_of_escalation(
    after: timedelta, parts: dict[str, object], steps: int | None
) -> None:
    """One a quarter of an hour that nobody answers, ten at most."""
    late = overdue(make_incident(**parts), CLOCK, paged_at=NOW, now=NOW + after)
    assert (late and late.steps) == steps


def test_what_is_late_is_said() -> None:
    """In the words of the message."""
    late = overdue(make_incident(), CLOCK, paged_at=NOW, now=NOW + timedelta(hours=4))
    assert late is not None
    assert late.is_uncontained
    assert late.text == (
        "nobody has taken it on for 150 minutes, and it is not contained after 4 hours"
    )


@pytest.mark.parametrize("minutes", [59, 60])
def test_news_is_asked_for_once_somebody_works_on_it(minutes: int) -> None:
    """An hour of silence on a P0 is asked about, not a minute before."""
    taken = make_incident(acknowledged_at=NOW, state=S.ACKNOWLEDGED)
    now = NOW + timedelta(minutes=minutes)
    silent = silence_since(taken, CLOCK, last_said=NOW, now=now)
    assert silent == ("no news of it for 1 hour" if minutes == 60 else None)
    assert silence_since(make_incident(), CLOCK, last_said=NOW, now=now) is None


def test_severities_without_clocks_are_left_alone() -> None:
    """No clock, no escalation."""
    late = overdue(
        make_incident(), ResponseClock(), paged_at=NOW, now=NOW + timedelta(days=99)
    )
    assert late is None
