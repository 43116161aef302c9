from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitoring_tasks.domain.rollbacks import MoveState
from monitoring_tasks.errors import LeaseHeldError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.schema import LeaseRow
from tests.builders import MODEL, NOW, make_guard, make_move

S = MoveState
KEY = make_move().key


@pytest.fixture
def journal(database: Database) -> Journal:
    """A journal without a line."""
    return Journal(database)


def leases(database: Database) -> list[str]:
    """Give who holds leases."""
    with database.transaction() as connection:
        return list(connection.scalars(sa.select(LeaseRow.holder)))


def test_every_step_is_a_line_of_its_own(journal: Journal) -> None:
    """Nothing is changed; the latest line says where a move stands."""
    assert (journal.state_of(KEY), journal.guards_of(KEY)) == (None, [])
    for state in (S.REFUSED, S.INTENT, S.APPLIED):
        journal.append(make_move(), state, at=NOW, guards=[make_guard()])
        assert journal.state_of(KEY) is state
    lines = journal.lines(MODEL)
    assert [line["state"] for line in lines] == ["refused", "intent", "applied"]
    assert journal.guards_of(KEY) == [make_guard()]
    assert lines[0]["guards"] == [
        {"name": "alias_unchanged", "passed": True, "seen": "this", "needed": "that"}
    ]
    assert (lines[0]["at"], lines[0]["actor"]) == (NOW, "daywatch")


def test_last_move_is_the_last_that_was_carried_out(journal: Journal) -> None:
    """Refused and other aliases' moves do not start a cool-down."""
    assert journal.last_applied(MODEL, "champion") is None
    later = NOW + timedelta(days=1)
    journal.append(make_move(), S.APPLIED, at=NOW, guards=[])
    journal.append(make_move(key="k2"), S.REFUSED, at=later, guards=[])
    journal.append(make_move(alias="shadow"), S.APPLIED, at=later, guards=[])
    journal.append(make_move(model="other"), S.APPLIED, at=later, guards=[])
    found = journal.last_applied(MODEL, "champion")
    assert found is not None
    assert (found["at"], found["key"]) == (NOW, KEY)


def test_lease_is_held_by_one(journal: Journal, database: Database) -> None:
    """A second holder is told who has it; other names are free."""
    with journal.lease("a", holder="one"):
        with (
            pytest.raises(LeaseHeldError, match=r"'a' is being worked on by one until"),
            journal.lease("a", holder="two"),
        ):
            pass
        with journal.lease("b", holder="two"):
            assert sorted(leases(database)) == ["one", "two"]
    assert leases(database) == []


def test_refused_holder_does_not_take_the_lease_away(
    journal: Journal, database: Database
) -> None:
    """Whoever was refused gives nothing back."""
    with journal.lease("a", holder="one"):
        with pytest.raises(LeaseHeldError), journal.lease("a", holder="two"):
            pass
        assert leases(database) == ["one"]


def test_lease_is_given_back_when_the_work_fails(
    journal: Journal, database: Database
) -> None:
    """A fault locks nobody out."""
    with pytest.raises(ZeroDivisionError), journal.lease("a", holder="one"):
        _ = 1 / 0
    assert leases(database) == []


def test_expired_lease_is_taken_over(journal: Journal, database: Database) -> None:
    """A process that died holds nothing for ever, and takes nothing from its heir."""
    with journal.lease("b", holder="dead", seconds=-1):
        heir = journal.lease("b", holder="heir")
        heir.__enter__()
    assert leases(database) == ["heir"]
    heir.__exit__(None, None, None)
