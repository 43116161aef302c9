from math import inf, nan

import pytest

from monitoring_tasks.compare.late_labels import judge_label_arrival
from monitoring_tasks.contract.labels import LabelPolicy
from monitoring_tasks.domain.findings import Kind, Measurement, Verdict


def shortfall(value: float | None, lower: float | None) -> Measurement:
    """Return by how much fewer labels there are than usual."""
    return Measurement(
        kind=Kind.LABELS,
        metric="label_coverage_shortfall",
        version="1",
        value=value,
        lower=lower,
        upper=value,
        rows=100,
    )


@pytest.mark.parametrize(
    ("value", "lower", "verdicts"),
    [
        pytest.param(0.3, 0.001, [Verdict.WARN], id="surely fewer"),
        pytest.param(0.3, 0.0, [Verdict.OK], id="perhaps fewer"),
        pytest.param(-0.1, -0.2, [Verdict.OK], id="more"),
        pytest.param(0.3, None, [Verdict.INCONCLUSIVE], id="no interval"),
        pytest.param(0.3, -inf, [Verdict.OK], id="perhaps far fewer"),
        pytest.param(0.3, nan, [Verdict.NO_DATA], id="lower end no number"),
        pytest.param(nan, 0.1, [Verdict.NO_DATA], id="no number"),
        pytest.param(-inf, -inf, [Verdict.NO_DATA], id="infinite"),
        pytest.param(None, None, [], id="nothing to compare with"),
    ],
)
def test_labels_that_stay_away_warn(
    value: float | None, lower: float | None, verdicts: list[Verdict]
) -> None:
    """Only a shortfall whose whole interval lies above 0 is worth a word."""
    found = judge_label_arrival([shortfall(value, lower)], LabelPolicy())
    assert [finding.verdict for finding in found] == verdicts
    assert all(finding.limit and finding.limit.advisory for finding in found)


def test_other_numbers_of_the_labels_are_not_judged() -> None:
    """What coverage is expected to become is told and held against nothing."""
    expected = Measurement(
        kind=Kind.LABELS, metric="label_coverage_expected", version="1", value=0.2
    )
    assert judge_label_arrival([expected], LabelPolicy()) == []


@pytest.mark.parametrize(
    ("days", "verdict"), [(0, Verdict.OK), (6, Verdict.OK), (7, Verdict.WARN)]
)
def test_labels_of_seven_days_may_not_stay_away(days: int, verdict: Verdict) -> None:
    """Whichever the day: it is about what stays away, day after day."""
    number = Measurement(
        kind=Kind.LABELS, metric="label_overdue_days", version="1", value=float(days)
    )
    (found,) = judge_label_arrival([number], LabelPolicy())
    assert (found.verdict, found.limit and found.limit.high) == (verdict, 6.0)
    assert str(days) in found.reason


def test_overdue_labels_are_told_by_what_the_contract_states() -> None:
    """Who reads it sees what they were held against."""
    number = Measurement(
        kind=Kind.LABELS, metric="label_overdue_days", version="1", value=7.0
    )
    (found,) = judge_label_arrival([number], LabelPolicy(delay_days=3))
    assert found.reason == (
        "the labels of the 7 latest days are missing, expected 3 days after the day "
        "(labels.delay_days)"
    )
