"""`prune`: old results removed, unless something refers to them."""

import getpass
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption, models
from monitoring_tasks.cli.output import console, print_json, print_table, reported

if TYPE_CHECKING:
    from monitoring_tasks.operations.pruning import Pruned

KeepOption = Annotated[
    str,
    typer.Option("--keep", metavar="SPAN", help="How long: 3y, 18m, 52w or 400d."),
]
ModelsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="Only this one; may be given more than once.",
        autocompletion=models,
    ),
]


def prune(
    keep: KeepOption,
    *,
    only: ModelsOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go; remove nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Remove what days were judged by once they are older than a span.

    Evaluations, numbers, counts, frozen rows and pages go. Days that an incident or a
    rollback rests on stay, with the four weeks before them, and all days of a model
    under a legal hold; so do incidents, messages, the journal and governance records.

    Examples: daywatch prune --keep 3y --dry-run
              daywatch prune --keep 18m --model flight_delay --yes
    """
    if dry_run is yes and (dry_run or as_json or not sys.stdin.isatty()):
        raise typer.BadParameter("give either --yes, or --dry-run to see what would go")
    with reported(home):
        from monitoring_tasks.operations.pruning import prune as prune_days
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            carry_out = partial(
                prune_days,
                workspace,
                keep,
                models=only or (),
                actor=by or getpass.getuser(),
            )
            if not yes:
                planned = carry_out(dry_run=True)
                _print(planned, dry_run=True, as_json=as_json)
                if dry_run or not _is_wanted(planned):
                    return
            bar = partial(_shown, hidden=as_json)
            pruned = carry_out(dry_run=False, progress=bar)
    _print(pruned, dry_run=False, as_json=as_json)


def _is_wanted(planned: "Sequence[Pruned]") -> bool:
    return any(p.days for p in planned) and typer.confirm("Remove them?")


def _shown(model: str, days: Sequence[date], *, hidden: bool) -> Iterator[date]:
    from monitoring_tasks.cli.progress import day_bar

    with day_bar(f"pruning {model}", len(days), hidden=hidden) as done:
        for day in days:
            yield day
            done(day)


def _print(pruned: "Sequence[Pruned]", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json([asdict(of_model) for of_model in pruned])
        return
    print_table(
        "Older results, removed" if not dry_run else "Older results: nothing removed",
        ["model", "first day kept", "would go" if dry_run else "gone", "of them"],
        [
            [
                of_model.model,
                of_model.first_kept.isoformat(),
                f"{of_model.days} days",
                ", ".join(f"{n:,} {what}" for what, n in of_model.removed.items()),
            ]
            for of_model in pruned
        ],
    )
    for of_model in pruned:
        for why, days in of_model.kept.items():
            console.print(f"{of_model.model}: {days} older days stay for {why}")


COMMANDS = (prune,)
