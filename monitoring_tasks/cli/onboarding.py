"""Commands for a model nobody has described yet: `init`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.live import as_plain, print_live
from monitoring_tasks.cli.options import HomeOption, JsonOption
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring_tasks.operations.onboarding.facts import Guess
    from monitoring_tasks.operations.onboarding.starting import Started
    from monitoring_tasks.settings import Settings


PredictionsOption = Annotated[
    str | None,
    typer.Option(help="Files, folder or pattern of the predictions; or a table."),
]
LabelsOption = Annotated[
    str | None, typer.Option(help="The same of the labels, unless in those rows.")
]
ConnectionOption = Annotated[
    str | None, typer.Option(help="Name or URL of the tables' database.")
]
RegistryOption = Annotated[
    str | None, typer.Option(help="MLflow address, kept in daywatch.yaml.")
]
ReferenceOption = Annotated[
    Path | None,
    typer.Option(help="Parquet or CSV of labelled rows the version never saw."),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(help="ROLE=NAME: what a column is, e.g. id=loan_id."),
]
ProblemOption = Annotated[
    str | None,
    typer.Option(help="What it predicts: binary, multiclass or regression."),
]


def init(  # noqa: PLR0913 (a command's options)
    model: Annotated[str, typer.Argument(help="Registered model name.")],
    *,
    predictions: PredictionsOption = None,
    labels: LabelsOption = None,
    connection: ConnectionOption = None,
    registry: RegistryOption = None,
    reference: ReferenceOption = None,
    column: ColumnOption = None,
    problem: ProblemOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing; take what is guessed.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Draft a contract and a suite from rows and registry; never overwrites one.

    Every guessed line says from what. At a terminal what cannot be known is asked.
    Without --predictions a template is written, to be filled in by hand. Rows of
    --reference become what later days are held against; without them `daywatch try`
    takes the first days.

    Examples: daywatch init churn --predictions scores/ --labels labels/ --yes
              daywatch init churn --predictions ml.scores --connection warehouse
              daywatch init churn --predictions scores/ --reference held_out.parquet
    """
    with reported(home):
        settings = _settings(home, registry)
        if predictions is None:
            _write_template(settings, model, problem or "binary", as_json=as_json)
            return
        from monitoring_tasks.operations.onboarding.starting import Where, start_model

        if reference is not None:
            from monitoring_tasks.extract.reference_files import require_readable

            require_readable(reference)  # before a contract is written
        where = Where(
            predictions=predictions,
            labels=labels,
            connection=connection,
            stated=_stated(column or ()),
            problem=problem,
        )
        # Nobody answers a pipe, and questions would stand in the JSON.
        ask = take if yes or as_json or not sys.stdin.isatty() else prompt
        started = start_model(settings, model, where, ask)
        if not as_json:
            _print_started(started)
        _look_live(home, model, started, reference, as_json=as_json)


def _settings(home: Path | None, registry: str | None) -> "Settings":
    """Return the settings, once the address that was typed is kept in them."""
    from monitoring_tasks.settings import load_settings

    if registry is not None:
        from monitoring_tasks.operations.onboarding.registry_setting import (
            keep_registry,
        )

        keep_registry(load_settings(home).home, registry)
    return load_settings(home)


def _look_live(
    home: Path | None,
    model: str,
    started: "Started",
    reference: Path | None,
    *,
    as_json: bool,
) -> None:
    """Log the given reference, try the contract on live systems, print both."""
    from monitoring_tasks.cli.trying import print_reference
    from monitoring_tasks.operations.onboarding.held_out_reference import log_held_out
    from monitoring_tasks.operations.onboarding.live_checks import check_live
    from monitoring_tasks.workspace.workspace import open_workspace

    with open_workspace(home) as workspace:
        made = log_held_out(workspace, model, reference) if reference else None
        lines = check_live(workspace, model)
    if as_json:
        logged = {"reference": made.sentence if made else None}
        print_json(
            _as_plain(started) | logged | {"live": as_plain({model: lines})[model]}
        )
        return
    if made:
        print_reference(made)
    print_live(model, lines)
    console.print(f"next: daywatch try {model}")


def take(key: str, guess: "Guess") -> "Guess":  # noqa: ARG001 (the other one asks)
    """Return the guess as it is.

    Args:
        key: What is guessed, a key of the contract.
        guess: Its value, and why.
    """
    return guess


def prompt(key: str, guess: "Guess") -> "Guess":
    """Ask a person; the guess is the default.

    Args:
        key: What is guessed, a key of the contract.
        guess: Its value, and why.
    """
    from monitoring_tasks.operations.onboarding.facts import Guess

    is_list = isinstance(guess.value, list)
    default = ", ".join(guess.value) if is_list else guess.value
    console.print(assembled(f"{key}: ", (str(guess.why), "dim")))
    answer: Any = typer.prompt(f"  {key}", default=default)
    if answer == default:
        return guess
    value = [part.strip() for part in answer.split(",")] if is_list else answer
    return Guess(value=value, why="a person said so", is_sure=True)


def _stated(pairs: "Sequence[str]") -> dict[str, str]:
    from monitoring_tasks.operations.onboarding.answers import ROLES

    stated = dict(pair.partition("=")[::2] for pair in pairs)
    wrong = [role for role, name in stated.items() if role not in ROLES or not name]
    if wrong:
        msg = f"--column {wrong[0]}: write ROLE=NAME; roles: {', '.join(ROLES)}"
        raise typer.BadParameter(msg)
    return stated


def _write_template(
    settings: "Settings", model: str, problem: str, *, as_json: bool
) -> None:
    from monitoring_tasks.operations.onboarding.skeleton import write_skeleton

    path = write_skeleton(settings.expectations, model, problem)
    if as_json:
        print_json({"contract": str(path)})
        return
    console.print(f"wrote {path}", soft_wrap=True)
    console.print("next: fill in sources and columns, then `daywatch check`")


def _as_plain(started: "Started") -> dict[str, Any]:
    return {
        "contract": str(started.contract),
        "suite": str(started.suite) if started.suite else None,
        "guessed": started.guessed,
        "notes": list(started.notes),
    }


def _print_started(started: "Started") -> None:
    guessed = f" ({started.guessed} guessed lines say from what)"
    console.print(f"wrote {started.contract}{guessed}", soft_wrap=True)
    if started.suite:
        console.print(f"wrote {started.suite}", soft_wrap=True)
    for note in started.notes:
        console.print(assembled("  ", (f"note: {note}", "yellow")), soft_wrap=True)


COMMANDS = (init,)
