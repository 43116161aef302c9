from dataclasses import replace

import pytest

from monitoring_tasks.domain.rollbacks import DONE, RollbackState
from monitoring_tasks.errors import SourceUnavailableError
from tests.builders import make_rollback
from tests.respond.bench import DOWN, ID, Bench, answer, asked

S = RollbackState


NEWER = make_rollback(id="newer", to_version="0")


@pytest.mark.parametrize("sparks", range(2, 11))
def test_newer_decision_ends_what_was_stopped_before_the_write(
    bench: Bench, sparks: int
) -> None:
    """Whatever the older one was about to do is not done."""
    bench.killed(sparks)
    assert bench.execute(NEWER).state is S.VERIFYING
    assert bench.states()[-1] == "superseded"
    assert (bench.registry.version, bench.registry.writes) == ("0", 1)


def test_newer_decision_reads_before_it_calls_an_older_one_failed(
    bench: Bench,
) -> None:
    """Stopped right before the write: the alias stands where it stood."""
    bench.killed(12)
    assert bench.execute(NEWER).state is S.VERIFYING
    assert bench.states()[-2:] == ["executing", "failed"]
    (line,) = bench.journal.lines_in("failed")
    assert line.reason == "not written; newer decides on newer evidence"


@pytest.mark.parametrize("sparks", [13, 14, 15, 16, 17, 18])
def test_newer_decision_completes_an_older_one_that_moved_the_alias(
    bench: Bench, sparks: int
) -> None:
    """It is told and verified; the newer one finds the alias elsewhere."""
    bench.killed(sparks)
    assert bench.execute(NEWER).state is S.SUPERSEDED
    assert bench.states()[-2:] == ["applied", "verifying"]
    assert (bench.registry.version, set(bench.told)) == ("1", {ID})


def test_newer_decision_waits_while_an_older_one_cannot_be_read(bench: Bench) -> None:
    """What came of the older one is not guessed."""
    bench.killed(13)
    bench.registry.looks = [DOWN]
    with pytest.raises(SourceUnavailableError):
        bench.execute(NEWER)
    assert (bench.states()[-1], bench.states("newer")) == ("executing", [])


def test_older_decision_on_another_alias_is_not_touched(bench: Bench) -> None:
    """Each alias has its own."""
    asked(bench)
    shadow = replace(NEWER, alias="shadow")
    assert bench.execute(shadow).state in DONE
    assert bench.states()[-1] == "awaiting_approval"


def test_newer_decision_supersedes_a_question_nobody_answered(bench: Bench) -> None:
    """One rollback of an alias at a time, on the newest evidence."""
    asked(bench)
    assert bench.execute(NEWER).state is S.VERIFYING
    assert bench.states()[-1] == "superseded"
    assert bench.registry.version == "0"
    assert answer(bench).state is S.SUPERSEDED
