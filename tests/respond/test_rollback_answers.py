from datetime import timedelta

import pytest

from monitoring_tasks.domain.rollbacks import RollbackState
from tests.builders import NOW
from tests.respond.bench import WHOLE_WAY, Bench, answer, asked

S = RollbackState


def test_approved_rollback_is_carried_out_in_the_approvers_name(bench: Bench) -> None:
    """Asked until a day later; asking again asks nobody twice."""
    rollback = asked(bench)
    assert bench.last() == "a person is asked until 2013-09-04 10:00 UTC"
    assert bench.execute(rollback).state is S.AWAITING_APPROVAL
    answer(bench)
    done = bench.execute(rollback)
    assert (done.state, done.approver) == (S.VERIFYING, "kim")
    assert bench.states() == [*WHOLE_WAY[:2], "awaiting_approval", *WHOLE_WAY[2:]]
    assert {line.actor for line in bench.journal.lines_in("applied")} == {"kim"}


def test_approval_does_not_skip_the_guards(bench: Bench) -> None:
    """They are asked again, on what is so by then."""
    rollback = asked(bench)
    answer(bench)
    bench.failing = ("evidence_unchanged",)
    assert bench.execute(rollback).state is S.BLOCKED
    assert bench.registry.writes == 0


def test_rejected_rollback_is_over(bench: Bench) -> None:
    """No is no."""
    rollback = asked(bench)
    answer(bench, approve=False)
    assert bench.execute(rollback).state is S.REJECTED
    assert bench.registry.writes == 0


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param(24, id="at the last instant"),
        pytest.param(-1, id="clock went back"),
    ],
)
def test_nobody_answered_means_no_rollback(bench: Bench, hours: int) -> None:
    """The time-out is the run that finds it too late; a later click changes nothing."""
    rollback, at = asked(bench), NOW + timedelta(hours=hours)
    assert bench.execute(rollback, now=at).state is S.EXPIRED
    assert answer(bench).state is S.EXPIRED
    assert bench.execute(rollback, now=NOW).state is S.EXPIRED
    assert bench.registry.writes == 0


def test_question_is_open_until_the_last_instant(bench: Bench) -> None:
    """One microsecond before it ends."""
    rollback = asked(bench)
    just_before = NOW + timedelta(hours=24) - timedelta(microseconds=1)
    assert bench.execute(rollback, now=just_before).state is S.AWAITING_APPROVAL
    answer(bench, at=just_before)
    assert bench.execute(rollback).state is S.VERIFYING
