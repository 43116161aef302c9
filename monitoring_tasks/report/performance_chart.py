"""Estimate against realized number over time. Plain values in, SVG text out."""

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


LANE_HEIGHT = 22

VERDICT_COLOURS = {
    "ok": "var(--ok)",
    "warn": "var(--warn)",
    "breach": "var(--breach)",
    "error": "var(--error)",
}


@unchecked()
def performance_chart(
    rows: Rows, *, events: Rows, verdicts: Rows, metric: str, domain: list[float]
) -> str:
    """Draw estimate and realized number with intervals, limits, events and verdicts.

    Args:
        rows: See `performance.performance_rows`; at least one day.
        events: See `series.event_rows`; may be empty.
        verdicts: See `series.verdict_rows`; the same days as `rows`.
        metric: Title of the axis.
        domain: Ends of the axis.
    """
    import altair as alt  # noqa: PLC0415 (half a second)

    panels: list[Chart] = [
        _performance_panel(rows, metric, domain, has_events=bool(events)),
        _verdict_lane(verdicts),
    ]
    # A text near the right edge would be cut off; there it goes to the left.
    first, last = verdicts[0]["day"], verdicts[-1]["day"]
    turn = last - 0.2 * (last - first)
    if events:
        lanes = sorted({event["lane"] for event in events})
        panels.insert(0, _event_lanes(verdicts, lanes))
    return svg(
        specification(alt.vconcat(*panels, spacing=4)),
        rows=rows,
        events=events,
        early=[event for event in events if event["day"] <= turn],
        late=[event for event in events if event["day"] > turn],
        verdicts=[cell | {"lane": "verdict", "tone": _tone(cell)} for cell in verdicts],
    )


def _tone(row: dict[str, str]) -> str:
    return row["verdict"] if row["verdict"] in VERDICT_COLOURS else "other"


def _performance_panel(
    rows: Rows, metric: str, domain: list[float], *, has_events: bool
) -> "Chart":
    import altair as alt  # noqa: PLC0415

    x = time_axis(rows, labelled=False)
    scale = alt.Scale(zero=False, nice=False, domain=domain)
    fill = alt.condition(
        "datum.mature", alt.value("var(--realized)"), alt.value("var(--page)")
    )

    def drawn(mark: "alt.Chart", name: str) -> "alt.Chart":
        return mark.encode(x=x, y=alt.Y(f"{name}:Q", title=metric, scale=scale))

    band = data("rows").mark_area(color="var(--estimated)", opacity=0.22)
    line = data("rows").mark_line(color="var(--estimated)", strokeWidth=1.8)
    bars = data("rows").mark_rule(color="var(--realized)", opacity=0.55)
    points = data("rows").mark_point(
        stroke="var(--realized)", size=30, strokeWidth=1.4, opacity=1
    )
    limits = data("rows").mark_line(
        color="var(--limit)", strokeDash=[6, 4], interpolate="step"
    )
    layers = [
        drawn(band, "estimated_lower").encode(y2="estimated_upper:Q"),
        drawn(line, "estimated"),
        drawn(bars, "realized_lower").encode(y2="realized_upper:Q"),
        drawn(points, "realized").encode(fill=fill),
    ]
    layers += [
        drawn(limits, side)
        for side in ("low", "high")
        if any(cell[side] is not None for cell in rows)
    ]
    if has_events:
        upright = data("events").mark_rule(color="var(--muted)", strokeDash=[2, 3])
        layers.append(upright.encode(x=x))
    return alt.layer(*layers).properties(width=WIDTH, height=230)


def _event_lanes(verdicts: Rows, lanes: list[str]) -> "Chart":
    import altair as alt  # noqa: PLC0415

    x = time_axis(verdicts, labelled=False)
    y = alt.Y("lane:N", title=None, sort=lanes)
    span = data("events").mark_rule(color="var(--muted)", strokeWidth=3)
    point = data("events").mark_point(
        shape="diamond", stroke="var(--muted)", fill="var(--muted)", opacity=1
    )
    layers = [span.encode(x=x, x2="end:Q", y=y), point.encode(x=x, y=y)]
    early = data("early").mark_text(align="left", dx=7, dy=-5, color="currentColor")
    late = data("late").mark_text(align="right", dx=-7, dy=-5, color="currentColor")
    layers += [text.encode(x=x, y=y, text="text:N") for text in (early, late)]
    return alt.layer(*layers).properties(width=WIDTH, height=LANE_HEIGHT * len(lanes))


def _verdict_lane(verdicts: Rows) -> "Chart":
    import altair as alt  # noqa: PLC0415

    colours = alt.Scale(
        domain=[*VERDICT_COLOURS, "other"],
        range=[*VERDICT_COLOURS.values(), "var(--muted)"],
    )
    symbols = data("verdicts").mark_text(fontSize=11, fontWeight="bold")
    lane: Chart = symbols.encode(
        x=time_axis(verdicts, labelled=True),
        y=alt.Y("lane:N", title=None),
        text="symbol:N",
        color=alt.Color("tone:N", scale=colours, legend=None),
    ).properties(width=WIDTH, height=LANE_HEIGHT)
    return lane
