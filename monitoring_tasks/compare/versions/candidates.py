"""Which registered versions are tried when the live one may have to be put away."""

from collections.abc import Collection, Iterable
from enum import IntEnum

from monitoring_tasks.domain.candidates import Candidate
from monitoring_tasks.domain.releases import ServedDay

REMEMBERED_DAYS = 400
"""How far back a version is remembered to have served."""


class Rank(IntEnum):
    """Which kind of version is tried first; evidence chooses among those tried."""

    FALLBACK = 0
    SERVED = 1
    UNSERVED = 2
    ENDED_IN_BREACH = 3


def candidates_for(
    champion: str,
    registered: Iterable[Candidate],
    served_days: Iterable[ServedDay],
    *,
    fallback: str | None,
    replaced: str | None = None,
) -> list[Candidate]:
    """List the versions to try instead of the champion, most wanted first.

    A version that was withdrawn by a rollback is not tried again.

    Args:
        champion: The live version.
        registered: Every registered version.
        served_days: Days before, oldest first, and which version served each.
        fallback: The contract's fallback; None when it states none.
        replaced: What a release that is watched replaced, which comes first: it is
            measured as the others are. None where none is watched.
    """
    wanted = most_wanted_first(
        [c for c in registered if c.version != champion and not c.is_withdrawn],
        served_days,
        fallback=fallback,
    )
    return sorted(wanted, key=lambda c: c.version != replaced)


def most_wanted_first(
    candidates: Iterable[Candidate],
    served_days: Iterable[ServedDay],
    *,
    fallback: str | None,
) -> list[Candidate]:
    """Order the versions to try; evidence chooses among them.

    Versions that served and were not in breach on the last day they did, latest
    first; then those that never served here, newest first; then those that ended in
    breach. The contract's fallback comes before all of them, so that it is never
    crowded out.

    Args:
        candidates: Registered versions but the live one.
        served_days: Days before, oldest first, and which version served each.
        fallback: The contract's fallback; None when it states none.
    """
    # Oldest first: the last day of a version wins.
    last_served = {served.version: served for served in served_days if served.version}

    def rank_of(candidate: Candidate) -> tuple[int, int, int]:
        served = last_served.get(candidate.version)
        day = served.day.toordinal() if served else 0
        # Above a version that ended in breach: that one is known to be bad.
        rank = Rank.UNSERVED
        if candidate.version == fallback:
            rank = Rank.FALLBACK
        elif served:
            rank = Rank.ENDED_IN_BREACH if served.in_breach else Rank.SERVED
        return rank, -day, -int(candidate.version)

    return sorted(candidates, key=rank_of)


def likely_scorers(
    version: str,
    registered: Iterable[Candidate],
    served_days: Iterable[ServedDay],
    *,
    stated: Collection[str],
) -> list[str]:
    """List the versions that may have scored rows instead of the one they state.

    Those that other rows of the day state, then those that served, latest first, then
    the newest; withdrawn ones as well, for a job may go on with one.

    Args:
        version: The version the rows state.
        registered: Every registered version.
        served_days: Days before, oldest first, and which version served each.
        stated: Versions that rows of the day state.
    """
    last_served = {served.version: served.day.toordinal() for served in served_days}
    return sorted(
        (c.version for c in registered if c.version != version),
        key=lambda v: (v not in stated, -last_served.get(v, 0), -int(v)),
    )
