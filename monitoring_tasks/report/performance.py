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
    """Return the ends of the axis: all that is drawn, within the metric's range."""
    known = facts.charted.known
    span = (known.low, known.high) if known else (float("-inf"), float("inf"))
    values = [row[name] for row in rows for name in _DRAWN if row[name] is not None]
    return axis_ends(values, *span)


def axis_ends(values: Iterable[float], low: float, high: float) -> list[float]:
    """Leave a little room beside the outermost values, but none out of the range.

    >>> axis_ends([0.9, 1.0], 0.0, 1.0)
    [0.895, 1.0]
    """
    known = list(values)
    first, last = min(known), max(known)
    room = ROOM * ((last - first) or abs(first) or 1.0)
    return [max(first - room, low), min(last + room, high)]


def _performance(facts: Facts, day: date) -> dict[str, Any]:
    look = facts.timeline.get(day)
    row: dict[str, Any] = {"day": stamp(day)}
    for kind in (Kind.ESTIMATED, Kind.REALIZED):
        number = look and _number(facts, look, _stands_for(facts, kind))
        row[kind.value] = _kept(facts, number.value if number else None)
        row[f"{kind}_lower"] = _kept(facts, number.lower if number else None)
        row[f"{kind}_upper"] = _kept(facts, number.upper if number else None)
    span = _limit(facts, look) if look else None
    coverage = facts.contract.policy.label_coverage
    return row | {
        "mature": look is not None and look.is_mature(coverage),
        "low": _kept(facts, span.low if span else None),
        "high": _kept(facts, span.high if span else None),
    }


def _stands_for(facts: Facts, kind: Kind) -> Kind:
    """A fairness metric is drawn where realized numbers are."""
    is_fairness = facts.charted.kind is Kind.FAIRNESS and kind is Kind.REALIZED
    return Kind.FAIRNESS if is_fairness else kind


def _number(facts: Facts, look: TimelineDay, kind: Kind) -> Measurement | None:
    charted = facts.charted
    numbers, _ = look.at(charted.horizon)
    return numbers.get((kind, charted.metric, charted.column, charted.segment))


def _limit(facts: Facts, look: TimelineDay) -> Any:  # noqa: ANN401 (a Limit or None)
    """Return the limit of the charted number; of its estimate where it has none."""
    charted = facts.charted
    _, findings = look.at(charted.horizon)
    about = (charted.metric, charted.column, charted.segment)
    judged = (findings.get((kind, *about)) for kind in (charted.kind, *RANKED))
    return next((found.limit for found in judged if found and found.limit), None)


def _kept(facts: Facts, value: float | None) -> float | None:
    """Keep a value within the range its metric can have."""
    known = facts.charted.known
    return value if value is None or known is None else known.within(value)


def forecast_rows(facts: Facts) -> Rows | str:
    """Return mean prediction, mean label and error of a regression model, by day.

    All of the rows whose label is known: what is forecast is held against what came.
    """
    rows = [_forecast(facts, day) for day in facts.days]
    if all(row["actual"] is None for row in rows):
        return "no day has a label to hold the predictions against"
    return rows


def _forecast(facts: Facts, day: date) -> dict[str, Any]:
    look = facts.timeline.get(day)
    numbers = {
        name: look.numbers.get((Kind.REALIZED, name, "", "all")) if look else None
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
