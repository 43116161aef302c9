"""Judged days judged again under other limits, by the day's own code, in a sandbox.

Neither the store nor the registry of the real workspace is written to.
"""

from datetime import date
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.policy.judging_again import Progress, judge_again
from monitoring_tasks.operations.policy.other_policies import (
    changed_keys,
    needs_measuring,
)
from monitoring_tasks.operations.policy.replay_answers import (
    answers_of,
    compared_answers,
)
from monitoring_tasks.store.sandbox import decided_units
from monitoring_tasks.workspace.workspace import Workspace


def replay(
    real: Workspace,
    model: str,
    first: date,
    last: date,
    *,
    other: Contract | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Judge the evaluations of days again, and say what would have been different.

    Every one is judged as it was made, in the order they were made: with the labels
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
        progress: Called with the day of each evaluation once it is judged.

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
        before = answers_of(real, model, first, last)
    else:
        before = judge_again(real, contract, first, last, progress=progress)
    after = judge_again(
        real,
        other or contract,
        first,
        last,
        progress=progress,
        measures=bool(measured),
    )
    return {
        "model": model,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "judged_days": len(after),
        "changed_keys": changed_keys(contract, other) if other else [],
        "measured_again": measured,
        **compared_answers(before, after),
    }


def judged_span(
    real: Workspace, model: str, first: date | None, last: date | None
) -> tuple[date, date]:
    """Return the first and last day to replay: all judged ones where left out.

    Args:
        real: The workspace; only read.
        model: Registered model name.
        first: First day; None for the first judged one.
        last: Last day, included; None for the last judged one.

    Raises:
        NoDataError: If no day of the model was judged yet.
    """
    days = real.results.days(model)
    if days is None:
        msg = (
            f"no day of {model} has been judged yet; run `daywatch backfill {model} "
            "--from DAY --to DAY` first"
        )
        raise NoDataError(msg)
    return first or days[0], last or days[1]


def count_evaluations(real: Workspace, model: str, first: date, last: date) -> int:
    """Return how many evaluations one contract has to judge again.

    Args:
        real: The workspace; only read.
        model: Registered model name.
        first: First day.
        last: Last day, included.
    """
    return len(decided_units(real.database, model, first, last))
