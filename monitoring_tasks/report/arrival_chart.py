"""When labels come: one small chart. Plain values in, SVG text out."""

from monitoring_tasks.report.drawing import data, specification, svg, unchecked
from monitoring_tasks.report.series import Rows

WIDTH = 620
HEIGHT = 120


@unchecked()
def arrival_chart(rows: Rows, *, needed: float) -> str:
    """Draw the share of labels known by age, its interval, and what makes a day mature.

    Args:
        rows: `age` in days, `share`, `lower` and `upper`, 0..1, by age; at least two.
        needed: Share from which a day is mature, 0..1.
    """
    import altair as alt  # noqa: PLC0415 (half a second)

    x = alt.X(
        "age:Q",
        title="days after the day",
        axis=alt.Axis(tickMinStep=1, format="d", grid=False),
    )
    y = alt.Y(
        "share:Q",
        title="labels known",
        axis=alt.Axis(format=".0%", tickCount=4),
        scale=alt.Scale(domain=[0, 1]),
    )
    # Steps: between two ages no further label is known.
    band = data("rows").mark_area(
        color="var(--realized)", opacity=0.22, interpolate="step-after"
    )
    line = data("rows").mark_line(
        color="var(--realized)", strokeWidth=1.8, interpolate="step-after"
    )
    limit = data("limit").mark_rule(color="var(--limit)", strokeDash=[6, 4])
    chart = alt.layer(
        band.encode(x=x, y=alt.Y("lower:Q", title="labels known"), y2="upper:Q"),
        line.encode(x=x, y=y),
        limit.encode(y="share:Q"),
    )
    return svg(
        specification(chart.properties(width=WIDTH, height=HEIGHT)),
        rows=rows,
        limit=[{"share": needed}],
    )
