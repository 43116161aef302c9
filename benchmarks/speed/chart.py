"""One picture: rows of a day against CPU seconds and memory, ours and the peers'."""

from typing import Any

SIDES = ("Daywatch", "NannyML", "Great Expectations", "Evidently")
MEASURES = {"cpu_seconds": "CPU seconds", "peak_mb": "peak memory, MB"}


def draw(document: dict[str, Any]) -> str:
    """Return the picture as SVG; both axes are logarithmic.

    Args:
        document: What `python -m benchmarks.speed --json` prints.
    """
    import altair as alt
    import pandas as pd
    import vl_convert

    points = pd.DataFrame(
        {"rows": int(rows), "side": side, "measure": title, "value": spent[measure]}
        for rows, sides in document["rows"].items()
        for side, spent in sides.items()
        if side in SIDES
        for measure, title in MEASURES.items()
    )
    colour = alt.Color("side:N", title=None, sort=list(SIDES)).legend(orient="bottom")
    panels = [
        alt.Chart(points[points["measure"] == title])
        .mark_line(point=True)
        .encode(
            x=alt.X("rows:Q", title="rows of the day").scale(type="log"),
            y=alt.Y("value:Q", title=title).scale(type="log"),
            color=colour,
        )
        .properties(width=280, height=200)
        for title in MEASURES.values()
    ]
    picture = alt.hconcat(*panels).configure(background="white", font="sans-serif")
    return str(vl_convert.vegalite_to_svg(picture.to_dict(), vl_version="6.1")) + "\n"
