"""Limits held against the noise they are meant to stand above."""

from pathlib import Path
from zlib import crc32

from sqlalchemy import make_url

from monitoring_tasks.compare.monitored_metrics import Grounds, grounds_of
from monitoring_tasks.compare.power import Alarms, Size, false_alarms
from monitoring_tasks.compare.simulated_verdicts import expected_by_weekday
from monitoring_tasks.compare.thresholds import room_for_chance
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.errors import NoDataError, RegistryError, TransientError
from monitoring_tasks.workspace.workspace import Workspace

QUICK = Size(runs=300)
"""Enough for a refusal: a rate of 12 a year is known to about 10 %."""


def check_limits(space: Workspace, model: str) -> tuple[list[str], list[str]]:
    """Hold a contract's limits against the noise of the version that serves.

    Returns:
        What has to be mended (limits that page about nothing more often than
        `policy.tuning` lets them) and what is worth knowing (losses that no horizon
        can tell from chance, days too small to be judged).

    Nothing at all while no day was judged or the version has no reference: a contract
    comes before its first day. Where the registry does not answer, that is a note.
    """
    if not has_store(space):
        return [], []
    try:
        grounds = grounds_of(space, model)
    except NoDataError:
        return [], []
    except (RegistryError, TransientError) as error:
        return [], [f"limits were not held against the noise: {error}"]
    alarms = promised(grounds, grounds.contract, size=QUICK)
    return refusals(grounds, alarms), [*hopeless(grounds), *unjudgeable(grounds)]


def has_store(space: Workspace) -> bool:
    """Whether there is a store to ask; looking must not make one."""
    url = make_url(space.settings.store_url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def promised(grounds: Grounds, contract: Contract, *, size: Size) -> Alarms | None:
    """Draw healthy years under a contract; None where nothing can be drawn."""
    watched = grounds.under(contract)
    if not watched:
        return None
    return false_alarms(
        watched,
        contract.policy,
        labels_known=grounds.labels_known,
        seed=seed_of(grounds),
        size=size,
    )


def unjudgeable(grounds: Grounds) -> list[str]:
    """Name the objectives whose days have too few rows to be judged, and the remedy."""
    least = grounds.contract.policy.min_rows
    notes = []
    for one in grounds.watched:
        horizons = one.objective.horizons_in(grounds.contract.policy)
        days = [h.days for h in horizons if one.rows * h.days < least]
        if not days:
            continue
        listed = ", ".join(map(str, days))
        reach = f"it is not judged over {listed} d"
        if len(days) == len(horizons):
            reach = "no horizon judges it"
        notes.append(
            f"objectives: {name_of(one.objective)}: a typical day has {one.rows:.0f} "
            f"rows, policy.min_rows is {least}: {reach}; lower "
            "policy.min_rows or pool more days"
        )
    return notes


def seed_of(grounds: Grounds) -> int:
    """Give where chance starts: the same for the same model and version."""
    reference = grounds.reference
    return crc32(f"{reference.model}/{reference.version}/limits".encode())


def refusals(grounds: Grounds, alarms: Alarms | None) -> list[str]:
    """Name the objectives whose limits healthy days cross too often."""
    most = grounds.contract.policy.tuning.max_false_alarm_days
    if alarms is None:
        return []
    remedy = f"`daywatch policy propose {grounds.contract.model}` gives some that hold"
    return [
        f"objectives: {name_of(one.objective)}: its limits lie below the noise: a "
        f"healthy model would be in alarm on {rates.confirmed.value:.0f} days a year, "
        f"policy.tuning.max_false_alarm_days is {most:g}; {remedy}"
        for one, rates in zip(grounds.watched, alarms.objectives, strict=True)
        if rates.confirmed.lower > most
    ]


def hopeless(grounds: Grounds) -> list[str]:
    """Name the objectives whose `max_drop` no horizon can tell from chance."""
    notes = []
    for one in grounds.watched:
        allowed = one.objective.max_drop
        rooms = [
            room_for_chance(one.metric, found[0], horizon.false_alarm)
            for horizon in one.objective.horizons_in(grounds.contract.policy)
            if (found := expected_by_weekday(one, horizon)) is not None
        ]
        if allowed is None or not rooms or min(rooms) <= allowed:
            continue
        notes.append(
            f"objectives: {name_of(one.objective)}: a loss of {allowed:g} can never be "
            f"told from chance, over no horizon; one of {min(rooms):.3g} can"
        )
    return notes


def name_of(objective: Objective) -> str:
    """Name an objective as reports do."""
    column = f" of {objective.column}" if objective.column else ""
    where = f" ({objective.segment})" if objective.segment != "all" else ""
    return f"{objective.source} {objective.metric}{column}{where}"
