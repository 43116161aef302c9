from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.list_pages import ListPage
from monitoring_tasks.domain.rollbacks import OPEN, TRANSITIONS, Rollback, RollbackState
from monitoring_tasks.errors import IllegalTransitionError, LeaseLostError
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.rollbacks import Rollbacks
from tests.builders import MODEL, NOW, make_guard, make_rollback

S = RollbackState
MOMENT = timedelta(microseconds=1)
WISH = make_rollback(mode=ResponseMode.APPROVE)


@pytest.fixture
def journal(database: Database) -> Journal:
    """A journal without a line."""
    return Journal(database)


@pytest.fixture
def rollbacks(database: Database, journal: Journal) -> Rollbacks:
    """No rollback yet."""
    return Rollbacks(database, journal)


def asked(rollbacks: Rollbacks) -> Rollback:
    """Bring a rollback to where a person is asked."""
    known = rollbacks.propose(WISH, {})
    for state in (S.GUARDED, S.AWAITING_APPROVAL):
        known = rollbacks.advance(known, state, at=NOW, fence=1)
    return known


def said(journal: Journal) -> list[tuple[str, str]]:
    """Return what happened, and who did it."""
    return [(line.state, line.actor) for line in journal.lines(MODEL)]


def test_wish_is_written_once_with_what_it_rests_on(
    rollbacks: Rollbacks, journal: Journal
) -> None:
    """The first evidence stands, whatever comes under the same id."""
    evidence = {"rows": [1, None], "größe": "x"}
    rollback = make_rollback(
        incident="i", guards=(make_guard(skippable=True),), is_forced=True
    )
    assert rollbacks.propose(rollback, evidence) == rollback
    again = replace(rollback, reason="another", to_version="0")
    assert rollbacks.propose(again, {"other": 1}) == rollback
    assert rollbacks.get(rollback.id) == rollback
    assert rollbacks.evidence(rollback.id) == evidence
    (line,) = journal.lines(MODEL)
    assert (line.key, line.state, line.at) == (rollback.id, "proposed", NOW)
    assert line.evidence_digest == rollback.evidence_digest


def test_unknown_rollback_is_none(rollbacks: Rollbacks) -> None:
    """It has no evidence either."""
    assert rollbacks.get("no") is None
    assert rollbacks.evidence("no") == {}
    assert rollbacks.open_of(MODEL, "champion") is None


def test_only_one_rollback_of_an_alias_is_open(rollbacks: Rollbacks) -> None:
    """The database itself refuses a second; once it is over there is room."""
    first = rollbacks.propose(make_rollback(), {})
    second = make_rollback(id="second")
    with pytest.raises(LeaseLostError, match="another rollback of alias 'champion'"):
        rollbacks.propose(second, {})
    assert rollbacks.get("second") is None
    rollbacks.propose(make_rollback(id="shadow", alias="shadow"), {})
    rollbacks.propose(make_rollback(id="other", model="other"), {})
    rollbacks.advance(first, S.BLOCKED, at=NOW)
    assert rollbacks.propose(second, {}) == second
    assert rollbacks.open_of(MODEL, "champion") == second


def test_step_writes_row_and_line_together(
    rollbacks: Rollbacks, journal: Journal
) -> None:
    """What changes is in both; the reason is the step's, or the rollback's own."""
    known = rollbacks.propose(make_rollback(), {})
    guards = (make_guard(passed=False),)
    later = NOW + timedelta(hours=1)
    moved = rollbacks.advance(known, S.GUARDED, at=later, guards=guards, fence=7)
    assert rollbacks.get(known.id) == moved
    assert (moved.state, moved.guards, moved.fence) == (S.GUARDED, guards, 7)
    rollbacks.advance(moved, S.BLOCKED, at=later, text="refused", fence=7)
    _, second, third = journal.lines(MODEL)
    assert (second.at, second.fence, second.reason) == (
        later,
        7,
        known.reason,
    )
    assert second.guards[0]["passed"] is False
    assert third.reason == "refused"


def test_step_the_state_machine_does_not_know_is_refused(
    rollbacks: Rollbacks, journal: Journal
) -> None:
    """Nothing is written."""
    known = rollbacks.propose(make_rollback(), {})
    for state in set(S) - TRANSITIONS[S.PROPOSED]:
        with pytest.raises(IllegalTransitionError):
            rollbacks.advance(known, state, at=NOW)
    assert said(journal) == [("proposed", "daywatch")]


def test_step_from_a_state_it_is_not_in_any_more_is_refused(
    rollbacks: Rollbacks, journal: Journal
) -> None:
    """Two read it, one is first; the other changes neither row nor journal."""
    known = rollbacks.propose(make_rollback(), {})
    rollbacks.advance(known, S.GUARDED, at=NOW, fence=1)
    with pytest.raises(LeaseLostError, match="taken on by another process"):
        rollbacks.advance(known, S.BLOCKED, at=NOW, fence=1)
    assert [state for state, _ in said(journal)] == ["proposed", "guarded"]


@pytest.mark.parametrize(
    ("fence", "goes"), [(4, False), (5, True), (6, True), (None, True)]
)
def test_step_under_an_earlier_lease_is_refused(
    rollbacks: Rollbacks, fence: int | None, *, goes: bool
) -> None:
    """Whoever slept past its lease is found out by its token."""
    known = rollbacks.propose(make_rollback(), {})
    known = rollbacks.advance(known, S.GUARDED, at=NOW, fence=5)
    parts: dict[str, Any] = {} if fence is None else {"fence": fence}
    if goes:
        done = rollbacks.advance(known, S.APPROVED, at=NOW, **parts)
        assert done.state is S.APPROVED
        return
    with pytest.raises(LeaseLostError):
        rollbacks.advance(known, S.APPROVED, at=NOW, **parts)
    assert rollbacks.get(known.id) == known


@pytest.mark.parametrize(
    ("approve", "state"), [(True, S.APPROVED), (False, S.REJECTED)]
)
def test_answer_is_taken_in_the_persons_name(
    rollbacks: Rollbacks, journal: Journal, *, approve: bool, state: RollbackState
) -> None:
    """Who, when and why are in the journal."""
    known = asked(rollbacks)
    answered = rollbacks.answer(
        known.id, approve=approve, actor="kim", at=NOW, text="looked at it"
    )
    assert (answered.state, answered.approver) == (state, "kim")
    assert rollbacks.get(known.id) == answered
    assert said(journal)[-1] == (state.value, "kim")
    assert journal.lines(MODEL)[-1].reason == "looked at it"


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_second_answer_changes_nothing_and_gets_the_first(
    rollbacks: Rollbacks, journal: Journal, *, first: bool, second: bool
) -> None:
    """Whoever comes first settles it."""
    key = asked(rollbacks).id
    one = rollbacks.answer(key, approve=first, actor="kim", at=NOW, text="-")
    lines = said(journal)
    two = rollbacks.answer(key, approve=second, actor="jo", at=NOW, text="-")
    assert (two, two.approver, said(journal)) == (one, "kim", lines)


@pytest.mark.parametrize("approve", [True, False])
@pytest.mark.parametrize(
    ("at", "late"),
    [
        pytest.param(WISH.expires_at - MOMENT, False, id="just in time"),
        pytest.param(WISH.expires_at, True, id="just too late"),
        pytest.param(NOW + timedelta(days=9), True, id="days too late"),
        pytest.param(NOW, False, id="at once"),
        pytest.param(NOW - MOMENT, True, id="clock went back"),
    ],
)
def test_late_answer_lets_the_question_expire(
    rollbacks: Rollbacks, journal: Journal, *, approve: bool, at: datetime, late: bool
) -> None:
    """It is told, approves nothing, rejects nothing, and is nobody's word for it."""
    key = asked(rollbacks).id
    done = rollbacks.answer(key, approve=approve, actor="kim", at=at, text="yes!")
    if not late:
        assert done.state is (S.APPROVED if approve else S.REJECTED)
        return
    assert (done.state, done.approver) == (S.EXPIRED, None)
    assert journal.lines(MODEL)[-1].reason == "answered too late by kim: yes!"


def test_timeout_after_an_answer_does_not_count(rollbacks: Rollbacks) -> None:
    """The clock read the question before the click; the click was first."""
    read = asked(rollbacks)
    rollbacks.answer(read.id, approve=True, actor="kim", at=NOW, text="-")
    with pytest.raises(LeaseLostError):
        rollbacks.advance(read, S.EXPIRED, at=NOW + timedelta(days=2), fence=1)
    known = rollbacks.get(read.id)
    assert known is not None
    assert known.state is S.APPROVED


def test_answer_after_a_timeout_does_not_count(rollbacks: Rollbacks) -> None:
    """Even one whose clock says it was in time."""
    read = asked(rollbacks)
    rollbacks.advance(read, S.EXPIRED, at=NOW, fence=1)
    done = rollbacks.answer(read.id, approve=True, actor="kim", at=NOW, text="-")
    assert (done.state, done.approver) == (S.EXPIRED, None)


@pytest.mark.parametrize("state", [S.GUARDED, S.BLOCKED])
def test_rollback_nobody_is_asked_about_cannot_be_answered(
    rollbacks: Rollbacks, state: RollbackState
) -> None:
    """Approving in advance is no approval."""
    known = rollbacks.propose(make_rollback(), {})
    known = rollbacks.advance(known, state, at=NOW)
    done = rollbacks.answer(known.id, approve=True, actor="kim", at=NOW, text="-")
    assert done == known
    with pytest.raises(LookupError, match="no rollback 'no'"):
        rollbacks.answer("no", approve=True, actor="kim", at=NOW, text="-")


def test_rollbacks_are_listed_oldest_first(rollbacks: Rollbacks) -> None:
    """Of a model, or all there are."""
    later = NOW + timedelta(days=1)
    parts: list[tuple[str, str]] = [("b", "m"), ("a", "m"), ("c", "n")]
    for number, (key, model) in enumerate(parts):
        known = make_rollback(id=key, model=model, proposed_at=later - number * MOMENT)
        known = rollbacks.propose(known, {})
        rollbacks.advance(known, S.BLOCKED, at=NOW)
    assert [one.id for one in rollbacks.find()] == ["c", "a", "b"]
    assert [one.id for one in rollbacks.find("m")] == ["a", "b"]


@pytest.mark.parametrize("state", S)
def test_unfinished_is_what_is_open_or_moved_and_not_told(
    rollbacks: Rollbacks, state: RollbackState
) -> None:
    """Daywatch has yet to do something about it."""
    rollbacks.propose(make_rollback(state=state), {})
    found = rollbacks.unfinished(MODEL, "champion")
    assert bool(found) is (state in OPEN | {S.APPLIED})
    assert (rollbacks.open_of(MODEL, "champion") is not None) is (state in OPEN)
    assert rollbacks.unfinished(MODEL, "shadow") == []


def test_evidence_is_never_changed_by_a_step(rollbacks: Rollbacks) -> None:
    """It is what was known when it was asked."""
    known = rollbacks.propose(make_rollback(), {"a": 1})
    rollbacks.advance(known, S.GUARDED, at=NOW, evidence_digest="f" * 64)
    assert rollbacks.evidence(known.id) == {"a": 1}


def test_rollbacks_around_a_model_are_its_own_and_those_that_matter_now(
    rollbacks: Rollbacks,
) -> None:
    """Of others: what is open, and what was asked for or carried out lately."""
    old, day = NOW - timedelta(days=9), timedelta(days=1)
    settled = (S.GUARDED, S.BLOCKED)
    for number, (model, at, states) in enumerate(
        [
            (MODEL, old, settled),
            ("old", old, settled),
            ("open", old, (S.GUARDED,)),
            ("lately", NOW, settled),
        ]
    ):
        known = rollbacks.propose(
            make_rollback(id=f"rollback-{number}", model=model, proposed_at=at), {}
        )
        for state in states:
            known = rollbacks.advance(known, state, at=at, fence=1)
    pages = [rollbacks.find(page=ListPage(rows=3, number=n)) for n in (2, 1)]
    assert pages[0] + pages[1] == rollbacks.find()
    assert [len(page) for page in pages] == [1, 3]
    around = [rollback.model for rollback in rollbacks.around(MODEL, NOW - day)]
    assert around == [MODEL, "open", "lately"]
