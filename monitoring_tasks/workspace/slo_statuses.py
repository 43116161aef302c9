"""Objectives over many days: reading the days, calling the pure core."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitoring_tasks.contract.slos import Indicator, Slo
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    Finding,
    Measurement,
    Verdict,
    measurement_of,
)
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import day_of, days_between
from monitoring_tasks.statistics.burn_rate import SloStatus, assess
from monitoring_tasks.statistics.day_grades import KnownDay
from monitoring_tasks.store.slo_days import WATCHING, first_verdicts, numbers_of
from monitoring_tasks.workspace.workspace import Workspace


def slo_statuses(
    workspace: Workspace, model: str, *, last: date, as_of: datetime
) -> list[SloStatus]:
    """Return how every `slos` entry of a contract stands, in its order.

    Each day counts once, by its newest decided evaluation known at `as_of`; replays
    never count. Numbers are those of the version most rows were scored with.

    Args:
        workspace: The workspace.
        model: Registered model name.
        last: Last day of every window.
        as_of: What became known later is left out.
    """
    return [
        assess(slo, _known_days(workspace, model, slo, last=last, as_of=as_of))
        for slo in workspace.contract(model).slos
    ]


def last_due_day(workspace: Workspace, model: str, as_of: datetime) -> date:
    """Return the newest day whose schedule has passed.

    Args:
        workspace: The workspace.
        model: Registered model name.
        as_of: By when.
    """
    day = day_of(as_of, workspace.contract(model).timezone)
    while workspace.as_of(model, day) > as_of:
        day -= timedelta(days=1)
    return day


def _known_days(
    workspace: Workspace, model: str, slo: Slo, *, last: date, as_of: datetime
) -> list[KnownDay]:
    first = last - timedelta(days=slo.window_days - 1)
    evaluations = workspace.results.current(model, first, last, as_of, decided=True)
    by_day = {evaluation.day: evaluation for evaluation in evaluations}
    excluded = workspace.contract(model).policy.excluded_days
    days = [
        KnownDay(day=day, verdict=Verdict.EXCLUDED)
        if day in excluded
        else _known_day(day, by_day.get(day))
        for day in days_between(first, last)
    ]
    if slo.indicator.is_measured:
        return _measured(workspace, slo.indicator, days, by_day)
    return _watched(workspace, model, slo.indicator, days, as_of=as_of)


def _known_day(day: date, evaluation: Evaluation | None) -> KnownDay:
    if evaluation is None:
        return KnownDay(day=day)
    return KnownDay(
        day=day, verdict=evaluation.verdict, data_verdict=evaluation.data_verdict
    )


def _measured(
    workspace: Workspace,
    indicator: Indicator,
    days: Sequence[KnownDay],
    by_day: Mapping[date, Evaluation],
) -> list[KnownDay]:
    """Add the day's number to each day that was evaluated."""
    versions = {e.key: e.version or "" for e in by_day.values()}
    numbers = numbers_of(workspace.database, indicator, versions)
    measured = []
    for day in days:
        evaluation = by_day.get(day.day)
        number = numbers.get(evaluation.key) if evaluation else None
        if evaluation is None or number is None:
            why = f"{indicator.source} {indicator.metric} was not measured"
            measured.append(replace(day, reason=why))
            continue
        measurement = measurement_of(number)
        coverage = workspace.contract(evaluation.model).policy.label_coverage
        measured.append(
            replace(
                day,
                value=measurement.value,
                reason=measurement.reason,
                is_mature=_is_mature(evaluation, number, coverage),
            )
        )
    return measured


def _is_mature(
    evaluation: Evaluation, number: Finding | Measurement, label_coverage: float
) -> bool:
    """Whether enough labels are known, and no judgement said that they are not."""
    if isinstance(number, Finding) and number.verdict is Verdict.IMMATURE:
        return False
    rows, labelled = evaluation.rows or 0, evaluation.labelled or 0
    return rows > 0 and labelled >= label_coverage * rows


def _watched(
    workspace: Workspace,
    model: str,
    indicator: Indicator,
    days: Sequence[KnownDay],
    *,
    as_of: datetime,
) -> list[KnownDay]:
    """Add when each day was judged; before the first such day nothing was due."""
    # Freshness is about the schedule, so a day that a backfill judged was not on time.
    modes = (Mode.LIVE,) if indicator.source == "freshness" else WATCHING
    judged = first_verdicts(workspace.database, model, as_of, modes=modes)
    begun = min(judged, default=date.max)
    watched = []
    for day in days:
        latest = workspace.as_of(model, day.day) + timedelta(
            hours=indicator.grace_hours
        )
        judged_at = judged.get(day.day)
        # A day whose grace still runs is due only if it was judged already.
        is_due = judged_at is not None or latest <= as_of
        is_on_time = judged_at is not None and judged_at <= latest
        watched.append(
            replace(day, is_due=day.day >= begun and is_due, is_on_time=is_on_time)
        )
    return watched
