"""A day is validated without what it does not need, and with what it does."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from monitoring_tasks.validate import gx_door
from monitoring_tasks.validate.suites.expectations import run_statements
from monitoring_tasks.validate.suites.statements import Statement

SUITES = Path(__file__).parents[3] / "expectations"
SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import pyarrow as pa
from monitoring_tasks.contract.column_types import Holds, prediction_columns
from monitoring_tasks.contract.files import load_contract
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.gates.table_rows import TableRows
suite = Path(sys.argv[1])
contract = load_contract(suite.parent / "monitor.yaml").contract
rows = contract.policy.min_rows
values = {
    Holds.NUMBERS: [0.5] * rows,
    Holds.FLAGS: [False] * rows,
    Holds.TIMESTAMPS: [datetime(2024, 1, 1, tzinfo=UTC)] * rows,
}
table = pa.table({
    name: values.get(holds, [str(row) for row in range(rows)])
    for name, holds in prediction_columns(contract).items()
})
verdict = check_predictions(
    TableRows(table), contract=contract, suite=suite, known_versions=frozenset("1")
)
assert len(verdict.checks) > 10, verdict
assert {check.status for check in verdict.checks} <= {"passed", "failed"}, verdict
print("great_expectations" in sys.modules)
"""


@pytest.mark.parametrize("suite", sorted(SUITES.glob("*/*.json")), ids=str)
def test_a_shipped_suite_loads_no_great_expectations(suite: Path) -> None:
    """Neither what holds nor what fails is worth the seconds its import takes."""
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", SCRIPT, str(suite)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


SINGLES = pa.array([0.1, 0.2], pa.float32())
LATE = pa.array([0, 253_402_299_000_000_000], pa.timestamp("us", "Europe/Berlin"))
"""The second is 9999-12-31T23:30Z: in Berlin it is past the last year of Python."""


def between(kind: str, column: str, **ends: object) -> Statement:
    """Return a statement on a column of three odd ones."""
    return Statement(
        gate="values",
        kind=f"expect_column_{kind}_to_be_between",
        kwargs={"column": column, **ends},
    )


AT_BOUNDS = [
    (between("max", "single", max_value=0.2), "passed"),
    (between("min", "single", min_value=0.1, max_value=0.1), "passed"),
    (between("max", "single", max_value=0.2, strict_max=True), "failed"),
    (between("median", "single", max_value=0.15), "passed"),
    (between("mean", "single", max_value=0.15), "passed"),
    (between("sum", "single", max_value=0.3), "passed"),
    (between("values", "single", max_value=0.2), "failed"),
    (between("max", "half", max_value=0.2), "passed"),
]
BEYOND = [
    (between("max", "late", min_value="1970-01-01T00:00:00Z"), "errored"),
    (between("min", "late", min_value="1970-01-01T00:00:00Z"), "passed"),
    (between("value_lengths", "text", max_value=2**70), "passed"),
    (between("value_lengths", "text", min_value=2**70), "failed"),
]


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param(AT_BOUNDS, id="floats of 32 and 16 bits at their bounds"),
        pytest.param(BEYOND, id="beyond the years and numbers of Python and Arrow"),
    ],
)
def test_odd_values_get_the_answer_of_great_expectations(
    expected: list[tuple[Statement, str]],
) -> None:
    """The engine says the same, or leaves it; nothing ends the run."""
    table = pa.table(
        {
            "single": SINGLES,
            "half": SINGLES.cast(pa.float16()),
            "late": LATE,
            "text": ["a", "bb"],
        }
    )
    statements = [statement for statement, _answer in expected]
    answers = [answer for _statement, answer in expected]
    theirs = gx_door.evaluate(table, statements, frozenset())
    assert [outcome.holds for outcome in theirs] == [
        answer == "passed" for answer in answers
    ]
    checks = run_statements(table, statements, id_column=None)
    assert [check.status for check in checks] == answers
