"""One picture: how often each rule calls for nothing, and how much it finds.

The evaluation alone. To the left is quiet, up is found; lines are 95 % intervals.
"""

from typing import Any

NAMES = {
    ("daywatch", "pages"): "Daywatch",
    ("nannyml", "any alert"): "NannyML, any alert",
    ("nannyml", "performance alerts"): "NannyML, performance alerts",
    ("evidently", "any test"): "Evidently, any test",
    ("evidently", "performance tests"): "Evidently, performance tests",
}
APART = 0.015
"""Points stand so far beside each other, that none hides another."""
GROUPS = {
    "data": "broken data: in 1 to 3 days",
    "gross release": "gross bad release: in 1 to 3 days",
    "mild release": "mild bad release: in 14 days",
    "unfair release": "unfair release: in 14 days",
    "concept": "concept drift: in 7 days",
    "labels": "wrong labels: in 7 days",
    "no labels": "labels that stay away: in 10 days",
    "biased group": "biased group: in 14 days",
    "wrong predictions": "wrong predictions: in 7 days",
}


def draw(facts: dict[str, Any]) -> str:
    """Return the picture as SVG."""
    import altair as alt
    import pandas as pd
    import vl_convert

    quiet = {
        (row["tool"], row["rule"]): row["alarm_days"]
        for row in facts["clean"]
        if row["split"] == "evaluation" and row["world"] == "all"
    }
    rows = pd.DataFrame(
        {
            "rule": NAMES[row["tool"], row["rule"]],
            "group": GROUPS[row["group"]],
            "calls": quiet[row["tool"], row["rule"]]["value"]
            + APART * list(NAMES).index((row["tool"], row["rule"])),
            "found": row["in_time"]["value"],
            "lower": row["in_time"]["lower"],
            "upper": row["in_time"]["upper"],
        }
        for row in facts["faults"]
        if row["split"] == "evaluation"
        and row["group"] in GROUPS
        and (row["tool"], row["rule"]) in quiet
    )
    if rows.empty:
        return "<svg xmlns='http://www.w3.org/2000/svg'/>\n"
    base = alt.Chart(rows).encode(
        x=alt.X("calls:Q", title="days with an alarm, nothing wrong")
        .scale(domain=[0, 1.1])
        .axis(format="%", values=[0, 0.5, 1]),
        color=alt.Color("rule:N", title=None, sort=list(NAMES.values())).legend(
            orient="bottom", columns=3, labelLimit=300
        ),
    )
    span = alt.Y("lower:Q", title="found in time").axis(format="%", values=[0, 0.5, 1])
    drawn = alt.layer(
        base.mark_rule(strokeWidth=1.5).encode(
            y=span.scale(domain=[0, 1]), y2="upper:Q"
        ),
        base.mark_point(size=70, filled=True, opacity=1).encode(y="found:Q"),
    ).properties(width=200, height=120)
    groups = [name for name in GROUPS.values() if name in set(rows["group"])]
    picture = drawn.facet(
        facet=alt.Facet("group:N", title=None, sort=groups), columns=3
    ).configure(background="white", font="sans-serif")
    return str(vl_convert.vegalite_to_svg(picture.to_dict(), vl_version="6.1")) + "\n"
