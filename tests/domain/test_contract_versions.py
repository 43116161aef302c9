from datetime import timedelta
from typing import Any

from monitoring_tasks.domain.contract_versions import (
    ABSENT,
    ContractVersion,
    contract_changes,
    in_force,
)
from tests.builders import DAY, NOW


def version(days: int, digest: str, **content: Any) -> ContractVersion:  # noqa: ANN401
    """Return a version seen so many days on."""
    return ContractVersion(
        model="m",
        seen_at=NOW + timedelta(days=days),
        day=DAY + timedelta(days=days),
        digest=digest,
        daywatch="0",
        content=content,
    )


STORY = [
    version(0, "a", policy={"min_rows": 100}, owners=["x"], classes=[]),
    version(1, "a", policy={"min_rows": 100}, owners=["x"], classes=[]),
    version(
        2, "b", policy={"min_rows": 50, "new": True}, owners=["x", "y"], classes=[]
    ),
    version(3, "a", policy={"min_rows": 100}, owners=["x"], classes=[]),
]


def test_changes_are_told_key_by_key() -> None:
    """Old and new value by key; a key that comes or goes; equal neighbours are none."""
    forth, back = contract_changes(STORY)
    assert [(c.key, c.before, c.after) for c in forth.changes] == [
        ("owners[1]", ABSENT, "y"),
        ("policy.min_rows", 100, 50),
        ("policy.new", ABSENT, True),
    ]
    assert (forth.after.seen_at, back.after.digest) == (STORY[2].seen_at, "a")
    assert [(c.before, c.after) for c in back.changes] == [
        (c.after, c.before) for c in forth.changes
    ]


def test_version_in_force_is_the_last_one_seen_by_then() -> None:
    """Before the first one nobody knows, and nothing is made up."""
    assert in_force(STORY, NOW - timedelta(seconds=1)) is None
    assert in_force(STORY, NOW + timedelta(days=2, hours=1)) == STORY[2]
    assert in_force([], NOW) is None
