"""A version asked what its scores hang on: days as ever, and days that are not."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml

from monitoring_tasks import daily
from monitoring_tasks.compare import attribution_measurement
from monitoring_tasks.contract.attribution import ATTRIBUTION
from monitoring_tasks.domain.findings import Finding, Verdict
from monitoring_tasks.operations.policy.replaying import replay
from monitoring_tasks.store.scoring import Scorer
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.scenarios import world, worlds

pytestmark = [*worlds.QUIET, pytest.mark.slow]
ORDINARY, MOVED = world.HISTORY
FEATURES = 3


def narrow(rows: pd.DataFrame) -> pd.DataFrame:
    """Let loans of one size only come in, scored as version 2 scores them."""
    rows = rows.assign(amount=10 + (rows["amount"] - 10) / 10)
    score = world.fitted("2").predict_proba(rows[world.INPUTS])[:, 1]
    return rows.assign(score=score, prediction=(score >= 0.5).astype("int64"))


def found(workspace: Workspace, day: date) -> list[Finding]:
    """Judge a day; give what was thought of its attributions."""
    unit = world.unit_of(workspace, day)
    daily.run_day(workspace, unit)
    findings = workspace.results.findings(unit)
    return [f for f in findings if f.measurement.metric == ATTRIBUTION]


@pytest.fixture
def asking(home: Path) -> Iterator[Workspace]:
    """A world whose contract asks about 200 rows a day; the last day has moved."""
    world.amend(home, "policy", attribution={"rows": 200})
    world.write_day(home, MOVED, change=narrow)
    with open_workspace(home) as workspace:
        yield workspace


def test_day_whose_scores_hang_on_other_inputs_is_warned_of(asking: Workspace) -> None:
    """Amounts hardly differ, so the scores follow the rate; the day before they did."""
    (usual,), (moved,) = found(asking, ORDINARY), found(asking, MOVED)
    assert (usual.verdict, usual.measurement.value) == (Verdict.OK, 1.0)
    assert (moved.verdict, moved.measurement.version) == (Verdict.WARN, "2")
    assert moved.measurement.value is not None
    assert moved.limit is not None
    assert moved.measurement.value < (moved.limit.low or 0) <= 0.98
    assert moved.reason.endswith("moved most: rate 2 -> 1, amount 1 -> 2")
    assert (moved.measurement.rows, moved.limit.false_alarm) == (200, 0.01)


def test_reference_is_asked_once_for_all_processes(
    asking: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came of it is kept; another process asks about its day alone."""
    asked, score = [], Scorer.score

    def counted(self: Scorer, path: Path, versions: list[str]) -> dict[str, Path | str]:
        if versions == ["2"]:  # the others are asked because the day is in breach
            asked.append(len(pd.read_parquet(path)) // (1 + FEATURES))
        return score(self, path, versions)

    monkeypatch.setattr(Scorer, "score", counted)
    five_days = 5 * 200 * (1 + FEATURES) * FEATURES
    monkeypatch.setattr(attribution_measurement, "CELLS_AT_ONCE", five_days)
    (first,) = found(asking, MOVED)
    with open_workspace(asking.settings.home) as other:
        (second,) = found(other, MOVED)
    assert asked == [1000, 1000, 800, 200, 200]
    assert second == first
    monkeypatch.undo()
    shutil.rmtree(asking.settings.home / "cache" / "attribution")
    with open_workspace(asking.settings.home) as at_one_go:
        assert found(at_one_go, MOVED) == [first]


def test_replay_keeps_what_was_found(asking: Workspace) -> None:
    """Rows are not scored again: the day is what it was, its warning with it."""
    found(asking, MOVED)
    again = replay(asking, world.MODEL, MOVED, MOVED)
    assert (again["judged_days"], again["days"]) == (1, [])


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        pytest.param(
            {"versions": {"time_limit_seconds": 0.001}},
            "the reference could not be scored: version 2 did not answer in time",
            id="too slow",
        ),
        pytest.param({"min_rows": 500}, "400 scored rows are fewer", id="few rows"),
    ],
)
def test_number_that_could_not_be_had_says_why(
    asking: Workspace, policy: dict[str, object], reason: str
) -> None:
    """The day is judged all the same, and not by this number."""
    world.amend(asking.settings.home, "policy", **policy)
    (finding,) = found(asking, MOVED)
    assert (finding.verdict, finding.measurement.value) == (Verdict.NO_DATA, None)
    assert reason in finding.reason


def test_version_that_cannot_score_is_the_reason(
    asking: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Today's rows fail where the reference's did not."""
    found(asking, ORDINARY)

    def fails(_: Scorer, __: Path, versions: list[str]) -> dict[str, Path | str]:
        return dict.fromkeys(versions, "ValueError: no such amount")

    monkeypatch.setattr(Scorer, "score", fails)
    (finding,) = found(asking, MOVED)
    assert finding.reason == "no attribution_ndcg: ValueError: no such amount"
    assert finding.measurement.value is None


def test_nobody_is_asked_unless_the_policy_does(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off by default: no number, no worker, nothing kept."""
    monkeypatch.setattr(Scorer, "score", None)
    with open_workspace(home) as workspace:
        assert found(workspace, ORDINARY) == []
        assert not [key for key in workspace._memory if "input dependence" in key]
    assert not (home / "cache" / "attribution").exists()


def test_feature_that_the_reference_did_not_have_is_the_reason(
    asking: Workspace,
) -> None:
    """The contract came to name a column after the version was registered."""
    path = asking.settings.home / "expectations" / world.MODEL / "monitor.yaml"
    columns = yaml.safe_load(path.read_text())["columns"]
    world.amend(
        asking.settings.home, "columns", continuous=[*columns["continuous"], "age"]
    )
    world.write_day(asking.settings.home, MOVED, change=lambda r: r.assign(age=40.0))
    (finding,) = found(asking, MOVED)
    assert (finding.verdict, finding.measurement.value) == (Verdict.NO_DATA, None)
    assert "the reference rows lack age; log them again" in finding.reason
