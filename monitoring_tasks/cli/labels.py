"""`labels`: how the labels of a model arrive, and what early ones are worth."""

from typing import Any

from monitoring_tasks.cli.options import (
    HomeOption,
    JsonOption,
    ModelArgument,
    OptionalDay,
)
from monitoring_tasks.cli.output import console, print_json, print_table, reported


def labels(
    model: ModelArgument,
    *,
    day: OptionalDay = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show when labels arrive, and how far numbers on early labels lie off.

    From the evaluations of the last days: a day has to be judged again (`settle`) for
    its later labels to be seen.

    Example: daywatch labels flight_delay
    """
    with reported(home):
        from monitoring_tasks.operations.views.labels import labels_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            view = labels_view(workspace, model, day)
    if as_json:
        print_json(view)
    else:
        _print(view)


def _print(view: dict[str, Any]) -> None:
    title = f"{view['model']}: share of labels that arrived, up to {view['day']}"
    rows = [
        [
            str(point["age"]),
            f"{point['share']:.1%}",
            f"{point['lower']:.1%} to {point['upper']:.1%}",
            str(point["days"]),
        ]
        for point in view["arrival"]
    ]
    if rows:
        print_table(
            title,
            ("days after the day", "labels known", "95 % interval", "days observed"),
            rows,
        )
    else:
        console.print("Too few days were judged to say when labels arrive.")
    for text in _of_day(view["labels"], view["day"]):
        console.print(text)
    for error in view["provisional_errors"]:
        console.print(_sentence(error))


def _of_day(state: dict[str, Any] | None, day: str) -> list[str]:
    """Say how far the day itself has come, and what its early labels say."""
    if state is None or not state["rows"]:
        return [f"{day}: there are no rows that a label could belong to"]
    arrived = (
        f"{state['labelled']} of {state['rows']} labels known ({state['share']:.1%}"
    )
    expected = state["expected"] or {}
    outlook = f"), {_spanned(expected, '.1%')} expected in the end"
    lines = [f"{day}: {arrived}{outlook if expected.get('value') is not None else ')'}"]
    overdue = (state["overdue"] or {}).get("value")
    if overdue:
        lines.append(f"{day}: the labels of the {overdue:.0f} latest days are overdue")
    for line in state["lines"]:
        early, final = line["early"] or {}, line["known"] or {}
        if early.get("value") is not None:
            word = "final" if line["is_final"] else "so far"
            lines.append(
                f"{day}, {line['metric']}: {_spanned(early, '.3f')} on early labels "
                f"(weighted), {word} {_spanned(final, '.3f')}"
            )
    return lines


def _spanned(number: dict[str, Any], digits: str) -> str:
    """Write a number with its interval, in so many digits."""
    if number.get("value") is None:
        return "no value"
    shown = f"{number['value']:{digits}}"
    if number["lower"] is None or number["upper"] is None:
        return shown
    return f"{shown} [{number['lower']:{digits}}, {number['upper']:{digits}}]"


def _sentence(error: dict[str, Any]) -> str:
    about = f"version {error['version']}, {error['metric']}"
    if error["mean"] is None:
        return f"{about}: no day's labels arrived in several batches yet"
    shown = f"{error['mean']:+.3f}"
    if error["lower"] is not None:
        shown += f" [{error['lower']:+.3f}, {error['upper']:+.3f}]"
    days = error["days"]
    return f"{about}: early labels were off by {shown} on average over {days} days"


COMMANDS = (labels,)
