from typing import Any

import pytest

from monitoring_tasks.domain.rollbacks import DONE, RollbackState
from monitoring_tasks.respond.sentences import forward, moved, outcome, refused
from tests.builders import DAY, make_comparison, make_guard, make_rollback

S = RollbackState
MOVED = "alias 'champion' moved from version 2 to 1"
BAD = (make_guard("cool_down", passed=False, skippable=True), make_guard())


def told(state: RollbackState, **parts: Any) -> str:  # noqa: ANN401 (parts of a rollback)
    """Say where a rollback stands."""
    return outcome(make_rollback(state=state, **parts))


@pytest.mark.parametrize("state", DONE)
def test_rollback_that_was_made_says_where_the_alias_went(state: RollbackState) -> None:
    """Whatever became of it since."""
    assert told(state, guards=BAD) == moved(make_rollback()) == MOVED


@pytest.mark.parametrize("state", [s for s in S if s not in DONE])
def test_rollback_that_was_not_made_never_says_it_was(state: RollbackState) -> None:
    """Every other state has a sentence of its own, with both versions or the reason."""
    for guards in ((make_guard(),), BAD):
        text = told(state, guards=guards, approver="kim")
        assert "moved from" not in text
        assert "version 2 to 1" in text or "nothing was moved" in text


def test_question_says_what_to_run_and_until_when() -> None:
    """At 3 a.m. nobody looks for a manual."""
    text = told(S.AWAITING_APPROVAL, guards=BAD)
    assert "`daywatch approve rollback-000000000001`" in text
    assert "`daywatch reject rollback-000000000001`" in text
    assert text.endswith("before 2013-09-04 10:00 UTC")


def test_rejection_names_who_rejected() -> None:
    """And nothing of guards."""
    text = told(S.REJECTED, approver="kim", guards=BAD)
    assert text == "kim rejected the rollback from version 2 to 1"


def test_refusal_names_each_guard_that_failed_and_no_other() -> None:
    """What was seen and what was needed; those a person skips do not stand in it."""
    assert refused([*BAD[:1], BAD[0]]) == (
        "cool_down: this, needed that; cool_down: this, needed that"
    )
    text = "nothing was moved: cool_down: this, needed that"
    assert told(S.BLOCKED, guards=BAD) == text
    assert told(S.BLOCKED, guards=BAD, is_forced=True) == (
        "the rollback from version 2 to 1 is blocked"
    )


def test_dry_run_says_what_it_would_have_done() -> None:
    """And why it did not."""
    assert told(S.DRY_RUN_RECORDED, guards=BAD) == (
        "would roll back from version 2 to 1; cool_down: this, needed that"
    )


@pytest.mark.parametrize(("version", "again"), [("2", " again"), ("3", "")])
def test_moving_on_is_proposed_with_figures_and_what_to_run(
    version: str, again: str
) -> None:
    """The version that was withdrawn is better again, another one just better."""
    better = make_comparison(version=version)
    text = forward(make_rollback(), better, day=DAY)
    assert f"version {version} is{again} better than version 1" in text
    assert "gain 0.100 [0.050, 0.150] on the same 900 rows" in text
    assert f"`daywatch rollback flights --to {version} " in text
