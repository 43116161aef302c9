"""When it is news where an alias stands, and what it ends."""

from dataclasses import replace

import pytest

from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.respond.alias_sightings import (
    Sighting,
    line_of_sighting,
    overtaken,
)
from tests.builders import MODEL, NOW, make_journal_line, make_rollback

AT_2 = make_journal_line(to_version="2")
SIGHTING = Sighting(model=MODEL, alias="champion", version="2", at=NOW, fence=1)


@pytest.mark.parametrize(
    ("last", "version", "state"),
    [
        (None, "2", "seen"),
        (None, "", None),
        (AT_2, "2", None),
        (AT_2, "3", "outside"),
        (AT_2, "", "outside"),
    ],
)
def test_only_news_is_a_line(
    last: JournalLine | None, version: str, state: str | None
) -> None:
    """First seen, or moved by somebody else; an alias that never was is no news."""
    line = line_of_sighting(replace(SIGHTING, version=version), last)
    assert (line.state if line else None) == state


def test_what_serves_still_is_not_overtaken() -> None:
    """Only what is being verified, of this alias, and stands elsewhere now, ends."""
    serving = make_rollback(state=RollbackState.VERIFYING, to_version="2")
    left = make_rollback(state=RollbackState.VERIFYING)
    others = [replace(left, alias="shadow"), replace(left, state="verified")]
    assert overtaken([serving, left, *others], SIGHTING) == [left]
