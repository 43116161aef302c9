import pytest

from monitoring_tasks.domain.rollbacks import Rollback, RollbackState
from monitoring_tasks.errors import (
    AliasInDoubtError,
    RegistryError,
    SourceUnavailableError,
)
from tests.respond.bench import DOWN, ID, LATE, WHOLE_WAY, Bench

S = RollbackState


def test_registry_that_is_down_before_the_write_leaves_it_in_doubt(
    bench: Bench,
) -> None:
    """No answer is no answer, whatever was done: only reading tells, next time."""
    bench.registry.before_write = DOWN
    for _ in range(2):
        with pytest.raises(AliasInDoubtError, match="not known whether alias"):
            bench.execute()
    assert bench.states()[-2:] == ["executing", "indeterminate"]
    assert bench.registry.version == "2"
    bench.registry.before_write = None
    assert bench.execute().state is S.VERIFYING
    assert bench.states()[-3:] == ["indeterminate", "applied", "verifying"]
    assert bench.registry.writes == 1


def test_no_answer_after_the_write_is_settled_by_reading(bench: Bench) -> None:
    """A time-out after it was applied: the doubt is on disk, then it is ended."""
    bench.registry.after_write = DOWN
    assert bench.execute().state is S.VERIFYING
    assert bench.states()[-4:] == ["executing", "indeterminate", "applied", "verifying"]
    assert bench.registry.writes == 1


def test_registry_that_dies_after_the_write_is_asked_again_next_time(
    bench: Bench,
) -> None:
    """It took the write and answers nothing more, then it is restarted."""
    bench.registry.after_write = DOWN
    bench.registry.looks = ["2", DOWN]
    with pytest.raises(AliasInDoubtError, match="no answer"):
        bench.execute()
    assert bench.states()[-1] == "indeterminate"
    bench.failing = ("anything",)
    assert bench.execute(now=LATE).state is S.VERIFYING
    assert bench.registry.writes == 1


def test_registry_that_cannot_be_read_after_the_write_is_a_doubt(bench: Bench) -> None:
    """The write was answered, the look after it was not."""
    bench.registry.looks = ["2", DOWN, DOWN]
    with pytest.raises(AliasInDoubtError):
        bench.execute()
    assert bench.states()[-1] == "indeterminate"
    assert bench.execute().state is S.VERIFYING
    assert bench.registry.writes == 1


def test_registry_that_cannot_be_read_is_tried_again(bench: Bench) -> None:
    """Before the write and while resuming: nothing is written blindly."""
    bench.registry.looks = [DOWN, DOWN]
    for _ in range(2):
        with pytest.raises(SourceUnavailableError):
            bench.execute()
    assert (bench.states()[-1], bench.registry.writes) == ("executing", 0)
    assert bench.execute().state is S.VERIFYING


def test_stale_look_after_the_write_is_looked_at_again(bench: Bench) -> None:
    """A replica shows what was before for a while."""
    bench.registry.looks = ["2", "2", "2"]
    assert bench.execute().state is S.VERIFYING
    assert (bench.states(), bench.registry.writes) == (WHOLE_WAY, 1)


def test_replica_that_stays_behind_is_a_doubt_and_no_failure(bench: Bench) -> None:
    """Written, and never seen: the next try reads it."""
    bench.registry.looks = ["2"] * 7
    with pytest.raises(AliasInDoubtError, match="written, and still read as version 2"):
        bench.execute()
    bench.failing = ("anything",)
    assert bench.execute().state is S.VERIFYING
    assert bench.registry.writes == 1


def test_stale_look_while_resuming_does_not_call_a_move_failed(bench: Bench) -> None:
    """Killed after the write, the replica behind, a guard failing by now: it moved."""
    bench.killed(13)
    bench.registry.looks = ["2", "2"]
    bench.failing = ("anything",)
    assert bench.execute().state is S.VERIFYING


def test_refused_write_is_a_failure(bench: Bench) -> None:
    """The registry answered: nothing was moved, and nothing is tried again."""
    bench.registry.before_write = RegistryError("version 1 is gone")
    for _ in range(2):
        assert bench.execute().state is S.FAILED
    assert bench.last() == "not moved: version 1 is gone"
    assert (bench.registry.version, bench.told) == ("2", [])


@pytest.mark.parametrize("elsewhere", ["3", "1", None])
def test_alias_moved_by_somebody_before_is_left_alone(
    bench: Bench, elsewhere: str | None
) -> None:
    """Before the guards are asked: they see it; even where it was wanted."""
    bench.registry.version = elsewhere
    done = bench.execute()
    assert (done.state, bench.states()) == (
        S.SUPERSEDED,
        ["proposed", "guarded", "superseded"],
    )
    assert (bench.registry.version, bench.registry.writes) == (elsewhere, 0)


@pytest.mark.parametrize("elsewhere", ["3", "1", None])
def test_alias_moved_by_somebody_right_before_the_write_is_left_alone(
    bench: Bench, elsewhere: str | None
) -> None:
    """After the guards held: the last look sees it, and nobody's move is ours."""

    def somebody_moves(rollback: Rollback) -> None:
        if rollback.state is S.LOCKED:
            bench.registry.version = elsewhere

    bench.after_check = somebody_moves
    done = bench.execute()
    assert (done.state, done.applied_at) == (S.SUPERSEDED, None)
    assert (bench.registry.version, bench.registry.writes) == (elsewhere, 0)
    assert bench.states()[-2:] == ["executing", "superseded"]
    assert f"stands at version {elsewhere or 'none'}" in bench.last()


def test_alias_moved_by_somebody_right_after_the_write_is_left_alone(
    bench: Bench,
) -> None:
    """What was written is not what is read back: somebody else is at work."""
    bench.registry.somebody_sets = "3"
    assert bench.execute().state is S.SUPERSEDED
    assert (bench.registry.version, bench.told) == ("3", [])
    assert bench.execute().state is S.SUPERSEDED
    assert bench.registry.writes == 1


def test_alias_moved_by_somebody_while_in_doubt_is_left_alone(bench: Bench) -> None:
    """Whoever moved it after a process died in the write has the last word."""
    bench.killed(13)
    bench.registry.version = "3"
    assert bench.execute().state is S.SUPERSEDED
    assert (bench.registry.version, bench.registry.writes) == ("3", 1)


def test_others_who_cannot_be_told_are_told_the_next_time(bench: Bench) -> None:
    """The alias moved and the tags did not: it is not forgotten, not moved twice."""

    def fail(_: Rollback) -> None:
        raise DOWN

    told, bench.mark_versions = bench.mark_versions, fail  # type: ignore[method-assign, assignment]
    with pytest.raises(SourceUnavailableError):
        bench.execute()
    assert bench.states()[-1] == "applied"
    bench.mark_versions = told  # type: ignore[method-assign]
    assert bench.execute(now=LATE).state is S.VERIFYING
    assert (bench.told, bench.registry.writes) == ([ID], 1)
