"""Limits held against the noise they are meant to stand above."""

from zlib import crc32

from monitoring_tasks.compare.alarm_rates import Alarms, Size
from monitoring_tasks.compare.expected_on_weekdays import expected_by_weekday
from monitoring_tasks.compare.false_alarms import false_alarms
from monitoring_tasks.compare.limit_basis import LimitBasis
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.compare.thresholds import critical_loss
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy

QUICK = Size(runs=300)
"""Enough for a refusal: a rate of 12 a year is known to about 10 %."""


def promised_alarms(
    basis: LimitBasis, contract: Contract, *, size: Size
) -> Alarms | None:
    """Draw healthy years under a contract; None where nothing can be drawn.

    Args:
        basis: How the contract's numbers behave.
        contract: The basis' own, or one that only has other limits.
        size: How many years.
    """
    monitored = basis.under(contract)
    if not monitored:
        return None
    return false_alarms(
        monitored,
        contract.policy,
        labels_known=basis.labels_known,
        seed=seed_of(basis),
        size=size,
    )


def seed_of(basis: LimitBasis) -> int:
    """Return the seed of the draws: the same for the same model and version."""
    reference = basis.reference
    # The same draws on every run, or a limit would pass today and be refused tomorrow.
    return crc32(f"{reference.model}/{reference.version}/limits".encode())


def refusals(basis: LimitBasis, alarms: Alarms | None) -> list[str]:
    """Name the objectives whose limits healthy days cross too often.

    Args:
        basis: What the limits are held against.
        alarms: Drawn under its contract; None where nothing could be drawn.
    """
    most = basis.contract.policy.tuning.max_false_alarm_days
    if alarms is None:
        return []
    remedy = f"`daywatch policy propose {basis.contract.model}` gives some that hold"
    return [
        f"objectives: {name_of(metric.objective)}: its limits lie below the noise: a "
        f"healthy model would be in alarm on {rates.confirmed.value:.0f} days a year, "
        f"policy.tuning.max_false_alarm_days is {most:g}; {remedy}"
        for metric, rates in zip(basis.monitored, alarms.objectives, strict=True)
        # Only what the draws surely show is refused: their lower end counts.
        if rates.confirmed.lower > most
    ]


def unjudgeable(basis: LimitBasis) -> list[str]:
    """Name the objectives whose days have too few rows to be judged, and the remedy."""
    least = basis.contract.policy.min_rows
    notes = []
    for metric in basis.monitored:
        horizons = metric.objective.horizons_in(basis.contract.policy)
        days = [h.days for h in horizons if metric.rows * h.days < least]
        if not days:
            continue
        listed = ", ".join(map(str, days))
        extent = f"it is not judged over {listed} d"
        if len(days) == len(horizons):
            extent = "no horizon judges it"
        notes.append(
            f"objectives: {name_of(metric.objective)}: a typical day has "
            f"{metric.rows:.0f} rows, policy.min_rows is {least}: {extent}; lower "
            "policy.min_rows or pool more days"
        )
    return notes


def undetectable(basis: LimitBasis) -> list[str]:
    """Name the objectives whose `max_drop` no horizon can tell from chance."""
    notes = []
    for metric in basis.monitored:
        allowed = metric.objective.max_drop
        critical = _critical_losses(metric, basis.contract.policy)
        if allowed is None or not critical or min(critical) <= allowed:
            continue
        notes.append(
            f"objectives: {name_of(metric.objective)}: a loss of {allowed:g} can never "
            f"be told from chance, over no horizon; one of {min(critical):.3g} can"
        )
    return notes


def _critical_losses(metric: MonitoredMetric, policy: Policy) -> list[float]:
    """Return the smallest loss that each horizon tells from chance, in its units."""
    return [
        critical_loss(metric.metric, expected[0], horizon.false_alarm)
        for horizon in metric.objective.horizons_in(policy)
        if (expected := expected_by_weekday(metric, horizon)) is not None
    ]


def name_of(objective: Objective) -> str:
    """Return the name of an objective as reports have it."""
    column = f" of {objective.column}" if objective.column else ""
    where = f" ({objective.segment})" if objective.segment != "all" else ""
    return f"{objective.source} {objective.metric}{column}{where}"
