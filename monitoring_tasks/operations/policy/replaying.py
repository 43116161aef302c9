"""Judged days judged again under other limits, by the day's own code, in a sandbox.

Neither the store nor the registry of the real workspace is written to.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from monitoring_tasks.compare.alarm_rates import YEAR
from monitoring_tasks.compare.limit_basis import verdict_codes
from monitoring_tasks.compare.simulated_pages import openings
from monitoring_tasks.compare.step import compare_day
from monitoring_tasks.contract.attribution import ATTRIBUTION
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import FILE_NAME
from monitoring_tasks.daily import decide_counted_day
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.estimate.step import measure_pools
from monitoring_tasks.estimate.version_measurements import measure_version
from monitoring_tasks.operations.drills.grading import REMEDIES
from monitoring_tasks.operations.policy.other_policies import (
    changed_keys,
    needs_measuring,
)
from monitoring_tasks.operations.sandbox import open_sandbox
from monitoring_tasks.respond.step import respond_to_day
from monitoring_tasks.store.sandbox import as_dry_runs, decided_units
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

Progress = Callable[[date], None]
WHOLE = "all"
JUDGED = frozenset({Kind.SEQUENCE, Kind.FORECAST, Kind.COMPARISON})
"""Numbers that judging makes; the others are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said of a day, and what it asks for.

    `is_page` tells a confirmed breach while no earlier one is open.
    """

    verdict: str
    confirmed: bool
    is_page: bool
    severity: str | None
    cause: str | None
    remedy: str
    reason: str

    @property
    def essence(self) -> tuple[object, ...]:
        """What two answers have to agree in to be the same."""
        return (
            self.verdict,
            self.confirmed,
            self.severity,
            self.cause,
            self.remedy,
        )


def replay(
    real: Workspace,
    model: str,
    first: date,
    last: date,
    *,
    other: Contract | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Judge the looks at days again, and say what would have been different.

    Every look is judged as it was taken, in the order it was taken: with the labels
    known then, after the days judged before. With another contract, that one is held
    against the contract as it stands, both judged again; without, the contract as it
    stands against what was said at the time. Days before `first` stay as they were
    judged; other versions are not scored again, what they scored then counts.

    Args:
        real: The workspace; only read.
        model: Registered model name.
        first: First day.
        last: Last day, included.
        other: The other contract.
        progress: Called with each look's day once it is judged.

    Returns:
        Plain JSON: `days` that differ, `before` and `after` in numbers, `gained` and
        `lost` alarms, `measured_again` keys.

    Raises:
        NoDataError: If no day of the span was judged.
        ConfigurationError: If only the raw rows could tell.
    """
    contract = real.contract(model)
    measured = needs_measuring(contract, other) if other else []
    if other is None:
        before = _answers(real, model, first, last)
    else:
        before = _judged_again(real, contract, first, last, progress=progress)
    after = _judged_again(
        real,
        other or contract,
        first,
        last,
        progress=progress,
        measures=bool(measured),
    )
    apart = [day for day in after if before[day].essence != after[day].essence]
    return {
        "model": model,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "judged_days": len(after),
        "changed_keys": changed_keys(contract, other) if other else [],
        "measured_again": measured,
        "before": _counted(before),
        "after": _counted(after),
        "gained": [str(d) for d in apart if _is_new(after[d], before[d])],
        "lost": [str(d) for d in apart if _is_new(before[d], after[d])],
        "days": [
            {
                "day": day.isoformat(),
                "before": asdict(before[day]),
                "after": asdict(after[day]),
            }
            for day in apart
        ],
    }


def judged_span(
    real: Workspace, model: str, first: date | None, last: date | None
) -> tuple[date, date]:
    """Return the first and last day to replay: all judged ones where left out.

    Raises:
        NoDataError: If no day of the model was judged yet.
    """
    days = real.results.days(model)
    if days is None:
        msg = f"no day of {model} was judged yet; `daywatch backfill {model}` first"
        raise NoDataError(msg)
    return first or days[0], last or days[1]


def count_evaluations(real: Workspace, model: str, first: date, last: date) -> int:
    """Count the evaluations that one contract has to judge again."""
    return len(decided_units(real.database, model, first, last))


def _is_new(answer: Answer, other: Answer) -> bool:
    return answer.confirmed and not other.confirmed


def _judged_again(
    real: Workspace,
    contract: Contract,
    first: date,
    last: date,
    *,
    progress: Progress | None,
    measures: bool = False,
) -> dict[date, Answer]:
    model = contract.model
    with tempfile.TemporaryDirectory(prefix="daywatch-replay-") as name:
        folder = Path(name)
        _write(contract, folder)
        with open_sandbox(real, model, folder) as workspace:
            as_dry_runs(workspace.database, model)
            for unit in decided_units(workspace.database, model, first, last):
                if measures:
                    _measure(workspace, unit)
                _judge(workspace, unit)
                if progress:
                    progress(unit.day)
            return _answers(workspace, model, first, last)


def _write(contract: Contract, folder: Path) -> None:
    """Put the contract in place; no rows are read, scored nor searched under it."""
    policy = contract.policy
    quiet = {
        "versions": policy.versions.model_copy(update={"candidates": 0}),
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
        if finding.measurement.kind is Kind.COMPARISON
        or finding.measurement.metric == ATTRIBUTION
    ]
    numbers = [n for n in workspace.results.measurements(unit) if n.kind not in JUDGED]
    workspace.results.save_measurements(unit, numbers, header={})
    compare_day(Day(workspace, unit))
    workspace.results.save_findings(unit, scored, compared)
    day = Day(workspace, unit)
    decide_counted_day(day)
    respond_to_day(day)


def _measure(workspace: Workspace, unit: Unit) -> None:
    """Measure a look's kept counts again; what only rows tell stays as it was."""
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


def _answers(
    workspace: Workspace, model: str, first: date, last: date
) -> dict[date, Answer]:
    """Give what is said of each day by the newest decided look at it."""
    rows = workspace.results.current(model, first, last, decided=True)
    if not rows:
        msg = f"no day of {model} from {first} to {last} was judged yet"
        raise NoDataError(msg)
    confirmed = np.array([[bool(row.confirmed) for row in rows]])
    recovery = workspace.contract(model).policy.recovery_days
    pages = openings(confirmed, verdict_codes(rows), recovery)[0]
    return {
        row.day: Answer(
            verdict=row.verdict or Verdict.NO_DATA,
            confirmed=bool(row.confirmed),
            is_page=bool(page),
            severity=row.severity,
            cause=row.cause,
            remedy=_remedy(row),
            reason=(row.reasons or [""])[0],
        )
        for row, page in zip(rows, pages, strict=True)
    }


def _remedy(row: Evaluation) -> str:
    kind = row.action.kind if row.action else "none"
    return REMEDIES[kind].value


def _counted(answers: dict[date, Answer]) -> dict[str, Any]:
    years = len(answers) / YEAR
    listed: Sequence[Answer] = list(answers.values())
    counts = {
        "breaches": sum(answer.verdict == "breach" for answer in listed),
        "confirmed": sum(answer.confirmed for answer in listed),
        "pages": sum(answer.is_page for answer in listed),
    }
    return {
        name: {"count": count, "per_year": count / years}
        for name, count in counts.items()
    }
