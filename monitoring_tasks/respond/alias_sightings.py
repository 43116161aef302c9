"""Where the alias stands, written down whenever that is news. Pure.

Daywatch is not the only one who moves an alias: releases do. What it finds moved is
journalled, so that "who was champion on day D" has an answer for every day since the
first sighting. A move there and back between two sightings leaves no trace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitoring_tasks.domain.journal import OUTSIDE, SEEN, JournalLine, Line
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where an alias was seen.

    Attributes:
        model: Registered model name.
        alias: The alias.
        version: The version it stands at; empty when it is not set.
        at: When.
        fence: Token of the lease it was read under.
    """

    model: str
    alias: str
    version: str
    at: datetime
    fence: int


def line_of_sighting(sighting: Sighting, last: JournalLine | None) -> Line | None:
    """Return the journal line of a sighting; None when it is no news.

    An alias that is not set, and never was, is no news.

    Args:
        sighting: What was seen now.
        last: The latest line that says where the alias stood; None without one.
    """
    before = last.to_version if last else ""
    if before == sighting.version:
        return None
    where = f"version {sighting.version}" if sighting.version else "no version"
    reason = f"first look: alias '{sighting.alias}' at {where}"
    detail = {}
    if last is not None:
        reason = f"alias '{sighting.alias}' found at {where}; not moved by Daywatch"
        detail = {"moved_after": last.at.isoformat(timespec="seconds")}
    return Line(
        key=f"{sighting.model}@{sighting.alias}",
        state=SEEN if last is None else OUTSIDE,
        at=sighting.at,
        model=sighting.model,
        alias=sighting.alias,
        from_version=before,
        to_version=sighting.version,
        reason=reason,
        actor=OUTSIDE,
        fence=sighting.fence,
        detail=detail,
    )


def overtaken(rollbacks: Sequence[Rollback], sighting: Sighting) -> list[Rollback]:
    """Return what was being verified and does not serve any more.

    Args:
        rollbacks: Those of the model.
        sighting: Where the alias stands now.
    """
    return [
        rollback
        for rollback in rollbacks
        if rollback.state is RollbackState.VERIFYING
        and rollback.alias == sighting.alias
        and rollback.to_version != sighting.version
    ]


def overtaken_text(rollback: Rollback, sighting: Sighting) -> str:
    """Return why a verification ends unfinished.

    Args:
        rollback: One of `overtaken`.
        sighting: Where the alias stands now.
    """
    return (
        f"alias '{sighting.alias}' was moved on to version "
        f"{sighting.version or 'none'} before version {rollback.to_version} was "
        "verified"
    )
