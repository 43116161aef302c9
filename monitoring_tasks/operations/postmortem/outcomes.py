"""What came true: estimates and alias moves of an incident, beside their labels."""

from collections.abc import Sequence
from datetime import date, timedelta

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.metrics import comparison_metrics
from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.trust import DatedNumber
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.learn.postmortem.facts import Estimated, MoveJudged
from monitoring_tasks.learn.postmortem.regret import judge_move
from monitoring_tasks.operations.views.days import main_metric
from monitoring_tasks.statistics.estimate_pairs import pairs_of
from monitoring_tasks.store.history import dated_numbers
from monitoring_tasks.workspace.workspace import Workspace

AFTER_DAYS = 28
"""Days after an incident whose labels may still say whether a move was right."""


def numbers_since(
    workspace: Workspace, model: str, first: date, last: date
) -> list[DatedNumber]:
    """Return estimated and realized numbers of the whole batch, as known now.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        first: First day.
        last: Last day, included.
    """
    now = workspace.now(model)
    unit = Unit(model=model, day=last, as_of=now, mode=Mode.DRY_RUN)
    return dated_numbers(
        workspace.database,
        unit,
        days=(last - first).days,
        kinds=(Kind.ESTIMATED, Kind.REALIZED),
        segments={"all"},
    )


def estimated_beside(
    workspace: Workspace, model: str, numbers: Sequence[DatedNumber], last: date
) -> tuple[Estimated, ...]:
    """Return promised estimates beside what came true, on days with enough labels.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        numbers: See `numbers_since`.
        last: Last day that counts.
    """
    contract = workspace.contract(model)
    promised = {objective.metric for objective in contract.objectives}
    pairs = pairs_of(
        numbers,
        before=last + timedelta(days=1),
        label_coverage=contract.policy.label_coverage,
        excluded_days=contract.policy.excluded_days,
    )
    listed = [
        Estimated(
            day=pair.day,
            version=version,
            metric=metric,
            estimated=pair.estimated.value or 0.0,
            realized=pair.realized.value or 0.0,
            allowed=pair.allowed,
        )
        for (version, _, metric), days in pairs.items()
        for pair in days
        if metric in promised
    ]
    return tuple(sorted(listed, key=lambda e: (e.day, e.metric, e.version)))


def judged_moves(
    workspace: Workspace, incident: Incident, numbers: Sequence[DatedNumber]
) -> tuple[MoveJudged, ...]:
    """Return the rollbacks of an incident, and whether each was right.

    Args:
        workspace: The workspace; only read.
        incident: The incident.
        numbers: See `numbers_since`.
    """
    contract = workspace.contract(incident.model)
    metric = main_metric(contract)
    if metric not in comparison_metrics(contract.problem):
        metric = comparison_metrics(contract.problem)[0]
    mature = [
        number
        for number in numbers
        if number.measurement.kind is Kind.REALIZED
        and number.measurement.metric == metric
        and number.is_mature(contract.policy.label_coverage)
    ]
    rollbacks = [
        rollback
        for rollback in workspace.rollbacks.find(incident.model)
        if rollback.incident == incident.id
    ]
    return tuple(
        judge_move(
            rollback,
            metric,
            comparison=_comparison(workspace, rollback, metric),
            withdrawn=_values(mature, rollback.from_version, until=_day_of(rollback)),
            put_back=_values(mature, rollback.to_version, after=_day_of(rollback)),
        )
        for rollback in rollbacks
    )


def _day_of(rollback: Rollback) -> date:
    return Unit.from_key(rollback.evaluation).day


def _comparison(
    workspace: Workspace, rollback: Rollback, metric: str
) -> Comparison | None:
    day = _day_of(rollback)
    rows = workspace.results.current(rollback.model, day, day, decided=True)
    for comparison in rows[-1].comparisons if rows else ():
        if (comparison.version, comparison.metric) == (rollback.to_version, metric):
            return comparison
    return None


def _values(
    numbers: Sequence[DatedNumber],
    version: str,
    *,
    until: date = date.max,
    after: date = date.min,
) -> list[tuple[date, float]]:
    values = [
        (number.day, number.measurement.value)
        for number in numbers
        if number.measurement.version == version and after < number.day <= until
    ]
    return sorted((day, value) for day, value in values if value is not None)
