"""Labels: whether they can be joined one to one and mean what was agreed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.rows.label_reading import ReadLabels
from monitoring_tasks.validate.gates.label_checks import check_labels

Suite = Callable[..., Path]
MEAN = "column_mean_to_be_between"


def labels(**replaced: Sequence[Any]) -> pa.Table:
    columns: dict[str, Any] = {
        "id": [f"r{i}" for i in range(10)],
        "label": [0, 1] * 5,
    } | replaced
    return pa.table(columns)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(labels(), (Verdict.OK,), id="good"),
        pytest.param(
            labels(label=[True, None] * 5), (Verdict.OK,), id="some are known"
        ),
        pytest.param(None, (Verdict.NO_DATA, ("presence", 0)), id="none"),
        pytest.param(
            labels().slice(0, 0), (Verdict.NO_DATA, ("presence", 0)), id="empty"
        ),
        pytest.param(
            labels(label=pa.nulls(10)), (Verdict.NO_DATA, ("presence", 0)), id="null"
        ),
        pytest.param(
            labels(id=["r1"] * 10), (Verdict.BREACH, ("keys", 10)), id="one id"
        ),
        pytest.param(
            labels(label=[0, 2] * 5), (Verdict.BREACH, ("values", 5)), id="class 2"
        ),
        pytest.param(
            labels().drop(["label"]), (Verdict.BREACH, ("schema", 0)), id="absent"
        ),
        pytest.param(
            labels(id=["r0", "r1", "r2", "r3", "q", *(f"r{i}" for i in range(5, 10))]),
            (Verdict.WARN, ("keys", 1)),
            id="no such prediction",
        ),
    ],
)
def test_labels_are_judged(
    contract: Contract, table: pa.Table | None, expected: tuple[object, ...]
) -> None:
    """Labels not there yet are no data; labels that cannot be joined are a breach."""
    known = pa.chunked_array([[f"r{i}" for i in range(12)]])
    read = ReadLabels(
        rows=table,
        newest=table,
        prediction_ids=known,
        kinds_differ=False,
        refused=0,
        remark="",
    )
    verdict = check_labels(table, contract, suite=None, read=read)
    found = [(c.gate, c.failing_rows) for c in verdict.checks if c.status == "failed"]
    assert (verdict.verdict, *found) == expected


def test_labels_obey_their_suite(contract: Contract, suite: Suite) -> None:
    """The suite of labels runs after the gates, on the columns of labels."""
    path = suite(
        (MEAN, {"column": "label", "max_value": 0.2}, "warning"), name="labels.json"
    )
    verdict = check_labels(labels(), contract, suite=path)
    assert verdict.verdict is Verdict.WARN
    assert "observed 0.5 (agreed any to 0.2)" in verdict.reason
