"""Limits that keep false alarms in a budget: asking what each change would do."""

from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from monitoring_tasks.compare.alarm_rates import Rates, Size
from monitoring_tasks.compare.detection_power import find_drops
from monitoring_tasks.compare.false_alarms import false_alarms_of_days
from monitoring_tasks.compare.limit_basis import LimitBasis
from monitoring_tasks.compare.limit_checks import name_of, seed_of
from monitoring_tasks.compare.monitored_metrics import MonitoredMetric
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.policy.limit_basis_of_model import limit_basis_of
from monitoring_tasks.operations.policy.other_policies import plain_changes
from monitoring_tasks.operations.policy.threshold_proposals import propose
from monitoring_tasks.workspace.workspace import Workspace

SEARCH = Size(runs=300, runs_a_drop=80, drops=16, reach_days=28)
"""For the drops of every change that is tried, always with the same chance; its pages
are drawn as `explain` draws them."""
WITHIN_DAYS = 28
POWER = 0.8


def propose_limits(
    workspace: Workspace,
    model: str,
    *,
    false_pages_per_year: float,
    progress: Callable[[str], None] | None = None,
) -> tuple[Contract, dict[str, Any]]:
    """Find the least change of a model's limits that keeps false pages in a budget.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        false_pages_per_year: The budget.
        progress: Called with the key of every limit that is loosened.

    Returns:
        The contract as it would be, and plain JSON: `is_met`, `pages_per_year` and
        `smallest_drop` before and after, `changes`, the `fragment` to put in.

    Raises:
        NoDataError: If nothing is known of the model's noise.
    """
    basis = limit_basis_of(workspace, model)
    if not basis.monitored:
        msg = f"the reference of {model} covers too few days to judge any limit by"
        raise NoDataError(msg)
    before = _smallest(basis, basis.contract)
    proposal = propose(
        basis.contract,
        budget=false_pages_per_year,
        pages=lambda contract: _held(basis, contract, false_pages_per_year),
        drop=lambda contract: _relative(before, _smallest(basis, contract)),
        progress=progress,
    )
    stands, proposed = (
        false_pages_a_year(basis, contract)
        for contract in (basis.contract, proposal.contract)
    )
    contract = proposal.contract
    # A change that is not needed, or saves no page, is not proposed.
    if stands <= false_pages_per_year or proposed >= stands:
        contract, proposed = basis.contract, stands
    after = _smallest(basis, contract)
    return contract, {
        "model": model,
        "version": basis.reference.version,
        "budget": false_pages_per_year,
        "is_met": proposed <= false_pages_per_year,
        "pages_per_year": {"before": stands, "after": proposed},
        "smallest_drop": [
            {
                "objective": name_of(metric.objective),
                "before": _finite(before[index]),
                "after": _finite(after[index]),
            }
            for index, metric in enumerate(basis.monitored)
        ],
        "changes": _changes(basis.contract, contract),
        "fragment": plain_changes(basis.contract, contract),
    }


def false_pages_a_year(basis: LimitBasis, contract: Contract) -> float:
    """Return the pages of a healthy year as `daywatch policy explain` counts them.

    Args:
        basis: What the limits are held against.
        contract: Whose limits they are.
    """
    return _rates(basis, contract).pages.value


def _held(basis: LimitBasis, contract: Contract, budget: float) -> float:
    """Return the false pages a year; more than the budget where `check` would refuse.

    A limit that is always past calls somebody once and never again: pages alone would
    call it good.
    """
    rates = _rates(basis, contract)
    most = contract.policy.tuning.max_false_alarm_days
    return max(rates.pages.value, budget * rates.confirmed.value / most)


def _rates(basis: LimitBasis, contract: Contract) -> Rates:
    return false_alarms_of_days(
        basis.under(contract),
        contract.policy,
        labels_known=basis.labels_known,
        seed=seed_of(basis),
        size=Size(),
    )


def _smallest(basis: LimitBasis, contract: Contract) -> list[float]:
    """Return the smallest drop of each objective that pages within 28 days; or inf."""
    monitored = basis.under(contract)
    smallest = []
    for index, metric in enumerate(monitored):
        power = find_drops(
            monitored,
            index,
            contract.policy,
            drops=_sizes(metric),
            seed=seed_of(basis) + index,
            size=SEARCH,
        )
        drop = power.smallest(WITHIN_DAYS, power=POWER, paged=True)
        smallest.append(float("inf") if drop is None else drop)
    return smallest


def _sizes(metric: MonitoredMetric) -> list[float]:
    # A metric that never moves still needs drops above 0 to try.
    day = (metric.noise.spread**2 + metric.sampling**2) ** 0.5 or 1e-6
    return list(np.geomspace(day / 5, 8 * day, SEARCH.drops))


def _relative(before: Sequence[float], after: Sequence[float]) -> float:
    """Return by how much drops have to be larger, on average over what was found."""
    drops = [(new, old) for old, new in zip(before, after, strict=True) if old < np.inf]
    return fmean(new / old for new, old in drops) if drops else 1.0


def _finite(drop: float) -> float | None:
    return drop if np.isfinite(drop) else None


def _changes(before: Contract, after: Contract) -> list[dict[str, Any]]:
    """List every limit that differs, in the contract's words."""
    changes: list[dict[str, Any]] = []
    old, new = before.policy, after.policy
    for was, now in zip(old.horizons, new.horizons, strict=True):
        key = f"policy.horizons, {was.days} days: false_alarm"
        changes.append(_change(key, was.false_alarm, now.false_alarm))
    for name in ("persistence", "slow_persistence"):
        rules = [getattr(policy, name) for policy in (old, new)]
        shown = [f"{rule.bad_days} of {rule.of_days}" for rule in rules]
        changes.append(_change(f"policy.{name}", *shown))
    for then, proposed in zip(before.objectives, after.objectives, strict=True):
        for key in ("min", "max", "max_drop"):
            values = [getattr(objective, key) for objective in (then, proposed)]
            changes.append(_change(f"{name_of(then)}: {key}", *values))
    return [change for change in changes if change["before"] != change["after"]]


def _change(key: str, before: object, after: object) -> dict[str, Any]:
    return {"key": key, "before": before, "after": after}
