"""What all charts share: the theme, the time axis and the way to SVG.

Colours are CSS variables of the page, so that a chart follows light and dark.
Charts must not use `clip`: vl-convert numbers clip paths over the whole process, and
equal facts would no longer give equal bytes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from monitoring_tasks.report.series import HALF_DAY, Rows

if TYPE_CHECKING:
    import altair as alt

    Chart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart

Specification = dict[str, Any]
WIDTH = 760
AXIS_WIDTH = 110
MOST_TICKS = 10
THEME = {
    "background": "transparent",
    "padding": 2,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor",
        "titleColor": "currentColor",
        "gridColor": "var(--grid)",
        "domainColor": "var(--grid)",
        "tickColor": "var(--grid)",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "aria": False,
    },
    # On the right, beside the newest days: what a narrow screen shows first.
    "axisY": {
        "orient": "right",
        "minExtent": AXIS_WIDTH,
        "maxExtent": AXIS_WIDTH,
        "labelLimit": AXIS_WIDTH - 5,
    },
    "mark": {"aria": False},
}
_TAG = re.compile(r"<[^>]*>")
_NEEDLESS = re.compile(
    r' (aria-hidden|aria-roledescription|pointer-events|class|opacity)="'
    r'(true|none|1|[a-z][a-z -]*)"'
)
"""Attributes a drawing does without; they are a third of its bytes."""


@contextmanager
def unchecked() -> Iterator[None]:
    """Leave out Altair's own checks; they take longer than all the drawing."""
    from altair.utils.schemapi import debug_mode  # noqa: PLC0415 (half a second)

    with debug_mode(arg=False):
        yield


def data(name: str) -> "alt.Chart":
    """Begin a chart on the rows `svg` is given under this name."""
    import altair as alt  # noqa: PLC0415

    return alt.Chart(alt.NamedData(name=name))


def time_axis(rows: Rows, *, labelled: bool) -> "alt.X":
    """Return the time axis of all panels: whole days in UTC, whatever the machine.

    Args:
        rows: One row for every day, in order; at least one.
        labelled: Whether days are written below it.
    """
    import altair as alt  # noqa: PLC0415

    days = [row["day"] for row in rows]
    # Counted back from the newest day, so that it is always labelled.
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


def specification(chart: "Chart") -> Specification:
    """Return a chart as Vega-Lite, in the theme of the page, without its data."""
    plain: Specification = chart.to_dict(validate=False)
    return plain | {"config": THEME}


def svg(chart: Specification, **datasets: Rows) -> str:
    """Draw a chart on the data it names; equal charts and data give equal text."""
    import vl_convert  # noqa: PLC0415 (starts a JavaScript engine)

    plain = {
        name: [{key: _plain(value) for key, value in row.items()} for row in rows]
        for name, rows in datasets.items()
    }
    drawn = vl_convert.vegalite_to_svg(chart | {"datasets": plain})
    # Within tags only: texts may hold the same words.
    return _TAG.sub(lambda tag: _NEEDLESS.sub("", tag[0]), drawn)


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a chart may show)
    """Write control characters out: SVG may hold none, and one ends the engine."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in value)
