"""Objectives over many days: `slo status`, `slo export`, `slo import`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.looking import OptionalDay
from monitoring_tasks.cli.output import (
    ExitCode,
    HomeOption,
    JsonOption,
    ModelArgument,
    console,
    models,
    print_json,
    print_table,
    print_text,
    reported,
    styled,
)

group = typer.Typer(
    name="slo",
    help="Objectives over many days: how they stand; to and from OpenSLO.",
    no_args_is_help=True,
)


def status_slos(
    model: Annotated[
        str | None,
        typer.Argument(help="One model; all if left out.", autocompletion=models),
    ] = None,
    *,
    day: OptionalDay = None,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate", help="Exit 1 when a budget is exhausted, for release pipelines."
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show what is left of every error budget, and whether promotions should wait.

    Daywatch only says so; `--gate` lets a pipeline that promotes versions obey.

    Example: daywatch slo status flight_delay --gate
    """
    with reported(home):
        found = _views(home, model, day, gate=gate)
    if as_json:
        print_json(found)
    else:
        for view in found:
            _print(view)
    if gate and any(view["freezes_promotions"] for view in found):
        raise typer.Exit(ExitCode.FAULT)


def _views(
    home: Path | None, model: str | None, day: date | None, *, gate: bool
) -> list[dict[str, Any]]:
    from monitoring_tasks.errors import ConfigurationError
    from monitoring_tasks.operations.views.days import slos_view
    from monitoring_tasks.workspace.workspace import open_workspace

    with open_workspace(home) as workspace:
        asked = [model] if model else models()
        promised = [name for name in asked if workspace.contract(name).slos]
        if not promised and (gate or model):
            who = model or "the workspace"
            msg = f"the contract of {who} declares no slos, so nothing can be said"
            raise ConfigurationError(msg)
        if not model and not gate:  # a model nobody looked at yet hides no other
            promised = [name for name in promised if workspace.results.days(name)]
        return [slos_view(workspace, name, day) for name in promised]


def _print(view: dict[str, Any]) -> None:
    rows = [
        [
            one["name"],
            styled(one["state"]),
            str(one["good_days"]),
            str(one["bad_days"]),
            str(one["not_valid_days"]),
            f"{one['remaining_days']:.1f}\nof {one['budget_days']:.1f}",
            _times(one["burn_rate"]),
            _times(one["recent_burn_rate"]),
        ]
        for one in view["slos"]
    ]
    columns = (
        "slo", "state", "good\ndays", "bad", "not\nvalid", "days left", "burn",
        "recent\nburn",
    )  # fmt: skip
    print_table(f"{view['model']}, days up to {view['day']}", columns, rows)
    for one in view["slos"]:
        console.print(f"{one['name']}: {one['reason']}")
        if one["note"]:
            console.print(f"  note: {one['note']}")


def _times(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1f}"


def export_slos(
    model: ModelArgument, *, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Print the contract's objectives over many days as OpenSLO v1 documents.

    Example: daywatch slo export flight_delay > slos.yaml
    """
    with reported(home):
        import yaml

        from monitoring_tasks.contract.files import find_contract
        from monitoring_tasks.contract.openslo import to_openslo
        from monitoring_tasks.settings import load_settings

        contract = find_contract(load_settings(home).expectations, model).contract
        documents = [to_openslo(slo, service=model) for slo in contract.slos]
    if as_json:
        print_json(documents)
    else:
        text = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True)
        print_text(text)


def import_slos(
    path: Annotated[Path, typer.Argument(help="OpenSLO v1 documents in YAML.")],
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Print OpenSLO v1 documents as the block to put into a contract.

    Refuses what a contract cannot hold, with file and key. Changes no contract.

    Example: daywatch slo import slos.yaml
    """
    with reported(home):
        import yaml

        service, slos = _read(path)
    block = {"slos": [_plain(slo) for slo in slos]}
    if as_json:
        print_json(block)
        return
    print_text(f"# for the contract of {service}")
    print_text(yaml.safe_dump(block, sort_keys=False, allow_unicode=True))


def _read(path: Path) -> tuple[str, list[Any]]:
    """Give the service of a file's documents, and their objectives."""
    from monitoring_tasks.contract.openslo import from_openslo
    from monitoring_tasks.errors import ConfigurationError

    found = [
        from_openslo(raw, origin=f"{path}: document {number}")
        for number, raw in enumerate(_documents(path), start=1)
    ]
    services = sorted({service for service, _ in found})
    if len(services) != 1:
        known = ", ".join(services) or "none"
        msg = f"{path}: spec.service: one contract is of one model; here are: {known}"
        raise ConfigurationError(msg)
    names = [slo.name for _, slo in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{path}: metadata.name: given more than once: {', '.join(twice)}"
        raise ConfigurationError(msg)
    return services[0], [slo for _, slo in found]


def _documents(path: Path) -> list[Any]:
    """Give a file's documents, be they a stream or one list."""
    import yaml

    from monitoring_tasks.errors import ConfigurationError

    try:
        found = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read ({error})"
        raise ConfigurationError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{path}: not valid YAML ({error})"
        raise ConfigurationError(msg) from error
    parts = [one if isinstance(one, list) else [one] for one in found]
    return [one for part in parts for one in part if one is not None]


def _plain(slo: Any) -> dict[str, Any]:  # noqa: ANN401 (Slo, not loaded at start-up)
    plain: dict[str, Any] = slo.model_dump(mode="json", exclude_defaults=True)
    return plain


COMMANDS = (status_slos, export_slos, import_slos)
