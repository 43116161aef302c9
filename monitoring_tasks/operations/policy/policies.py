"""What a contract's limits promise: false alarms of healthy years, and drops found."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from monitoring_tasks.compare.alarm_rates import ADDED_UP, Alarms, Size
from monitoring_tasks.compare.expected_on_weekdays import expected_by_weekday
from monitoring_tasks.compare.limit_basis import LimitBasis
from monitoring_tasks.compare.limit_checks import (
    name_of,
    promised_alarms,
    refusals,
    seed_of,
    undetectable,
    unjudgeable,
)
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.thresholds import critical_loss, span_of_loss
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.operations.policy.drops_found import (
    days_to_find,
    detection_power,
    smallest_drops,
)
from monitoring_tasks.operations.policy.limit_basis_of_model import limit_basis_of
from monitoring_tasks.operations.policy.observed_alarms import achieved
from monitoring_tasks.operations.promises.families import families_of
from monitoring_tasks.workspace.workspace import Workspace

Step = Callable[[str], None]


def explain(
    workspace: Workspace,
    model: str,
    *,
    drop: float | None = None,
    progress: Step | None = None,
) -> dict[str, Any]:
    """Say what the limits of a model promise, next to what its judged days saw.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        drop: Size of a loss whose days to detection are asked for, in units of each
            metric; None for each objective's `max_drop`.
        progress: Called with what was just done.

    Returns:
        Plain JSON: `version`, `total` and `objectives` (promised), `history`
        (achieved), `families` (what each check promises), `left_out`, `assumes`,
        `notes`.

    Raises:
        NoDataError: If no day was judged, or the version has no reference.
    """
    report = progress or (lambda _: None)
    basis = limit_basis_of(workspace, model)
    report("read")
    alarms = promised_alarms(basis, basis.contract, size=Size())
    report("healthy years")
    objectives = _objectives(basis, alarms, drop=drop, report=report)
    return {
        "model": model,
        "version": basis.reference.version,
        "reference_days": [
            basis.reference.first_day.isoformat(),
            basis.reference.last_day.isoformat(),
        ],
        "labels_known": basis.labels_known,
        "total": asdict(alarms.total) if alarms else None,
        "objectives": objectives,
        "left_out": [
            {"objective": name_of(objective), "why": why}
            for objective, why in basis.left_out
        ],
        "families": families_of(basis.reference, basis.contract, objectives),
        "history": achieved(basis),
        "assumes": _assumes(basis),
        "notes": [
            *unjudgeable(basis),
            *refusals(basis, alarms),
            *undetectable(basis),
        ],
    }


def _objectives(
    basis: LimitBasis, alarms: Alarms | None, *, drop: float | None, report: Step
) -> list[dict[str, Any]]:
    """Return what the limits of each monitored metric promise and find."""
    policy, seed = basis.contract.policy, seed_of(basis)
    objectives = []
    for index, metric in enumerate(basis.monitored):
        power = detection_power(basis.monitored, index, policy, seed=seed)
        objectives.append(
            _objective(metric, policy, alarms, index)
            | {"finds": smallest_drops(power), "drop": days_to_find(basis, index, drop)}
        )
        report(f"{metric.objective.source} {metric.objective.metric}")
    return objectives


def _objective(
    metric: MonitoredMetric, policy: Policy, alarms: Alarms | None, index: int
) -> dict[str, Any]:
    parts = alarms.horizons[index] if alarms else {}
    horizons = {horizon.days: horizon for horizon in policy.horizons}
    return {
        "objective": name_of(metric.objective),
        "expected": metric.noise.mean,
        "typical_error": metric.sampling,
        "spread": metric.noise.spread,
        "rows": metric.rows,
        "per_year": asdict(alarms.objectives[index]) if alarms else None,
        "horizons": [
            {
                "days": days,
                "limit": None if days == ADDED_UP else _limit(metric, horizons[days]),
                "per_year": asdict(rates),
                "shift": metric.shifts.get(days, 0.0),
            }
            for days, rates in parts.items()
        ],
    }


def _limit(metric: MonitoredMetric, horizon: Horizon) -> dict[str, float | bool | None]:
    """Return where the limits of a horizon lie on a typical day."""
    objective = metric.objective
    limit: dict[str, float | bool | None] = {"min": objective.min, "max": objective.max}
    by_weekday = expected_by_weekday(metric, horizon)
    if objective.max_drop is None or by_weekday is None:
        unknown = dict.fromkeys(("learnt", "learnt_low", "learnt_high", "chance"))
        return limit | unknown | {"allowed": objective.max_drop}
    expected, week = by_weekday
    critical = critical_loss(metric.metric, expected, horizon.false_alarm)
    # A loss has to exceed both what is allowed and chance (decision 11).
    lost = max(objective.max_drop, critical)
    low, high = span_of_loss(metric.metric, float(week.mean()), lost)
    edges = [edge for edge in (low, high) if edge is not None]
    return limit | {
        "learnt": edges[-1],
        "learnt_low": low,
        "learnt_high": high,
        "can_be_passed": any(
            metric.metric.low < edge < metric.metric.high for edge in edges
        ),
        "allowed": objective.max_drop,
        "chance": critical,
    }


def _assumes(basis: LimitBasis) -> list[str]:
    reference = basis.reference
    labels = (
        "labels are known when a day is judged, so estimates are not used"
        if basis.labels_known
        else "labels arrive later, so estimates count as well"
    )
    shifted = any(metric.shifts for metric in basis.monitored)
    pools = (
        "a number over several days is as far from the mean of its days as before"
        if shifted
        else "a number over several days is the mean of its days"
    )
    span = f"{reference.first_day} to {reference.last_day}"
    return [
        f"healthy days move as on the reference, {span}: no season, no trend",
        f"every day has the rows of a typical one; {labels}",
        pools,
        "a drop is sudden, lasts, and affects one objective only",
        "a page is a confirmed breach while none is open",
    ]
