"""What a step hands on is what the store would give back."""

from pathlib import Path

import pytest

from monitoring_tasks.domain.delivery_problem import NO_PROBLEM
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import make_finding, make_measurement, make_unit


@pytest.mark.parametrize("is_another_task", [False, True], ids=["same", "another"])
def test_numbers_of_a_day_are_those_of_the_store_after_each_step(
    tmp_path: Path, *, is_another_task: bool
) -> None:
    """Those nobody judged stay, whether the same task measured them or one before."""
    measured = [make_measurement(), make_measurement(metric="f1")]
    with open_workspace(tmp_path) as workspace:
        day = Day(workspace, make_unit())
        day.record.start(predictions=None, labels=None, problem=NO_PROBLEM)
        day.record.save_measurements(
            measured, version="2", rows=100, label_counts=LabelCounts()
        )
        assert list(day.numbers) == workspace.results.numbers(day.unit)
        if is_another_task:
            day = Day(workspace, make_unit())
        day.record.save_findings([make_finding(Verdict.OK)], [])
        assert list(day.numbers) == workspace.results.numbers(day.unit)
        assert len(day.numbers) == len(measured)
