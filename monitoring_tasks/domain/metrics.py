"""Every question about a metric, asked of the rows of `metric_table`."""

from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.metric import Metric
from monitoring_tasks.domain.metric_table import METRICS
from monitoring_tasks.domain.texts import did_you_mean

_BY_NAME = {(metric.kind, metric.name): metric for metric in METRICS}


def find_metric(kind: Kind | str, name: str) -> Metric | None:
    """Return the row of a metric; None where there is none of that name.

    Args:
        kind: What the number is measured from.
        name: Name of the metric; of a family with the class at its end.
    """
    # A family's bare name, without a class, is the name of no number.
    if (metric := _BY_NAME.get((Kind(kind), name))) is not None:
        return None if metric.is_family else metric
    families = (m for m in METRICS if m.is_family and m.kind == kind)
    return next((m for m in families if name.startswith(m.name)), None)


def metric_of(kind: Kind | str, name: str) -> Metric:
    """Return the row of a metric.

    Args:
        kind: What the number is measured from.
        name: Name of the metric; of a family with the class at its end.

    Raises:
        LookupError: If there is none of that name; it names the nearest there is.
    """
    metric = find_metric(kind, name)
    if metric is None:
        names = [m.name for m in METRICS if m.kind == kind]
        msg = f"no {kind} metric is called '{name}'{did_you_mean(name, names)}"
        raise LookupError(msg)
    return metric


def metrics_for(kind: Kind | str, problem: str) -> list[Metric]:
    """Return the metrics measured for a problem, in the order of the table.

    Args:
        kind: What the numbers are measured from.
        problem: A value of `Problem`.
    """
    return [m for m in METRICS if m.kind == kind and problem in m.problems]


def comparison_metrics(problem: str) -> tuple[str, ...]:
    """Return what versions can be compared by; the first unless the contract says."""
    return tuple(m.name for m in METRICS if problem in m.compares)


def in_percent(name: str) -> bool:
    """Whether people read the values of a metric in percent, of whatever kind it is."""
    return any(m.in_percent for m in METRICS if m.name == name)


def needs_labels(kind: Kind, metric: str) -> bool:
    """Whether a number is taken from labels, so that it waits for them.

    Args:
        kind: What the number is measured from.
        metric: Name of the metric.
    """
    if kind is Kind.FAIRNESS:
        row = find_metric(kind, metric)
        # Of what the table does not know nothing may be said before its labels.
        return row is None or not row.label_free
    return kind in {Kind.REALIZED, Kind.OUTCOME}
