"""`settle`: judge days again with the labels that came since."""

from functools import partial
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
    require_order,
)
from monitoring_tasks.cli.output import (
    console,
    print_json,
    print_table,
    reported,
    styled,
)
from monitoring_tasks.cli.terminal import assembled


def settle(
    model: ModelArgument,
    *,
    first: FirstOption = None,
    last: LastOption = None,
    live: Annotated[
        bool, typer.Option("--live/--dry-run", help="Act on it, or only say so.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Judge days again with the labels that came since, in a revision of each.

    A dry run unless --live is given. Days that pooled such a day are judged again too.
    Without --from it asks as far back as policy.look_back_days reaches.

    Examples: daywatch settle flight_delay
              daywatch settle flight_delay --from 2013-03-01 --to 2013-05-31
    """
    require_order(first, last)
    with reported(home):
        from monitoring_tasks.cli.progress import day_bar
        from monitoring_tasks.operations.settling import settle_now
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            settled = settle_now(
                workspace,
                model,
                live=live,
                between=(first, last),
                progress=partial(day_bar, "judging", hidden=as_json),
            )
    if as_json:
        print_json(settled)
    else:
        _print(settled)


def _print(settled: dict[str, Any]) -> None:
    from monitoring_tasks.operations.kept_verdicts import kept_sentence

    if settled["skipped"]:
        console.print(kept_sentence(len(settled["skipped"])))
    if not settled["days"]:
        if not settled["skipped"]:
            text = (
                f"{settled['model']}: no labels have arrived since its days were judged"
            )
            console.print(text)
        return
    rows = [
        [
            line["day"],
            f"{(line['labelled'] or 0) / line['rows']:.0%}" if line["rows"] else "-",
            styled(line["before"]),
            assembled(
                styled(line["verdict"]),
                "".join(f" {line[n]}" for n in ("severity", "cause") if line[n]),
            ),
        ]
        for line in settled["days"]
    ]
    print_table(settled["model"], ("day", "labels", "before", "now"), rows)
    for line in settled["days"]:
        action = line["action"] or {}
        if action.get("kind", "none") != "none":
            console.print(f"{line['day']}: {action['text']}")


COMMANDS = (settle,)
