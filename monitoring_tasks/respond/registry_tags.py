"""What Daywatch did, in the words it writes where users of the registry look. Pure."""

from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.version_tags import HEAD_TAG, QUARANTINE_TAG, TAG

LONGEST_REASON = 500
"""Characters of a reason; the journal has the whole of it."""


def tags_of_move(rollback: Rollback, *, journal_head: str) -> dict[str, dict[str, str]]:
    """Return by version the tags that tell of a move.

    The version that was withdrawn is marked, so that it is not put back by itself;
    the head of the journal is kept beside, so that a journal cut short is found out.

    Args:
        rollback: One that moved the alias.
        journal_head: Digest of the journal's last line.
    """
    at = rollback.applied_at or rollback.proposed_at
    moved = f"{rollback.from_version}->{rollback.to_version} {at.isoformat()}"
    reason = rollback.reason[:LONGEST_REASON]
    return {
        rollback.from_version: {
            f"{TAG}rolled_back": moved,
            f"{TAG}reason": reason,
            QUARANTINE_TAG: f"{rollback.id}: {reason}"[:LONGEST_REASON],
        },
        rollback.to_version: {
            f"{TAG}put_back": moved,
            # What serves again is withdrawn no more.
            QUARANTINE_TAG: "",
            HEAD_TAG: journal_head,
        },
    }


def description_of_move(rollback: Rollback) -> str:
    """Return the line that is added to the description of both versions."""
    at = rollback.applied_at or rollback.proposed_at
    return (
        f"{at:%Y-%m-%d %H:%M} UTC, {rollback.id}: alias '{rollback.alias}' moved "
        f"from version {rollback.from_version} to {rollback.to_version}: "
        f"{rollback.reason[:LONGEST_REASON]}"
    )
