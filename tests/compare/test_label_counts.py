"""How labels met predictions, beside the days before."""

from datetime import timedelta

import pytest

from monitoring_tasks.compare.label_counts import stray_labels, unusual_counts
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.partitions import LabelCounts
from tests.builders import DAY, NOW, make_evaluation, make_unit


def met(ago: int, **counts: int) -> Evaluation:
    """Return a day on which 1,000 labels came."""
    known = {"rows": 1000, "joined": 1000} | counts
    return make_evaluation(
        unit=make_unit(day=DAY - timedelta(days=ago), as_of=NOW - timedelta(days=ago)),
        label_counts=LabelCounts(**known),
    )


@pytest.mark.parametrize(
    ("usual", "today", "expected"),
    [
        pytest.param({}, {"orphans": 20}, [], id="a few"),
        pytest.param(
            {},
            {"orphans": 200},
            [("labels_belong_to_predictions", "warning")],
            id="a fifth",
        ),
        pytest.param(
            {},
            {"orphans": 1000, "joined": 0},
            [("labels_belong_to_predictions", "critical")],
            id="none fits",
        ),
        pytest.param(
            {"orphans": 900}, {"orphans": 920}, [], id="a source of many days"
        ),
        pytest.param(
            {},
            {"conflicts": 300},
            [("labels_do_not_contradict", "critical")],
            id="contradict",
        ),
    ],
)
def test_labels_fail_that_cannot_be_used_as_on_no_day_before(
    usual: dict[str, int], today: dict[str, int], expected: list[tuple[str, str]]
) -> None:
    """Held against the share of the days before, whatever that is."""
    before = [met(ago, **usual) for ago in (3, 2, 1)]
    found = list(unusual_counts(met(0, **today), before, Policy()))
    assert [(check.name, check.severity) for check in found] == expected
    assert all(check.is_new for check in found)


def test_one_bad_day_does_not_teach_the_norm_and_none_before_says_nothing() -> None:
    """Three days with labels are needed; the largest share of them counts."""
    today = met(0, orphans=400)
    assert list(unusual_counts(today, [met(2), met(1)], Policy())) == []


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        pytest.param(0, "predictions were lost", id="those that came have labels"),
        pytest.param(300, "are ids of the labels wrong?", id="as many lack one"),
        pytest.param(900, "(0.0% is usual)", id="labels are to come"),
    ],
)
def test_labels_without_predictions_are_said_to_be_whose_fault(
    missing: int, says: str
) -> None:
    """By how many of the predictions that came have a label."""
    before = [met(ago) for ago in (3, 2, 1)]
    today = met(0, orphans=300, joined=700, missing=missing)
    (check,) = unusual_counts(today, before, Policy())
    assert check.observed.endswith(says)


def test_early_day_is_held_against_what_others_had_as_early() -> None:
    """Three tenths of the labels are to come; no id is wrong."""
    before = [met(ago) for ago in (3, 2, 1)]
    today = met(0, rows=700, orphans=210, joined=490, missing=210)
    early = {e.day: 0.7 for e in before}
    (check,) = unusual_counts(today, before, Policy(), lambda: early)
    assert check.observed.endswith("as ever: predictions were lost")


def test_stray_labels_are_told_of_where_none_fits_or_more_than_usual() -> None:
    """Whoever reads it need not wait for labels that have come."""
    none_fits = LabelCounts(rows=3026, orphans=3026)
    assert stray_labels(none_fits, ()) == "3,026 labels have ids of no prediction"
    of_many_days = LabelCounts(rows=3026, orphans=2000, joined=1026)
    assert stray_labels(of_many_days, ()) == ""
