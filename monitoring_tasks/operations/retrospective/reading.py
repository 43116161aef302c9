"""What a retrospective says, read from the store; a model that fails is named."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from statistics import fmean
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import VALID, Verdict
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.windows import day_of, days_between
from monitoring_tasks.errors import MonitoringError, TransientError
from monitoring_tasks.learn.postmortem.facts import Estimated
from monitoring_tasks.learn.retrospective.content import (
    NOT_ALARMS,
    ModelReview,
    Outcome,
    Period,
    Retrospective,
    Span,
    Speed,
    alarms_of,
    speed_of,
)
from monitoring_tasks.operations.governance.changes import changes_view
from monitoring_tasks.operations.postmortem.actions import list_actions
from monitoring_tasks.operations.postmortem.course import took
from monitoring_tasks.operations.postmortem.outcomes import (
    estimated_beside,
    numbers_since,
)
from monitoring_tasks.operations.views.slos import slos_view
from monitoring_tasks.workspace.workspace import Workspace


def read_retrospective(
    workspace: Workspace,
    period: Period,
    span: Span,
    models: Sequence[str],
    *,
    proposals: Mapping[str, Mapping[str, Any]] | None = None,
    failed_tests: Sequence[str] | None = None,
) -> Retrospective:
    """Return what a span says of models, as known now.

    Args:
        workspace: The workspace; only read.
        period: What it is called.
        span: The days.
        models: Registered model names.
        proposals: Changes of limits by model; None where they were not searched for.
        failed_tests: Ids of tests of incidents that failed; None where none was held.

    Raises:
        TransientError: If something outside did not answer.
    """
    now = workspace.clock.now()
    incidents = _opened_in(workspace, span, models)
    actions = [
        action
        for model in models
        for action in list_actions(workspace, model=model, only_open=True)
    ]
    today = now.date()
    return Retrospective(
        period=period,
        span=span,
        written_at=now,
        models=[
            _review(
                workspace,
                model,
                span,
                incidents,
                proposals=(proposals or {}).get(model),
            )
            for model in models
        ],
        incidents=incidents,
        actions=sorted(
            actions, key=lambda a: (not a.is_overdue(today), a.due or date.max, a.id)
        ),
        today=today,
        failed_tests=failed_tests,
        changes=_changes(workspace, span, models),
    )


def _changes(
    workspace: Workspace, span: Span, models: Sequence[str]
) -> list[str] | None:
    """Return what was changed in contracts; None where no version is on record."""
    views = [
        changes_view(workspace, model, first=span.first, last=span.last)
        for model in models
    ]
    if not any(view["first_seen_at"] for view in views):
        return None
    return [
        f"{view['model']}, from {change['first_day']}: {key['key']} became "
        f"{key['after']!r}, it was {key['before']!r}"
        for view in views
        for change in view["changes"]
        for key in change["changes"]
    ]


def _opened_in(
    workspace: Workspace, span: Span, models: Sequence[str]
) -> list[Incident]:
    return [
        incident
        for model in models
        for incident in workspace.incidents.find(model)
        if span.first <= incident.onset_day <= span.last
        and incident.state not in NOT_ALARMS
    ]


def _review(
    workspace: Workspace,
    model: str,
    span: Span,
    incidents: Sequence[Incident],
    *,
    proposals: Mapping[str, Any] | None,
) -> ModelReview:
    own = [incident for incident in incidents if incident.model == model]
    overruled = frozenset(o.incident for o in workspace.incidents.overrides(model))
    known: dict[str, Any] = {
        "model": model,
        "alarms": alarms_of(own, overruled),
        "proposals": proposals,
    }
    try:
        contract = workspace.contract(model)
        return ModelReview(
            owners=contract.owners,
            speeds=_speeds(workspace, own, contract),
            slos=_slos(workspace, model, span),
            outcomes=_outcomes(workspace, model, span),
            **known,
            **_days(workspace, model, span, contract),
        )
    except TransientError:
        raise
    except MonitoringError as error:
        # The others are told of all the same.
        return ModelReview(fault=str(error), **known)


def _days(
    workspace: Workspace, model: str, span: Span, contract: Contract
) -> dict[str, Any]:
    rows = workspace.results.current(model, span.first, span.last)
    telling = {row.day for row in rows if row.performance in {*VALID, Verdict.EXCLUDED}}
    begun = workspace.results.days(model)
    today = day_of(workspace.now(model), contract.timezone)
    last = min(span.last, today - timedelta(days=1))
    first = max(span.first, begun[0]) if begun else span.first
    due = days_between(first, last) if begun and first <= last else ()
    return {
        "judged_days": len(telling),
        "breach_days": sum(row.verdict is Verdict.BREACH for row in rows),
        "blind_days": tuple(
            day
            for day in due
            if day not in telling and day not in contract.policy.excluded_days
        ),
    }


def _speeds(
    workspace: Workspace, incidents: Sequence[Incident], contract: Contract
) -> list[Speed]:
    by_name: dict[str, list[timedelta | None]] = {}
    for incident in incidents:
        for part in took(workspace, incident, contract):
            by_name.setdefault(part.name, []).append(part.lasted)
    return [speed_of(name, lasted) for name, lasted in by_name.items()]


def _slos(workspace: Workspace, model: str, span: Span) -> list[Mapping[str, Any]]:
    if not workspace.contract(model).slos:
        return []
    begun = workspace.results.days(model)
    last = min(span.last, begun[1]) if begun else span.last
    shown = ("name", "state", "reason", "good_days", "bad_days", "remaining_days")
    view = slos_view(workspace, model, last)
    return [{name: slo[name] for name in shown} for slo in view["slos"]]


def _outcomes(workspace: Workspace, model: str, span: Span) -> list[Outcome]:
    numbers = numbers_since(workspace, model, span.first, span.last)
    pairs = estimated_beside(workspace, model, numbers, span.last)

    def who(pair: Estimated) -> tuple[str, str]:
        return pair.version, pair.metric

    outcomes = []
    for (version, metric), grouped in groupby(sorted(pairs, key=who), key=who):
        days = list(grouped)
        outcomes.append(
            Outcome(
                version=version,
                metric=metric,
                days=len(days),
                bias=fmean(pair.error for pair in days),
                mean_absolute_error=fmean(abs(pair.error) for pair in days),
                beyond_chance=sum(pair.is_beyond_chance for pair in days),
            )
        )
    return outcomes
