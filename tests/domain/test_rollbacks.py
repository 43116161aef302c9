from itertools import pairwise, product

import pytest

from monitoring_tasks.domain.rollbacks import (
    BEFORE_WRITE,
    DONE,
    IN_DOUBT,
    OPEN,
    TRANSITIONS,
    RollbackState,
    refusals,
    require_step,
    skipped,
)
from monitoring_tasks.errors import IllegalTransitionError
from tests.builders import make_guard, make_rollback

S = RollbackState
ENDS = {
    *(S.BLOCKED, S.DRY_RUN_RECORDED, S.REJECTED, S.EXPIRED, S.FAILED, S.SUPERSEDED),
    *(S.VERIFIED, S.REGRESSED),
}


def reachable(first: RollbackState) -> set[RollbackState]:
    """Return every state that can follow, at once or later."""
    seen: set[RollbackState] = set()
    ahead = {first}
    while ahead:
        seen |= ahead
        ahead = {after for state in ahead for after in TRANSITIONS[state]} - seen
    return seen - {first}


def test_every_state_is_reached_from_a_wish() -> None:
    """None is there for nothing, and none is unknown to the table."""
    assert reachable(S.PROPOSED) | {S.PROPOSED} == set(S) == set(TRANSITIONS)


def test_ends_are_ends_and_every_other_state_comes_to_one() -> None:
    """Nothing waits for ever; a state never comes again."""
    assert {state for state in S if not TRANSITIONS[state]} == ENDS
    assert all(reachable(state) & ENDS for state in set(S) - ENDS)
    assert not any(
        state in reachable(after) for state in S for after in reachable(state)
    )


@pytest.mark.parametrize(("current", "target"), list(product(S, S)))
def test_steps_are_those_of_the_table(
    current: RollbackState, target: RollbackState
) -> None:
    """The whole grid: what is not in the table is refused, by name."""
    if target in TRANSITIONS[current]:
        require_step(current, target)
        return
    with pytest.raises(IllegalTransitionError, match=f"is {current} .* {target};"):
        require_step(current, target)


def test_alias_is_written_only_after_guards_lock_and_evidence() -> None:
    """There is one way to a move, and every step of it is taken."""
    way = [S.GUARDED, S.APPROVED, S.LOCKED, S.EVIDENCE_CAPTURED, S.EXECUTING]
    before = {after: {s for s in S if after in TRANSITIONS[s]} for after in S}
    assert before[S.APPLIED] == IN_DOUBT
    assert before[S.INDETERMINATE] == {S.EXECUTING}
    assert before[S.APPROVED] == {S.GUARDED, S.AWAITING_APPROVAL}
    for previous, state in pairwise(way[1:]):
        assert before[state] == {previous}


def test_what_may_have_touched_the_registry_is_not_called_untouched() -> None:
    """After the write began, nobody rejects, blocks or lets it expire."""
    untouched = {S.BLOCKED, S.EXPIRED, S.REJECTED, S.DRY_RUN_RECORDED}
    assert all(not TRANSITIONS[state] & untouched for state in IN_DOUBT | DONE)


def test_groups_of_states_do_not_overlap_and_leave_only_ends() -> None:
    """Not written, maybe written, written; what is neither is over."""
    assert not BEFORE_WRITE & IN_DOUBT
    assert not OPEN & DONE
    assert set(S) - OPEN - DONE == ENDS - {S.VERIFIED, S.REGRESSED}


@pytest.mark.parametrize("state", S)
def test_rollback_is_open_until_the_alias_moved_or_it_is_over(
    state: RollbackState,
) -> None:
    """The store lets one of an alias be open."""
    assert make_rollback(state=state).is_open is (state in OPEN)


def test_rollback_is_by_hand_unless_daywatch_asked() -> None:
    """Whoever asks is named."""
    assert not make_rollback().is_manual
    assert make_rollback(actor="kim").is_manual


def test_refusals_are_the_guards_that_did_not_hold() -> None:
    """Every guard that failed is told, in order."""
    bad, good = make_guard("a", passed=False), make_guard("b")
    assert refusals([bad, good, bad]) == [bad, bad]


def test_refusals_are_none_when_all_guards_hold() -> None:
    """Nothing stands in the way when every guard holds."""
    assert refusals([make_guard()]) == []


@pytest.mark.parametrize("forced", [True, False])
def test_refusals_of_no_guards_at_all_are_a_bug(*, forced: bool) -> None:
    """An empty list of guards holds nothing."""
    with pytest.raises(ValueError, match="without guards"):
        refusals([], forced=forced)


def test_forcing_skips_what_may_be_skipped() -> None:
    """The others stand in the way of everybody; what is skipped is named."""
    hard = make_guard("hard", passed=False)
    soft = make_guard("soft", passed=False, skippable=True)
    held = make_guard("held", skippable=True)
    assert refusals([soft, hard, held], forced=True) == [hard]
    assert refusals([soft, hard, held]) == [soft, hard]
    assert skipped([soft, hard, held]) == ["soft"]
