"""Labels without a prediction: which side is to blame, by the counts alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import LABEL_GATE, Check, Verdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.orphans import BELONG, OrphanFault, orphans_of
from monitoring_tasks.domain.partitions import LabelCounts
from tests.builders import DAY, make_evaluation, make_unit

LOST, WRONG = OrphanFault.PREDICTIONS_LOST, OrphanFault.IDS_WRONG


def met(ago: int, *, orphans: int, joined: int, missing: int) -> Evaluation:
    """Return a day of which labels and predictions met like this."""
    counts = LabelCounts(
        rows=orphans + joined, joined=joined, missing=missing, orphans=orphans
    )
    unit = make_unit(day=DAY - timedelta(days=ago))
    return make_evaluation(unit=unit, label_counts=counts)


COMPLETE = [met(ago, orphans=0, joined=570, missing=0) for ago in (4, 3, 2, 1)]
PARTLY = [met(n, orphans=3, joined=400 + n, missing=100 - n) for n in (4, 3, 2, 1)]
MANY_DAYS = [met(ago, orphans=5000, joined=250, missing=0) for ago in (4, 3, 2, 1)]


@pytest.mark.parametrize(
    ("before", "today", "fault"),
    [
        pytest.param(COMPLETE, (197, 373, 0), LOST, id="the batch was cut"),
        pytest.param(COMPLETE, (368, 164, 0), LOST, id="most of it was cut"),
        pytest.param(COMPLETE, (197, 373, 197), WRONG, id="a third has other ids"),
        pytest.param(COMPLETE, (570, 0, 570), WRONG, id="all have other ids"),
        pytest.param(COMPLETE, (60, 113, 457), None, id="more labels are to come"),
        pytest.param(PARTLY, (160, 242, 58), LOST, id="cut, four fifths labelled"),
        pytest.param(PARTLY, (160, 242, 258), WRONG, id="ids, four fifths labelled"),
        pytest.param(PARTLY, (12, 390, 110), None, id="too few orphans to tell"),
        pytest.param(MANY_DAYS, (5100, 150, 0), LOST, id="cut, labels of many days"),
        pytest.param(MANY_DAYS, (5100, 150, 100), WRONG, id="ids, of many days"),
        pytest.param(COMPLETE, (0, 570, 0), None, id="no orphans"),
        pytest.param(COMPLETE[:2], (197, 373, 0), None, id="too few days before"),
    ],
)
def test_coverage_of_the_predictions_that_came_tells_whose_fault_orphans_are(
    before: list[Evaluation], today: tuple[int, int, int], fault: OrphanFault | None
) -> None:
    """It is as ever where predictions were lost, and falls with the labels' ids."""
    stray, joined, missing = today
    found = orphans_of(met(0, orphans=stray, joined=joined, missing=missing), before)
    assert found is not None
    assert found.fault is fault
    assert found.are_lost_predictions is (fault is LOST)


def test_days_with_the_same_fault_do_not_teach_what_is_usual() -> None:
    """However long it lasts."""
    check = Check(
        gate=LABEL_GATE, name=BELONG, status="failed", severity="warning", is_new=True
    )
    verdict = LabelVerdict(
        usable=True, verdict=Verdict.WARN, reason="", failed=(check,)
    )
    faulty = [
        replace(met(ago, orphans=300, joined=270, missing=300), label_verdict=verdict)
        for ago in range(9, 0, -1)
    ]
    today = met(0, orphans=300, joined=270, missing=300)
    found = orphans_of(today, [*COMPLETE, *faulty])
    assert found is not None
    assert (found.usual, found.usual_coverage, found.fault) == (0.0, 1.0, WRONG)
    assert orphans_of(make_evaluation(), COMPLETE) is None
