"""Rollbacks and the journal in a store that lets many write at once."""

import threading

import pytest

from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.errors import LeaseLostError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.rollbacks import Rollbacks
from tests.builders import MODEL, NOW, make_guard, make_rollback

NASTY = "größe 'x' \"y\""


def test_rollback_and_journal(database: Database) -> None:
    """They come back as they were; lines keep their order, and the chain holds."""
    journal = Journal(database)
    rollbacks = Rollbacks(database, journal)
    rollback = make_rollback(reason=NASTY, guards=(make_guard(),))
    known = rollbacks.propose(rollback, {NASTY: [None, 0.1]})
    known = rollbacks.advance(known, RollbackState.GUARDED, at=NOW, fence=1)
    assert rollbacks.get(rollback.id) == known
    assert rollbacks.evidence(rollback.id) == {NASTY: [None, 0.1]}
    assert [line.state for line in journal.lines(MODEL)] == ["proposed", "guarded"]
    with pytest.raises(LeaseLostError, match="another rollback of alias"):
        rollbacks.propose(make_rollback(id="second"), {})
    assert journal.verify() is None


def test_lines_added_at_once_are_chained(database: Database) -> None:
    """Each hangs on another: the journal is written by one at a time."""
    journal = Journal(database)
    rollbacks = Rollbacks(database, journal)
    barrier = threading.Barrier(6)

    def write(number: int) -> None:
        barrier.wait()
        for alias in ("a", "b", "c"):
            rollback = make_rollback(
                id=f"{alias}{number}", model=f"{number}", alias=alias
            )
            rollbacks.propose(rollback, {})

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [line.number for line in journal.lines()] == list(range(1, 19))
    assert journal.verify() is None
