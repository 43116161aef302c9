"""When a review is due, and what an incident lacks to be closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.incident_actions import ActionItem, ActionType
from monitoring_tasks.domain.incident_closing import (
    PostmortemStatus,
    ReviewFacts,
    lacks_for_closing,
    lacks_for_review,
    needs_review,
    review_due_at,
)
from monitoring_tasks.domain.incidents import IncidentState
from tests.builders import NOW, make_incident

NEW_YORK = ZoneInfo("America/New_York")
ACTION = ActionItem(
    id="a-1",
    incident="a",
    type=ActionType.PREVENT,
    text="agree on units",
    owner="kim",
    due=date(2013, 9, 30),
    created_at=NOW,
    created_by="lee",
)
DONE: dict[str, Any] = {
    "status": PostmortemStatus.REVIEWED,
    "digest": "d",
    "reviewed_digest": "d",
    "actions": (ACTION,),
    "tests": 1,
}


@pytest.mark.parametrize(
    ("severity", "resolved", "due"),
    [
        (Severity.P0, datetime(2013, 9, 6, 12, tzinfo=UTC), date(2013, 9, 9)),
        (Severity.P1, datetime(2013, 9, 6, 12, tzinfo=UTC), date(2013, 9, 13)),
        (Severity.P1, datetime(2013, 9, 7, 12, tzinfo=UTC), date(2013, 9, 13)),
        # Half past three in the morning in London is the day before in New York.
        (Severity.P0, datetime(2013, 9, 7, 2, 30, tzinfo=UTC), date(2013, 9, 9)),
        # The clocks change on 3 November: the day still ends at midnight.
        (Severity.P0, datetime(2013, 11, 1, 12, tzinfo=UTC), date(2013, 11, 4)),
    ],
)
def test_review_is_due_by_the_end_of_a_day_of_the_models_calendar(
    severity: Severity, resolved: datetime, due: date
) -> None:
    """A P0 within three calendar days, a P1 within five working days."""
    at = review_due_at(make_incident(), severity, resolved, NEW_YORK)
    midnight = datetime.combine(due + timedelta(days=1), datetime.min.time(), NEW_YORK)
    assert at == midnight


@pytest.mark.parametrize(
    ("state", "resolved"),
    [(IncidentState.OPEN, None), (IncidentState.FALSE_POSITIVE, NOW)],
)
def test_no_review_is_due_while_it_lasts_or_where_nothing_happened(
    state: IncidentState, resolved: datetime | None
) -> None:
    """The clock starts when the trouble is over, and only where there was any."""
    incident = make_incident(state=state)
    assert review_due_at(incident, Severity.P0, resolved, NEW_YORK) is None


@pytest.mark.parametrize(
    ("severity", "moved", "external", "needed"),
    [
        (Severity.P0, False, False, True),
        (Severity.P1, False, False, True),
        (Severity.P2, False, False, False),
        (Severity.P3, True, False, True),
        (Severity.P3, False, True, True),
    ],
)
def test_grave_ones_moves_and_what_others_found_are_reviewed(
    severity: Severity, *, moved: bool, external: bool, needed: bool
) -> None:
    """A P2 or P3 is reviewed only for a moved alias, or when others found it."""
    incident = make_incident(severity=severity, state=IncidentState.RESOLVED)
    found = needs_review(incident, alias_moved=moved, detected_externally=external)
    assert found is needed


def grave(state: IncidentState = IncidentState.REVIEWED) -> Any:  # noqa: ANN401
    """Return a P1 that is over."""
    return make_incident(severity=Severity.P1, state=state)


def test_reviewed_planned_tested_and_free_of_duties_is_closed() -> None:
    """Where nothing lacks, nothing is said."""
    assert lacks_for_closing(grave(), ReviewFacts(**DONE)) == ()


@pytest.mark.parametrize(
    ("parts", "text", "command"),
    [
        ({"reviewed_digest": "e"}, "was changed since", "incident review"),
        ({"status": None}, "is gone", "from git"),
        ({"actions": (replace(ACTION, owner=""),)}, "has no owner", "action plan"),
        ({"actions": (replace(ACTION, due=None),)}, "no day", "action plan"),
        ({"tests": 0}, "left no test", "test add"),
        ({"regulatory": "the clock runs"}, "the clock runs", "governance record"),
        ({"legal_holds": ("hold-1",)}, "legal hold hold-1", "hold release"),
    ],
)
def test_each_lack_is_named_with_what_to_type(
    parts: dict[str, Any], text: str, command: str
) -> None:
    """One thing missing is one refusal, with its remedy."""
    (lack,) = lacks_for_closing(grave(), ReviewFacts(**DONE | parts))
    assert text in lack.text
    assert command in lack.command


@pytest.mark.parametrize("state", [IncidentState.RESOLVED, IncidentState.REVIEW_DUE])
def test_grave_one_is_never_closed_past_its_review(state: IncidentState) -> None:
    """A finished post-mortem alone is not enough: somebody has to say so."""
    (lack,) = lacks_for_closing(grave(state), ReviewFacts(**DONE))
    assert "was not reviewed" in lack.text


def test_what_nobody_reviews_is_closed_when_it_is_over_and_not_before() -> None:
    """A P2 goes from resolved straight to closed."""
    over = make_incident(state=IncidentState.RESOLVED)
    assert lacks_for_closing(over, ReviewFacts()) == ()
    (lack,) = lacks_for_closing(make_incident(), ReviewFacts())
    assert "the trouble is not over" in lack.text


@pytest.mark.parametrize("status", [None, *PostmortemStatus])
def test_review_needs_a_post_mortem_that_says_reviewed(
    status: PostmortemStatus | None,
) -> None:
    """No file, a draft and one in review are refused."""
    lacks = lacks_for_review(
        grave(IncidentState.REVIEW_DUE), ReviewFacts(status=status)
    )
    assert bool(lacks) is (status is not PostmortemStatus.REVIEWED)
