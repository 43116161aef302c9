"""Which registered versions are tried when the live one may have to be put away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from monitoring_tasks.domain.releases import ServedDay


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A registered version that may be held against the live one.

    Attributes:
        version: Version number, as text.
        trained_until: Last day of its training rows; None when it was not recorded.
        is_withdrawn: Whether a rollback put it away.
    """

    version: str
    trained_until: date | None = None
    is_withdrawn: bool = False

    def is_untouched(self, first: date) -> bool:
        """Whether its training ended before the first of the rows."""
        return self.trained_until is not None and self.trained_until < first

    def why_unfair(self, first: date) -> str:
        """Say why it may have been trained on rows from `first` on."""
        if self.trained_until is None:
            return (
                "its training window was not recorded, so it may have been trained on "
                "these rows"
            )
        return f"it was trained on rows up to {self.trained_until}, past {first}"


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
) -> list[Candidate]:
    """List the versions to try instead of the champion, most wanted first.

    A version that was withdrawn by a rollback is not tried again.

    Args:
        champion: The live version.
        registered: Every registered version.
        served_days: Days before, oldest first, and which version served each.
        fallback: The contract's fallback; None when it states none.
    """
    return most_wanted_first(
        [c for c in registered if c.version != champion and not c.is_withdrawn],
        served_days,
        fallback=fallback,
    )


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
