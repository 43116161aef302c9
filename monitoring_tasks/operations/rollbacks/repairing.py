"""After a rollback: what the withdrawn version had published, and doing it again.

What was published is never touched. The days are scored again with the version that
was put back, into new partitions of Daywatch's own; who reads the predictions decides
whether to take them.
"""

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.rollbacks import DONE, Rollback
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.errors import ConfigurationError, NoDataError, RegistryError
from monitoring_tasks.respond.differences import Differences, differences
from monitoring_tasks.respond.guard_facts_reader import live_since
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.partitions import freeze
from monitoring_tasks.workspace.frozen_rows import predictions_of
from monitoring_tasks.workspace.scoring_again import outputs_of
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

QUARANTINED, REPAIRED = "quarantined", "repaired"


def plan_repair(space: Workspace, rollback_id: str) -> dict[str, Any]:
    """List what the withdrawn version had published; nothing is changed.

    Returns:
        The rollback, the versions, each day with its rows, who is to be told, and the
        days that were repaired before.

    Raises:
        LookupError: If there is no such rollback.
        ConfigurationError: If it never moved the alias: there is nothing to repair.
    """
    known = _moved(space, rollback_id)
    units = _published(space, known)
    done = {line["detail"]["day"] for line in _lines(space, known, REPAIRED)}
    headers = [space.results.evaluation(unit) for unit in units]
    return {
        "rollback": known.id,
        "model": known.model,
        "withdrawn": known.from_version,
        "put_back": known.to_version,
        "days": [
            {
                "day": unit.day.isoformat(),
                "rows": header.rows,
                "predictions": header.predictions,
                "repaired": unit.day.isoformat() in done,
            }
            for unit, header in zip(units, headers, strict=True)
        ],
        "rows": sum(header.rows or 0 for header in headers),
        "consumers": list(space.contract(known.model).response.consumers),
    }


def repair(
    space: Workspace,
    rollback_id: str,
    *,
    now: datetime,
    actor: str,
    progress: Callable[[date], None] | None = None,
) -> dict[str, Any]:
    """Score the published days again with the version put back; once a day.

    Each day is first marked as quarantined in the journal, then written as a new
    immutable partition, then said to be repaired: a try that was stopped is finished
    by the next.

    Args:
        space: The workspace.
        rollback_id: A rollback that moved the alias.
        now: The present instant, for the journal.
        actor: Who asks.
        progress: Called with each day when it is done.

    Returns:
        The plan, and for each day its new partition and what it changes.

    Raises:
        RegistryError: If the version cannot score a day.
    """
    known = _moved(space, rollback_id)
    told = plan_repair(space, rollback_id)
    days = []
    for unit in _published(space, known):
        done = _said(space, known, REPAIRED, unit)
        if done is None:
            _say(
                space, known, QUARANTINED, {"day": str(unit.day)}, now=now, actor=actor
            )
            done = _repair_day(space, known, unit)
            _say(space, known, REPAIRED, done, now=now, actor=actor)
        days.append(done)
        if progress:
            progress(unit.day)
    return told | {"repaired": days}


def _repair_day(space: Workspace, known: Rollback, unit: Unit) -> dict[str, Any]:
    frozen = predictions_of(space, unit)
    if frozen is None:
        msg = f"{unit.key}: there are no predictions to score again"
        raise NoDataError(msg)
    contract = space.contract(known.model)
    old: pd.DataFrame = frozen.to_pandas()
    fresh = _fresh_rows(space, known, old)
    number = contract.columns.score
    if contract.problem is Problem.REGRESSION:
        number = contract.columns.prediction
    found = differences(
        old,
        fresh,
        prediction=contract.columns.prediction,
        number=number if isinstance(number, str) else None,
    )
    partition = _publish(space, known, unit, _whole(contract, old, fresh))
    return _detail(unit, partition, found)


def _detail(unit: Unit, partition: Partition, found: Differences) -> dict[str, Any]:
    return {
        "day": unit.day.isoformat(),
        "path": partition.path,
        "digest": partition.digest,
        **asdict(found),
    }


def _fresh_rows(
    space: Workspace, known: Rollback, old: "pd.DataFrame"
) -> "pd.DataFrame":
    """Give the withdrawn version's rows with the outputs of the version put back."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    columns = space.contract(known.model).columns
    mine = old[texts(old[columns.model_version]) == known.from_version]
    with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
        outputs = outputs_of(
            space,
            known.model,
            known.to_version,
            mine,
            path=Path(folder) / "rows.parquet",
        )
    if isinstance(outputs, str):
        msg = f"version {known.to_version} cannot score the rows again: {outputs}"
        raise RegistryError(msg)
    return mine.assign(**outputs, **{columns.model_version: known.to_version})


def _whole(
    contract: Contract, old: "pd.DataFrame", fresh: "pd.DataFrame"
) -> "pd.DataFrame":
    """Give the whole day, rows of other versions as they were."""
    import pandas as pd  # noqa: PLC0415 (heavy)

    version = contract.columns.model_version
    kept = old.drop(index=fresh.index)
    kept = kept.assign(**{version: kept[version].astype(str)})
    return pd.concat([kept, fresh]) if len(kept) else fresh


def _publish(
    space: Workspace, known: Rollback, unit: Unit, whole: "pd.DataFrame"
) -> Partition:
    """Write a day as a new revision beside what was published."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    rows = Rows(
        table=pa.Table.from_pandas(whole, preserve_index=False),
        query=f"{known.id}: scored again with version {known.to_version}",
        watermark=None,
    )
    return freeze(
        rows,
        root=str(space.settings.partitions),
        model=known.model,
        day=unit.day,
        kind=PartitionKind.RESCORED,
        key=space.contract(known.model).columns.id,
        as_of=unit.as_of,
    ).partition


def _published(space: Workspace, known: Rollback) -> list[Unit]:
    """Find the days the withdrawn version mainly served since it went live."""
    span = space.results.days(known.model)
    if span is None:
        return []
    judged = Unit.from_key(known.evaluation)
    since = live_since(space, judged, known.from_version) or span[0]
    rows = space.results.current(known.model, since, span[1])
    return [
        row.unit
        for row in rows
        if row.version == known.from_version and row.predictions
    ]


def _moved(space: Workspace, rollback_id: str) -> Rollback:
    known = space.rollbacks.get(rollback_id)
    if known is None:
        msg = f"there is no rollback '{rollback_id}'"
        raise LookupError(msg)
    if known.state not in DONE:
        msg = f"rollback {known.id} is {known.state}: it moved nothing"
        raise ConfigurationError(msg)
    return known


def _said(
    space: Workspace, known: Rollback, state: str, unit: Unit
) -> dict[str, Any] | None:
    """Give what the journal says of a day, if it does."""
    for line in _lines(space, known, state):
        if line["detail"]["day"] == unit.day.isoformat():
            return dict(line["detail"])
    return None


def _lines(space: Workspace, known: Rollback, state: str) -> list[dict[str, Any]]:
    lines = space.journal.lines_in(state, model=known.model)
    return [line for line in lines if line["key"] == known.id]


def _say(
    space: Workspace,
    known: Rollback,
    state: str,
    detail: dict[str, Any],
    *,
    now: datetime,
    actor: str,
) -> None:
    if any(one["detail"] == detail for one in _lines(space, known, state)):
        return
    space.journal.append(
        Line(
            key=known.id,
            state=state,
            at=now,
            model=known.model,
            from_version=known.from_version,
            to_version=known.to_version,
            reason=f"{detail['day']}: {state}",
            actor=actor,
            incident=known.incident,
            detail=detail,
        )
    )
