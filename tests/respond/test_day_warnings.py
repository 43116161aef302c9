from dataclasses import replace

import pytest

from monitoring_tasks.domain.decisions import Decision, Severity
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.domain.outbox import Message, MessageState, message_id
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.respond.day_warnings import warning_of
from monitoring_tasks.respond.fleet_notices import digest_notice, warning_notice
from tests.builders import NOW, make_decision, make_evaluation, make_incident

DRIFT = "drift wasserstein of rate: 0.45 lies above 0.25"
WARNED = make_decision(
    verdict=Verdict.WARN,
    performance=Verdict.OK,
    confirmed=False,
    severity=Severity.P3,
    cause=None,
    reasons=("P3: estimated roc_auc: only a large loss could be told", DRIFT),
    reason_codes=(ReasonCode.UNDETECTABLE_LOSS, ReasonCode.LIMIT_CROSSED),
)


def message_of(decision: Decision) -> Message:
    """Return the message of a day with a warning."""
    news = warning_of(make_evaluation(), decision, now=NOW)
    assert news is not None
    subject = {**news.subject, "at": NOW.isoformat()}
    return Message(
        number=1,
        id=message_id("mail", news.key),
        channel="mail",
        occasion=news.occasion,
        incident=None,
        model=news.model,
        severity=news.severity,
        subject=subject,
        is_gathered=True,
        state=MessageState.WAITING,
        created_at=NOW,
        due_at=NOW,
    )


def test_a_distance_past_its_limit_is_told() -> None:
    """What was seen comes first, not what could not be told."""
    notice = warning_notice(message_of(WARNED), environment="production")
    assert notice.headline == f"P3 flights: {DRIFT}; 2 Sep; no incident"
    assert notice.occasion is Occasion.WARNED


@pytest.mark.parametrize(
    "decision",
    [
        replace(WARNED, severity=None),
        replace(WARNED, severity=Severity.P1),
        replace(WARNED, performance=Verdict.BREACH),
    ],
    ids=["nothing to tell", "an incident", "a candidate"],
)
def test_other_days_have_no_warning(decision: Decision) -> None:
    """An incident tells for itself, and nobody is told of a candidate."""
    assert warning_of(make_evaluation(), decision, now=NOW) is None


def test_a_digest_has_incidents_first_and_warnings_after() -> None:
    """One line each; both are counted."""
    notice = digest_notice(
        [message_of(WARNED)], [make_incident()], environment="production", at=NOW
    )
    assert notice.headline == (
        "Daily digest: 1 incident of 1 model, 1 still open, 1 warning"
    )
    assert [line.split(":")[0] for line in notice.lines] == [
        "P2 flights (open, since 2 Sep)",
        "P3 flights (2 Sep, a warning)",
    ]
