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


def lay(holds: Holds, model: str = MODEL, kind: HoldKind = STOP) -> Hold:
    """Lay a hold."""
    return holds.lay(model, kind, reason="an audit", actor="jo", at=NOW)


def test_hold_is_what_was_laid_until_it_is_lifted(holds: Holds) -> None:
    """Who, why and when come back; nothing lapses by itself."""
    assert holds.active(MODEL) == ()
    hold = lay(holds)
    assert holds.active(MODEL) == holds.everywhere() == (hold,)
    assert (hold.kind, hold.reason, hold.actor, hold.at) == (
        STOP,
        "an audit",
        "jo",
        NOW,
    )
    assert holds.lift(hold.id, reason="over", actor="kim", at=LATER) == hold
    assert holds.active(MODEL) == ()


def test_hold_on_all_models_holds_each(holds: Holds) -> None:
    """One model's own holds no other."""
    mine, other, everyone = (lay(holds, m) for m in (MODEL, "other", ALL_MODELS))
    assert holds.active(MODEL) == (mine, everyone)
    assert holds.active("other") == (other, everyone)
    assert holds.active("third") == (everyone,)
    assert holds.everywhere() == (mine, other, everyone)


def test_second_hold_stands_beside_the_first(holds: Holds) -> None:
    """Lifting one leaves the other: who laid it has to say so."""
    first, second = lay(holds), lay(holds, kind=LEGAL)
    third = holds.lay(MODEL, STOP, reason="a fire", actor="jo", at=NOW)
    holds.lift(first.id, reason="over", actor="jo", at=LATER)
    assert holds.active(MODEL) == (second, third)


def test_same_hold_again_is_the_same(holds: Holds, journal: Journal) -> None:
    """A command that is run twice says it once."""
    assert lay(holds) == lay(holds)
    assert len(journal.lines()) == 1


@pytest.mark.parametrize("name", ["hold-none", "", "hold-"])
def test_lifting_what_is_not_laid_is_told(
    holds: Holds, journal: Journal, name: str
) -> None:
    """Nobody believes a hold is off because of a slip; nothing is written."""
    lay(holds)
    with pytest.raises(LookupError, match=f"no active hold '{name}'"):
        holds.lift(name, reason="-", actor="jo", at=LATER)
    assert len(journal.lines()) == 1


def test_hold_is_lifted_once_and_may_be_laid_again(holds: Holds) -> None:
    """The second time there is nothing to lift."""
    hold = lay(holds)
    holds.lift(hold.id, reason="over", actor="jo", at=LATER)
    with pytest.raises(LookupError):
        holds.lift(hold.id, reason="over", actor="jo", at=LATER)
    assert lay(holds) == hold
    assert holds.active(MODEL) == (hold,)


def test_holds_are_lines_of_the_journal(holds: Holds, journal: Journal) -> None:
    """Whoever laid and lifted one is under the chain of digests."""
    hold = lay(holds)
    holds.lift(hold.id, reason="over", actor="kim", at=LATER)
    laid, lifted = journal.lines(MODEL)
    assert (laid["state"], laid["actor"], laid["reason"]) == ("hold", "jo", "an audit")
    assert (lifted["state"], lifted["actor"], lifted["at"]) == (
        "hold_lifted",
        "kim",
        LATER,
    )
    assert journal.verify() is None
