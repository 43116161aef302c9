"""On its first day a release says what its reference showed; later days do not."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitoring_tasks.compare.versions.first_day import (
    release_that_begins,
    served_versions,
    with_first_day,
)
from monitoring_tasks.compare.versions.step import with_first_day_warnings
from monitoring_tasks.domain.decisions import MAX_REASONS
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.domain.releases import Release, ServedDay
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import (
    DAY,
    MODEL,
    make_contract,
    make_decision,
    make_evaluation,
    make_reference,
)
from tests.operations.days import FIRST, Look, write_workspace

CONTRACT = make_contract()
RELEASE = Release(version="2", replaced="1", since=DAY)


def served(*versions: str) -> list[ServedDay]:
    """Return one day a version, up to the day before."""
    first = DAY - timedelta(days=len(versions))
    return [
        ServedDay(day=first + timedelta(days=number), version=version, in_breach=False)
        for number, version in enumerate(versions)
    ]


def of_version(version: str, auc: float) -> ReferenceProfile:
    """Return a reference of this mean AUC."""
    days = DailyNoise(mean=auc, spread=0.03, days=42, sampling=0.02, rows=900)
    return make_reference(version=version, noise={"realized/roc_auc//all": days})


WORSE = {"1": of_version("1", 0.72), "2": of_version("2", 0.6)}


@pytest.mark.parametrize(
    ("before", "version", "expected"),
    [
        pytest.param(("1", "1"), "2", RELEASE, id="first day"),
        pytest.param(("1", "2"), "2", None, id="second day"),
        pytest.param(("1", "", ""), "2", RELEASE, id="after days without rows"),
        pytest.param(("2", "3"), "2", None, id="put back"),
        pytest.param((), "2", None, id="nothing remembered"),
        pytest.param(("1",), "", None, id="no rows today"),
    ],
)
def test_release_begins_on_the_first_day_it_serves(
    before: tuple[str, ...], version: str, expected: Release | None
) -> None:
    """A version that is put back was known before."""
    found = release_that_begins(served(*before), version, DAY, CONTRACT.policy)
    assert found == expected


def test_first_day_says_what_the_reference_showed() -> None:
    """Behind the other reasons, with its code; the verdict stays."""
    before = make_decision(verdict=Verdict.OK, reasons=("all is well",), evidence={})
    found = with_first_day(before, RELEASE, WORSE, CONTRACT)
    assert found.verdict is Verdict.OK
    assert found.reasons[0] == "all is well"
    assert found.reasons[1].startswith(
        "first day of version 2 after version 1; before it served: its reference is "
        "worse than that of version 1: roc_auc 0.600 on 42 days against 0.720"
    )
    assert found.reason_codes[-1] is ReasonCode.NEW_VERSION_UNLIKE
    (kept,) = found.evidence["first_day"]
    assert kept in found.reasons[1]


def test_long_list_of_reasons_has_a_place_for_it() -> None:
    """It is said once, on this day: a full list must not swallow it."""
    full = make_decision(reasons=("-",) * MAX_REASONS, evidence={})
    assert "first day" in with_first_day(full, RELEASE, WORSE, CONTRACT).reasons[-1]


@pytest.mark.parametrize(
    "references",
    [
        pytest.param({"1": WORSE["1"], "2": of_version("2", 0.72)}, id="alike"),
        pytest.param({"2": WORSE["2"]}, id="nothing of the version before"),
        pytest.param({"1": WORSE["1"]}, id="nothing of its own"),
    ],
)
def test_first_day_of_a_release_that_is_alike_says_nothing(
    references: dict[str, ReferenceProfile],
) -> None:
    """Nor where a reference lacks: other sentences say so."""
    before = make_decision(evidence={})
    assert with_first_day(before, RELEASE, references, CONTRACT) == before


def test_days_that_were_not_decided_served_nothing() -> None:
    """Only what was judged is remembered, with whether it was in breach."""
    breach = make_decision(performance=Verdict.BREACH)
    days = [make_evaluation(decision=None), make_evaluation(decision=breach)]
    assert served_versions(days) == [
        ServedDay(day=days[1].day, version="1", in_breach=True)
    ]


@pytest.mark.parametrize(
    ("day", "is_told"),
    [
        pytest.param(2, True, id="its first day"),
        pytest.param(3, False, id="its second"),
        pytest.param(1, False, id="a day of the version before"),
    ],
)
def test_day_itself_reads_who_served_before(
    tmp_path: Path, day: int, *, is_told: bool
) -> None:
    """The step adds it to the decision; nothing else of the day changes."""
    write_workspace(tmp_path / "home")
    with open_workspace(tmp_path / "home") as workspace:
        for version, reference in WORSE.items():
            workspace.references._profiles[MODEL, version] = reference
        versions = ("1", "1", "2", "2")
        units = [
            Look(version=version).write(workspace, FIRST + timedelta(days=number))
            for number, version in enumerate(versions)
        ]
        before = make_decision(reasons=("all is well",), evidence={})
        found = with_first_day_warnings(Day(workspace, units[day]), before)
    assert (found == before) is not is_told
    if is_told:
        assert "first day of version 2 after version 1" in found.reasons[1]
