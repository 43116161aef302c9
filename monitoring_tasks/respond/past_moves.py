"""Alias moves of before and at the same time, as a move's guards see them. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from monitoring_tasks.domain.rollbacks import IN_DOUBT, Rollback, RollbackState
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.respond.guard_facts import PastMoves

S = RollbackState
ABOUT_TO_WRITE = IN_DOUBT | {S.LOCKED, S.EVIDENCE_CAPTURED}
"""States in which the target is tried once more before the alias moves."""


def past_moves(
    rollback: Rollback,
    rollbacks: Sequence[Rollback],
    *,
    today: date,
    timezone: str,
    fleet_most: int,
) -> PastMoves:
    """Return the moves of before; `valid_days` is left for whoever reads the days.

    Args:
        rollback: The move that is considered; it does not count itself.
        rollbacks: Those of every model.
        today: The model's own calendar day.
        timezone: The model's, an IANA name.
        fleet_most: How many models may be moved unasked a day, >= 1.
    """
    others = [other for other in rollbacks if other.id != rollback.id]
    alias = (rollback.model, rollback.alias)
    of_alias = [other for other in others if (other.model, other.alias) == alias]
    moved = [other for other in of_alias if other.applied_at]
    return PastMoves(
        last_at=_last(moved),
        last_automatic_at=_last([r for r in moved if not _was_asked(r)]),
        others=tuple(r.id for r in of_alias if _is_in_the_way(r, rollback)),
        fleet_today=len(_moved_today(rollback, others, today, timezone)),
        fleet_most=fleet_most,
    )


def _last(moved: Sequence[Rollback]) -> datetime | None:
    return max((r.applied_at for r in moved if r.applied_at), default=None)


def _moved_today(
    rollback: Rollback, others: Sequence[Rollback], today: date, timezone: str
) -> set[str]:
    """Return the models that were moved unasked today, or are about to be."""
    unasked = [other for other in others if not _was_asked(other)]
    models = {
        r.model
        for r in unasked
        if r.applied_at and day_of(r.applied_at, timezone) == today
    }
    # Others about to be written count as well: several at once must see each other.
    return models | {
        r.model
        for r in unasked
        if r.state in ABOUT_TO_WRITE
        and r.model != rollback.model
        and day_of(r.proposed_at, timezone) == today
    }


def _is_in_the_way(other: Rollback, rollback: Rollback) -> bool:
    """Whether another rollback is under way, or still verifies what serves now."""
    verifies = other.state is S.VERIFYING and other.to_version == rollback.from_version
    return other.is_open or verifies


def _was_asked(rollback: Rollback) -> bool:
    return rollback.is_manual or rollback.approver is not None
