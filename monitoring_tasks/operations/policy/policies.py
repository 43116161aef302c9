"""What a contract's limits promise, and what they kept: read, draw, put in words."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from scipy import stats

from monitoring_tasks.compare.limit_checks import (
    hopeless,
    name_of,
    promised,
    refusals,
    seed_of,
    unjudgeable,
)
from monitoring_tasks.compare.monitored_metrics import (
    Grounds,
    grounds_of,
    verdict_codes,
)
from monitoring_tasks.compare.power import (
    ADDED_UP,
    YEAR,
    Alarms,
    Found,
    Size,
    find_drops,
)
from monitoring_tasks.compare.simulated_days import Watched
from monitoring_tasks.compare.simulated_pages import openings
from monitoring_tasks.compare.simulated_verdicts import BREACH, expected_by_weekday
from monitoring_tasks.compare.thresholds import room_for_chance, span_of_loss
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.findings import FIT
from monitoring_tasks.workspace.workspace import Workspace

POWER = 0.8
"""With what probability the smallest drop is found: the convention of Cohen (1988)."""
WITHIN_DAYS = (1, 7, 28)
Step = Callable[[str], None]


def explain(
    workspace: Workspace,
    model: str,
    *,
    drop: float | None = None,
    progress: Step | None = None,
) -> dict[str, Any]:
    """Say what the limits of a model promise, next to what its judged days saw.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        drop: Size of a loss whose days to detection are asked for, in units of each
            metric; None for each objective's `max_drop`.
        progress: Called with what was just done.

    Returns:
        Plain JSON: `version`, `total` and `objectives` (promised), `history`
        (achieved), `left_out`, `assumes`, `notes`.

    Raises:
        NoDataError: If no day was judged, or the version has no reference.
    """
    told = progress or (lambda _: None)
    grounds = grounds_of(workspace, model)
    policy = grounds.contract.policy
    seed = seed_of(grounds)
    told("read")
    alarms = promised(grounds, grounds.contract, size=Size())
    told("healthy years")
    objectives = []
    for place, one in enumerate(grounds.watched):
        found = _found(grounds.watched, place, policy, seed=seed)
        objectives.append(
            _objective(one, policy, alarms, place)
            | {"finds": _finds(found), "drop": _detect(grounds, place, drop)}
        )
        told(f"{one.objective.source} {one.objective.metric}")
    return {
        "model": model,
        "version": grounds.reference.version,
        "reference_days": [
            grounds.reference.first_day.isoformat(),
            grounds.reference.last_day.isoformat(),
        ],
        "labels_known": grounds.labels_known,
        "total": asdict(alarms.whole) if alarms else None,
        "objectives": objectives,
        "left_out": [
            {"objective": name_of(objective), "why": why}
            for objective, why in grounds.left_out
        ],
        "history": achieved(grounds),
        "assumes": _assumes(grounds),
        "notes": [
            *unjudgeable(grounds),
            *refusals(grounds, alarms),
            *hopeless(grounds),
        ],
    }


def achieved(grounds: Grounds) -> dict[str, Any]:
    """Count what the model's judged days saw: real trouble and chance together."""
    policy = grounds.contract.policy
    rows = [
        row
        for row in grounds.rows
        if row.data_verdict in FIT and row.day not in policy.excluded_days
    ]
    codes = verdict_codes(rows)
    confirmed = np.array([[bool(row.confirmed) for row in rows]], dtype=bool)
    pages = openings(confirmed, codes, policy.recovery_days)
    counts = {
        "breaches": int((codes == BREACH).sum()),
        "confirmed": int(confirmed.sum()),
        "pages": int(pages.sum()),
    }
    years = len(rows) / YEAR
    return {
        "days": len(rows),
        "versions": sorted({str(row.version) for row in rows}),
        **{name: _seen(count, years) for name, count in counts.items()},
    }


def _seen(count: int, years: float) -> dict[str, float]:
    """Give a count a year with Garwood's exact interval for a Poisson count."""
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * (count + 1)) / 2
    return {
        "count": count,
        "per_year": count / years,
        "lower": float(low) / years,
        "upper": float(high) / years,
    }


def _found(
    watched: Sequence[Watched], place: int, policy: Policy, *, seed: int
) -> Found:
    """Try drops from a tenth of a healthy day's error to eight of them."""
    moves, size = watched[place].moves, Size()
    day = (moves.spread**2 + watched[place].sampling ** 2) ** 0.5 or 1e-6
    drops = np.geomspace(day / 10, 8 * day, size.drops)
    return find_drops(
        watched, place, policy, drops=list(drops), seed=seed + place, size=size
    )


def _finds(found: Found) -> list[dict[str, Any]]:
    return [
        {
            "within_days": days,
            "breach": found.smallest(days, power=POWER, paged=False),
            "page": found.smallest(days, power=POWER, paged=True),
        }
        for days in WITHIN_DAYS
    ]


def _detect(grounds: Grounds, place: int, drop: float | None) -> dict[str, Any] | None:
    """Say in how many days a given drop pages; None where none is given."""
    wanted = drop or grounds.watched[place].objective.max_drop
    if wanted is None:
        return None
    size = replace(Size(), runs_a_drop=600)
    found = find_drops(
        grounds.watched,
        place,
        grounds.contract.policy,
        drops=[wanted],
        seed=seed_of(grounds) + place,
        size=size,
    )
    days = np.sort(found.page_days[0])
    middle, late = (float(days[int(share * (len(days) - 1))]) for share in (0.5, 0.9))
    return {
        "size": wanted,
        "median_days": middle if np.isfinite(middle) else None,
        "ninety_percent_days": late if np.isfinite(late) else None,
        "found_within_28_days": float((days <= WITHIN_DAYS[-1]).mean()),
        "reach_days": size.reach_days,
    }


def _objective(
    one: Watched, policy: Policy, alarms: Alarms | None, place: int
) -> dict[str, Any]:
    parts = alarms.horizons[place] if alarms else {}
    horizons = {horizon.days: horizon for horizon in policy.horizons}
    return {
        "objective": name_of(one.objective),
        "expected": one.moves.mean,
        "typical_error": one.sampling,
        "spread": one.moves.spread,
        "rows": one.rows,
        "per_year": asdict(alarms.objectives[place]) if alarms else None,
        "horizons": [
            {
                "days": days,
                "limit": None if days == ADDED_UP else _limit(one, horizons[days]),
                "per_year": asdict(rates),
                "shift": one.shifts.get(days, 0.0),
            }
            for days, rates in parts.items()
        ],
    }


def _limit(one: Watched, horizon: Horizon) -> dict[str, float | bool | None]:
    """Give where the limits of a horizon lie on a typical day."""
    objective = one.objective
    limit: dict[str, float | bool | None] = {"min": objective.min, "max": objective.max}
    found = expected_by_weekday(one, horizon)
    if objective.max_drop is None or found is None:
        unknown = dict.fromkeys(("learnt", "learnt_low", "learnt_high", "chance"))
        return limit | unknown | {"allowed": objective.max_drop}
    expected, week = found
    chance = room_for_chance(one.metric, expected, horizon.false_alarm)
    room = max(objective.max_drop, chance)
    low, high = span_of_loss(one.metric, float(week.mean()), room)
    edges = [edge for edge in (low, high) if edge is not None]
    return limit | {
        "learnt": edges[-1],
        "learnt_low": low,
        "learnt_high": high,
        "can_be_passed": any(one.metric.low < edge < one.metric.high for edge in edges),
        "allowed": objective.max_drop,
        "chance": chance,
    }


def _assumes(grounds: Grounds) -> list[str]:
    reference = grounds.reference
    labels = (
        "labels are there when a day is judged, so estimates stay aside"
        if grounds.labels_known
        else "labels come later, so estimates speak as well"
    )
    shifted = any(one.shifts for one in grounds.watched)
    pools = (
        "a number over several days lies as far from the mean of its days as it did"
        if shifted
        else "a number over several days is the mean of its days"
    )
    span = f"{reference.first_day} to {reference.last_day}"
    return [
        f"healthy days move as on the reference, {span}: no season, no trend",
        f"every day has the rows of a typical one; {labels}",
        pools,
        "a drop comes at once, stays, and befalls one objective alone",
        "a page is a confirmed breach while none is open",
    ]
