"""Labels without a prediction: which side is to blame, by the counts alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import LABEL_GATE, Check, Verdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.orphans import BELONG, OrphanFault, orphans_of
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.units import Mode
from tests.builders import DAY, NOW, make_evaluation, make_unit

LOST, WRONG = OrphanFault.PREDICTIONS_LOST, OrphanFault.IDS_WRONG


def met(ago: int, *, orphans: int, joined: int, missing: int) -> Evaluation:
    """Return a day of which labels and predictions met like this."""
    counts = LabelCounts(
        rows=orphans + joined, joined=joined, missing=missing, orphans=orphans
    )
    since = timedelta(days=ago)
    unit = make_unit(day=DAY - since, as_of=NOW - since)
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


def cut(lost: float, labelled: float, *, are_ids_wrong: bool = False) -> Evaluation:
    """Return a day of 4,000 rows with 95 % of the labels it will get, or fewer."""
    fits = round(4000 * (1 - lost) * labelled)
    stray = round(4000 * lost * labelled) + round(fits * 0.01)
    predictions = 4000 if are_ids_wrong else round(4000 * (1 - lost))
    return met(0, orphans=stray, joined=fits, missing=predictions - fits)


FINISHED = [
    replace(day, unit=replace(day.unit, as_of=NOW))
    for day in [
        met(n, orphans=38, joined=3800 + n, missing=200 - n) for n in range(9, 0, -1)
    ]
]
"""Days whose labels had come one after another, and are all there."""


@pytest.mark.parametrize("labelled", [0.95, 0.905, 0.88, 0.86, 0.82, 0.78, 0.5])
@pytest.mark.parametrize("is_early_known", [True, False])
def test_labels_to_come_are_no_wrong_ids(
    labelled: float, *, is_early_known: bool
) -> None:
    """A tenth of the predictions was lost, and as many labels are still to come."""
    early = {day.day: labelled + 0.001 * (n % 3) for n, day in enumerate(FINISHED)}
    today = cut(0.1, labelled)
    found = orphans_of(today, FINISHED, lambda: early if is_early_known else {})
    assert found is not None
    assert found.is_same_age is is_early_known
    assert found.fault is (LOST if is_early_known or labelled >= 0.905 else None)
    wrong = cut(0.1, labelled, are_ids_wrong=True)
    found = orphans_of(wrong, FINISHED, lambda: early if is_early_known else {})
    assert found is not None
    assert found.fault is (WRONG if is_early_known else None)


def test_backfilled_day_tells_a_live_one_nothing_of_its_age() -> None:
    """It has labels that came later than it says; beside another one it is alike."""
    filled = [
        replace(day, unit=replace(day.unit, mode=Mode.BACKFILL)) for day in COMPLETE
    ]
    live = met(0, orphans=197, joined=373, missing=197)
    also_filled = replace(live, unit=replace(live.unit, mode=Mode.BACKFILL))
    faults = [
        found.fault
        for day in (live, also_filled)
        if (found := orphans_of(day, filled)) is not None
    ]
    assert faults == [None, WRONG]


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
