"""Which registered versions are tried when the live one may have to be put away."""

from enum import IntEnum

from monitoring_tasks.domain.releases import ServedDay
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.history import served_days
from monitoring_tasks.store.versions import QUARANTINE_TAG, Version
from monitoring_tasks.workspace.workspace import Workspace

REMEMBERED_DAYS = 400
"""How far back a version is remembered to have served."""


class Rank(IntEnum):
    """Which kind of version is tried first; evidence chooses among those tried."""

    FALLBACK = 0
    SERVED = 1
    UNSERVED = 2
    ENDED_IN_BREACH = 3


def candidates(space: Workspace, unit: Unit, live: str) -> list[Version]:
    """List the versions to try, most wanted first; evidence chooses among them.

    Versions that served and were not in breach on the last day they did, latest
    first; then those that never served here, newest first; then those that ended in
    breach. The contract's fallback comes before all of them, so that it is never
    crowded out. A version that was withdrawn by a rollback is not tried again.
    """
    fallback = space.contract(unit.model).response.fallback
    last = _last_served(space, unit)
    found = [
        version
        for version in space.versions(unit.model)
        if version.version != live and not version.tags.get(QUARANTINE_TAG)
    ]

    def place(version: Version) -> tuple[int, int, int]:
        served = last.get(version.version)
        day = served.day.toordinal() if served else 0
        rank = Rank.UNSERVED
        if version.version == fallback:
            rank = Rank.FALLBACK
        elif served:
            rank = Rank.ENDED_IN_BREACH if served.in_breach else Rank.SERVED
        return rank, -day, -int(version.version)

    return sorted(found, key=place)


def _last_served(space: Workspace, unit: Unit) -> dict[str, ServedDay]:
    """Give the last day each version served."""
    return {
        one.version: one
        for one in served_days(space.database, unit, days=REMEMBERED_DAYS)
        if one.version
    }
