"""The charts over time. Plain values in, SVG text out; one function a chart."""

from typing import TYPE_CHECKING

from monitoring_tasks.report.drawing import (
    WIDTH,
    data,
    specification,
    svg,
    time_axis,
    unchecked,
)
from monitoring_tasks.report.series import FAR_OVER, NO_NUMBER, RATIO_STEPS, Rows

if TYPE_CHECKING:
    from monitoring_tasks.report.drawing import Chart

DASHES = {
    "latency_p50_seconds": [1, 0],
    "latency_p95_seconds": [6, 3],
    "latency_p99_seconds": [2, 2],
}


@unchecked()
def drift_heat_map(rows: Rows, *, days: Rows) -> str:
    """Draw one cell a column and day: its distance in steps of its limit.

    Args:
        rows: See `series.drift_rows`.
        days: One row for every day of the axis.
    """
    import altair as alt  # noqa: PLC0415

    steps = [name for _, name in RATIO_STEPS] + [FAR_OVER, NO_NUMBER]
    order = [name for _, name in sorted({(r["rank"], r["column"]) for r in rows})]
    colours = alt.Scale(
        domain=steps, range=[f"var(--step{i})" for i in range(len(steps))]
    )
    x = time_axis(days, labelled=True)
    y = alt.Y("column:N", title=None, sort=order, scale=alt.Scale(paddingInner=0.08))
    cells = data("rows").mark_rect()
    marks = data("marks").mark_text(fontSize=8, color="var(--on-step)")
    chart = alt.layer(
        cells.encode(
            x=x,
            x2="end:Q",
            y=y,
            color=alt.Color("step:N", scale=colours, legend=None),
        ),
        marks.encode(x=alt.X("middle:T"), y=y, text="mark:N"),
    )
    return svg(
        specification(chart.properties(width=WIDTH, height=18 * len(order))),
        rows=rows,
        marks=[cell for cell in rows if cell["mark"]],
    )


@unchecked()
def service_chart(rows: Rows, *, latencies: list[str], has_errors: bool) -> str:
    """Draw volume, latency quantiles and failures, one under another.

    Quantiles are told apart by their dashes.

    Args:
        rows: See `series.service_rows`; at least one day.
        latencies: The quantiles to draw; none leaves the panel out.
        has_errors: Whether to draw the share of failed rows.
    """
    import altair as alt  # noqa: PLC0415

    x = time_axis(rows, labelled=True)
    volume = data("rows").mark_bar(color="var(--day)", size=7, opacity=0.8)
    panels: list[Chart] = [
        volume.encode(x=x, y=alt.Y("volume:Q", title="rows")).properties(
            width=WIDTH, height=80
        )
    ]
    lines = [
        data("rows")
        .mark_line(color="var(--realized)", strokeDash=DASHES[metric])
        .encode(x=x, y=alt.Y(f"{metric}:Q", title="seconds"))
        for metric in latencies
    ]
    if lines:
        panels.append(alt.layer(*lines).properties(width=WIDTH, height=80))
    if has_errors:
        share = alt.Y("errors:Q", title="failed", axis=alt.Axis(format=".1%"))
        line = data("rows").mark_line(color="var(--breach)").encode(x=x, y=share)
        panels.append(line.properties(width=WIDTH, height=60))
    return svg(specification(alt.vconcat(*panels, spacing=14)), rows=rows)
