"""A regulatory record as text: what is due first, then what was said."""

from typing import Any

from monitoring_tasks.cli.output import console, print_table
from monitoring_tasks.cli.terminal import assembled

HOURS_A_DAY = 24


def time_left(hours: float | None) -> str:
    """Return the time left in whole days and hours; a dash where no clock runs.

    >>> [time_left(hours) for hours in (None, 50.5, -3.0)]
    ['-', '2 d 2 h', 'overdue by 0 d 3 h']
    """
    if hours is None:
        return "-"
    days, rest = divmod(int(abs(hours)), HOURS_A_DAY)
    return f"{'overdue by ' if hours < 0 else ''}{days} d {rest} h"


def print_record(view: dict[str, Any]) -> None:
    """Print a record: clocks, answers, what was noted, and what holds it open."""
    console.print(f"{view['id']}: {view['disclaimer']}")
    console.print(f"{view['facts']['model']}: {view['facts']['title']}", soft_wrap=True)
    aware, link = view["aware"], view["causal_link"]
    console.print(f"aware since: {aware['value']}; causal link: {link['value']}")
    rows = [
        [
            clock["id"],
            clock["state"].replace("_", " "),
            clock["trigger"],
            clock["due_day"] or "-",
            time_left(clock["hours_left"]),
            f"Article {clock['article']}: {clock['duty']}",
        ]
        for clock in view["clocks"]
    ]
    print_table(
        "clocks", ("id", "state", "triggered?", "last day", "left", "what"), rows
    )
    for clock in view["clocks"]:
        if clock["hours_left"] is not None:
            console.print(f'{clock["id"]}: "{clock["quote"]}"', soft_wrap=True)
    answers = [
        [question, answer["value"], answer.get("actor", "-"), answer.get("reason", "-")]
        for question, answer in view["answers"].items()
    ]
    print_table("answers", ("question", "answer", "who", "why"), answers)
    for noted in (*view["measures"], *view["submissions"]):
        console.print(f"{noted['at']} {noted['actor']}: {noted['reason']}")
    if view["blocks_closing"]:
        console.print(assembled(("open: ", "bold"), view["blocks_closing"]))
