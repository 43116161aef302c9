"""`settle`: judge days again with the labels that came since."""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.output import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
    console,
    print_json,
    print_table,
    reported,
    require_order,
    styled,
)
from monitoring_tasks.cli.terminal import assembled
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.store.records import evaluation_row


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
        found = _settled(home, model, first, last, live=live, hidden=as_json)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _settled(
    home: Path | None,
    model: str,
    first: date | None,
    last: date | None,
    *,
    live: bool,
    hidden: bool,
) -> dict[str, Any]:
    from monitoring_tasks.cli.progress import day_bar
    from monitoring_tasks.domain.units import Mode
    from monitoring_tasks.operations.settling import settle_days
    from monitoring_tasks.workspace.workspace import open_workspace

    with open_workspace(home) as workspace:
        workspace.contract(model)  # a model nobody knows is named as such
        instant = workspace.now(model).replace(microsecond=0)
        until = instant - timedelta(seconds=1)
        before = {
            row.day: row.verdict
            for row in workspace.results.current(model, date.min, date.max, until)
        }
        done = settle_days(
            workspace,
            model,
            instant=instant,
            mode=Mode.LIVE if live else Mode.DRY_RUN,
            between=(first, last),
            progress=partial(day_bar, "judging", hidden=hidden),
        )
        rows = [workspace.results.evaluation(unit) for unit in done.units]
    return {
        "model": model,
        "as_of": instant.isoformat(),
        "mode": (Mode.LIVE if live else Mode.DRY_RUN).value,
        "verdicts": dict(Counter(row.verdict for row in rows)),
        "days": [_line(row, before.get(row.day)) for row in rows],
        "skipped": [day.isoformat() for day in done.skipped],
    }


def _line(row: Evaluation, before: str | None) -> dict[str, Any]:
    shown = ("verdict", "severity", "cause", "rows", "labelled", "action", "key")
    header = evaluation_row(row)
    told = {name: header[name] for name in shown}
    return {"day": row.day.isoformat(), "before": before} | told


def _print(found: dict[str, Any]) -> None:
    from monitoring_tasks.operations.kept_verdicts import kept_sentence

    if found["skipped"]:
        console.print(kept_sentence(len(found["skipped"])))
    if not found["days"]:
        if not found["skipped"]:
            text = f"{found['model']}: no labels came since its days were judged"
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
        for line in found["days"]
    ]
    print_table(found["model"], ("day", "labels", "before", "now"), rows)
    for line in found["days"]:
        action = line["action"] or {}
        if action.get("kind", "none") != "none":
            console.print(f"{line['day']}: {action['text']}")


COMMANDS = (settle,)
