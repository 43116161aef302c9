import pytest

from monitoring_tasks.domain.rollbacks import RollbackState
from tests.respond.bench import ID, LATE, WHOLE_WAY, Bench

S = RollbackState


SPARKS = 20
"""Two for each line of the whole way, the write and telling others."""


@pytest.mark.parametrize("sparks", range(SPARKS))
def test_process_killed_anywhere_is_made_good_by_the_next(
    bench: Bench, sparks: int
) -> None:
    """Between any two side effects: same end, one write, every step written once."""
    bench.killed(sparks)
    done = bench.execute(holder="two")
    assert (done.state, bench.registry.version) == (S.VERIFYING, "1")
    assert bench.registry.writes == 1
    assert bench.states() == WHOLE_WAY
    assert set(bench.told) == {ID}
    assert bench.journal.verify() is None


def test_every_side_effect_is_killed_at_once_in_the_test_above(bench: Bench) -> None:
    """The whole way takes just so many sparks."""
    bench.fuse.left = SPARKS
    assert bench.execute().state is S.VERIFYING
    assert bench.fuse.left == 0


@pytest.mark.parametrize("sparks", range(12))
def test_process_killed_before_the_write_does_nothing_once_a_guard_fails(
    bench: Bench, sparks: int
) -> None:
    """Somebody placed a kill switch meanwhile: it holds for what was begun before."""
    bench.killed(sparks)
    bench.failing = ("no_kill_switch",)
    done = bench.execute()
    assert (done.state, bench.registry.writes) == (
        S.FAILED if sparks == 11 else S.BLOCKED,
        0,
    )
    assert "no_kill_switch: this, needed that" in bench.last()


@pytest.mark.parametrize("sparks", range(1, 12))
def test_process_killed_before_the_write_does_nothing_when_it_is_too_late(
    bench: Bench, sparks: int
) -> None:
    """A decision is good for a day, wherever it was stopped."""
    bench.killed(sparks)
    done = bench.execute(now=LATE)
    assert bench.registry.writes == 0
    assert done.state is (S.FAILED if sparks == 11 else S.EXPIRED)


@pytest.mark.parametrize("sparks", [13, 14])
def test_write_nobody_saw_the_end_of_is_found_by_reading(
    bench: Bench, sparks: int
) -> None:
    """The alias moved: guards that fail by now do not matter, nothing is repeated."""
    bench.killed(sparks)
    assert (bench.states()[-1], bench.registry.version) == ("executing", "1")
    bench.failing = ("anything",)
    assert bench.execute(now=LATE).state is S.VERIFYING
    assert bench.registry.writes == 1
