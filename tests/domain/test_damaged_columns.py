"""What is damage, among all that checks say of rows."""

import pytest

from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.findings import Check


@pytest.mark.parametrize(
    ("gate", "severity", "is_new", "is_damage"),
    [
        ("reference", "warning", True, True),
        ("reference", "warning", False, False),
        ("values", "warning", False, True),
        ("values", "info", False, False),
        ("rows", "warning", False, False),
    ],
)
def test_what_a_suite_warns_of_is_damage(
    gate: str, severity: str, *, is_new: bool, is_damage: bool
) -> None:
    """Somebody wrote down how it ought to be; few rows are not damaged ones."""
    check = Check(
        gate=gate, name="it", status="failed", severity=severity, is_new=is_new
    )
    assert bool(corruption_in([check])) is is_damage
