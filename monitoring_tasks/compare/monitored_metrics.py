"""How the numbers a contract speaks of behave: from the reference and judged days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import NormalDist, fmean, median

import numpy as np

from monitoring_tasks.compare.simulated_days import Watched
from monitoring_tasks.compare.simulated_verdicts import (
    BREACH,
    INCONCLUSIVE,
    OK,
    WARN,
    Codes,
)
from monitoring_tasks.compare.thresholds import noise_of
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import FIT, Kind, Measurement, Verdict
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.store.objective_numbers import numbers_of_objective
from monitoring_tasks.workspace.workspace import Workspace

FEWEST_POOLS = 14
"""Fewer days over a horizon do not say how a pool differs from the mean of its days."""
RECENT_DAYS = 60
"""Judged days that tell how many rows a typical day has."""
CODES = {Verdict.OK: OK, Verdict.WARN: WARN, Verdict.BREACH: BREACH}
"""Any other verdict tells nothing about the model."""
Header = Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What limits are held against.

    Attributes:
        contract: The contract.
        reference: Of the version that served last.
        rows: Header of each decided day of the model, by day, the newest look at it.
        watched: What can be drawn, in the order of the contract.
        left_out: The objectives that cannot, and why.
        labels_known: Whether labels are there when a day is first judged.
    """

    contract: Contract
    reference: ReferenceProfile
    rows: Sequence[Header]
    watched: tuple[Watched, ...]
    left_out: tuple[tuple[Objective, str], ...]
    labels_known: bool

    def under(self, contract: Contract) -> tuple[Watched, ...]:
        """Give the same numbers under a contract that only has other limits."""
        named = {_number(objective): objective for objective in contract.objectives}
        return tuple(
            replace(one, objective=named[_number(one.objective)])
            for one in self.watched
        )


def grounds_of(space: Workspace, model: str) -> Grounds:
    """Read what the limits of a model are held against.

    Raises:
        NoDataError: If no day was judged yet, or the version that served last has no
            reference.
    """
    contract = space.contract(model)
    span = space.results.days(model)
    rows = space.results.current(model, *span, decided=True) if span else []
    served = [row for row in rows if row.version]
    if not served:
        msg = f"no day of {model} was judged yet; `daywatch backfill {model}` first"
        raise NoDataError(msg)
    version = str(served[-1].version)
    reference = space.reference(model, version)
    if reference is None:
        msg = (
            f"version {version} of {model} has no reference, so nothing is known of "
            f"its noise; `daywatch reference {model} {version}` logs one"
        )
        raise NoDataError(msg)
    watched, left_out = _watch(space, contract, reference, served)
    return Grounds(
        contract=contract,
        reference=reference,
        rows=rows,
        watched=tuple(watched),
        left_out=tuple(left_out),
        labels_known=_labels_known(space, contract, served),
    )


def grounds_before_days(
    space: Workspace, contract: Contract, reference: ReferenceProfile
) -> Grounds:
    """Give what limits are held against from the reference alone.

    A pure function of contract and reference: a typical day is one of the reference's,
    and labels count as known when a day is first judged.
    """
    watched, left_out = _watch(space, contract, reference, ())
    return Grounds(
        contract=contract,
        reference=reference,
        rows=(),
        watched=tuple(watched),
        left_out=tuple(left_out),
        labels_known=True,
    )


def _number(objective: Objective) -> tuple[str, str, str, str]:
    where = (objective.column, objective.segment)
    return (objective.source, objective.metric, *where)


def _watch(
    space: Workspace,
    contract: Contract,
    reference: ReferenceProfile,
    served: Sequence[Header],
) -> tuple[list[Watched], list[tuple[Objective, str]]]:
    version = reference.version
    looks = {
        row.key: row.day
        for row in served
        if row.version == version and row.data_verdict in FIT
    }
    watched, left_out = [], []
    for objective in contract.objectives:
        moves = _moves(objective, reference, contract)
        if moves is None:
            left_out.append((objective, "the reference has too few days of it"))
            continue
        numbers = numbers_of_objective(space.database, objective, version, looks)
        daily = numbers.get(1, {})
        recent = [daily[day] for day in sorted(daily)][-RECENT_DAYS:]
        watched.append(
            Watched(
                objective=objective,
                moves=moves,
                baselines={
                    horizon.days: noise_of(
                        _named(objective, version, horizon.days),
                        reference,
                        contract.policy,
                    )
                    for horizon in contract.policy.horizons
                },
                sampling=_sampling(recent, contract.policy.confidence, moves),
                rows=median(n.rows for n in recent) if recent else moves.rows,
                shifts=_shifts(numbers),
            )
        )
    return watched, left_out


def _named(objective: Objective, version: str, horizon: int) -> Measurement:
    return Measurement(
        kind=Kind(objective.source),
        metric=objective.metric,
        column=objective.column,
        segment=objective.segment,
        version=version,
        horizon=horizon,
    )


def _moves(
    objective: Objective, reference: ReferenceProfile, contract: Contract
) -> DailyNoise | None:
    """Find how the number itself moves; an estimate moves as estimates did."""
    key = f"{objective.metric}/{objective.column}/{objective.segment}"
    noise = reference.noise.get(f"{objective.source}/{key}")
    fewest = contract.policy.min_reference_days
    return noise if noise and noise.days >= fewest else None


def _sampling(
    recent: Sequence[Measurement], confidence: float, moves: DailyNoise
) -> float:
    """Give the standard error of a typical day, from the width of its interval."""
    width = 2 * NormalDist().inv_cdf((1 + confidence) / 2)
    errors = [
        (number.upper - number.lower) / width
        for number in recent
        if number.upper is not None and number.lower is not None
    ]
    return median(errors) if errors else moves.sampling


def _shifts(numbers: Mapping[int, Mapping[date, Measurement]]) -> dict[int, float]:
    """Give by how much pools lay above the mean of their days, by horizon."""
    daily = numbers.get(1, {})
    shifts = {}
    for horizon, pools in numbers.items():
        if horizon == 1 or len(pools) < FEWEST_POOLS:
            continue
        apart = []
        for last, pool in pools.items():
            first = last - timedelta(days=horizon - 1)
            mine = [n.value for day, n in daily.items() if first <= day <= last]
            held = [value for value in mine if value is not None]
            if held and pool.value is not None:
                apart.append(pool.value - fmean(held))
        if len(apart) >= FEWEST_POOLS:
            shifts[horizon] = fmean(apart)
    return shifts


def _labels_known(
    space: Workspace, contract: Contract, served: Sequence[Header]
) -> bool:
    """Say whether on most days labels were there when the schedule looked."""
    on_time = [
        row.as_of <= space.as_of(contract.model, row.day)
        and (row.labelled or 0) >= contract.policy.label_coverage * row.rows
        for row in served
        if row.data_verdict in FIT and row.rows
    ]
    return 2 * sum(map(bool, on_time)) > len(on_time)


def verdict_codes(rows: Sequence[Header]) -> Codes:
    """Give the performance of days in the words of `simulated_verdicts`; (1, days)."""
    codes = [
        CODES.get(row.performance or Verdict.NO_DATA, INCONCLUSIVE) for row in rows
    ]
    return np.array([codes], dtype=np.int8)
