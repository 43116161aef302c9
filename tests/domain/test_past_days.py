from dataclasses import asdict

import pytest

from monitoring_tasks.domain.findings import Check, Verdict
from monitoring_tasks.domain.past_days import past_day
from tests.builders import make_decision, make_evaluation


@pytest.mark.parametrize("is_new", [True, False])
def test_day_that_looks_damaged_is_remembered_as_such(*, is_new: bool) -> None:
    """By what is new about its rows."""
    nulls = Check(
        gate="reference",
        name="no_more_nulls",
        status="failed",
        severity="warning",
        column="amount",
        is_new=is_new,
    )
    decided = make_evaluation(check_rows=[asdict(nulls)], decision=make_decision())
    assert past_day(decided).corrupted == ({nulls.about} if is_new else set())


def test_day_that_was_not_decided_has_no_data() -> None:
    """Nothing is known of it, and that is not `ok`."""
    past = past_day(make_evaluation(decision=None, version=None))
    assert (past.verdict, past.performance) == (Verdict.NO_DATA, Verdict.NO_DATA)
    assert (past.version, past.confirmed, past.has_rows) == ("", False, False)
