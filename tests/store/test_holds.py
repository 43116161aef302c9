from datetime import timedelta

import pytest

from monitoring_tasks.domain.holds import ALL_MODELS, Hold, HoldKind
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.holds import Holds
from monitoring_tasks.store.journal import Journal
from tests.builders import MODEL, NOW

STOP, LEGAL = HoldKind.KILL_SWITCH, HoldKind.LEGAL_HOLD
LATER = NOW + timedelta(days=400)


@pytest.fixture
def journal(database: Database) -> Journal:
    """A journal without a line."""
    return Journal(database)


@pytest.fixture
def holds(journal: Journal) -> Holds:
    """Nothing is held."""
    return Holds(journal)


def place(holds: Holds, model: str = MODEL, kind: HoldKind = STOP) -> Hold:
    """Lay a hold."""
    return holds.place(model, kind, reason="an audit", actor="jo", at=NOW)


def test_hold_is_what_was_placed_until_it_is_released(holds: Holds) -> None:
    """Who, why and when come back; nothing lapses by itself."""
    assert holds.active(MODEL) == ()
    hold = place(holds)
    assert holds.active(MODEL) == holds.everywhere() == (hold,)
    assert (hold.kind, hold.reason, hold.actor, hold.at) == (
        STOP,
        "an audit",
        "jo",
        NOW,
    )
    assert holds.release(hold.id, reason="over", actor="kim", at=LATER) == hold
    assert holds.active(MODEL) == ()


def test_hold_on_all_models_holds_each(holds: Holds) -> None:
    """One model's own holds no other."""
    mine, other, everyone = (place(holds, m) for m in (MODEL, "other", ALL_MODELS))
    assert holds.active(MODEL) == (mine, everyone)
    assert holds.active("other") == (other, everyone)
    assert holds.active("third") == (everyone,)
    assert holds.everywhere() == (mine, other, everyone)


def test_second_hold_stands_beside_the_first(holds: Holds) -> None:
    """Releasing one leaves the other: who placed it has to say so."""
    first, second = place(holds), place(holds, kind=LEGAL)
    third = holds.place(MODEL, STOP, reason="a fire", actor="jo", at=NOW)
    holds.release(first.id, reason="over", actor="jo", at=LATER)
    assert holds.active(MODEL) == (second, third)


def test_same_hold_again_is_the_same(holds: Holds, journal: Journal) -> None:
    """A command that is run twice says it once."""
    assert place(holds) == place(holds)
    assert len(journal.lines()) == 1


@pytest.mark.parametrize("name", ["hold-none", "", "hold-"])
def test_releasing_what_is_not_placed_is_told(
    holds: Holds, journal: Journal, name: str
) -> None:
    """Nobody believes a hold is off because of a slip; nothing is written."""
    place(holds)
    with pytest.raises(LookupError, match=f"no active hold '{name}'"):
        holds.release(name, reason="-", actor="jo", at=LATER)
    assert len(journal.lines()) == 1


def test_hold_is_released_once_and_may_be_placed_again(holds: Holds) -> None:
    """The second time there is nothing to release."""
    hold = place(holds)
    holds.release(hold.id, reason="over", actor="jo", at=LATER)
    with pytest.raises(LookupError):
        holds.release(hold.id, reason="over", actor="jo", at=LATER)
    assert place(holds) == hold
    assert holds.active(MODEL) == (hold,)


def test_holds_are_lines_of_the_journal(holds: Holds, journal: Journal) -> None:
    """Whoever placed and released one is under the chain of digests."""
    hold = place(holds)
    holds.release(hold.id, reason="over", actor="kim", at=LATER)
    placed, released = journal.lines(MODEL)
    assert (placed.state, placed.actor, placed.reason) == (
        "hold",
        "jo",
        "an audit",
    )
    assert (released.state, released.actor, released.at) == (
        "hold_lifted",
        "kim",
        LATER,
    )
    assert journal.verify() is None
