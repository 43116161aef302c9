"""Whether what is promised of a model can be measured and kept at all. Pure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from monitoring_tasks.domain.comparisons import Basis, Comparison
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metrics import (
    MULTICLASS,
    Better,
    Metric,
    did_you_mean,
    find_metric,
    metric_of,
    metrics_for,
)

if TYPE_CHECKING:
    from monitoring_tasks.contract.contract import Contract
    from monitoring_tasks.contract.policy import Objective
    from monitoring_tasks.contract.slos import Slo

Fault = tuple[str, str]
"""The key that is wrong, and what is wrong with it."""
Place = tuple[str | int, ...]


class Number(Protocol):
    """What an objective and an indicator have in common: the number it is about."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def metric(self) -> str: ...  # noqa: D102
    @property
    def segment(self) -> str: ...  # noqa: D102
    @property
    def column(self) -> str: ...  # noqa: D102


def promise_faults(contract: "Contract") -> Iterator[tuple[Place, str]]:
    """List where objectives and SLOs speak of what cannot be, each with its remedy."""
    for place, objective in enumerate(contract.objectives):
        for key, text in objective_faults(objective, contract):
            yield ("objectives", place, key), text
    for place, slo in enumerate(contract.slos):
        for key, text in slo_faults(slo, contract):
            yield ("slos", place, *key.split(".")), text


def objective_faults(objective: "Objective", contract: "Contract") -> Iterator[Fault]:
    """List what is wrong with an objective."""
    metric = find_metric(objective.source, objective.metric)
    faults = list(number_faults(objective, contract))
    yield from faults
    if metric is None or faults:
        return
    for key in ("min", "max", "hard_min", "hard_max"):
        yield from _limit_faults(key, getattr(objective, key), metric)
    if objective.max_drop is not None:
        yield from _drop_faults(objective.max_drop, metric)
    yield from _horizon_faults(objective, contract)


def slo_faults(slo: "Slo", contract: "Contract") -> Iterator[Fault]:
    """List what is wrong with an objective over many days."""
    if not slo.indicator.is_measured:
        return
    metric = find_metric(slo.indicator.source, slo.indicator.metric)
    faults = list(number_faults(slo.indicator, contract))
    yield from ((f"indicator.{key}", text) for key, text in faults)
    if metric is None or faults:
        return
    for key in ("min", "max"):
        yield from _limit_faults(key, getattr(slo, key), metric)


def number_faults(number: Number, contract: "Contract") -> Iterator[Fault]:
    """List why a number is never measured; nothing when it is."""
    metric = find_metric(number.source, number.metric)
    if metric is None or contract.problem not in metric.problems:
        yield "metric", _unknown(number, contract)
        return
    if metric.is_family:
        yield from _class_faults(number, metric, contract)
    is_of_classes = contract.problem == MULTICLASS and number.source == Kind.ESTIMATED
    if is_of_classes and not contract.estimates_classes and contract.classes:
        what = (
            "of two classes nothing is estimated; write `problem: binary` without "
            "`classes`, and the second's probability alone as columns.score: "
            f"'{contract.classes[-1]}'"
        )
        yield "source", what
    needed = _needed(metric, contract)
    if needed:
        yield "metric", f"{number.metric} needs `{needed}` in the contract; add it"
    if number.source == Kind.FAIRNESS:
        yield from _group_faults(number, metric, contract)
        return
    if number.column:
        what = "only the numbers of source fairness have a column; remove it"
        yield "column", what
    yield from _segment_faults(number.segment, contract)


def _unknown(number: Number, contract: "Contract") -> str:
    names = [
        f"{m.name}<class>" if m.is_family else m.name
        for m in metrics_for(number.source, contract.problem)
    ]
    what = f"no {number.source} metric of a {contract.problem} model"
    if not names:
        return f"there is {what}"
    near = did_you_mean(number.metric, names)
    return f"'{number.metric}' is {what}{near or '; choose one'} ({', '.join(names)})"


def _class_faults(
    number: Number, metric: Metric, contract: "Contract"
) -> Iterator[Fault]:
    name, classes = number.metric.removeprefix(metric.name), contract.classes
    if name not in classes:
        near = did_you_mean(name, classes)
        yield "metric", f"'{name}' is none of `classes` ({', '.join(classes)}){near}"


def _needed(metric: Metric, contract: "Contract") -> str:
    """Return the key of the contract a metric cannot be measured without."""
    if metric.name == "business_value" and contract.value is None:
        return "value"
    if metric.unit == "seconds" and contract.columns.latency is None:
        return "columns.latency"
    is_error = metric.kind is Kind.SERVICE and metric.name == "error_ratio"
    return "columns.error" if is_error and contract.columns.error is None else ""


def _group_faults(
    number: Number, metric: Metric, contract: "Contract"
) -> Iterator[Fault]:
    protected = contract.columns.protected
    if number.column not in protected:
        known = ", ".join(protected) or "none"
        what = (
            f"'{number.column}' is not among columns.protected ({known}), so that its "
            f"groups are not counted{did_you_mean(number.column, protected)}"
        )
        yield "column", what
        return
    is_of_group = number.segment.startswith(f"{number.column}=")
    if metric.per_group and not is_of_group:
        what = (
            f"{metric.name} is of one group: write `segment: {number.column}=<group>`"
        )
        yield "segment", what
    if not metric.per_group and number.segment != "all":
        yield "segment", f"{metric.name} is over all groups; remove the segment"


def _segment_faults(segment: str, contract: "Contract") -> Iterator[Fault]:
    if segment == "all":
        return
    columns = [*contract.columns.segments, *contract.columns.protected]
    name, is_part, _ = segment.partition("=")
    if not is_part or name not in columns:
        known = ", ".join(dict.fromkeys(columns)) or "none"
        what = (
            f"'{segment}' is neither `all` nor `column=value` of a column in "
            f"columns.segments or columns.protected ({known})"
            f"{did_you_mean(name, columns)}"
        )
        yield "segment", what


def _limit_faults(key: str, value: float | None, metric: Metric) -> Iterator[Fault]:
    if value is not None and not metric.low <= value <= metric.high:
        yield key, f"{value:g} is no {metric.name}, which is {metric.range_text}"


def _drop_faults(allowed: float, metric: Metric) -> Iterator[Fault]:
    if metric.better is Better.NONE:
        what = f"{metric.name} is better in neither direction; use `min` and `max`"
        yield "max_drop", what
    elif allowed >= metric.high - metric.low:
        what = f"no loss of {metric.name}, which is {metric.range_text}, is that large"
        yield "max_drop", what


def _horizon_faults(objective: "Objective", contract: "Contract") -> Iterator[Fault]:
    days = objective.over_days
    horizons = [horizon.days for horizon in contract.policy.horizons]
    if days is None:
        return
    if days not in horizons:
        listed = ", ".join(f"{one}d" for one in horizons)
        what = f"{objective.over} is none of policy.horizons ({listed}); add it there"
        yield "over", what
    elif days > 1 and Kind(objective.source) is Kind.SERVICE:
        yield "over", "service numbers are of one day; remove it"


def keeps_promises(comparison: Comparison, objectives: "Sequence[Objective]") -> bool:
    """Whether the other version of a comparison would itself meet what is promised.

    The static limits on its realized metric of the whole batch (on the estimated one
    as well where that is what was compared), and at least more skill than chance: on
    inputs that are broken the least bad version is no remedy.
    """
    no_skill = metric_of(Kind.REALIZED, comparison.metric).no_skill
    value = comparison.other
    if value is None or (no_skill is not None and value <= no_skill):
        return False
    promised = [
        o
        for o in objectives
        if o.source in {Basis.REALIZED, comparison.basis}
        and (o.metric, o.segment) == (comparison.metric, "all")
    ]
    return all(
        (o.min is None or value >= o.min) and (o.max is None or value <= o.max)
        for o in promised
    )
