"""Objectives over many days: reading the days, calling the pure core."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitoring_tasks.contract.slos import Indicator, Slo
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Measurement, Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.domain.windows import day_of, days_between
from monitoring_tasks.statistics.burn_rate import KnownDay, SloStatus, assess
from monitoring_tasks.store.slo_days import (
    WATCHING,
    first_verdicts,
    numbers_of,
)
from monitoring_tasks.workspace.workspace import Workspace

Header = Evaluation


def slo_statuses(
    space: Workspace, model: str, *, last: date, as_of: datetime
) -> list[SloStatus]:
    """Say how every `slos` entry of a contract stands, in its order.

    Each day counts once, by the newest decided look at it known at `as_of`; replays
    never count. Numbers are those of the version most rows were scored with.

    Args:
        space: The workspace.
        model: Registered model name.
        last: Last day of every window.
        as_of: What became known later is left out.
    """
    return [
        assess(slo, _known_days(space, model, slo, last=last, as_of=as_of))
        for slo in space.contract(model).slos
    ]


def last_due_day(space: Workspace, model: str, as_of: datetime) -> date:
    """Return the newest day whose schedule has passed at `as_of`."""
    day = day_of(as_of, space.contract(model).timezone)
    while space.as_of(model, day) > as_of:
        day -= timedelta(days=1)
    return day


def _known_days(
    space: Workspace, model: str, slo: Slo, *, last: date, as_of: datetime
) -> list[KnownDay]:
    first = last - timedelta(days=slo.window_days - 1)
    rows = space.results.current(model, first, last, as_of, decided=True)
    headers: dict[date, Header] = {row.day: row for row in rows}
    excluded = space.contract(model).policy.excluded_days
    days = [
        KnownDay(day=day, verdict=Verdict.EXCLUDED)
        if day in excluded
        else _known_day(day, headers.get(day))
        for day in days_between(first, last)
    ]
    if slo.indicator.is_measured:
        return _measured(space, slo.indicator, days, headers)
    return _watched(space, model, slo.indicator, days, as_of=as_of)


def _known_day(day: date, row: Header | None) -> KnownDay:
    if row is None:
        return KnownDay(day=day)
    return KnownDay(day=day, verdict=row.verdict, data=row.data_verdict)


def _measured(
    space: Workspace,
    indicator: Indicator,
    days: Sequence[KnownDay],
    headers: Mapping[date, Header],
) -> list[KnownDay]:
    """Add the day's number to each day that was looked at."""
    versions = {row.key: row.version or "" for row in headers.values()}
    numbers = numbers_of(space.database, indicator, versions)
    told = []
    for known in days:
        row = headers.get(known.day)
        found = numbers.get(row.key) if row else None
        number = found.measurement if isinstance(found, Finding) else found
        if row is None or number is None:
            why = f"{indicator.source} {indicator.metric} was not measured"
            told.append(replace(known, reason=why))
            continue
        coverage = space.contract(row.model).policy.label_coverage
        told.append(
            replace(
                known,
                value=number.value,
                reason=number.reason,
                is_mature=_is_mature(row, found, coverage),
            )
        )
    return told


def _is_mature(
    row: Header, found: Finding | Measurement | None, label_coverage: float
) -> bool:
    """Whether enough labels are known, and no judgement said that they are not."""
    if isinstance(found, Finding) and found.verdict is Verdict.IMMATURE:
        return False
    rows, labelled = row.rows or 0, row.labelled or 0
    return rows > 0 and labelled >= label_coverage * rows


def _watched(
    space: Workspace,
    model: str,
    indicator: Indicator,
    days: Sequence[KnownDay],
    *,
    as_of: datetime,
) -> list[KnownDay]:
    """Add when each day was judged; before the first such day nothing was due."""
    modes = (Mode.LIVE,) if indicator.source == "freshness" else WATCHING
    judged = first_verdicts(space.database, model, as_of, modes=modes)
    begun = min(judged, default=date.max)
    told = []
    for known in days:
        latest = space.as_of(model, known.day) + timedelta(hours=indicator.grace_hours)
        judged_at = judged.get(known.day)
        told.append(
            replace(
                known,
                is_due=known.day >= begun
                and (judged_at is not None or latest <= as_of),
                is_on_time=judged_at is not None and judged_at <= latest,
            )
        )
    return told
