"""`labels`: how the labels of a model arrive, and what early ones are worth."""

from typing import Any

from monitoring_tasks.cli.looking import OptionalDay
from monitoring_tasks.cli.output import (
    HomeOption,
    JsonOption,
    ModelArgument,
    console,
    print_json,
    print_table,
    reported,
)


def labels(
    model: ModelArgument,
    *,
    day: OptionalDay = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show when labels arrive, and how far numbers on early labels lie off.

    From the looks at the last days: a day has to be looked at again (`settle`) for its
    later labels to be seen.

    Example: daywatch labels flight_delay
    """
    with reported(home):
        from monitoring_tasks.operations.views.labels import labels_view
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            found = labels_view(workspace, model, day)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(view: dict[str, Any]) -> None:
    title = f"{view['model']}: share of labels that arrived, up to {view['day']}"
    rows = [
        [
            str(one["age"]),
            f"{one['share']:.1%}",
            f"{one['lower']:.1%} to {one['upper']:.1%}",
            str(one["days"]),
        ]
        for one in view["arrival"]
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
    for one in view["provisional_errors"]:
        console.print(_sentence(one))


def _of_day(state: dict[str, Any] | None, day: str) -> list[str]:
    """Say how far the day itself has come, and what its early labels say."""
    if state is None or not state["rows"]:
        return [f"{day}: there are no rows that a label could belong to"]
    known = f"{state['labelled']} of {state['rows']} labels known ({state['share']:.1%}"
    expected = state["expected"] or {}
    told = f"), {_spanned(expected, '.1%')} expected in the end"
    lines = [f"{day}: {known}{told if expected.get('value') is not None else ')'}"]
    overdue = (state["overdue"] or {}).get("value")
    if overdue:
        lines.append(f"{day}: the labels of the {overdue:.0f} latest days are overdue")
    for one in state["lines"]:
        early, final = one["early"] or {}, one["known"] or {}
        if early.get("value") is not None:
            word = "final" if one["is_final"] else "so far"
            lines.append(
                f"{day}, {one['metric']}: {_spanned(early, '.3f')} on early labels "
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


def _sentence(one: dict[str, Any]) -> str:
    about = f"version {one['version']}, {one['metric']}"
    if one["mean"] is None:
        return f"{about}: no day's labels arrived in several batches yet"
    shown = f"{one['mean']:+.3f}"
    if one["lower"] is not None:
        shown += f" [{one['lower']:+.3f}, {one['upper']:+.3f}]"
    return (
        f"{about}: early labels were off by {shown} on average over {one['days']} days"
    )


COMMANDS = (labels,)
