"""A day is validated without what it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

SUITES = Path(__file__).parents[2] / "expectations"
SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import pyarrow as pa
from monitoring_tasks.contract.column_types import Holds, prediction_columns
from monitoring_tasks.contract.files import load_contract
from monitoring_tasks.validate.checks import check_predictions
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
    table, contract=contract, suite=suite, known_versions=frozenset("1")
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
