"""What moves of before, and at the same time, say to the guards of a move."""

from dataclasses import replace
from datetime import timedelta

from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.respond.guard_facts import PastMoves
from monitoring_tasks.respond.past_moves import past_moves
from tests.builders import NOW, make_rollback

S = RollbackState
ASKING = make_rollback(id="asking")
MOVED = make_rollback(id="moved", state=S.VERIFIED, applied_at=NOW)


def moves(*others: Rollback) -> PastMoves:
    """Return the moves of before, today, in UTC."""
    return past_moves(
        ASKING,
        [ASKING, *others],
        today=NOW.date(),
        timezone="UTC",
        fleet_most=3,
    )


def test_move_does_not_count_itself() -> None:
    """Alone there is nothing of before."""
    alone = moves()
    assert (alone.last_at, alone.others, alone.fleet_today) == (None, (), 0)


def test_what_a_person_asked_for_is_no_automatic_move() -> None:
    """It is the last move, and counts for no limit on unasked ones."""
    seen = moves(replace(MOVED, actor="kim"))
    assert (seen.last_at, seen.last_automatic_at, seen.fleet_today) == (NOW, None, 0)


def test_others_about_to_be_written_count_in_the_fleet() -> None:
    """Several at once see each other; one of yesterday is not today's."""
    locked = replace(MOVED, id="l", model="b", state=S.LOCKED, applied_at=None)
    yesterday = replace(MOVED, id="y", model="c", applied_at=NOW - timedelta(days=1))
    assert moves(MOVED, locked, yesterday).fleet_today == 2


def test_open_or_verifying_rollbacks_are_in_the_way() -> None:
    """One that verifies another version than the live one is not."""
    verifying = replace(MOVED, state=S.VERIFYING, to_version="2")
    other = replace(MOVED, id="other", state=S.VERIFYING, to_version="9")
    waiting = replace(ASKING, id="waiting", state=S.AWAITING_APPROVAL)
    assert moves(verifying, other, waiting).others == ("moved", "waiting")
