"""Whether a promised number is ever measured: metric, problem, column, segment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metrics import find_metric, metrics_for
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.texts import did_you_mean

if TYPE_CHECKING:
    from monitoring_tasks.contract.contract import Contract


Fault = tuple[str, str]
"""The key that is wrong, and what is wrong with it."""


class PromisedNumber(Protocol):
    """What an objective and an indicator have in common: the number it is about."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def metric(self) -> str: ...  # noqa: D102
    @property
    def segment(self) -> str: ...  # noqa: D102
    @property
    def column(self) -> str: ...  # noqa: D102


def number_faults(number: PromisedNumber, contract: "Contract") -> Iterator[Fault]:
    """List why a number is never measured; nothing when it is.

    Args:
        number: What an objective or an indicator names.
        contract: The contract it stands in.
    """
    metric = find_metric(number.source, number.metric)
    # Nothing further can be said of a metric that does not exist for the problem.
    if metric is None or contract.problem not in metric.problems:
        yield "metric", _unknown(number, contract)
        return
    if metric.is_family:
        yield from _class_faults(number, metric, contract)
    is_of_classes = (
        contract.problem is Problem.MULTICLASS and number.source == Kind.ESTIMATED
    )
    if is_of_classes and not contract.estimates_classes and contract.classes:
        text = (
            "of two classes nothing is estimated; write `problem: binary` without "
            "`classes`, and the second's probability alone as columns.score: "
            f"'{contract.classes[-1]}'"
        )
        yield "source", text
    needed = _needed(metric, contract)
    if needed:
        yield "metric", f"{number.metric} needs `{needed}` in the contract; add it"
    if number.source == Kind.FAIRNESS:
        yield from _group_faults(number, metric, contract)
        return
    if number.column:
        text = "only the numbers of source fairness have a column; remove it"
        yield "column", text
    yield from _segment_faults(number.segment, contract)


def _unknown(number: PromisedNumber, contract: "Contract") -> str:
    names = [
        f"{m.name}<class>" if m.is_family else m.name
        for m in metrics_for(number.source, contract.problem)
    ]
    text = f"no {number.source} metric of a {contract.problem} model"
    if not names:
        return f"there is {text}"
    near = did_you_mean(number.metric, names)
    return f"'{number.metric}' is {text}{near or '; choose one'} ({', '.join(names)})"


def _class_faults(
    number: PromisedNumber, metric: Metric, contract: "Contract"
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
    number: PromisedNumber, metric: Metric, contract: "Contract"
) -> Iterator[Fault]:
    protected = contract.columns.protected
    if number.column not in protected:
        listed = ", ".join(protected) or "none"
        text = (
            f"'{number.column}' is not among columns.protected ({listed}), so that its "
            f"groups are not counted{did_you_mean(number.column, protected)}"
        )
        yield "column", text
        return
    is_of_group = number.segment.startswith(f"{number.column}=")
    if metric.per_group and not is_of_group:
        text = (
            f"{metric.name} is of one group: write `segment: {number.column}=<group>`"
        )
        yield "segment", text
    if not metric.per_group and number.segment != "all":
        yield "segment", f"{metric.name} is over all groups; remove the segment"


def _segment_faults(segment: str, contract: "Contract") -> Iterator[Fault]:
    if segment == "all":
        return
    columns = [*contract.columns.segments, *contract.columns.protected]
    name, is_part, _ = segment.partition("=")
    if not is_part or name not in columns:
        listed = ", ".join(dict.fromkeys(columns)) or "none"
        text = (
            f"'{segment}' is neither `all` nor `column=value` of a column in "
            f"columns.segments or columns.protected ({listed})"
            f"{did_you_mean(name, columns)}"
        )
        yield "segment", text
