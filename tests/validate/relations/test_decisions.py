"""Decisions that do not follow from their scores, and scores that are too alike."""

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.validate.reference_gate import check_batch
from monitoring_tasks.validate.relations.decisions import count_outputs, learn_decisions
from tests.validate import loans
from tests.validate.loans import Change, summary_of

SCORE, PREDICTION = loans.COLUMNS.scores[0], loans.COLUMNS.prediction


def decided(threshold: float) -> Change:
    """Decide by another threshold."""
    return lambda rows: rows.assign(
        **{PREDICTION: (rows[SCORE] >= threshold).astype("int64")}
    )


def dealt(rows: pd.DataFrame) -> pd.DataFrame:
    """Deal the decisions out anew."""
    order = np.random.default_rng(2).permutation(len(rows))
    return rows.assign(**{PREDICTION: rows[PREDICTION].to_numpy()[order]})


def failed(change: Change | None) -> list[tuple[str, str, str]]:
    """Return what is said of a day's outputs against the reference alone."""
    checks = check_batch(summary_of(change), loans.baseline(), loans.contract())
    return [(c.name, c.column, c.severity) for c in checks if c.status == "failed"]


def test_threshold_is_learnt() -> None:
    """The inner ends lie on it, the outer ones are open."""
    low, high = learn_decisions(loans.reference_table(), loans.contract())
    assert (low.decision, low.low, high.decision, high.high) == ("0", None, "1", None)
    assert low.high == pytest.approx(0.4, abs=0.01)
    assert high.low == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        pytest.param(decided(0.5), "warning", id="threshold higher"),
        pytest.param(decided(0.3), "warning", id="threshold lower"),
        pytest.param(dealt, "warning", id="dealt anew"),
        pytest.param(
            lambda rows: rows.assign(**{PREDICTION: 1 - rows[PREDICTION]}),
            "warning",
            id="turned round",
        ),
    ],
)
def test_decisions_that_scores_do_not_have_are_told(
    change: Change, severity: str
) -> None:
    """Whatever the shares of the decisions are."""
    assert ("decisions_follow_from_scores", PREDICTION, severity) in failed(change)


def test_scores_may_drift_beyond_all_that_were_seen() -> None:
    """Larger scores with the decision of large scores are no fault of the decision."""
    rows = loans.rows_of(loans.TODAY).assign(**{SCORE: 5.0, PREDICTION: 1})
    counted = count_outputs(
        loans.table_of(rows), loans.contract(), loans.baseline().relations.decisions
    )
    assert counted[f"decision/{PREDICTION}"] == (0, loans.ROWS)


def test_rounded_scores_are_told() -> None:
    """Two digits of what had many: most rows have the score of another one."""

    def rounded(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(**{SCORE: rows[SCORE].round(2)})

    assert ("scores_are_as_fine_as_usual", SCORE, "warning") in failed(rounded)
    assert failed(None) == []


def test_null_outputs_are_not_asked() -> None:
    """A null is none, of a score or of a decision."""
    rows = loans.rows_of(loans.TODAY, 10).astype({PREDICTION: "Int64"})
    rows.loc[:1, SCORE] = np.nan
    rows.loc[2:3, PREDICTION] = pd.NA
    counted = count_outputs(
        loans.table_of(rows), loans.contract(), loans.baseline().relations.decisions
    )
    assert counted == {f"coarse/{SCORE}": (0, 8), f"decision/{PREDICTION}": (0, 6)}
