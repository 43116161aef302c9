"""Lines about alarms: what became of an incident's page, and the fleet's budget."""

from collections.abc import Mapping
from typing import Any


def marks_of(incident: Mapping[str, Any]) -> str:
    """Return in a line what became of an incident's page; empty where nothing did.

    >>> marks_of({"reopened": 1, "is_flapping": False, "silenced_by": "s-1",
    ...           "merged_into": None, "paged_at": None})
    'reopened 1 time, nobody is paged: s-1'
    """
    marks = []
    if incident["reopened"]:
        times = incident["reopened"]
        marks.append(f"reopened {times} time{'s'[: times != 1]}")
    if incident["is_flapping"]:
        marks.append("flapping")
    if incident["merged_into"]:
        marks.append(f"part of {incident['merged_into']}")
    if incident["silenced_by"]:
        marks.append(f"nobody is paged: {incident['silenced_by']}")
    if incident["paged_at"]:
        marks.append(f"to be paged {incident['paged_at']:%Y-%m-%d %H:%M} UTC")
    return ", ".join(marks)


def fleet_lines(view: Mapping[str, Any]) -> list[str]:
    """Return how the fleet's alarm budget stands, in sentences."""
    spent = view["spent"]
    if spent is None:
        return []
    rates = {
        model: model_view["expected_false_pages_a_year"]
        for model, model_view in view["models"].items()
    }
    estimated = [rate for rate in rates.values() if rate is not None]
    # Unknown is not nothing: such a model is named, not counted as 0.
    unknown = sorted(model for model, rate in rates.items() if rate is None)
    pages = (
        f"pages: {spent['paged_week']} in the last 7 days, {spent['pages_a_week']} are "
        f"allowed; open incidents that page nobody: {spent['gathered']} over the "
        f"budget, {spent['silenced']} silenced, {spent['merged']} of a common cause"
    )
    without = f" (unknown: {', '.join(unknown)})" if unknown else ""
    false = (
        f"false pages: about {sum(estimated):.1f} a year expected from "
        f"{len(estimated)} contract{'s'[: len(estimated) != 1]}{without}; "
        f"{spent['paged_year']} pages in "
        f"the last 365 days, {spent['false_year']} of them marked as false"
    )
    lines = [pages, false]
    silences = [
        name
        for model_view in view["models"].values()
        for name in model_view["silences"]
    ]
    if silences:
        lines.append(f"active silences: {', '.join(silences)}")
    return lines
