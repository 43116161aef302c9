"""Whether what is promised of a model, in `objectives` and `slos`, can be kept."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitoring_tasks.contract.metric_checks import Fault, number_faults
from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metrics import comparison_metrics, find_metric
from monitoring_tasks.domain.texts import did_you_mean

if TYPE_CHECKING:
    from monitoring_tasks.contract.contract import Contract
    from monitoring_tasks.contract.objectives import Objective
    from monitoring_tasks.contract.slos import Slo

KeyPath = tuple[str | int, ...]
"""The keys and list positions that lead to a value of the contract."""


def promise_faults(contract: "Contract") -> Iterator[tuple[KeyPath, str]]:
    """List where objectives and SLOs speak of what cannot be, each with its remedy."""
    for index, objective in enumerate(contract.objectives):
        for key, text in objective_faults(objective, contract):
            yield ("objectives", index, key), text
    for index, slo in enumerate(contract.slos):
        for key, text in slo_faults(slo, contract):
            yield ("slos", index, *key.split(".")), text
    for text in comparison_faults(contract):
        yield ("policy", "versions", "metric"), text


def comparison_faults(contract: "Contract") -> Iterator[str]:
    """List why versions cannot be compared by the metric the policy names."""
    metric = contract.policy.versions.metric
    possible = comparison_metrics(contract.problem)
    if metric is not None and metric not in possible:
        near = did_you_mean(metric, possible)
        yield (
            f"a {contract.problem} model can be compared by {', '.join(possible)}, "
            f"not by '{metric}'{near}"
        )


def objective_faults(objective: "Objective", contract: "Contract") -> Iterator[Fault]:
    """List what is wrong with an objective.

    Args:
        objective: One of the contract.
        contract: The contract it stands in.

    Returns:
        Keys below the objective, each with what is wrong.
    """
    metric = find_metric(objective.source, objective.metric)
    faults = list(number_faults(objective, contract))
    yield from faults
    # Limits of a number that is never measured would only be noise beside that.
    if metric is None or faults:
        return
    for key in ("min", "max", "hard_min", "hard_max"):
        yield from _limit_faults(key, getattr(objective, key), metric)
    if objective.max_drop is not None:
        yield from _drop_faults(objective.max_drop, metric)
    yield from _horizon_faults(objective, contract)


def slo_faults(slo: "Slo", contract: "Contract") -> Iterator[Fault]:
    """List what is wrong with an objective over many days.

    Args:
        slo: One of the contract.
        contract: The contract it stands in.

    Returns:
        Keys below the SLO, dotted, each with what is wrong.
    """
    if not slo.indicator.is_measured:
        return
    metric = find_metric(slo.indicator.source, slo.indicator.metric)
    faults = list(number_faults(slo.indicator, contract))
    yield from ((f"indicator.{key}", text) for key, text in faults)
    if metric is None or faults:
        return
    for key in ("min", "max"):
        yield from _limit_faults(key, getattr(slo, key), metric)


def _limit_faults(key: str, value: float | None, metric: Metric) -> Iterator[Fault]:
    if value is not None and not metric.low <= value <= metric.high:
        yield key, f"{value:g} is no {metric.name}, which is {metric.range_text}"


def _drop_faults(allowed: float, metric: Metric) -> Iterator[Fault]:
    if metric.better is Better.NONE:
        text = f"{metric.name} is better in neither direction; use `min` and `max`"
        yield "max_drop", text
    elif allowed >= metric.high - metric.low:
        text = f"no loss of {metric.name}, which is {metric.range_text}, is that large"
        yield "max_drop", text


def _horizon_faults(objective: "Objective", contract: "Contract") -> Iterator[Fault]:
    days = objective.over_days
    horizons = [horizon.days for horizon in contract.policy.horizons]
    if days is None:
        return
    if days not in horizons:
        listed = ", ".join(f"{horizon}d" for horizon in horizons)
        text = f"{objective.over} is none of policy.horizons ({listed}); add it there"
        yield "over", text
    elif days > 1 and Kind(objective.source) is Kind.SERVICE:
        yield "over", "service numbers are of one day; remove it"
