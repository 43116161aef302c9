"""Unfair days, lying labels and a person who knows better: through the real path."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.daily import learn_and_report
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds
from tests.scenarios.worlds import CONFIRMED, FIRST_BAD

pytestmark = worlds.QUIET
GAP = {
    "metric": "equal_opportunity_gap",
    "source": "fairness",
    "column": "gender",
    "max": 0.25,
}


def refuse_women(rows: pd.DataFrame) -> pd.DataFrame:
    """Refuse nearly every woman whom the model would accept; scores as they were."""
    random = np.random.default_rng(len(rows))
    hit = rows["gender"].eq("f") & (random.random(len(rows)) < 0.9)
    return rows.assign(prediction=rows["prediction"].mask(hit, 0))


def mark_repaid(labels: pd.DataFrame) -> pd.DataFrame:
    """Call nine of ten loans repaid, whatever came of them."""
    random = np.random.default_rng(len(labels))
    hit = random.random(len(labels)) < 0.9
    return labels.assign(repaid=labels["repaid"].mask(hit, 1))


def judged(home: Path, **change: Any) -> Evaluation:  # noqa: ANN401 (of a day)
    """Judge the healthy days, then two days with something wrong; give the second."""
    for day in (FIRST_BAD, CONFIRMED):
        world.write_day(home, day, **change)
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)
    return worlds.run(home, FIRST_BAD, CONFIRMED)[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tier", "policy", "severity"),
    [(3, {}, "P1"), (3, {"hard_max": 0.3}, "P0")],
    ids=["past the limit", "past the hard limit"],
)
def test_protected_group_treated_worse_is_grave_in_any_tier(
    home: Path, *, tier: int, policy: dict[str, float], severity: str
) -> None:
    """The gap breaches, the whole does not; no version is put back for it."""
    contract = world.CONTRACT | {
        "tier": tier,
        "objectives": [*world.CONTRACT["objectives"], GAP | policy],
    }
    world.write_contract(home, contract)
    row = judged(home, change=refuse_women)
    assert (row.verdict, row.confirmed) == ("breach", True)
    assert (row.severity, row.cause, row.rollback_to) == (
        severity,
        "segment",
        None,
    )
    assert row.action.kind == "incident"
    assert "only a protected group is worse off" in row.reasons[0]
    assert row.evidence["impact"]["is_protected"]


@pytest.mark.slow
def test_labels_of_another_rate_are_looked_at_first(home: Path) -> None:
    """Inputs and scores stay, the rate jumps: it need not be the world."""
    world.amend(home, "policy", min_reference_days=5)
    row = judged(home, labels=mark_repaid)
    assert (row.severity, row.cause) == ("P1", "label_quality")
    assert "of the labels are positive" in row.reasons[0]
    assert row.evidence["chosen_by"] == ["check/labels/labels_are_as_common_as_before/"]


@pytest.mark.slow
def test_labels_of_no_prediction_mean_lost_predictions(home: Path) -> None:
    """A third of the batch never came: the pipeline's fault, not the model's."""

    def lose(rows: pd.DataFrame) -> pd.DataFrame:
        kept = rows.iloc[: len(rows) * 13 // 20]
        return kept.assign(score=1 - kept["score"])

    row = judged(home, change=lose)
    assert (row.cause, row.rollback_to) == ("integration", None)
    assert "35.0% of the labels belong to no prediction" in row.reasons[0]


@pytest.mark.slow
def test_person_overrules_an_incident_and_it_is_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next day keeps what was said, the machine's answer beside; so does a page."""
    monkeypatch.setenv("DAYWATCH_HOME", str(home))
    row = judged(home, labels=world.coin_labels)
    said = ["--cause", "data", "--severity", "P2", "--by", "ann"]
    asked = ["incident", "reclassify", row.action.incident, *said]
    run = CliRunner().invoke
    for _ in range(2):
        told = run(app, [*asked, "--reason", "the label feed was broken"])
        assert (told.exit_code, "(P2, data)" in told.output) == (0, True), told.output
    (shown,) = json.loads(run(app, ["incident", "list", "--json"]).output)
    assert (shown["override"]["machine_cause"], shown["cause"]) == (
        "label_quality",
        "data",
    )
    listed = run(app, ["incident", "list"]).output
    assert "Daywatch itself says P1, label_quality" in " ".join(listed.split())
    third = CONFIRMED + (CONFIRMED - FIRST_BAD)
    world.write_day(home, third, labels=world.coin_labels)
    (later,) = worlds.run(home, third)
    assert (later.severity, later.cause) == ("P2", "data")
    assert later.evidence["machine"]["cause"] == "label_quality"
    assert later.action.incident == row.action.incident
    with open_workspace(home) as workspace:
        page = learn_and_report(
            Day(workspace, world.unit_of(workspace, third))
        ).read_text()
        assert len(workspace.incidents.find()) == 1
    assert "says ann: the label feed was broken. Daywatch had found P1" in page


@pytest.mark.parametrize(
    ("options", "says", "code"),
    [
        (["--reason", "because I know better"], "--cause, --severity, or both", 2),
        (["--cause", "data", "--reason", "short"], "at least 10 characters", 1),
        (["--cause", "weather", "--reason", "because I know"], "weather", 2),
    ],
)
def test_reclassify_asks_for_what_is_right_and_why(
    options: list[str], says: str, code: int
) -> None:
    """A wrong call is refused before anything is opened."""
    told = CliRunner().invoke(app, ["incident", "reclassify", "nowhere", *options])
    assert told.exit_code == code
    assert says in " ".join(told.output.replace("│", " ").split())
