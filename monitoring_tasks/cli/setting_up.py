"""Commands that set things up: `check`, `propose-suite`, `reference`."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitoring_tasks.cli.live import as_plain, count_faults, print_live
from monitoring_tasks.cli.output import (
    ExitCode,
    FirstDay,
    HomeOption,
    JsonOption,
    LastDay,
    ModelArgument,
    console,
    parse_day,
    print_json,
    reported,
)
from monitoring_tasks.cli.terminal import assembled

if TYPE_CHECKING:
    from monitoring_tasks.operations.onboarding.live_checks import LiveLine


def check(
    *,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the contract's JSON Schema.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Ask sources, registry and scoring as well.")
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Do not ask whether sources can be reached."),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Check every contract and suite; names file, line, key and remedy.

    A path no file matches, a table or a connection that is not there is a fault.
    Suites are evaluated on the reference of the version that serves: what no day of it
    survives is refused. Where days were judged, limits are also held against the noise
    of that version: those that would page about nothing are refused.

    With --live the newest day's rows, labels, versions, reference and scoring are
    tried; each line is ok, warn or fault.

    Examples: daywatch check
              daywatch check --live
              daywatch check --schema > contract.schema.json
    """
    from monitoring_tasks.contract.contract import Contract

    if schema:
        typer.echo(json.dumps(Contract.model_json_schema(), indent=2))
        return
    with reported(home):
        checked = _check_all()
        notes = _notes([path for path, found in checked.items() if not found])
        sound = [Path(path) for path, found in checked.items() if not found]
        _hold_against_noise(checked, notes)
        world = _ask_live(checked) if live else {}
        _reach_sources(checked, notes, [] if offline or live else sound)
    faults = sum(len(found) for found in checked.values()) + count_faults(world)
    if as_json:
        answer = {"checked": checked, "faults": faults, "notes": notes}
        print_json(answer | ({"live": as_plain(world)} if live else {}))
    for path, found in [] if as_json else checked.items():
        console.print(f"{path}: {'ok' if not found else ''}")
        for fault in found:
            console.print(assembled("  ", (fault, "red")), soft_wrap=True)
        for note in notes.get(path, []):
            console.print(assembled("  ", (f"note: {note}", "yellow")), soft_wrap=True)
    for model, lines in {} if as_json else world.items():
        print_live(model, lines)
    if faults:
        raise typer.Exit(ExitCode.FAULT)


def _ask_live(checked: dict[str, list[str]]) -> "dict[str, list[LiveLine]]":
    """Hold sound contracts against the world."""
    from monitoring_tasks.contract.files import FILE_NAME
    from monitoring_tasks.operations.onboarding.live_checks import (
        check_live,
    )
    from monitoring_tasks.workspace.workspace import open_workspace

    paths = [Path(path) for path, faults in checked.items() if not faults]
    models = [path.parent.name for path in paths if path.name == FILE_NAME]
    with open_workspace() as workspace:
        return {model: check_live(workspace, model) for model in models}


def _notes(sound: list[str]) -> dict[str, list[str]]:
    """Give what is worth knowing of sound contracts, though nothing is wrong."""
    from monitoring_tasks.contract.files import FILE_NAME, load_contract

    contracts = [Path(path) for path in sound if Path(path).name == FILE_NAME]
    return {
        str(path): notes
        for path in contracts
        if (notes := [s.note for s in load_contract(path).contract.slos if s.note])
    }


def _hold_against_noise(
    checked: dict[str, list[str]], notes: dict[str, list[str]]
) -> None:
    """Add what is wrong with the limits of sound contracts, and what is hopeless."""
    from monitoring_tasks.compare.limit_checks import check_limits
    from monitoring_tasks.contract.files import FILE_NAME
    from monitoring_tasks.operations.checks.alias_checks import check_alias
    from monitoring_tasks.operations.checks.delay_checks import check_label_delay
    from monitoring_tasks.operations.checks.scoring_checks import check_scoring
    from monitoring_tasks.operations.checks.segment_checks import check_segments
    from monitoring_tasks.operations.checks.suite_checks import check_suites
    from monitoring_tasks.workspace.workspace import open_workspace

    sound = [Path(path) for path, found in checked.items() if not found]
    with open_workspace() as workspace:
        for path in sound:
            if path.name != FILE_NAME:
                continue
            model = path.parent.name
            looked = [
                ask(workspace, model)
                for ask in (
                    check_limits,
                    check_alias,
                    check_label_delay,
                    check_scoring,
                    check_segments,
                )
            ]
            faults = [fault for found, _ in looked for fault in found]
            worth_knowing = [note for _, noted in looked for note in noted]
            checked[str(path)] += [f"{path}: {fault}" for fault in faults]
            if worth_knowing:
                notes.setdefault(str(path), []).extend(worth_knowing)
            for suite, trial in check_suites(workspace, path.parent.name).items():
                if checked.get(str(suite)) == []:
                    checked[str(suite)] += [f"{suite}: {f}" for f in trial.faults]
                    if trial.notes:
                        notes.setdefault(str(suite), []).extend(trial.notes)


def _reach_sources(
    checked: dict[str, list[str]], notes: dict[str, list[str]], sound: list[Path]
) -> None:
    """Add sources of sound contracts that cannot be reached, or hold nothing yet."""
    from monitoring_tasks.contract.files import (
        FILE_NAME,
        load_contract,
        located,
    )
    from monitoring_tasks.extract.reachability import unreachable
    from monitoring_tasks.settings import load_settings

    home = load_settings().home
    for path in (path for path in sound if path.name == FILE_NAME):
        for one in unreachable(load_contract(path).contract, home=home):
            if one.may_come:
                notes.setdefault(str(path), []).append(f"{one.key}: {one.why}")
                continue
            where = located(path, *one.key.split("."))
            checked[str(path)].append(f"{where}: {one.why}")


def _check_all() -> dict[str, list[str]]:
    from monitoring_tasks.contract.files import contract_files, load_contract
    from monitoring_tasks.errors import ConfigurationError
    from monitoring_tasks.settings import load_settings
    from monitoring_tasks.validate.suites import check_suite

    folder = load_settings().expectations
    files = contract_files(folder)
    if not files:
        msg = f"{folder}: there are no contracts; `daywatch init MODEL` makes one"
        raise ConfigurationError(msg)
    checked: dict[str, list[str]] = {}
    for path in files:
        try:
            loaded = load_contract(path)
        except ConfigurationError as error:
            checked[str(path)] = str(error).splitlines()
            continue
        checked[str(path)] = []
        for suite in sorted(path.parent.glob("*.json")):
            checked[str(suite)] = check_suite(suite, loaded.contract)
    return checked


def propose_suite(
    model: ModelArgument,
    first: FirstDay,
    last: LastDay,
    *,
    write: Annotated[
        bool,
        typer.Option("--write", help="Write predictions.json beside the contract."),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Draft a Great Expectations suite from good days; prints it unless --write.

    Example: daywatch propose-suite flight_delay --from 2013-03-01 --to 2013-04-30
    """
    with reported(home):
        from monitoring_tasks.validate.propose import propose_suite as draft
        from monitoring_tasks.validate.suites import write_suite
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            suite = draft(
                _days(workspace, model, first, last), contract=workspace.contract(model)
            )
            path = workspace.loaded(model).folder / "predictions.json"
        if write:
            write_suite(path, suite)
    if write and not as_json:
        console.print(f"wrote {path}", soft_wrap=True)
        return
    print_json(suite)


def _days(workspace: Any, model: str, first: date, last: date) -> dict[date, Any]:  # noqa: ANN401 (Workspace)
    from monitoring_tasks.domain.units import Unit
    from monitoring_tasks.errors import NoDataError
    from monitoring_tasks.workspace.frozen_rows import predictions_of

    rows = workspace.results.current(model, first, last)
    tables = {
        row["day"]: predictions_of(workspace, Unit.from_key(row["key"])) for row in rows
    }
    known = {day: table for day, table in tables.items() if table is not None}
    if not known:
        msg = (
            f"no day of {model} from {first} to {last} has been looked at; "
            f"`daywatch backfill {model} --from {first} --to {last}` first"
        )
        raise NoDataError(msg)
    return known


def reference(
    model: ModelArgument,
    rows: Annotated[
        Path, typer.Option("--rows", help="Parquet or CSV: labelled, held-out rows.")
    ],
    version: Annotated[str, typer.Option("--version", help="Registered version.")],
    trained_until: Annotated[
        date, typer.Option(parser=parse_day, metavar="DAY", help="Last training day.")
    ],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over the reference that is there.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Build a version's reference profile and log it beside the version in MLflow.

    Says what the rows can teach and what they cannot. A reference that is there stays
    unless --replace is typed.

    Example: daywatch reference churn --version 7 --rows oof.parquet
             --trained-until 2026-10-31
    """
    with reported(home):
        from monitoring_tasks.extract.reference_files import read_rows
        from monitoring_tasks.operations.references import log_reference
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            made, review = log_reference(
                workspace,
                model,
                version,
                read_rows(rows, workspace.contract(model).columns),
                trained_until=trained_until,
                replace_logged=replace,
            )
    found = {
        "model": model,
        "version": version,
        "rows": made.profile.rows,
        "first_day": made.first_day,
        "last_day": made.last_day,
        "metrics": dict(made.metrics),
        "days": review.days,
        "rows_a_day": review.rows_a_day,
        "baseline_days": review.baseline_days,
        "labelled": review.labelled,
        "warnings": list(review.warnings),
    }
    if as_json:
        print_json(found)
        return
    console.print(
        f"reference of version {version}: {review.rows} rows, {review.labelled} with a "
        f"label, on {review.days} days ({made.first_day} to {made.last_day}), "
        f"{review.rows_a_day} on a median day",
        soft_wrap=True,
    )
    for warning in review.warnings:
        console.print(assembled("  ", (f"warn: {warning}", "yellow")), soft_wrap=True)


COMMANDS = (check, propose_suite, reference)
