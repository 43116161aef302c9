"""What Daywatch did, written where users of the registry look."""

from monitoring_tasks.domain.rollbacks import Rollback
from monitoring_tasks.domain.version_tags import HEAD_TAG, QUARANTINE_TAG, TAG
from monitoring_tasks.workspace.workspace import Workspace

LONGEST_REASON = 500


def mirror(space: Workspace, rollback: Rollback) -> None:
    """Tag and describe both versions; doing it again changes nothing.

    The version that was withdrawn is marked, so that it is not put back by itself;
    the head of the journal is kept beside, so that a journal cut short is found out.
    """
    at = rollback.applied_at or rollback.proposed_at
    moved = f"{rollback.from_version}->{rollback.to_version} {at.isoformat()}"
    reason = rollback.reason[:LONGEST_REASON]
    space.registry.tag_version(
        rollback.model,
        rollback.from_version,
        {
            f"{TAG}rolled_back": moved,
            f"{TAG}reason": reason,
            QUARANTINE_TAG: f"{rollback.id}: {reason}"[:LONGEST_REASON],
        },
    )
    space.registry.tag_version(
        rollback.model,
        rollback.to_version,
        {
            f"{TAG}put_back": moved,
            QUARANTINE_TAG: "",
            HEAD_TAG: space.journal.head(),
        },
    )
    text = f"{at:%Y-%m-%d %H:%M} UTC, {rollback.id}: alias '{rollback.alias}' moved "
    text += f"from version {rollback.from_version} to {rollback.to_version}: {reason}"
    for version in (rollback.from_version, rollback.to_version):
        space.registry.describe_version(rollback.model, version, text)
