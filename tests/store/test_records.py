"""What is a type in the flow and JSON in the store comes back as it was."""

import json
from typing import Any

import pytest

from monitoring_tasks.domain.delivery_problem import NO_PROBLEM, DeliveryProblem
from monitoring_tasks.domain.findings import Check, DataVerdict, Verdict
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts, OtherDays
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.records import label_json
from monitoring_tasks.store.results import Results
from tests.builders import make_unit

CHECK = Check(gate="keys", name="ids", status="failed", severity="critical",
              failing_ids=("a", "b"))  # fmt: skip
FIT = DataVerdict(verdict=Verdict.OK, reason="all held")
UNREADABLE = LabelVerdict(usable=False, verdict=Verdict.ERROR, reason="cut off")
CHECKED = LabelVerdict(usable=True, verdict=Verdict.WARN, reason="odd", failed=(CHECK,))
COUNTS = LabelCounts(rows=9, joined=8, arrived={0: 5, 10: 3})


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(NO_PROBLEM, id="none"),
        pytest.param(DeliveryProblem(error="NoDataError", text="no file"), id="gone"),
        pytest.param(
            DeliveryProblem(
                other_days=OtherDays(rows=1, delivered=9, text="1 of 9"), labels="down"
            ),
            id="other days, labels",
        ),
    ],
)
def test_problem_is_read_back_as_it_was(
    database: Database, problem: DeliveryProblem
) -> None:
    """What is empty has no key, so that a sound delivery has no JSON at all."""
    results, unit = Results(database), make_unit()
    results.start(unit, predictions=None, labels=None, problem=problem)
    assert results.evaluation(unit).problem == problem
    assert all(problem.to_json().values())


@pytest.mark.parametrize(
    ("verdict", "counts", "keys"),
    [
        pytest.param(None, None, set(), id="nothing known"),
        pytest.param(
            UNREADABLE, None, {"usable", "verdict", "reason"}, id="unreadable"
        ),
        pytest.param(
            CHECKED, None, {"usable", "verdict", "reason", "failed"}, id="checked"
        ),
        pytest.param(
            CHECKED,
            COUNTS,
            {"usable", "verdict", "reason", "failed", *LabelCounts.__slots__},
            id="joined",
        ),
    ],
)
def test_labels_are_one_object_in_json_and_read_back_as_they_were(
    database: Database,
    verdict: LabelVerdict | None,
    counts: LabelCounts | None,
    keys: set[str],
) -> None:
    """Verdict and counts stand side by side under `label_counts`."""
    results, unit = Results(database), make_unit()
    results.start(unit, predictions=None, labels=None, problem=None)
    results.save_data_verdict(unit, FIT, labels=verdict, label_counts=counts)
    evaluation = results.evaluation(unit)
    assert (evaluation.label_verdict, evaluation.label_counts) == (verdict, counts)
    plain: dict[str, Any] | None = label_json(verdict, counts)
    assert set(plain or ()) == keys
    assert json.loads(json.dumps(plain)) == plain
