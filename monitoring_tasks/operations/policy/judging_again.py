"""Kept numbers of days judged again under a contract, in a sandbox."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import yaml

from monitoring_tasks.compare.step import compare_day
from monitoring_tasks.contract.attribution import ATTRIBUTION
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import FILE_NAME
from monitoring_tasks.daily import decide_counted_day
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.estimate.step import measure_pools
from monitoring_tasks.estimate.version_measurements import measure_version
from monitoring_tasks.operations.policy.replay_answers import Answer, answers_of
from monitoring_tasks.operations.sandbox import open_sandbox
from monitoring_tasks.respond.step import respond_to_day
from monitoring_tasks.store.sandbox import as_dry_runs, decided_units
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

Progress = Callable[[date], None]
WHOLE = "all"
JUDGED = frozenset({Kind.SEQUENCE, Kind.FORECAST, Kind.COMPARISON, Kind.REPRODUCTION})
"""Numbers that judging makes; the others are measured."""


def judge_again(
    real: Workspace,
    contract: Contract,
    first: date,
    last: date,
    *,
    progress: Progress | None,
    measures: bool = False,
) -> dict[date, Answer]:
    """Judge the decided evaluations of a span again, in the order they were made.

    Args:
        real: The workspace; only read.
        contract: What they are judged by.
        first: First day.
        last: Last day, included.
        progress: Called with the day of each evaluation once it is judged.
        measures: Whether kept counts are measured again as well, because the contract
            asks for other numbers.

    Returns:
        Day -> what is said of it now.

    Raises:
        NoDataError: If no day of the span was judged.
    """
    model = contract.model
    with tempfile.TemporaryDirectory(prefix="daywatch-replay-") as name:
        folder = Path(name)
        _write(contract, folder)
        with open_sandbox(real, model, folder) as workspace:
            # A live evaluation judged again would report incidents and page.
            as_dry_runs(workspace.database, model)
            for unit in decided_units(workspace.database, model, first, last):
                if measures:
                    _measure(workspace, unit)
                _judge(workspace, unit)
                if progress:
                    progress(unit.day)
            return answers_of(workspace, model, first, last)


def _write(contract: Contract, folder: Path) -> None:
    """Put the contract in place; no rows are read, scored nor searched under it."""
    policy = contract.policy
    quiet = {
        "versions": policy.versions.model_copy(
            update={
                "candidates": 0,
                "rescore": policy.versions.rescore.model_copy(update={"rows": 0}),
            }
        ),
        "weak_segments": policy.weak_segments.model_copy(update={"when": "never"}),
        "attribution": policy.attribution.model_copy(update={"rows": 0}),
    }
    tried = contract.model_copy(update={"policy": policy.model_copy(update=quiet)})
    path = folder / "expectations" / contract.model / FILE_NAME
    path.parent.mkdir(parents=True)
    text = yaml.safe_dump(tried.model_dump(mode="json"), allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def _judge(workspace: Workspace, unit: Unit) -> None:
    """Compare, decide and respond as the day does; other versions as they were.

    What was thought of the numbers before goes first, so that a limit that is no
    longer asked about leaves nothing behind.
    """
    compared = workspace.results.comparisons(unit)
    scored = [
        finding
        for finding in workspace.results.findings(unit)
        if finding.measurement.kind in {Kind.COMPARISON, Kind.REPRODUCTION}
        or finding.measurement.metric == ATTRIBUTION
    ]
    numbers = [n for n in workspace.results.measurements(unit) if n.kind not in JUDGED]
    workspace.results.save_measurements(unit, numbers, header={})
    compare_day(Day(workspace, unit))
    workspace.results.save_findings(unit, scored, compared)
    # A day of its own: the first one still holds the findings as compare left them.
    day = Day(workspace, unit)
    decide_counted_day(day)
    respond_to_day(day)


def _measure(workspace: Workspace, unit: Unit) -> None:
    """Measure kept counts again; numbers that only rows tell stay as they were."""
    if not workspace.results.checks(unit).is_fit:
        return
    contract = workspace.contract(unit.model)
    profiles = workspace.profiles.load(unit.model, unit.day, unit.day, unit.as_of)
    numbers = []
    for version in sorted({profile.version for profile in profiles}):
        version_profiles = sorted(
            (p for p in profiles if p.version == version),
            key=lambda p: (p.segment != WHOLE, p.segment),
        )
        reference = workspace.reference(unit.model, version)
        numbers += measure_version(version_profiles, reference, contract)
        numbers += measure_pools(Day(workspace, unit), version)
    again = {number.key for number in numbers}
    kept = [
        number
        for number in workspace.results.measurements(unit)
        if number.key not in again and number.horizon == 1
    ]
    workspace.results.save_measurements(unit, [*numbers, *kept], header={})
