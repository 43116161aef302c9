"""Whether an alias move was right: only where both kinds of evidence agree."""

import pytest

from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.learn.postmortem.regret import judge_move
from tests.builders import DAY, make_comparison, make_rollback


@pytest.mark.parametrize(
    ("lower", "upper", "since", "judgement"),
    [
        (0.05, 0.15, 0.7, "right"),
        (-0.15, -0.05, 0.5, "wrong"),
        (0.05, 0.15, 0.5, "unknown"),
        (-0.05, 0.15, 0.7, "unknown"),
    ],
)
def test_same_rows_and_days_since_have_to_agree(
    lower: float, upper: float, since: float, judgement: str
) -> None:
    """The version withdrawn had 0.6; chance on either side leaves it open."""
    judged = judge_move(
        make_rollback(state=RollbackState.VERIFYING),
        "roc_auc",
        comparison=make_comparison(lower=lower, upper=upper),
        withdrawn=[(DAY, 0.6)],
        put_back=[(DAY, since)],
    )
    assert judged.judgement == judgement
    assert judged.regret == pytest.approx(0.6 - since)


@pytest.mark.parametrize("state", [RollbackState.VERIFYING, RollbackState.BLOCKED])
def test_nothing_is_called_right_before_labels_or_without_a_move(
    state: RollbackState,
) -> None:
    """No evidence is no praise."""
    judged = judge_move(
        make_rollback(state=state),
        "roc_auc",
        comparison=make_comparison(),
        withdrawn=[(DAY, 0.6)],
        put_back=[],
    )
    assert (judged.judgement, judged.regret) == ("unknown", None)
