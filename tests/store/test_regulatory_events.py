from pathlib import Path

import sqlalchemy as sa

from monitoring_tasks.domain.regulatory_events import EventKind, RegulatoryEvent
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal_heads import JournalHeads
from monitoring_tasks.store.regulatory_events import RegulatoryEvents
from monitoring_tasks.store.schema import RegulatoryEventRow
from tests.builders import NOW


def written(database: Database, heads: Path) -> RegulatoryEvents:
    """Put two events on the records of two incidents, one after the other."""
    events = RegulatoryEvents(database, JournalHeads(heads))
    for incident in ("i", "j", "i"):
        events.append(
            RegulatoryEvent(
                incident=incident,
                kind=EventKind.MEASURE,
                at=NOW,
                actor="kim",
                reason="use was suspended",
                detail={"text": "größe"},
            )
        )
    return events


def test_events_come_back_as_they_were_written(
    database: Database, tmp_path: Path
) -> None:
    """One chain over all incidents; of one incident its own, oldest first."""
    events = written(database, tmp_path / "heads")
    assert [event.number for event in events.events("i")] == [1, 3]
    assert events.events("j")[0].detail == {"text": "größe"}
    assert events.events()[0].kind is EventKind.MEASURE
    assert events.verify() is None


def test_changed_event_is_found(database: Database, tmp_path: Path) -> None:
    """Whoever writes to the table itself breaks the chain."""
    events = written(database, tmp_path / "heads")
    changed = sa.update(RegulatoryEventRow).where(RegulatoryEventRow.number == 2)
    with database.transaction() as connection:
        connection.execute(changed.values(reason="nothing was done"))
    assert events.verify() == "line 2 was changed after it was written"


def test_events_cut_off_at_the_end_are_found(
    database: Database, tmp_path: Path
) -> None:
    """The chain holds without them; their digests are kept outside of the store."""
    events = written(database, tmp_path / "heads")
    with database.transaction() as connection:
        connection.execute(
            sa.delete(RegulatoryEventRow).where(RegulatoryEventRow.number == 3)
        )
    assert events.verify() == "events 3 of the workspace's regulatory.heads are gone"
