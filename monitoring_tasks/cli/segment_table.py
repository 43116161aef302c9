"""The table of weak segments, for `show` and `segments`."""

from typing import Any

from monitoring_tasks.cli.output import console, print_table


def print_segments(found: dict[str, Any]) -> None:
    """Print the segments, the costliest first, and what the numbers rest on."""
    if found["segments"]:
        metric = str(found["metric"]).replace("_", " ")
        columns = ("segment", "rows", metric, "elsewhere", "difference", "on reference")
        rows = [_line(one) for one in found["segments"]]
        print_table("segments that do worst", columns, rows, whole=columns[1:])
    said = [found["reason"]] if found["reason"] else []
    if found["rows"]:
        said.append(
            f"measured on {found['rows']:,} rows of {len(found['days'])} days that the "
            f"segments were not found on; version {found['version']}"
        )
    if found["slices"]:
        said.append(f"the intervals hold for all {found['slices']} segments at once")
    console.print("; ".join(said))


def _line(one: dict[str, Any]) -> list[str]:
    was = "-" if one["reference"] is None else f"{one['reference']:.3f}"
    gap = f"{one['value'] - one['elsewhere']:+.3f}"
    return [
        one["rule"],
        f"{one['rows']:,}\n{one['share']:.0%}",
        f"{one['value']:.3f}",
        f"{one['elsewhere']:.3f}",
        f"{gap}\n{one['lower']:.2f}..{one['upper']:.2f}",
        f"{was}\nworse since" if one["is_new"] else was,
    ]
