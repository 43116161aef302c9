"""What a good day means for an incident that is still active. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_tasks.domain.decisions import Cause, PastDay, Severity
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.respond.recovery.day_answers import (
    NO_ANSWERS,
    Answer,
    Answers,
    is_damaged_again,
    is_shown_by_performance,
    is_still_blamed,
    says_of,
)
from monitoring_tasks.respond.recovery.incident_basis import (
    UNKNOWN_BASIS,
    IncidentBasis,
)

UNDECIDED = frozenset({Verdict.INCONCLUSIVE, Verdict.IMMATURE})
"""Performance of a day on which it shows that a version serves, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A line for the time line, and the states to go through, in order."""

    text: str
    states: tuple[IncidentState, ...] = ()


def is_silent(
    cause: Cause, findings: Sequence[Finding], *, is_told_by_labels: bool = False
) -> bool:
    """Whether a day of good numbers does not say that trouble of a cause is over.

    Of labels, and where labels told of it: it has none yet, so that its numbers are
    estimates.

    Args:
        cause: Of the trouble.
        findings: The judged numbers of the day.
        is_told_by_labels: Whether labels told of the trouble.
    """
    realized = {f.verdict for f in findings if f.measurement.kind is Kind.REALIZED}
    return waits_for_labels(cause, is_told_by_labels=is_told_by_labels) and (
        realized == {Verdict.IMMATURE}
    )


def waits_for_labels(cause: Cause, *, is_told_by_labels: bool) -> bool:
    """Whether only labels can say that trouble is over, and no estimate.

    After a rollback the version that broke serves no more: whether the one put back
    serves at all does not have to wait.

    Args:
        cause: Of the trouble.
        is_told_by_labels: Whether labels told of it.
    """
    needs_labels = is_told_by_labels and cause is not Cause.MODEL
    return needs_labels or cause is Cause.LABEL_QUALITY


def telling_days(
    incident: Incident,
    history: Sequence[PastDay],
    basis: IncidentBasis = UNKNOWN_BASIS,
    *,
    label_coverage: float,
) -> list[PastDay]:
    """Leave out the days whose good numbers do not say that an incident is over.

    Days whose rows look damaged stay: that they do needs no labels.

    Args:
        incident: The incident; see `is_silent`.
        history: Earlier days.
        basis: What it rests on.
        label_coverage: Share of the rows that have a label on a mature day.
    """
    by_labels = basis.is_told_by_labels
    waits = waits_for_labels(incident.cause, is_told_by_labels=by_labels)
    return [
        past
        for past in history
        if not (waits and past.label_share < label_coverage)
        or is_damaged_again(incident, past, basis)
    ]


def follow_up(
    incident: Incident,
    today: PastDay,
    *,
    history: Sequence[PastDay],
    recovery_days: int,
    is_flapping: bool = False,
    answers: Answers = NO_ANSWERS,
) -> FollowUp | None:
    """Return what a day without trouble does to an active incident.

    What opened it has to be answered by its like: labels by labels, what moved by the
    same numbers within their limits, a version that is to blame by the days of what
    replaced it. After a rollback the first thing to verify is that the version put back
    serves at all; whether it does well shows over the next good days.

    Args:
        incident: An active incident.
        today: The day; one no later than the incident's last bad day is nothing. Its
            performance is `ok`, or says nothing.
        history: Earlier days, oldest first.
        recovery_days: Consecutive good valid days after which it is over. Automation
            resolves P2 and P3; P0 and P1 are left for a person to close. A day that
            says nothing neither counts nor begins the count anew.
        is_flapping: Whether the alarm comes and goes; nothing is over until it is calm.
        answers: What it rests on, and what the numbers of days since say of that.

    Returns:
        None when the day says nothing about the incident.
    """
    if today.day <= incident.last_day:
        return None
    is_good = says_of(incident, today, answers) is Answer.GOOD
    good = _good_days(history, incident, answers) + is_good
    text = f"{_said_of(incident, today, answers)}, {min(good, recovery_days)} of "
    text += f"{recovery_days} good days"
    if not is_good:
        serves = _shows_another_version(incident, today, answers)
        return FollowUp(text=text) if serves else None
    watching = (
        ()
        if incident.state is IncidentState.MONITORING
        else (IncidentState.MONITORING,)
    )
    states: tuple[IncidentState, ...] = watching
    if is_flapping:
        text, states = f"{text}; it is flapping, so its state stays", ()
    elif good >= recovery_days and incident.severity in {Severity.P0, Severity.P1}:
        text = f"{text}; a person may resolve it"
    elif good >= recovery_days:
        states = (*watching, IncidentState.RESOLVED)
    return FollowUp(text=text, states=states)


def _said_of(incident: Incident, today: PastDay, answers: Answers) -> str:
    day, version, performance = today.day, today.version, today.performance
    is_good = says_of(incident, today, answers) is Answer.GOOD
    if is_good and not is_shown_by_performance(incident, today, answers):
        return f"{day}: what had moved is within its limits on version {version}"
    if incident.cause is not Cause.MODEL or answers.basis.is_guess:
        return f"{day}: {performance} on version {version}"
    if version == incident.version:
        return (
            f"{day}: {performance} on version {version}, which labels no longer show "
            "to be worse than the version it replaced"
        )
    return f"{day}: verified, version {version} serves; performance {performance}"


def _shows_another_version(
    incident: Incident, today: PastDay, answers: Answers
) -> bool:
    """Whether a day shows that the version to blame is gone, and no more than that."""
    is_gone = not is_still_blamed(incident, today, answers)
    is_about_it = incident.cause is Cause.MODEL
    return is_about_it and is_gone and today.performance in UNDECIDED


def _good_days(history: Sequence[PastDay], incident: Incident, answers: Answers) -> int:
    """Count the good days right before today, of after the incident.

    A bad day breaks the count, one that says nothing does not.
    """
    count = 0
    for past in reversed(history):
        if past.day <= incident.last_day:
            break
        answer = says_of(incident, past, answers)
        if answer is Answer.BAD:
            break
        count += answer is Answer.GOOD
    return count
