"""One small chart a column: the day beside its reference. Values in, SVG text out.

A page has dozens of them, so each of the two specifications is made once.
"""

from functools import cache

from monitoring_tasks.report.drawing import (
    Specification,
    data,
    specification,
    svg,
    unchecked,
)
from monitoring_tasks.report.series import Rows

WIDTH = 190
NAME_WIDTH = 84
HEIGHT = 90
BAR_HEIGHT = 15


def histogram_chart(rows: Rows) -> str:
    """Draw a continuous column: the reference as bars, the day as a line of steps.

    Args:
        rows: `low`, `high`, `reference` and `day` (shares, 0..1), by bin; not empty.
    """
    ends = [{"at": row["low"], "day": row["day"]} for row in rows]
    ends.append({"at": rows[-1]["high"], "day": rows[-1]["day"]})
    return svg(_histogram(), rows=rows, ends=ends)


def category_chart(rows: Rows) -> str:
    """Draw a categorical column: wide bars the reference, narrow ones the day.

    Args:
        rows: `name`, `reference` and `day` (shares, 0..1), in the order drawn.
    """
    return svg(_categories(), rows=rows)


@cache
@unchecked()
def _histogram() -> Specification:
    import altair as alt  # noqa: PLC0415 (half a second)

    x = alt.X(
        "low:Q",
        title=None,
        axis=alt.Axis(tickCount=4, format="~s", grid=False),
        scale=alt.Scale(zero=False, nice=False),
    )
    shares = alt.Axis(
        orient="left", tickCount=3, format=".0%", minExtent=0, maxExtent=60
    )
    y = alt.Y("reference:Q", title=None, axis=shares)
    bars = data("rows").mark_rect(color="var(--reference)")
    line = data("ends").mark_line(
        interpolate="step-after", color="var(--day)", strokeWidth=1.8
    )
    chart = alt.layer(
        bars.encode(x=x, x2="high:Q", y=y, y2=alt.datum(0)),
        line.encode(x="at:Q", y="day:Q"),
    )
    return specification(chart.properties(width=WIDTH, height=HEIGHT))


@cache
@unchecked()
def _categories() -> Specification:
    import altair as alt  # noqa: PLC0415

    names = alt.Axis(
        orient="left", labelLimit=NAME_WIDTH, minExtent=0, maxExtent=NAME_WIDTH
    )
    y = alt.Y("name:N", title=None, sort=None, axis=names)
    shares = alt.Axis(tickCount=3, format=".0%")
    wide = data("rows").mark_bar(color="var(--reference)", size=11)
    narrow = data("rows").mark_bar(color="var(--day)", size=4)
    chart = alt.layer(
        wide.encode(y=y, x=alt.X("reference:Q", title=None, axis=shares)),
        narrow.encode(y=y, x="day:Q"),
    )
    height = alt.Step(BAR_HEIGHT)
    return specification(chart.properties(width=WIDTH - 60, height=height))
