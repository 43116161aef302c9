"""What came of a rollback, in words. Pure."""

from collections.abc import Sequence
from datetime import date

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.rollbacks import (
    DONE,
    Guard,
    Rollback,
    RollbackState,
    refusals,
)

S = RollbackState
UNANSWERED = "nobody answered in time; nothing was moved"
"""How a question ended that no person settled."""


def moved(rollback: Rollback) -> str:
    """Return where the alias went, in words."""
    return (
        f"alias '{rollback.alias}' moved from version {rollback.from_version} "
        f"to {rollback.to_version}"
    )


def refused(failed: Sequence[Guard]) -> str:
    """Return what stood in the way, in words."""
    return "; ".join(f"{g.name}: {g.seen}, needed {g.needed}" for g in failed)


def outcome(rollback: Rollback) -> str:
    """Return where a rollback stands, in words, and what a person can do about it."""
    there = f"from version {rollback.from_version} to {rollback.to_version}"
    if rollback.state in DONE:
        return moved(rollback)
    if rollback.state is S.AWAITING_APPROVAL:
        return (
            f"proposes to roll back {there}: answer with `daywatch approve "
            f"{rollback.id}` or `daywatch reject {rollback.id}` before "
            f"{rollback.expires_at:%Y-%m-%d %H:%M} UTC"
        )
    if rollback.state is S.REJECTED:
        return f"{rollback.approver} rejected the rollback {there}"
    failed = refusals(rollback.guards, forced=rollback.is_forced)
    if rollback.state is S.DRY_RUN_RECORDED:
        return f"would roll back {there}; {refused(failed)}"
    if failed:
        return f"nothing was moved: {refused(failed)}"
    return f"the rollback {there} is {rollback.state}"


def forward(rollback: Rollback, better: Comparison, *, day: date) -> str:
    """Return the proposal to move on from the version that was put back.

    Args:
        rollback: The move whose target serves now.
        better: The version that outdoes it, measured.
        day: The day it was measured on.
    """
    again = "again " if better.version == rollback.from_version else ""
    return (
        f"{day}: version {better.version} is {again}better than version "
        f"{rollback.to_version}, put back by {rollback.id}: {better.metric} gain "
        f"{better.gain:.3f} [{better.lower:.3f}, {better.upper:.3f}] on the same "
        f"{better.rows:,} rows. Once its cause is fixed, run `daywatch "
        f"rollback {rollback.model} --to {better.version} --reason ... --dry-run` to "
        "see what stands in the way"
    )
