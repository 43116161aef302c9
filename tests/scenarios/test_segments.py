"""A region in trouble while the whole looks well: through the real path."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
Key = tuple[str, ...]
DAY = world.HISTORY[0]
KOELN, OTHER = "region=Köln", f"region={world.REGIONS[1]}"
PROMISE = {
    "metric": "error_ratio",
    "source": "service",
    "segment": KOELN,
    "max": 0.1,
}


def trouble_in_koeln(rows: pd.DataFrame) -> pd.DataFrame:
    """Move the amounts of one region by two deviations, and let its scoring fail."""
    hit = rows["region"].eq("Köln")
    return rows.assign(
        amount=rows["amount"].where(~hit, rows["amount"] + 4), failed=hit
    )


def judged(
    home: Path,
    **drift: Any,  # noqa: ANN401 (YAML)
) -> tuple[dict[Key, Measurement], dict[Key, Finding]]:
    """Judge the day; give numbers and findings by kind, metric, column, segment."""
    policy = world.CONTRACT["policy"]
    contract = world.CONTRACT | {
        "columns": world.CONTRACT["columns"] | {"error": "failed"},
        "objectives": [*world.CONTRACT["objectives"], PROMISE],
        "policy": policy | {"drift": policy["drift"] | drift},
    }
    world.write_contract(home, contract)
    world.write_day(home, DAY, change=trouble_in_koeln)
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, DAY)
        daily.run_day(workspace, unit)
        numbers = {m.key[:4]: m for m in workspace.results.measurements(unit)}
        findings = {f.measurement.key[:4]: f for f in workspace.results.findings(unit)}
    return numbers, findings


def distance(segment: str) -> Key:
    """Name the distance of the amounts in a segment."""
    return (Kind.DRIFT, "jensen_shannon", "amount", segment)


@pytest.mark.slow
def test_inputs_of_a_segment_are_measured_and_judged_if_asked(home: Path) -> None:
    """The region that moved warns, the one that did not is well."""
    numbers, findings = judged(home, segments=True)
    assert (numbers[distance(KOELN)].value or 0) > (numbers[distance("all")].value or 0)
    assert findings[distance(KOELN)].verdict is Verdict.WARN
    assert findings[distance(KOELN)].p_value is not None
    assert findings[distance(OTHER)].verdict is Verdict.OK


@pytest.mark.slow
def test_unasked_a_segment_is_measured_and_adds_no_test(home: Path) -> None:
    """Every column times every region would bring noise; only promises are judged."""
    numbers, findings = judged(home)
    assert numbers[distance(KOELN)].value is not None
    judged_segments = {segment for kind, *_, segment in findings if kind is Kind.DRIFT}
    assert judged_segments == {"all"}


@pytest.mark.slow
def test_promise_about_the_failures_of_a_segment_is_held(home: Path) -> None:
    """Every row of one region failed, and none of the other."""
    numbers, findings = judged(home)
    failures = (Kind.SERVICE, "error_ratio", "", KOELN)
    assert findings[failures].verdict is Verdict.BREACH
    assert numbers[Kind.SERVICE, "error_ratio", "", OTHER].value == 0
    assert numbers[Kind.SERVICE, "volume", "", KOELN].rows < world.ROWS
