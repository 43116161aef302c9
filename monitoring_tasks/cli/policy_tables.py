"""What `policy explain` prints: plain words around plain JSON."""

from typing import Any

from monitoring_tasks.cli.family_tables import print_families
from monitoring_tasks.cli.output import console, print_table


def print_promises(promises: dict[str, Any]) -> None:
    """Print what limits promise: false alarms, detected drops, what came true."""
    _print_alarms(promises)
    _print_power(promises)
    print_families(promises["families"])
    _print_words(promises)


def _print_alarms(promises: dict[str, Any]) -> None:
    rows = [
        [
            objective["objective"] if index == 0 else "",
            f"{horizon['days']} d" if horizon["days"] else "added up",
            _limit(horizon["limit"]),
            *(
                f"{horizon['per_year'][key]['value']:.2f}"
                for key in ("breaches", "confirmed", "pages")
            ),
        ]
        for objective in promises["objectives"]
        for index, horizon in enumerate(objective["horizons"])
    ]
    columns = (
        "objective", "over", "limit today", "breach days\na year", "confirmed", "pages",
    )  # fmt: skip
    title = (
        f"{promises['model']}, version {promises['version']}: false alarms while "
        "nothing is wrong"
    )
    print_table(title, columns, rows)


def _limit(limit: dict[str, Any] | None) -> str:
    """Return the limits of a horizon; the learnt one says what made it."""
    if limit is None:
        return "evidence"
    static = [
        f"{word} {limit[key]:g}"
        for key, word in (("min", "at least"), ("max", "at most"))
        if limit[key] is not None
    ]
    if limit["learnt"] is not None:
        static.append(_learnt(limit))
    elif limit["allowed"] is not None:
        static.append("too few reference days")
    return "\n".join(static)


def _learnt(limit: dict[str, Any]) -> str:
    """Return the learnt limit on each side; none where chance alone exceeds it."""
    if not limit["can_be_passed"]:
        return "none: chance reaches as far"
    why = "chance" if limit["chance"] > limit["allowed"] else "max_drop"
    edges = [limit[side] for side in ("learnt_low", "learnt_high")]
    shown = " to ".join(f"{edge:.3f}" for edge in edges if edge is not None)
    return f"{shown} ({why})"


def _print_power(promises: dict[str, Any]) -> None:
    rows = []
    for objective in promises["objectives"]:
        finds = {find["within_days"]: find for find in objective["finds"]}
        drop = objective["drop"]
        rows.append(
            [
                objective["objective"],
                _drop(finds[1]["breach"]),
                _drop(finds[7]["page"]),
                _drop(finds[28]["page"]),
                "-" if drop is None else f"{drop['size']:g}",
                _days(drop, "median_days"),
                _days(drop, "ninety_percent_days"),
            ]
        )
    columns = (
        "objective", "shows as breach\non day 1", "pages in\n7 days", "in 28\ndays",
        "a drop\nof", "pages in\n(median)", "in 9 of\n10 cases",
    )  # fmt: skip
    print_table("Smallest drop found in 4 of 5 cases", columns, rows)


def _drop(size: float | None) -> str:
    return "none" if size is None else f"{size:.3f}"


def _days(drop: dict[str, Any] | None, key: str) -> str:
    if drop is None:
        return "-"
    return f"{drop[key]:.0f} d" if drop[key] else f"> {drop['reach_days']} d"


def _print_words(promises: dict[str, Any]) -> None:
    history, total = promises["history"], promises["total"]
    if total is not None:
        pages = total["pages"]
        console.print(
            f"expected: a healthy year has {total['breaches']['value']:.1f} days in "
            f"breach and {pages['value']:.2f} pages ({pages['lower']:.2f} to "
            f"{pages['upper']:.2f}); {pages['quiet']:.0%} of years have none"
        )
    rates = [
        f"{history[key]['count']} {name} ({history[key]['per_year']:.1f} a year, "
        f"{history[key]['lower']:.1f} to {history[key]['upper']:.1f})"
        for key, name in (
            ("breaches", "days in breach"),
            ("confirmed", "confirmed"),
            ("pages", "pages"),
        )
        if history["days"]
    ]
    console.print(
        f"observed: {history['days']} judged days of version "
        f"{', '.join(history['versions']) or 'none'}: {'; '.join(rates) or 'nothing'}; "
        "this includes real trouble"
    )
    for skipped in promises["left_out"]:
        console.print(f"not simulated: {skipped['objective']}: {skipped['why']}")
    for note in promises["notes"]:
        console.print(f"note: {note}")
    console.print(f"assumes: {'; '.join(promises['assumes'])}")
