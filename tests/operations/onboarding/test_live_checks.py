"""A contract is held against the world, one line a thing, each with its remedy."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from monitoring_tasks.compare.thresholds import critical_loss, expected_value
from monitoring_tasks.contract.horizons import Horizon
from monitoring_tasks.domain.metrics import metric_of
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.operations.onboarding import live_version
from monitoring_tasks.operations.onboarding.delivered import delivered_days
from monitoring_tasks.operations.onboarding.detectable import detectable, smallest_loss
from monitoring_tasks.operations.onboarding.first_days import plan_days
from monitoring_tasks.operations.onboarding.live_checks import check_live
from monitoring_tasks.operations.onboarding.live_lines import is_faulty
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import make_contract, make_measurement, make_reference
from tests.scenarios import world, worlds
from tests.scenarios.test_facts import keep_facts

pytestmark = worlds.QUIET
DAY = timedelta(days=1)


@pytest.fixture
def home(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Three versions with references, eight days; scoring answers without a process."""
    monkeypatch.setattr(live_version.Rescorer, "rescore", lambda _, rows: rows)
    monkeypatch.setattr(
        live_version, "try_flavours", lambda named, **_: dict.fromkeys(named, "")
    )
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path / "home"))
    return world.copy(worlds.base(), tmp_path / "home")


def statuses(home: Path) -> dict[str, tuple[str, str]]:
    with open_workspace(home) as workspace:
        lines = check_live(workspace, world.MODEL)
    return {line.about: (line.status, line.text) for line in lines}


def write_contract(home: Path, **parts: object) -> None:
    path = home / "expectations" / world.MODEL / "monitor.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | parts))


def test_rows_that_stay_where_they_lie_are_checked_there(home: Path) -> None:
    """The same lines as of rows that are read; fewer rows are scored again."""
    copied, there = statuses(home), statuses(keep_facts(home))
    assert there.pop("scoring")[0] == copied.pop("scoring")[0] == "ok"
    assert there == copied


def test_sound_world_is_ok_line_by_line(home: Path) -> None:
    """Registry, rows, versions, labels, reference and scoring; no day is judged."""
    found = statuses(home)
    assert {about: status for about, (status, _) in found.items()} == {
        "registry": "ok", "predictions": "ok", "versions": "ok", "labels": "ok",
        "reference": "ok", "libraries": "ok", "scoring": "ok", "detection": "ok",
    }  # fmt: skip
    assert found["predictions"][1].startswith(f"400 rows of {world.HISTORY[1]}; all")
    assert found["labels"][1].startswith("400 of 400 rows")
    with open_workspace(home) as workspace:
        assert workspace.results.current(world.MODEL, *world.HISTORY) == []


def test_what_is_wrong_is_a_fault_and_the_others_are_asked(home: Path) -> None:
    """Unknown versions, labels of other ids, an alias that is not there."""
    last = world.HISTORY[1]
    world.write_day(home, last, change=lambda rows: rows.assign(model_version="v9"))
    write_contract(home, alias="serving")
    found = statuses(home)
    assert found["registry"][0] == "fault"
    assert "no alias 'serving' on any of the versions (3, 2, 1)" in found["registry"][1]
    assert found["versions"][0] == "fault"
    assert "the rows name v9, the registry has 1, 2, 3" in found["versions"][1]
    assert found["labels"][0] == "ok"


def test_stated_label_delay_stretches_the_look_back(home: Path) -> None:
    """Labels that take longer than look_back_days are used, and no fault."""
    write_contract(home, policy={"look_back_days": 2, "labels": {"delay_days": 5}})
    with open_workspace(home) as workspace:
        lines = check_live(workspace, world.MODEL)
    assert not [line for line in lines if line.status == "fault"]
    (labels,) = [line for line in lines if line.about.startswith("label")]
    assert labels.text.startswith(f"400 of 400 rows of {world.HISTORY[0] + 2 * DAY}")


def test_labels_that_come_later_than_anybody_said_are_not_lost(home: Path) -> None:
    """Ids that fit on earlier days do not stop to fit: nothing is a fault yet."""
    labels = sorted((home / "labels").glob("*"))
    for newest in labels[-4:]:
        shutil.rmtree(newest)
    path = home / "expectations" / world.MODEL / "monitor.yaml"
    path.write_text(path.read_text().replace("labels/day={day}", "labels/*"))
    status, text = statuses(home)["labels"]
    assert status == "warn"
    assert f"400 of 400 rows of {world.HISTORY[0]} have" in text
    assert "policy.labels.delay_days (at most 7)" in text


def test_same_reason_is_given_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lines that say the same hide the one that says something else."""
    monkeypatch.setenv("DAYWATCH_REGISTRY_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    found = statuses(home)
    assert "(connection refused); is it up" in found["registry"][1]
    assert found["predictions"] == (
        "fault",
        "not checked, for the same reason as registry",
    )


def test_libraries_that_do_not_fit_each_other_are_a_fault(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those are asked that the live version's own files name."""
    fault = {"sklearn": "scikit-learn 9 cannot fit and score a pipeline"}
    monkeypatch.setattr(
        live_version, "try_flavours", lambda named, **_: fault if named else {}
    )
    assert statuses(home)["libraries"] == ("fault", fault["sklearn"])


def test_libraries_are_tried_with_the_interpreter_that_scores(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which libraries it has it says itself; what is installed here does not count."""
    asked: list[str] = []

    def answer(named: Sequence[str], *, python: str) -> dict[str, str]:
        asked.append(python)
        return dict.fromkeys(named, "")

    monkeypatch.setattr(live_version, "try_flavours", answer)
    assert statuses(home)["libraries"][1].endswith("as installed")
    python = str(tmp_path / "scoring" / "bin" / "python")
    write_contract(home, response={"scoring": {"python": python}})
    said = statuses(home)["libraries"][1]
    assert said == (
        f"sklearn: a pipeline is fitted and scored as installed in {python} "
        "(response.scoring.python)"
    )
    assert asked == [sys.executable, python]


def test_source_that_is_gone_is_one_fault(home: Path) -> None:
    """Without rows the registry and the reference are still asked."""
    (home / "predictions").rename(home / "moved")
    with open_workspace(home) as workspace:
        lines = check_live(workspace, world.MODEL)
    assert is_faulty(lines)
    assert [line.about for line in lines if line.status == "fault"] == ["predictions"]
    assert "reference" in [line.about for line in lines]


def test_version_with_a_reference_gets_no_second_one(home: Path) -> None:
    """The days that are there are planned as they are."""
    with open_workspace(home) as workspace:
        days = delivered_days(workspace, world.MODEL)
        plan = plan_days(workspace, world.MODEL, first=days[2])
        newest = plan_days(workspace, world.MODEL, most=3)
    assert (days[0], days[-1]) == world.HISTORY
    assert (plan.first, plan.last, plan.reference) == (days[2], days[-1], None)
    assert (newest.first, newest.delivered, newest.earlier) == (days[-3], 3, 5)


@pytest.mark.parametrize(
    ("max_drop", "status"), [pytest.param(0.2, "ok"), pytest.param(0.001, "warn")]
)
def test_promise_that_volume_cannot_show_is_said(max_drop: float, status: str) -> None:
    """Errors of a day and spread between days, pooled over the longest horizon."""
    noise = DailyNoise(mean=0.7, spread=0.03, sampling=0.04, days=30)
    reference = make_reference(noise={"realized/roc_auc//all": noise})
    contract = make_contract(
        objectives=[{"metric": "roc_auc", "source": "realized", "max_drop": max_drop}]
    )
    found = detectable(contract.objectives[0], reference, contract.policy)
    assert found is not None
    assert found.status == status


def test_visible_loss_is_the_one_that_days_are_judged_by() -> None:
    """Days that hang together for all a short reference shows tell little when pooled.

    Without that, the week of independent days would show a third of a day's loss.
    """
    roc_auc = metric_of("realized", "roc_auc")
    day, week = Horizon(days=1, false_alarm=0.01), Horizon(days=7, false_alarm=0.005)
    noise = DailyNoise(mean=0.85, spread=0.009, sampling=0.02, days=30)
    together = replace(noise, correlation=0.9)
    measured = make_measurement(
        value=0.8, lower=0.8 - 1.96 * 0.02, upper=0.8 + 1.96 * 0.02
    )
    expected = expected_value(measured, noise, day=world.HISTORY[0], confidence=0.95)
    alone = smallest_loss(roc_auc, noise, day, day=world.HISTORY[0])
    # z(0.8) = 0.842
    critical = critical_loss(roc_auc, expected, 0.01)
    assert alone == pytest.approx(critical + 0.842 * expected.error, rel=1e-3)
    pooled = smallest_loss(roc_auc, noise, week, day=world.HISTORY[0])
    unsure = smallest_loss(roc_auc, together, week, day=world.HISTORY[0])
    assert pooled < alone < unsure


def test_pooled_losses_are_not_promised_by_a_short_reference() -> None:
    """`policy.min_pooled_reference_days` holds for what is said as for what is done."""
    noise = DailyNoise(mean=0.7, spread=0.03, sampling=0.04, days=20)
    reference = make_reference(noise={"realized/roc_auc//all": noise})
    contract = make_contract(
        objectives=[{"metric": "roc_auc", "source": "realized", "max_drop": 0.05}]
    )
    shown = detectable(contract.objectives[0], reference, contract.policy)
    assert shown is not None
    assert "over 1 d" in shown.text
    assert "over 7 d" not in shown.text
    assert shown.status == "warn"
