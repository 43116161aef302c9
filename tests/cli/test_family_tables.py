"""What each check promises is one line: its usual column, and its worst one."""

from typing import Any

import pytest

from monitoring_tasks.cli.family_tables import print_families


def promise(about: str, size: float | None, **parts: object) -> dict[str, Any]:
    """Return what a check of nulls promises for a column."""
    return {
        "family": "batch against reference",
        "check": "nulls",
        "about": about,
        "unit": "of the rows",
        "on_the_day": size,
        "within_7_days": size,
        "within_28_days": size,
        "at_once": None,
        "false_days": 0.004,
        "false_alarms": 0.001,
        "basis": "formula",
    } | parts


def printed(capsys: pytest.CaptureFixture[str], promises: list[dict[str, Any]]) -> str:
    """Print promises; return the words."""
    skipped = [{"family": "segments", "why": "more tests"}]
    print_families(
        {"promises": promises, "left_out": skipped, "assumes": ["no season"]}
    )
    return " ".join(capsys.readouterr().out.split())


def test_columns_of_a_check_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The one in the middle, the worst by name, false alarms added up."""
    found = printed(capsys, [promise("a", 0.02), promise("b", 0.03), promise("c", 0.4)])
    assert "nulls x 3" in found
    assert "3.0%" in found
    assert "c: 40.0%" in found
    assert "0.01" in found


def test_change_that_is_never_told_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """No number would be a promise."""
    assert "none none none" in printed(capsys, [promise("a", None)])


def test_unit_stands_beside_the_size(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard deviations of a number; what no promise was worked out for, with why."""
    found = printed(capsys, [promise("a", 0.5, unit="standard deviations")])
    assert "0.50 sd" in found
    assert "not worked out: segments: more tests" in found
    assert "families assume: no season" in found
