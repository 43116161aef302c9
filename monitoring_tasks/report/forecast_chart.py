"""Forecast against actual and the error over time. Plain values in, SVG text out."""

from typing import TYPE_CHECKING

from monitoring_tasks.report.drawing import (
    WIDTH,
    data,
    specification,
    svg,
    time_axis,
    unchecked,
)
from monitoring_tasks.report.series import Rows

if TYPE_CHECKING:
    import altair as alt

    from monitoring_tasks.report.drawing import Chart


@unchecked()
def forecast_chart(rows: Rows) -> str:
    """Draw the day's mean prediction over its mean label, and the error below.

    Args:
        rows: See `performance.forecast_rows`; at least one day has a label.
    """
    import altair as alt  # noqa: PLC0415 (half a second)

    panels: list[Chart] = [_levels(rows), _errors(rows)]
    chart = alt.vconcat(*panels, spacing=10)
    return svg(specification(chart), rows=rows, zero=[{"none": 0}])


def _levels(rows: Rows) -> "Chart":
    import altair as alt  # noqa: PLC0415

    x, scale = time_axis(rows, labelled=False), alt.Scale(zero=False)

    def drawn(mark: "alt.Chart", name: str) -> "alt.Chart":
        title = "mean of the rows"
        return mark.encode(x=x, y=alt.Y(f"{name}:Q", title=title, scale=scale))

    line = data("rows").mark_line(color="var(--estimated)", strokeWidth=1.8)
    points = data("rows").mark_point(
        stroke="var(--realized)", size=30, strokeWidth=1.4, opacity=1
    )
    layers = [drawn(line, "forecast"), drawn(points, "actual")]
    return alt.layer(*layers).properties(width=WIDTH, height=150)


def _errors(rows: Rows) -> "Chart":
    import altair as alt  # noqa: PLC0415

    x = time_axis(rows, labelled=True)

    def drawn(mark: "alt.Chart", name: str) -> "alt.Chart":
        return mark.encode(x=x, y=alt.Y(f"{name}:Q", title="error"))

    band = data("rows").mark_area(color="var(--breach)", opacity=0.18)
    line = data("rows").mark_line(color="var(--breach)", strokeWidth=1.6)
    absolute = data("rows").mark_line(color="var(--muted)", strokeDash=[5, 3])
    zero = data("zero").mark_rule(color="var(--muted)").encode(y="none:Q")
    layers = [
        zero,
        drawn(band, "error_lower").encode(y2="error_upper:Q"),
        drawn(line, "error"),
        drawn(absolute, "absolute"),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=110)
