"""The course of an incident: its days, what came before, how long things took."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.contract_versions import contract_changes
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import OUTSIDE
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.learn.postmortem.facts import BadDay, Budget, LeadUp, Took
from monitoring_tasks.statistics.day_grades import DayState
from monitoring_tasks.store.sandbox import decided_units
from monitoring_tasks.workspace.slo_statuses import slo_statuses
from monitoring_tasks.workspace.workspace import Workspace

LEAD_UP = timedelta(days=28)
MOVED = frozenset({RollbackState.APPLIED.value, OUTSIDE})


def newest_day_of(workspace: Workspace, incident: Incident) -> date:
    """Return the newest day that was looked at, else the incident's last one.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    span = workspace.results.days(incident.model)
    return span[1] if span else incident.last_day


def bad_days(workspace: Workspace, incident: Incident) -> tuple[BadDay, ...]:
    """Return the days of an incident as they are judged now, with rows by segment.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    first, last = incident.onset_day, incident.last_day
    now = workspace.now(incident.model)
    segments: dict[date, dict[str, int]] = {}
    for profile in workspace.profiles.load(incident.model, first, last, now):
        if profile.segment != "all":
            counts = segments.setdefault(profile.day, {})
            counts[profile.segment] = counts.get(profile.segment, 0) + profile.rows
    return tuple(
        BadDay(
            day=row.day,
            version=row.version or "",
            rows=row.rows,
            verdict=row.verdict,
            action=row.action.text.split("; ")[0] if row.action else "",
            segments=tuple(sorted(segments.get(row.day, {}).items())),
        )
        for row in workspace.results.current(incident.model, first, last)
    )


def other_models(
    workspace: Workspace, incident: Incident, day: date
) -> tuple[tuple[str, str], ...]:
    """Return what was thought of the other models on a day, by name.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
        day: The day.
    """
    verdicts = []
    for model, _ in workspace.results.last_days():
        rows = workspace.results.current(model, day, day, decided=True)
        if model != incident.model and rows:
            verdicts.append((model, str(rows[-1].performance)))
    return tuple(verdicts)


def took(
    workspace: Workspace, incident: Incident, contract: Contract
) -> tuple[Took, ...]:
    """Return how long things took: to find it, to take it on, to contain it, to end it.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
        contract: Of its model.
    """
    looks: dict[date, datetime] = {}
    last = newest_day_of(workspace, incident)
    for unit in decided_units(
        workspace.database, incident.model, incident.onset_day, last
    ):
        looks.setdefault(unit.day, unit.as_of)
    began = window_of(incident.onset_day, contract.timezone).start
    opened = incident.opened_at
    ends = (
        ("detect", "first bad rows until opened", began, opened),
        ("acknowledge", "opened until taken on", opened, incident.acknowledged_at),
        ("mitigate", "opened until contained", opened, _mitigated(workspace, incident)),
        ("resolve", "opened until over", opened, incident.resolved_at),
    )
    return tuple(
        Took(name=name, about=about)
        if end is None
        else Took(
            name=name,
            about=about,
            lasted=end - start,
            runs=sum(start < at <= end for at in looks.values()),
        )
        for name, about, start, end in ends
    )


def _mitigated(workspace: Workspace, incident: Incident) -> datetime | None:
    if incident.mitigated_at is not None:
        return incident.mitigated_at
    # Of before the instant was kept, or of a person who only wrote it down.
    events = workspace.incidents.events(incident.id)
    acted = [e["at"] for e in events if e["kind"] in {"mitigating", "monitoring"}]
    return min(acted, default=None)


def lead_up(
    workspace: Workspace, incident: Incident, found_on: date
) -> tuple[LeadUp, ...]:
    """Return moves, changes and first days of versions of the weeks before, in order.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
        found_on: The day whose judgement opened it.
    """
    since = found_on - LEAD_UP
    events = [
        LeadUp(
            at=line.at,
            text=(
                f"alias '{line.alias}' moved from version {line.from_version or '?'} "
                f"to {line.to_version or '?'}"
            ),
            source=f"journal line {line.number}",
        )
        for line in workspace.journal.lines(incident.model)
        if line.alias
        and line.from_version != line.to_version
        and line.state in MOVED
        and since <= line.at.date()
        and line.at < incident.opened_at
    ]
    events += _contract_changes(workspace, incident, since)
    rows = workspace.results.current(incident.model, since, found_on)
    served = [row for row in rows if row.version]
    for before, row in pairwise(served):
        if row.version != before.version:
            text = (
                f"{row.day} is the first day scored with version {row.version} instead "
                f"of {before.version}"
            )
            events.append(LeadUp(at=row.unit.as_of, text=text, source=row.key))
    return tuple(sorted(events, key=lambda event: event.at))


def _contract_changes(
    workspace: Workspace, incident: Incident, since: date
) -> list[LeadUp]:
    """Return what was changed in the contract and its suites, a key each."""
    versions = workspace.contract_versions.of_model(incident.model)
    return [
        LeadUp(
            at=change.after.seen_at,
            text=f"{key.key} became {key.after!r}, it was {key.before!r}",
            source=f"contract version {change.after.digest[:12]}",
        )
        for change in contract_changes(versions)
        if since <= change.after.day and change.after.seen_at <= incident.opened_at
        for key in change.changes
    ]


def budgets(workspace: Workspace, incident: Incident) -> tuple[Budget, ...]:
    """Return what an incident took of the budgets of objectives over many days.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
    """
    now = workspace.now(incident.model)
    statuses = slo_statuses(
        workspace, incident.model, last=incident.last_day, as_of=now
    )
    return tuple(
        Budget(
            name=status.slo.name,
            state=status.state.value,
            budget_days=status.slo.budget_days,
            remaining_days=status.remaining_days,
            bad_days=sum(
                graded.state is DayState.BAD and graded.day >= incident.onset_day
                for graded in status.days
            ),
        )
        for status in statuses
    )
