"""The files of a case: each faulty day as the fault would have delivered it."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib  # type: ignore[import-untyped]  # no stubs
import pandas as pd

from benchmarks.judgement.cases import Case
from benchmarks.judgement.held_out import HELD_OUT
from benchmarks.judgement.raw import joined, path_of, read_day, write_rows
from benchmarks.judgement.worlds import WORLDS
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.operations.drills.deliveries import Delivery
from monitoring_tasks.operations.drills.fault_catalogue import FAULTS, Fault, inject

if TYPE_CHECKING:
    from datetime import date

HALF = 0.5
"""Where a model without a threshold of its own decides."""
EXAMPLE_DAYS = 7
"""Days before the onset by which a fault chooses its column."""


def deliver(case: Case, world: Path, folder: Path) -> None:
    """Write the faulty days of a case as Daywatch and as its peers read them.

    Args:
        case: What goes wrong.
        world: The files of its world.
        folder: Gets `predictions/`, `labels/` and, joined, `days/<day>.parquet`.
    """
    contract = WORLDS[case.world].parsed
    before = WORLDS[case.world].days
    at = before.index(case.onset)
    days = before[max(0, at - EXAMPLE_DAYS) : at] or [case.onset]
    example = pd.concat([read_day(world, day).predictions for day in days])
    (folder / "days").mkdir(parents=True, exist_ok=True)
    for day in case.days:
        delivery = _faulty(case, world, day, contract=contract, example=example)
        write_rows(folder, "predictions", day, delivery.predictions)
        write_rows(folder, "labels", day, delivery.labels)
        write_joined(delivery, contract, folder / "days" / f"{day}.parquet", day=day)


def write_joined(
    delivery: Delivery, contract: Contract, path: Path, *, day: "date"
) -> None:
    """Write a day for the peers: labels joined, and `chunk`, the day of the delivery.

    They cut the rows by `chunk`, so that a fault in the timestamps moves no rows.
    """
    rows = joined(delivery, contract)
    rows.assign(chunk=pd.Timestamp(day)).to_parquet(path, index=False)


def write_clean(world: Path, name: str) -> None:
    """Write all watched days of a world, and its references, for the peers."""
    (world / "days").mkdir(exist_ok=True)
    contract = WORLDS[name].parsed
    for day in WORLDS[name].days:
        path = world / "days" / f"{day}.parquet"
        write_joined(read_day(world, day), contract, path, day=day)
    for home in (world / "versions").iterdir():
        rows = pd.read_parquet(home / "reference.parquet")
        write_reference(rows, contract, home / "peers.parquet")


def write_reference(rows: pd.DataFrame, contract: Contract, path: Path) -> None:
    """Write reference rows for the peers, with `chunk`, the day of a row."""
    local = rows[contract.columns.timestamp].dt.tz_convert(contract.timezone)
    chunk = local.dt.tz_localize(None).dt.normalize()
    rows.assign(chunk=chunk).to_parquet(path, index=False)


def _faulty(
    case: Case, world: Path, day: "date", *, contract: Contract, example: pd.DataFrame
) -> Delivery:
    delivery = read_day(world, day)
    version = case.release or WORLDS[case.world].served(day)
    rescore = _rescorer(world, version, contract)
    if case.release:
        rows = rescore(delivery.predictions)
        rows[contract.columns.model_version] = case.release
        delivery = replace(delivery, predictions=rows)
    fault = _fault(case)
    if fault is None:
        return delivery
    return inject(
        fault,
        delivery,
        contract,
        example=example,
        seed=zlib.crc32(f"{case.seed}/{day}".encode()),
        rescore=rescore,
    )


def _fault(case: Case) -> Fault | None:
    if not case.fault:
        return None
    if case.fault in HELD_OUT:
        change, changes_scores = HELD_OUT[case.fault]
        return Fault(
            name=case.fault,
            about=str(change.__doc__),
            change=change,
            expected=FAULTS["no_fault"].expected,  # not asked here
            size=case.size,
            changes_scores=changes_scores,
        )
    return replace(FAULTS[case.fault], size=case.size)


def _rescorer(
    world: Path, version: str, contract: Contract
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    columns = contract.columns
    score = str(columns.score)

    def rescore(rows: pd.DataFrame) -> pd.DataFrame:
        model = _model(world / "versions" / version / "model.joblib")
        inputs = list(getattr(model, "feature_names_in_", []))
        if not set(columns.features) <= set(inputs):
            return rows  # a stand-in: the scores stay as they were
        found = model.predict_proba(rows[inputs])[:, 1]
        given = rows[columns.prediction]
        cut = float(getattr(model, "threshold", HALF))
        decided = (found >= cut).astype(given.dtype)
        return rows.assign(**{score: found, columns.prediction: decided})

    return rescore


@cache
def _model(path: Path) -> Any:  # noqa: ANN401 (any estimator)
    return joblib.load(path)


def has_case(folder: Path, case: Case) -> bool:
    """Whether a case is delivered."""
    return path_of(folder, "labels", case.days[-1]).is_file()
