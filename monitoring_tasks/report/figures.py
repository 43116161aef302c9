"""Charts with their caption and a text for screen readers.

A figure has a drawing or the reason why not; there is no empty chart.
"""

from dataclasses import asdict, dataclass
from functools import partial

from markupsafe import Markup

from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.report import (
    arrival_chart,
    charts,
    column_charts,
    forecast_chart,
    performance,
    performance_chart,
    series,
)
from monitoring_tasks.report.distributions import Distribution, distributions
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.words import percent

FEWEST_AGES = 2
"""A curve of one age is no curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing, or why there is none.

    Attributes:
        label: What it shows, for screen readers.
        svg: The drawing; None when there is nothing to draw.
        title: Heading of a small figure.
        remark: One line under it.
        reason: Why there is no drawing.
    """

    label: str
    svg: Markup | None = None
    title: str = ""
    remark: str = ""
    reason: str = ""


def performance_figure(facts: Facts) -> Figure:
    """Draw the number that decided the day over time."""
    charted = facts.charted
    label = f"{charted.title}, estimated and realized, over {len(facts.days)} days"
    rows = performance.performance_rows(facts)
    if isinstance(rows, str):
        return Figure(label=label, reason=rows)
    svg = performance_chart.performance_chart(
        rows,
        events=series.event_rows(facts),
        verdicts=series.verdict_rows(facts),
        metric=charted.title,
        domain=performance.performance_domain(facts, rows),
    )
    return Figure(label=label, title=charted.title, svg=_safe(svg))


def forecast_figure(facts: Facts) -> Figure | None:
    """Draw forecast against actual; None for a classifier."""
    if facts.contract.problem is not Problem.REGRESSION:
        return None
    label = f"Mean prediction, mean label and error over {len(facts.days)} days"
    rows = performance.forecast_rows(facts)
    if isinstance(rows, str):
        return Figure(label=label, reason=rows)
    return Figure(label=label, svg=_safe(forecast_chart.forecast_chart(rows)))


def arrival_figure(facts: Facts) -> Figure:
    """Draw what share of the labels is known how many days after a day."""
    curve = facts.labels.arrival if facts.labels else ()
    label = "Share of labels known, by days after the day"
    if len(curve) < FEWEST_AGES:
        why = "too few days were judged again to say when labels arrive"
        return Figure(label=label, reason=why)
    rows = [asdict(point) for point in curve]
    last = curve[-1]
    label += f"; {percent(curve[0].share)} at once, {percent(last.share)} after "
    label += f"{last.age} days"
    svg = arrival_chart.arrival_chart(rows, needed=facts.contract.policy.label_coverage)
    return Figure(label=label, svg=_safe(svg))


def drift_figure(facts: Facts) -> Figure:
    """Draw the judged distances of all columns over time."""
    rows = series.drift_rows(facts)
    label = f"Drift by column over {len(facts.days)} days"
    if isinstance(rows, str):
        return Figure(label=label, reason=rows)
    today = series.stamp(facts.unit.day)
    over = sorted(
        row["column"]
        for row in rows
        if row["middle"] == today and row["ratio"] is not None and row["ratio"] > 1
    )
    label += f"; over the limit on the day: {', '.join(over) or 'none'}"
    kept = [row for row in rows if row["rank"] < series.MOST_COLUMNS]
    svg = charts.drift_heat_map(kept, days=series.verdict_rows(facts))
    left = max(row["rank"] for row in rows) + 1 - series.MOST_COLUMNS
    remark = f"{left} more columns moved less or cost less" if left > 0 else ""
    return Figure(label=label, svg=_safe(svg), remark=remark)


def distribution_figures(facts: Facts) -> list[Figure] | str:
    """Draw every column of the day beside its reference, or say why not."""
    drawn = distributions(facts)
    return (
        drawn
        if isinstance(drawn, str)
        else [_distribution(distribution) for distribution in drawn]
    )


def _distribution(distribution: Distribution) -> Figure:
    figure = partial(
        Figure,
        label=f"Distribution of {distribution.column} on the day and in the reference",
        title=distribution.column,
        remark=distribution.remark,
    )
    if distribution.reason:
        return figure(reason=distribution.reason)
    rows = list(distribution.rows)
    if distribution.is_continuous:
        return figure(svg=_safe(column_charts.histogram_chart(rows)))
    return figure(svg=_safe(column_charts.category_chart(rows)))


def service_figure(facts: Facts) -> Figure:
    """Draw volume, latency and failures over time."""
    columns = facts.contract.columns
    label = f"Rows, latency and failed rows over {len(facts.days)} days"
    rows = series.service_rows(facts)
    if isinstance(rows, str):
        return Figure(label=label, reason=rows)
    drawn = [
        metric
        for metric in series.LATENCIES
        if any(row[metric] is not None for row in rows)
    ]
    has_errors = any(row["errors"] is not None for row in rows)
    missing = []
    if not drawn:
        missing.append(f"latency: {_why(columns.latency)}")
    if not has_errors:
        missing.append(f"failed rows: {_why(columns.error)}")
    remark = "no data: " + "; ".join(missing) if missing else ""
    svg = charts.service_chart(rows, latencies=drawn, has_errors=has_errors)
    return Figure(label=label, svg=_safe(svg), remark=remark)


def _why(column: str | None) -> str:
    return "never logged" if column else "the contract declares no column"


def _safe(svg: str) -> Markup:
    """Vouch for a drawing: vl-convert escapes every text in it."""
    return Markup(svg)  # noqa: S704
