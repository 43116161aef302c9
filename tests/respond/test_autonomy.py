import pytest

from monitoring_tasks.contract.response import Autonomy, Response
from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.respond.autonomy import (
    Record,
    autonomy_level,
    has_earned,
    proposal,
)

M = ResponseMode
AUTO = Response(mode=M.AUTO)


def record(right: int, wrong: int = 0, **parts: object) -> Record:
    """Return what people said of decisions."""
    return Record(right=right, wrong=wrong, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", [mode for mode in M if mode is not M.AUTO])
def test_level_below_auto_is_as_the_contract_says(mode: ResponseMode) -> None:
    """However good the record: nothing is promoted by itself."""
    autonomy = autonomy_level(Response(mode=mode), record(99))
    assert (autonomy.mode, autonomy.why) == (mode, "as the contract says")


@pytest.mark.parametrize(
    ("known", "mode"),
    [
        pytest.param(record(0), M.APPROVE, id="nobody spoke"),
        pytest.param(record(19), M.APPROVE, id="one too few"),
        pytest.param(record(20), M.AUTO, id="just enough"),
        pytest.param(record(19, 1), M.AUTO, id="just right enough"),
        pytest.param(record(18, 2), M.APPROVE, id="wrong too often"),
        pytest.param(record(94, 6), M.APPROVE, id="many, and wrong too often"),
        pytest.param(record(95, 5), M.AUTO, id="many, and just right enough"),
        pytest.param(record(0, unanswered=99), M.APPROVE, id="silence is no yes"),
    ],
)
def test_auto_has_to_be_earned(known: Record, mode: ResponseMode) -> None:
    """20 decisions spoken of, 95 % of them right; until then a person approves."""
    autonomy = autonomy_level(AUTO, known)
    assert autonomy.mode is mode
    assert has_earned(AUTO, known) is (mode is M.AUTO)
    assert autonomy.why.startswith(
        "earned: " if mode is M.AUTO else "auto is not earned yet: "
    )


def test_owners_may_grant_auto_and_answer_for_it() -> None:
    """No decisions asked for is a grant; the contract shows it."""
    granted = Response(mode=M.AUTO, autonomy=Autonomy(decisions=0))
    autonomy = autonomy_level(granted, record(0, 9))
    assert (autonomy.mode, autonomy.why) == (M.AUTO, "granted by the contract")


@pytest.mark.parametrize(
    ("mode", "now"),
    [
        (M.AUTO, M.APPROVE),
        (M.APPROVE, M.APPROVE),
        (M.DRY_RUN, M.DRY_RUN),
        (M.OBSERVE, M.OBSERVE),
    ],
)
@pytest.mark.parametrize("decisions", [0, 20])
def test_what_was_taken_away_stays_away_whatever_was_granted(
    mode: ResponseMode, now: ResponseMode, decisions: int
) -> None:
    """A rollback that did harm ends auto at once; lower levels stay as they are."""
    response = Response(mode=mode, autonomy=Autonomy(decisions=decisions))
    autonomy = autonomy_level(response, record(99, demoted="version 1 did worse"))
    assert (autonomy.mode, autonomy.why) == (now, "lowered: version 1 did worse")


@pytest.mark.parametrize(
    ("mode", "known", "text"),
    [
        (M.OBSERVE, record(0), None),
        (M.OBSERVE, record(1), "response.mode: dry_run (1 of 1 decisions right)"),
        (M.OBSERVE, record(9, 1), None),
        (M.DRY_RUN, record(19, 1), "response.mode: approve (19 of 20 decisions right)"),
        (M.APPROVE, record(19), None),
        (
            M.APPROVE,
            record(20, regret=0.0123),
            "response.mode: auto (20 of 20 decisions right, mean regret +0.0123)",
        ),
        (M.APPROVE, record(18, 2), None),
        (M.APPROVE, record(99, demoted="-"), None),
        (M.AUTO, record(99), None),
    ],
)
def test_next_level_is_proposed_when_the_record_speaks_for_it(
    mode: ResponseMode, known: Record, text: str | None
) -> None:
    """One level at a time, for the owners to decide."""
    assert proposal(Response(mode=mode), known) == text


def test_agreement_is_unknown_before_anybody_spoke() -> None:
    """None of none is not all of them."""
    assert record(0, unanswered=5).agreement is None
    assert record(3, 1).agreement == 0.75
