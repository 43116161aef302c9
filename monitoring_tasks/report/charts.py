"""Plain values in, SVG text out; one function a chart.

Colours are CSS variables of the page, so that a chart follows light and dark.
Nothing here uses `clip`: vl-convert numbers clip paths over the whole process, and
equal facts would no longer give equal bytes.
"""

from typing import TYPE_CHECKING, Any

from monitoring_tasks.report.series import (
    FAR_OVER,
    HALF_DAY,
    NO_NUMBER,
    RATIO_STEPS,
    Rows,
)

if TYPE_CHECKING:
    import altair as alt

    Charts = alt.Chart | alt.LayerChart | alt.VConcatChart

WIDTH = 760
AXIS_WIDTH = 110
MOST_TICKS = 10
SMALL_WIDTH = 190
LANE_HEIGHT = 22
VERDICT_COLOURS = {
    "ok": "var(--ok)",
    "warn": "var(--warn)",
    "breach": "var(--breach)",
    "error": "var(--error)",
}


def performance_chart(
    rows: Rows, *, events: Rows, verdicts: Rows, metric: str
) -> str:
    """Draw estimate and realized number with intervals, limits, events and verdicts."""
    import altair as alt  # noqa: PLC0415 (half a second)

    panels = [_verdict_lane(verdicts)]
    panels.insert(0, _performance_panel(rows, events, metric))
    if events:
        panels.insert(0, _event_lanes(events, verdicts))
    return _svg(alt.vconcat(*panels, spacing=4))


def _performance_panel(rows: Rows, events: Rows, metric: str) -> "alt.LayerChart":
    import altair as alt  # noqa: PLC0415

    data = alt.Chart(alt.Data(values=rows))
    x = _time(rows, labelled=False)
    y = alt.Y("estimated:Q", title=metric, scale=alt.Scale(zero=False))
    band = data.mark_area(color="var(--estimated)", opacity=0.22, aria=False).encode(
        x=x, y=alt.Y("estimated_lower:Q", title=metric), y2="estimated_upper:Q"
    )
    line = data.mark_line(color="var(--estimated)", strokeWidth=1.8, aria=False)
    bars = data.mark_rule(color="var(--realized)", opacity=0.55, aria=False)
    points = data.mark_point(
        color="var(--realized)", size=34, strokeWidth=1.4, opacity=1, aria=False
    )
    layers: list[alt.Chart] = [
        band,
        line.encode(x=x, y=y),
        bars.encode(x=x, y=alt.Y("realized_lower:Q", title=metric), y2="realized_upper:Q"),
        points.encode(
            x=x,
            y=alt.Y("realized:Q", title=metric),
            fill=alt.condition(
                "datum.mature", alt.value("var(--realized)"), alt.value("transparent")
            ),
        ),
    ]
    for side in ("low", "high"):
        if any(row[side] is not None for row in rows):
            limit = data.mark_line(
                color="var(--limit)", strokeDash=[6, 4], interpolate="step", aria=False
            )
            layers.append(limit.encode(x=x, y=alt.Y(f"{side}:Q", title=metric)))
    if events:
        rule = alt.Chart(alt.Data(values=events)).mark_rule(
            color="var(--muted)", strokeDash=[2, 3], aria=False
        )
        layers.append(rule.encode(x=x))
    return alt.layer(*layers).properties(width=WIDTH, height=230)


def _event_lanes(events: Rows, verdicts: Rows) -> "alt.LayerChart":
    import altair as alt  # noqa: PLC0415

    # A text near the right edge would be cut off; there it goes to the left.
    turn = verdicts[-1]["day"] - 0.2 * (verdicts[-1]["day"] - verdicts[0]["day"])
    early = [event for event in events if event["day"] <= turn]
    late = [event for event in events if event["day"] > turn]
    x = _time(verdicts, labelled=False)
    lanes = sorted({event["lane"] for event in events})
    y = alt.Y("lane:N", title=None, sort=lanes)
    data = alt.Chart(alt.Data(values=events))
    layers = [
        data.mark_rule(color="var(--muted)", strokeWidth=3, aria=False).encode(
            x=x, x2="end:Q", y=y
        ),
        data.mark_point(
            shape="diamond", color="var(--muted)", fill="var(--muted)", aria=False
        ).encode(x=x, y=y),
    ]
    for side, dx, part in (("left", 7, early), ("right", -7, late)):
        if part:
            text = alt.Chart(alt.Data(values=part)).mark_text(
                align=side, dx=dx, dy=-7, color="currentColor", fontSize=10, aria=False
            )
            layers.append(text.encode(x=x, y=y, text="text:N"))
    return alt.layer(*layers).properties(width=WIDTH, height=LANE_HEIGHT * len(lanes))


def _verdict_lane(verdicts: Rows) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415

    colours = alt.Scale(
        domain=[*VERDICT_COLOURS, "other"],
        range=[*VERDICT_COLOURS.values(), "var(--muted)"],
    )
    rows = [
        row
        | {
            "lane": "verdict",
            "tone": row["verdict"] if row["verdict"] in VERDICT_COLOURS else "other",
        }
        for row in verdicts
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_text(fontSize=11, fontWeight="bold", aria=False)
        .encode(
            x=_time(verdicts, labelled=True),
            y=alt.Y("lane:N", title=None),
            text="symbol:N",
            color=alt.Color("tone:N", scale=colours, legend=None),
        )
        .properties(width=WIDTH, height=LANE_HEIGHT)
    )


def drift_heat_map(rows: Rows, *, days: Rows) -> str:
    """Draw one cell a column and day: its distance in steps of its limit."""
    import altair as alt  # noqa: PLC0415

    steps = [name for _, name in RATIO_STEPS] + [FAR_OVER, NO_NUMBER]
    order = [name for _, name in sorted({(r["rank"], r["column"]) for r in rows})]
    colours = alt.Scale(domain=steps, range=[f"var(--step{i})" for i in range(5)])
    data = alt.Chart(alt.Data(values=rows))
    y = alt.Y("column:N", title=None, sort=order)
    cells = data.mark_rect(stroke="var(--page)", strokeWidth=0.6, aria=False).encode(
        x=_time(days, labelled=True),
        x2="end:Q",
        y=y,
        color=alt.Color("step:N", scale=colours, legend=None),
    )
    marks = (
        alt.Chart(alt.Data(values=[row for row in rows if row["mark"]]))
        .mark_text(fontSize=8, color="var(--on-step)", aria=False)
        .encode(x=alt.X("middle:T"), y=y, text="mark:N")
    )
    height = 18 * len(order)
    return _svg(alt.layer(cells, marks).properties(width=WIDTH, height=height))


def histogram_chart(rows: Rows) -> str:
    """Draw a continuous column: the reference as bars, the day as a line of steps."""
    import altair as alt  # noqa: PLC0415

    data = alt.Chart(alt.Data(values=rows))
    x = alt.X("low:Q", title=None, axis=alt.Axis(tickCount=4, format="~s", grid=False))
    axis = alt.Axis(tickCount=3, format=".0%", minExtent=0, maxExtent=60)
    y = alt.Y("reference:Q", title=None, axis=axis)
    bars = data.mark_rect(color="var(--reference)", aria=False).encode(
        x=x.scale(zero=False, nice=False), x2="high:Q", y=y, y2=alt.datum(0)
    )
    ends = [{"at": row["low"], "day": row["day"]} for row in rows]
    ends.append({"at": rows[-1]["high"], "day": rows[-1]["day"]})
    line = (
        alt.Chart(alt.Data(values=ends))
        .mark_line(
            interpolate="step-after", color="var(--day)", strokeWidth=1.8, aria=False
        )
        .encode(x="at:Q", y="day:Q")
    )
    return _svg(alt.layer(bars, line).properties(width=SMALL_WIDTH, height=90))


def category_chart(rows: Rows) -> str:
    """Draw a categorical column: wide bars the reference, narrow ones the day."""
    import altair as alt  # noqa: PLC0415

    data = alt.Chart(alt.Data(values=rows))
    axis = alt.Axis(labelLimit=84, minExtent=0, maxExtent=90)
    y = alt.Y("name:N", title=None, sort=[row["name"] for row in rows], axis=axis)
    share = alt.Axis(tickCount=3, format=".0%")
    wide = data.mark_bar(color="var(--reference)", size=11, aria=False).encode(
        y=y, x=alt.X("reference:Q", title=None, axis=share)
    )
    narrow = data.mark_bar(color="var(--day)", size=4, aria=False).encode(y=y, x="day:Q")
    height = max(90, 15 * len(rows))
    chart = alt.layer(wide, narrow)
    return _svg(chart.properties(width=SMALL_WIDTH - 60, height=height))


def service_chart(rows: Rows, *, latencies: list[str], has_errors: bool) -> str:
    """Draw volume, latency quantiles and failures, one under another.

    Quantiles are told apart by dashes as well as by colour.
    """
    import altair as alt  # noqa: PLC0415

    data = alt.Chart(alt.Data(values=rows))
    x = _time(rows, labelled=True)
    panels: list[Charts] = [
        data.mark_bar(color="var(--day)", size=7, opacity=0.8, aria=False)
        .encode(x=x, y=alt.Y("volume:Q", title="rows"))
        .properties(width=WIDTH, height=80)
    ]
    dashes: list[list[float]] = [[1, 0], [6, 3], [2, 2]]
    lines = [
        data.mark_line(color="var(--realized)", strokeDash=dash, aria=False).encode(
            x=x, y=alt.Y(f"{metric}:Q", title="seconds")
        )
        for metric, dash in zip(latencies, dashes, strict=False)
    ]
    if lines:
        panels.append(alt.layer(*lines).properties(width=WIDTH, height=80))
    if has_errors:
        share = alt.Y("errors:Q", title="failed", axis=alt.Axis(format=".1%"))
        line = data.mark_line(color="var(--breach)", aria=False).encode(x=x, y=share)
        panels.append(line.properties(width=WIDTH, height=60))
    return _svg(alt.vconcat(*panels, spacing=14))


def _time(rows: Rows, *, labelled: bool) -> "alt.X":
    """Give the time axis all panels share: whole days in UTC, whatever the machine."""
    import altair as alt  # noqa: PLC0415

    days = [row["day"] for row in rows]
    every = -(-len(days) // MOST_TICKS)
    axis = alt.Axis(
        values=days[::-every][::-1],
        format="%d %b",
        grid=False,
        labels=labelled,
        ticks=labelled,
    )
    scale = alt.Scale(type="utc", domain=[days[0] - HALF_DAY, days[-1] + 2 * HALF_DAY])
    return alt.X("day:T", title=None, scale=scale, axis=axis)


def _svg(chart: "Charts") -> str:
    import vl_convert  # noqa: PLC0415 (starts a JavaScript engine)

    themed = (
        chart.configure(background="transparent", padding=2, font="sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor="currentColor",
            titleColor="currentColor",
            gridColor="var(--grid)",
            domainColor="var(--grid)",
            tickColor="var(--grid)",
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            aria=False,
        )
        .configure_axisY(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, labelLimit=105)
    )
    svg: str = vl_convert.vegalite_to_svg(themed.to_dict())
    return svg
