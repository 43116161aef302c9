"""Tuning of limits: `policy explain`, `policy replay`, `policy propose`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    FirstOption,
    HomeOption,
    JsonOption,
    LastOption,
    ModelArgument,
)
from monitoring_tasks.cli.output import print_json, reported
from monitoring_tasks.cli.policy_tables import print_promises
from monitoring_tasks.cli.replay_tables import print_proposal, print_replay

if TYPE_CHECKING:
    from monitoring_tasks.contract.contract import Contract
    from monitoring_tasks.workspace.workspace import Workspace

group = typer.Typer(
    name="policy",
    help="Limits: what they promise, what others would have done, which would fit.",
    no_args_is_help=True,
)


def explain_policy(
    model: ModelArgument,
    *,
    drop: Annotated[
        float | None,
        typer.Option(min=0, help="A loss; how many days until it pages?"),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show how often limits raise false alarms, and how soon they find a loss.

    Simulates healthy years and lasting drops from the model's own reference, judges
    them by the contract, and shows what the judged days really had beside it.

    Examples: daywatch policy explain flight_delay
              daywatch policy explain flight_delay --drop 0.05
    """
    with reported(home):
        from monitoring_tasks.cli.progress import step_bar
        from monitoring_tasks.operations.policy.policies import explain
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            # Reading, the healthy years, and then each objective by itself.
            steps = 2 + len(workspace.contract(model).objectives)
            with step_bar("drawing days", steps, hidden=as_json) as advance:
                promises = explain(
                    workspace, model, drop=drop or None, progress=advance
                )
    if as_json:
        print_json(promises)
        return
    print_promises(promises)


def replay_policy(
    model: ModelArgument,
    *,
    first: FirstOption = None,
    last: LastOption = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            help="Another contract, or its `policy` and `objectives` alone; left out, "
            "the contract as it stands against what was said at the time."
        ),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Judge past days again under other limits; show what would have been different.

    By the day's own code, from kept numbers, in a throw-away store: nothing is changed.

    Examples: daywatch policy replay flight_delay --policy looser.yaml
              daywatch policy replay flight_delay --from 2013-07-01 --to 2013-08-31
    """
    with reported(home):
        from monitoring_tasks.operations.policy.other_policies import read_other
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            other = read_other(workspace.loaded(model), policy) if policy else None
            replayed = _replay(
                workspace, model, first, last, other=other, hidden=as_json
            )
    if as_json:
        print_json(replayed)
    else:
        print_replay(replayed)


def _replay(
    workspace: "Workspace",
    model: str,
    first: date | None,
    last: date | None,
    *,
    other: "Contract | None",
    hidden: bool,
) -> dict[str, Any]:
    from monitoring_tasks.cli.progress import day_bar
    from monitoring_tasks.operations.policy.replaying import (
        count_evaluations,
        judged_span,
        replay,
    )

    first, last = judged_span(workspace, model, first, last)
    # Beside another contract the one that stands is judged again as well.
    evaluations = count_evaluations(workspace, model, first, last) * (2 if other else 1)
    with day_bar("judging again", evaluations, hidden=hidden) as advance:
        return replay(workspace, model, first, last, other=other, progress=advance)


def propose_policy(
    model: ModelArgument,
    *,
    false_pages_per_year: Annotated[
        float, typer.Option(min=0.01, help="How many a healthy model may page.")
    ] = 1,
    write: Annotated[
        Path | None,
        typer.Option(help="Write the fragment here; never the contract itself."),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Find the least change of limits that keeps false pages in a budget.

    Says what it costs in drops that go unseen, and what it would have changed in the
    days judged so far. Changes no contract: copy the fragment in after reading it.

    Examples: daywatch policy propose flight_delay
              daywatch policy propose flight_delay --false-pages-per-year 0.5
    """
    with reported(home):
        from monitoring_tasks.operations.policy.fragments import (
            is_contract,
            write_fragment,
        )
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            contract = workspace.loaded(model)
            # Asked first: the search is slow, and would end in a refusal.
            if write is not None and is_contract(contract, write):
                msg = "--write never writes a contract; name another file"
                raise typer.BadParameter(msg)
            proposed, proposal = _propose(
                workspace, model, false_pages_per_year, hidden=as_json
            )
            proposal["replay"] = (
                _replay(workspace, model, None, None, other=proposed, hidden=as_json)
                if proposal["changes"]
                else None
            )
        if write is not None and proposal["fragment"]:
            write_fragment(contract, write, proposal["fragment"])
    if as_json:
        print_json(proposal)
    else:
        print_proposal(proposal, write)


def _propose(
    workspace: "Workspace",
    model: str,
    budget: float,
    *,
    hidden: bool,
) -> "tuple[Contract, dict[str, Any]]":
    from monitoring_tasks.cli.progress import step_bar
    from monitoring_tasks.operations.policy.proposing import propose_limits

    with step_bar("trying limits", None, hidden=hidden) as advance:
        return propose_limits(
            workspace, model, false_pages_per_year=budget, progress=advance
        )


COMMANDS = (explain_policy, replay_policy, propose_policy)
