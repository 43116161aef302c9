import pytest

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.errors import AliasInDoubtError, LeaseHeldError, LeaseLostError
from tests.builders import MODEL, NOW, make_rollback
from tests.respond.bench import ALIAS, DOWN, ID, LATE, WHOLE_WAY, Bench

S = RollbackState


def test_alias_is_moved_once_and_read_back(bench: Bench) -> None:
    """Every step is on disk, under a fencing token, and others are told."""
    done = bench.execute()
    assert (done.state, done.applied_at, done.fence) == (S.VERIFYING, NOW, 1)
    assert (bench.registry.version, bench.registry.writes) == ("1", 1)
    assert (bench.states(), bench.told) == (WHOLE_WAY, [ID])
    assert bench.rollbacks.get(ID) == done
    assert bench.rollbacks.evidence(ID) == {"why": 1}
    assert bench.journal.verify() is None


def test_same_wish_again_changes_nothing(bench: Bench) -> None:
    """A task that is retried, even under another lease, writes nothing more."""
    first = bench.execute()
    bench.failing = ("anything",)
    for _ in range(3):
        assert bench.execute(now=LATE) == first
    assert (bench.registry.writes, bench.states(), bench.told) == (1, WHOLE_WAY, [ID])


def test_alias_that_was_moved_on_is_not_pulled_back_by_an_old_wish(
    bench: Bench,
) -> None:
    """A rollback that was granted is granted; what people did since stands."""
    bench.execute()
    bench.registry.version = "3"
    assert bench.execute().state is S.VERIFYING
    assert (bench.registry.version, bench.registry.writes) == ("3", 1)


def test_alias_is_not_touched_while_another_process_holds_it(bench: Bench) -> None:
    """Two processes never move the same alias at once; other aliases are free."""
    shadow = make_rollback(id="shadow", alias="shadow")
    with bench.leases.hold(ALIAS, holder="two"):
        with pytest.raises(LeaseHeldError, match="two"):
            bench.execute()
        assert bench.states() == []
        assert bench.execute(shadow).state is S.VERIFYING
    assert bench.registry.writes == 1


@pytest.mark.parametrize("state", [S.LOCKED, S.EXECUTING])
def test_process_that_slept_past_its_lease_writes_nothing(
    bench: Bench, state: RollbackState
) -> None:
    """While it asked its guards, another process took the alias over."""
    if state is S.EXECUTING:
        bench.killed(11)

    def sleep(rollback: Rollback) -> None:
        if rollback.state is state:
            with bench.database.transaction() as connection:
                bench.leases._next_token(connection, ALIAS)

    bench.after_check = sleep
    with pytest.raises(LeaseLostError, match="passed to another process"):
        bench.execute()
    assert bench.registry.writes == 0


def test_lease_is_given_back_when_a_move_fails(bench: Bench) -> None:
    """A fault does not lock the alias for two minutes."""
    bench.registry.before_write = DOWN
    for holder in ("one", "two"):
        with pytest.raises(AliasInDoubtError):
            bench.execute(holder=holder)


def test_refusal_names_every_guard_and_is_journaled_once(bench: Bench) -> None:
    """Asking daily fills no journal; a new rollback asks again."""
    bench.failing = ("same_signature", "cool_down")
    for _ in range(3):
        assert bench.execute().state is S.BLOCKED
    assert bench.last() == (
        "refused: same_signature: this, needed that; cool_down: this, needed that"
    )
    assert (bench.states(), bench.registry.writes) == (
        ["proposed", "guarded", "blocked"],
        0,
    )
    bench.failing = ()
    assert bench.execute().state is S.BLOCKED
    assert bench.execute(make_rollback(id="new")).state is S.VERIFYING


@pytest.mark.parametrize(
    ("failing", "state"),
    [
        (("alias_unchanged",), S.SUPERSEDED),
        (("decision_fresh",), S.EXPIRED),
        (("decision_fresh", "cool_down"), S.BLOCKED),
        (("may_act",), S.AWAITING_APPROVAL),
        (("no_legal_hold",), S.AWAITING_APPROVAL),
        (("groups_measured",), S.AWAITING_APPROVAL),
        (("groups_measured", "target_fair"), S.BLOCKED),
        (("may_act", "no_legal_hold"), S.AWAITING_APPROVAL),
        (("may_act", "no_kill_switch"), S.BLOCKED),
    ],
)
def test_state_says_which_guards_failed(
    bench: Bench, failing: tuple[str, ...], state: RollbackState
) -> None:
    """Only what a person's approval makes hold is asked of a person."""
    bench.failing = failing
    assert bench.execute().state is state
    assert bench.registry.writes == 0


@pytest.mark.parametrize("mode", [ResponseMode.OBSERVE, ResponseMode.DRY_RUN])
def test_lower_levels_record_what_they_would_have_done(
    bench: Bench, mode: ResponseMode
) -> None:
    """Nobody is asked; the record is what autonomy is earned by."""
    done = bench.execute(make_rollback(mode=mode))
    assert (done.state, bench.registry.writes) == (S.DRY_RUN_RECORDED, 0)
    assert bench.last() == "recorded only: may_act: this, needed that"
    assert bench.execute().state is S.DRY_RUN_RECORDED


def test_lower_levels_record_refusals_as_refusals(bench: Bench) -> None:
    """What would not have been done is not counted as a decision."""
    bench.failing = ("cool_down",)
    assert bench.execute(make_rollback(mode=ResponseMode.OBSERVE)).state is S.BLOCKED


@pytest.mark.parametrize(
    ("skippable", "forced", "state"),
    [
        (True, True, S.VERIFYING),
        (True, False, S.BLOCKED),
        (False, True, S.BLOCKED),
        (False, False, S.BLOCKED),
    ],
)
def test_person_may_skip_what_may_be_skipped_and_nothing_else(
    bench: Bench, *, skippable: bool, forced: bool, state: RollbackState
) -> None:
    """With --force alone, and loudly."""
    bench.failing, bench.skippable = ("breach_confirmed",), skippable
    assert bench.execute(make_rollback(actor="kim", is_forced=forced)).state is state
    details = [line.detail for line in bench.journal.lines(MODEL)]
    assert {detail.get("forced", False) for detail in details} == {forced}
    skipped = ["breach_confirmed"] if forced and skippable else []
    assert details[-1].get("skipped", []) == skipped


def test_move_without_any_guard_is_a_bug(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No guard at all is never all guards."""
    monkeypatch.setattr(bench, "check", lambda _: ())
    with pytest.raises(ValueError, match="without guards"):
        bench.execute()
    assert bench.registry.writes == 0
