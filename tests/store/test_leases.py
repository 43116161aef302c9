import os
import socket

import pytest
import sqlalchemy as sa

from monitoring_tasks.errors import LeaseHeldError, LeaseLostError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.leases import Leases
from monitoring_tasks.store.schema import LeaseRow

HOST = socket.gethostname()


@pytest.fixture
def leases(database: Database) -> Leases:
    """Leases nobody holds."""
    return Leases(database)


def holders(database: Database) -> list[str]:
    """Return who holds leases."""
    with database.transaction() as connection:
        return list(connection.scalars(sa.select(LeaseRow.holder)))


def test_lease_is_held_by_one(leases: Leases, database: Database) -> None:
    """A second holder is told who has it; other names are free."""
    with leases.hold("a", holder="one"):
        with (
            pytest.raises(LeaseHeldError, match=r"'a' is being worked on by one until"),
            leases.hold("a", holder="two"),
        ):
            pass
        with leases.hold("b", holder="two"):
            assert sorted(holders(database)) == ["one", "two"]
    assert holders(database) == []


def test_refused_holder_does_not_take_the_lease_away(
    leases: Leases, database: Database
) -> None:
    """Whoever was refused gives nothing back."""
    with leases.hold("a", holder="one"):
        with pytest.raises(LeaseHeldError), leases.hold("a", holder="two"):
            pass
        assert holders(database) == ["one"]


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_lease_is_given_back_when_the_work_fails(
    leases: Leases, database: Database, error: type[BaseException]
) -> None:
    """A fault locks nobody out, nor does a person who presses a key."""
    with pytest.raises(error), leases.hold("a", holder="one"):
        raise error
    assert holders(database) == []


def test_expired_lease_is_taken_over(leases: Leases, database: Database) -> None:
    """Who slept past its lease holds nothing, and takes nothing from its heir."""
    with leases.hold("b", holder="sleeper", seconds=-1):
        heir = leases.hold("b", holder="heir")
        heir.__enter__()
    assert holders(database) == ["heir"]
    heir.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("holder", "free"),
    [
        pytest.param(f"{HOST}:99999999:1", True, id="dead here"),
        pytest.param(f"{HOST}:{os.getpid()}:1", False, id="alive here"),
        pytest.param(f"{HOST}:1:1", False, id="alive, somebody else's"),
        pytest.param("elsewhere:99999999:1", False, id="on another machine"),
        pytest.param(f"{HOST}:what:1", False, id="no process id"),
        pytest.param(HOST, False, id="no process at all"),
    ],
)
def test_lease_of_the_dead_of_this_machine_is_free(
    leases: Leases, holder: str, *, free: bool
) -> None:
    """A killed step can be started again at once; nobody else is called dead."""
    leases._take("a", holder, 900)
    if free:
        with leases.hold("a", holder="two") as token:
            assert token == 2
        return
    with pytest.raises(LeaseHeldError), leases.hold("a", holder="two"):
        pass


def test_tokens_only_grow(leases: Leases) -> None:
    """By one for each lease of a name, whoever holds it and however it ended."""
    tokens = []
    for holder in ("one", "two", "one"):
        with leases.hold("a", holder=holder) as token:
            tokens.append(token)
            with leases.hold("b", holder=holder) as other:
                assert other == token
    assert tokens == [1, 2, 3]


def test_refused_holder_uses_no_token_up(leases: Leases) -> None:
    """The holder's own stays the latest."""
    with leases.hold("a", holder="one") as token:
        with pytest.raises(LeaseHeldError), leases.hold("a", holder="two"):
            pass
        leases.require("a", token)


def test_holder_whose_lease_passed_on_is_told(leases: Leases) -> None:
    """Before it writes to where tokens are not looked at."""
    with leases.hold("a", holder="sleeper", seconds=-1) as token:
        leases.require("a", token)
        with leases.hold("a", holder="heir") as later:
            leases.require("a", later)
            with pytest.raises(LeaseLostError, match="'a' has passed to another"):
                leases.require("a", token)
        with pytest.raises(LeaseLostError):
            leases.require("a", token)


@pytest.mark.parametrize("token", [0, 1, 2])
def test_token_that_was_never_given_out_is_worth_nothing(
    leases: Leases, token: int
) -> None:
    """Neither before the first lease nor ahead of the latest."""
    with pytest.raises(LeaseLostError):
        leases.require("a", token)
