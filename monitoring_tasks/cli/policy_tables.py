"""What `daywatch policy` prints: plain words around plain JSON."""

from pathlib import Path
from typing import Any

from rich.text import Text

from monitoring_tasks.cli.output import (
    console,
    number,
    print_table,
    print_text,
    styled,
)
from monitoring_tasks.cli.terminal import joined


def print_promises(found: dict[str, Any]) -> None:
    """Print what limits promise: false alarms, what they find, what came true."""
    _print_alarms(found)
    _print_power(found)
    _print_words(found)


def _print_alarms(found: dict[str, Any]) -> None:
    rows = [
        [
            one["objective"] if place == 0 else "",
            f"{part['days']} d" if part["days"] else "added up",
            _limit(part["limit"]),
            *(
                f"{part['per_year'][key]['value']:.2f}"
                for key in ("breaches", "confirmed", "pages")
            ),
        ]
        for one in found["objectives"]
        for place, part in enumerate(one["horizons"])
    ]
    columns = (
        "objective", "over", "limit today", "breach days\na year", "confirmed", "pages",
    )  # fmt: skip
    title = (
        f"{found['model']}, version {found['version']}: false alarms while nothing is "
        "wrong"
    )
    print_table(title, columns, rows)


def _limit(limit: dict[str, Any] | None) -> str:
    """Give the limits of a horizon; the learnt one says what made it."""
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
    """Give the learnt limit on every side; none where chance alone goes all the way."""
    if not limit["can_be_passed"]:
        return "none: chance reaches as far"
    why = "chance" if limit["chance"] > limit["allowed"] else "max_drop"
    edges = [limit[side] for side in ("learnt_low", "learnt_high")]
    shown = " to ".join(f"{edge:.3f}" for edge in edges if edge is not None)
    return f"{shown} ({why})"


def _print_power(found: dict[str, Any]) -> None:
    rows = []
    for one in found["objectives"]:
        finds = {find["within_days"]: find for find in one["finds"]}
        drop = one["drop"]
        rows.append(
            [
                one["objective"],
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


def _print_words(found: dict[str, Any]) -> None:
    seen, total = found["history"], found["total"]
    if total is not None:
        pages = total["pages"]
        _say(
            f"expected: a healthy year has {total['breaches']['value']:.1f} days in "
            f"breach and {pages['value']:.2f} pages ({pages['lower']:.2f} to "
            f"{pages['upper']:.2f}); {pages['quiet']:.0%} of years have none"
        )
    told = [
        f"{seen[key]['count']} {name} ({seen[key]['per_year']:.1f} a year, "
        f"{seen[key]['lower']:.1f} to {seen[key]['upper']:.1f})"
        for key, name in (
            ("breaches", "days in breach"),
            ("confirmed", "confirmed"),
            ("pages", "pages"),
        )
        if seen["days"]
    ]
    _say(
        f"observed: {seen['days']} judged days of version "
        f"{', '.join(seen['versions']) or 'none'}: {'; '.join(told) or 'nothing'}; "
        "this includes real trouble"
    )
    for skipped in found["left_out"]:
        _say(f"not simulated: {skipped['objective']}: {skipped['why']}")
    for note in found["notes"]:
        _say(f"note: {note}")
    _say(f"assumes: {'; '.join(found['assumes'])}")


def print_replay(found: dict[str, Any]) -> None:
    """Print the days that other limits judge otherwise, and the rates of both."""
    if found["changed_keys"]:
        _say(f"changed: {', '.join(found['changed_keys'])}")
    if found["measured_again"]:
        _say(f"measured again from kept counts: {', '.join(found['measured_again'])}")
    rows = [
        [day["day"], _answer(day["before"]), _answer(day["after"])]
        for day in found["days"]
    ]
    if rows:
        print_table("Days judged otherwise", ("day", "before", "after"), rows)
    for name in ("before", "after"):
        counts = found[name]
        told = ", ".join(
            f"{counts[key]['count']} {word} ({counts[key]['per_year']:.1f} a year)"
            for key, word in (
                ("breaches", "breach days"),
                ("confirmed", "confirmed"),
                ("pages", "pages"),
            )
        )
        _say(f"{name}: {told}")
    _say(
        f"{len(rows)} of {found['judged_days']} days differ; confirmed days gained: "
        f"{', '.join(found['gained']) or 'none'}; lost: "
        f"{', '.join(found['lost']) or 'none'}"
    )


def _answer(answer: dict[str, Any]) -> Text:
    said = [answer["severity"], answer["cause"]]
    if answer["remedy"] != "none":
        said.append(answer["remedy"])
    if answer["confirmed"]:
        said.append("confirmed")
    return joined(" ", [styled(answer["verdict"]), *filter(None, said)])


def print_proposal(found: dict[str, Any], path: Path | None) -> None:
    """Print what would change, what it costs, and the fragment to put in."""
    pages = found["pages_per_year"]
    if not found["changes"]:
        word = "keeps" if found["is_met"] else "cannot be made to keep"
        _say(
            f"the contract {word} the budget: {pages['before']:.2f} false pages a "
            f"year, {found['budget']:g} are allowed"
        )
        return
    rows = [
        [change["key"], f"{change['before']}", f"{change['after']}"]
        for change in found["changes"]
    ]
    print_table("Proposed, not applied", ("limit", "now", "then"), rows)
    _say(
        f"false pages a year: {pages['before']:.2f} now, {pages['after']:.2f} then; "
        f"{found['budget']:g} are allowed"
        + ("" if found["is_met"] else ": NOT met, and no limits would meet it")
    )
    for one in found["smallest_drop"]:
        _say(
            f"smallest drop of {one['objective']} that pages within 28 days: "
            f"{number(one['before'])} now, {number(one['after'])} then"
        )
    print_replay(found["replay"])
    print_text(f"# into the contract of {found['model']}")
    print_text(fragment_text(found["fragment"]))
    if path is not None:
        console.print(f"wrote {path}", soft_wrap=True)


def fragment_text(fragment: dict[str, Any]) -> str:
    """Give a fragment as YAML."""
    import yaml

    text: str = yaml.safe_dump(fragment, sort_keys=False, allow_unicode=True)
    return text


def _say(text: str) -> None:
    console.print(text)
