"""The table of weak segments, for `show` and `segments`."""

from typing import Any

from monitoring_tasks.cli.output import console, print_table


def print_segments(weak: dict[str, Any]) -> None:
    """Print the segments, the costliest first, and what the numbers rest on."""
    if weak["segments"]:
        metric = str(weak["metric"]).replace("_", " ")
        columns = ("segment", "rows", metric, "elsewhere", "difference", "on reference")
        rows = [_line(segment) for segment in weak["segments"]]
        print_table("segments that do worst", columns, rows, unbroken=columns[1:])
    remarks = [weak["reason"]] if weak["reason"] else []
    if weak["rows"]:
        remarks.append(
            f"measured on {weak['rows']:,} rows of {len(weak['days'])} days that the "
            f"segments were not found on; version {weak['version']}"
        )
    if weak["slices"]:
        remarks.append(f"the intervals hold for all {weak['slices']} segments at once")
    console.print("; ".join(remarks))


def _line(segment: dict[str, Any]) -> list[str]:
    was = "-" if segment["reference"] is None else f"{segment['reference']:.3f}"
    gap = f"{segment['value'] - segment['elsewhere']:+.3f}"
    return [
        segment["rule"],
        f"{segment['rows']:,}\n{segment['share']:.0%}",
        f"{segment['value']:.3f}",
        f"{segment['elsewhere']:.3f}",
        f"{gap}\n{segment['lower']:.2f}..{segment['upper']:.2f}",
        f"{was}\nworse since" if segment["is_new"] else was,
    ]
