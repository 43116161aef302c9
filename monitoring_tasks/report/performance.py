"""What the charts of performance show, by day: values in, rows of plain values out."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from monitoring_tasks.domain.findings import Kind, Measurement
from monitoring_tasks.report.charted import RANKED
from monitoring_tasks.report.facts import Facts, TimelineDay
from monitoring_tasks.report.series import Rows, stamp

ROOM = 0.05
"""What an axis leaves beside the outermost values, as a share of what they span."""
_DRAWN = (
    "estimated", "estimated_lower", "estimated_upper",
    "realized", "realized_lower", "realized_upper", "low", "high",
)  # fmt: skip


def performance_rows(facts: Facts) -> Rows | str:
    """Return estimate, realized number and limits of the charted number, by day."""
    rows = [_performance(facts, day) for day in facts.days]
    if any(row["estimated"] is not None or row["realized"] is not None for row in rows):
        return rows
    charted = facts.charted
    number = _number(facts, facts.timeline[facts.unit.day], charted.kind)
    why = number.reason if number and number.reason else "it was never measured"
    return f"no day has an estimated or realized {charted.title} ({why})"


def performance_domain(facts: Facts, rows: Rows) -> list[float]:
    """Return the ends of the axis: all that is drawn, within the metric's range.

    Args:
        facts: What is known of the day; its charted number has a range.
        rows: See `performance_rows`; at least one value is drawn.
    """
    metric = facts.charted.definition
    span = (metric.low, metric.high) if metric else (float("-inf"), float("inf"))
    values = [row[name] for row in rows for name in _DRAWN if row[name] is not None]
    return axis_ends(values, *span)


def axis_ends(values: Iterable[float], low: float, high: float) -> list[float]:
    """Return the ends of an axis: a little beyond the values, within the range.

    Args:
        values: What is drawn; at least one.
        low: Least value the metric can have; may be -inf.
        high: Greatest value the metric can have; may be inf.

    >>> axis_ends([0.9, 1.0], 0.0, 1.0)
    [0.895, 1.0]
    """
    drawn = list(values)
    first, last = min(drawn), max(drawn)
    # A flat line needs room around it as well.
    room = ROOM * ((last - first) or abs(first) or 1.0)
    return [max(first - room, low), min(last + room, high)]


def _performance(facts: Facts, day: date) -> dict[str, Any]:
    timeline_day = facts.timeline.get(day)
    values: dict[str, Any] = {"day": stamp(day)}
    for kind in (Kind.ESTIMATED, Kind.REALIZED):
        number = timeline_day and _number(facts, timeline_day, _stands_for(facts, kind))
        values[kind.value] = _kept(facts, number.value if number else None)
        values[f"{kind}_lower"] = _kept(facts, number.lower if number else None)
        values[f"{kind}_upper"] = _kept(facts, number.upper if number else None)
    span = _limit(facts, timeline_day) if timeline_day else None
    coverage = facts.contract.policy.label_coverage
    return values | {
        "mature": timeline_day is not None and timeline_day.is_mature(coverage),
        "low": _kept(facts, span.low if span else None),
        "high": _kept(facts, span.high if span else None),
    }


def _stands_for(facts: Facts, kind: Kind) -> Kind:
    """Return the kind drawn in a kind's place: fairness is drawn as realized."""
    is_fairness = facts.charted.kind is Kind.FAIRNESS and kind is Kind.REALIZED
    return Kind.FAIRNESS if is_fairness else kind


def _number(facts: Facts, timeline_day: TimelineDay, kind: Kind) -> Measurement | None:
    charted = facts.charted
    numbers, _ = timeline_day.at(charted.horizon)
    return numbers.get((kind, charted.metric, charted.column, charted.segment))


def _limit(facts: Facts, timeline_day: TimelineDay) -> Any:  # noqa: ANN401 (a Limit or None)
    """Return the limit of the charted number; of its estimate where it has none."""
    charted = facts.charted
    _, findings = timeline_day.at(charted.horizon)
    about = (charted.metric, charted.column, charted.segment)
    judged = (findings.get((kind, *about)) for kind in (charted.kind, *RANKED))
    return next(
        (finding.limit for finding in judged if finding and finding.limit), None
    )


def _kept(facts: Facts, value: float | None) -> float | None:
    """Keep a value within the range its metric can have."""
    metric = facts.charted.definition
    return value if value is None or metric is None else metric.within(value)


def forecast_rows(facts: Facts) -> Rows | str:
    """Return mean prediction, mean label and error of a regression model, by day.

    Over the rows whose label is known, so that both means are of the same rows.
    """
    rows = [_forecast(facts, day) for day in facts.days]
    if all(row["actual"] is None for row in rows):
        return "no day has a label to compare the predictions with"
    return rows


def _forecast(facts: Facts, day: date) -> dict[str, Any]:
    timeline_day = facts.timeline.get(day)
    numbers = {
        name: timeline_day.numbers.get((Kind.REALIZED, name, "", "all"))
        if timeline_day
        else None
        for name in ("label_mean", "bias", "mae")
    }
    actual, bias, mae = (n.value if n else None for n in numbers.values())
    error = numbers["bias"]
    return {
        "day": stamp(day),
        "actual": actual,
        "forecast": None if actual is None or bias is None else actual + bias,
        "error": bias,
        "error_lower": error.lower if error else None,
        "error_upper": error.upper if error else None,
        "absolute": mae,
    }
