"""Known faults in healthy days of the loan model, judged by the real path."""

import hashlib
import json
import pickle
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.operations.backfilling import backfill
from monitoring_tasks.operations.drills import drilling
from monitoring_tasks.operations.drills.drilling import drill_model
from monitoring_tasks.operations.drills.fault_catalogue import FAULTS
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import make_evaluation
from tests.scenarios import world, worlds
from tests.templates import template

pytestmark = [*worlds.QUIET, pytest.mark.slow]  # a story is lived, then drilled on
BEFORE = 2
"""Days of the history that version 1 served, so that 2 is known to be new."""
LAST = world.HISTORY[1]
DRILLED = [LAST - timedelta(days=back) for back in (4, 3, 2, 1, 0)]
FAULTY = DRILLED[2:]
TRIED = ("schema_break", "swapped_columns", "concept_flip", "bad_release_gross")
UNDERSTOOD = (
    "no_fault",
    "schema_break",
    "unit_change",
    "null_flood",
    "duplicate_rows",
    "frozen_feature",
    "swapped_columns",
    "timezone_shift",
    "category_recode",
    "partial_upstream_outage",
    "upstream_outage",
    "volume_drop",
    "covariate_shift_harmless",
    "label_delay",
    "label_flip",
    "concept_flip",
    "bad_release_mild",
    "bad_release_gross",
)
"""Faults on which the judgement of a model without a suite has to be right."""


@cache
def judged() -> Path:
    """Version 1, then version 2 served healthy days, and all are judged."""
    return template("drilled", judge_healthy_days)


def judge_healthy_days(home: Path) -> None:
    """Make that workspace."""
    world.copy(worlds.base(), home)
    for day in list(days_between(*world.HISTORY))[:BEFORE]:
        world.write_day(home, day, version="1")
    first, last = (day.isoformat() for day in world.HISTORY)
    with open_workspace(home) as workspace:
        backfill(world.MODEL, first, last, workspace=workspace)


@cache
def tried() -> dict[str, Any]:
    """Drill on some faults once; return the records by fault."""
    path = template("tried", try_faults) / "summary.pickle"
    summary: dict[str, Any] = pickle.loads(path.read_bytes())  # noqa: S301 (ours)
    return summary | {record["fault"]: record for record in summary["drills"]}


def try_faults(home: Path) -> None:
    """Make that workspace; what came of it lies beside."""
    summary = drill(world.copy(judged(), home), TRIED)
    (home / "summary.pickle").write_bytes(pickle.dumps(summary))


def drill(home: Path, faults: Sequence[str], **asked: Any) -> dict[str, Any]:  # noqa: ANN401 (options)
    """Drill in a workspace."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYWATCH_HOME", str(home))
        return drilling.drill(world.MODEL, faults=faults, **asked)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the judged world."""
    return world.copy(judged(), tmp_path / "home")


@pytest.fixture
def summary() -> dict[str, Any]:
    """What came of the faults that were tried."""
    return tried()


def registry_rows(home: Path) -> list[str]:
    """Return the registry as SQL: aliases, tags, versions, runs."""
    with closing(sqlite3.connect(home / "mlflow.db")) as connection:
        return list(connection.iterdump())


def digests(home: Path) -> dict[str, str]:
    """Return the digest of every file but databases and the logs of drills.

    MLflow leaves a note of its own beside a version when it is first loaded.
    """
    files = (path for path in home.rglob("*") if path.is_file())
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if ".db" not in path.suffix
        and path.parent.name != "drills"
        and path.name != "registered_model_meta"
    }


def test_drill_leaves_everything_real_as_it_was(home: Path) -> None:
    """Store, registry, partitions, sources, contract, cache: not a row, not a byte."""
    before = worlds.dump(home), registry_rows(home), digests(home)
    done = drill(home, ["bad_release_gross", "schema_break"])
    assert done["drills"][0]["seen"][-1]["remedy"] == "rollback"
    assert (worlds.dump(home), registry_rows(home), digests(home)) == before
    assert {path.name for path in home.iterdir()} >= {"drills", "daywatch.db"}
    assert worlds.alias(home) == "2"


def test_log_holds_what_was_returned(summary: dict[str, Any]) -> None:
    """One JSON file a drill, named by instant, model and faults."""
    path = Path(summary["log"])
    assert path.name == "20240326T050000Z-loan-4-faults.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept == {name: summary[name] for name in kept}
    assert [record["fault"] for record in kept["drills"]] == list(TRIED)


def test_drill_takes_the_last_healthy_days(summary: dict[str, Any]) -> None:
    """Five days of the newest version; the fault is in the last three."""
    assert summary["days"] == [day.isoformat() for day in DRILLED]
    assert summary["version"] == "2"
    for record in summary["drills"]:
        faulty = [seen["day"] for seen in record["seen"] if seen["is_faulty"]]
        assert faulty == [day.isoformat() for day in FAULTY]
        assert record["onset"] == faulty[0]


def test_control_days_are_as_they_were_judged(summary: dict[str, Any]) -> None:
    """Before the fault nothing is asked for, in any of the drills."""
    for record in summary["drills"]:
        healthy = [seen for seen in record["seen"] if not seen["is_faulty"]]
        assert [seen["verdict"] for seen in healthy] == ["ok", "ok"]


def test_broken_schema_is_the_datas_fault_on_the_first_day(
    summary: dict[str, Any],
) -> None:
    """The gate finds it at once and a rollback is not thought of."""
    record = summary["schema_break"]
    assert (record["result"], record["days_to_find"]) == ("right", 1)
    assert {seen["cause"] for seen in record["seen"][2:]} == {"data"}
    assert record["scores"] == "as they were"


def test_gross_release_is_rolled_back_on_its_second_day(
    summary: dict[str, Any],
) -> None:
    """Version 1 scores the same rows better, and version 2 is known to be new."""
    record = summary["bad_release_gross"]
    assert (record["result"], record["days_to_find"]) == ("right", 1)
    first, *later = record["seen"][2:]
    assert (first["verdict"], first["remedy"]) == ("breach", "incident")
    assert {(seen["cause"], seen["remedy"]) for seen in later} == {
        ("model", "rollback")
    }


def test_flipped_concept_is_no_reason_to_roll_back(summary: dict[str, Any]) -> None:
    """Chance decides the labels: no version is better, so nobody is put back."""
    record = summary["concept_flip"]
    assert (record["result"], record["found_on"]) == ("right", FAULTY[0].isoformat())
    assert {seen["cause"] for seen in record["seen"][3:]} == {"concept_drift"}


def test_changed_inputs_are_scored_again(summary: dict[str, Any]) -> None:
    """With amount and rate in each other's place the model would say nonsense."""
    record = summary["swapped_columns"]
    assert record["scores"] == "scored again by version 2"
    assert (record["result"], record["days_to_find"]) == ("right", 1)
    assert {seen["cause"] for seen in record["seen"][2:]} == {"data"}


def test_fault_before_another_does_not_colour_it(
    home: Path, summary: dict[str, Any]
) -> None:
    """The third of four drills says what it says alone, in another workspace."""
    assert drill(home, ["concept_flip"])["drills"] == [summary["concept_flip"]]


def test_day_that_was_healthy_is_judged_again_once_a_fault_was_in_it(
    home: Path,
) -> None:
    """Healthy days are judged once for all faults that begin after them."""
    judged: list[date] = []

    def run_day(workspace: Workspace, unit: Unit) -> Evaluation:
        del workspace
        judged.append(unit.day)
        return make_evaluation(unit=unit)

    later = replace(FAULTS["no_fault"], onset=4)
    faults = [later, FAULTS["schema_break"], later]
    with open_workspace(home) as workspace:
        drill_model(workspace, world.MODEL, faults, run_day=run_day, last=None, days=5)
    assert judged == [*DRILLED, *FAULTY, *FAULTY]


def test_day_is_the_last_one_drilled_on(home: Path) -> None:
    """Later days are left out, and of the earlier ones too few are of version 2."""
    with pytest.raises(NoDataError, match="loan has 4 healthy days of one version"):
        drill(home, TRIED, day=DRILLED[2].isoformat())
    assert not (home / "drills").exists()


def test_too_few_days_to_tell_are_refused(home: Path) -> None:
    """A breach needs two bad days; on fewer no answer can be right."""
    with pytest.raises(ConfigurationError, match=r"4 days are too few .* 5 are needed"):
        drill(home, ["concept_flip"], days=4)


def test_workspace_without_a_day_says_so(tmp_path: Path) -> None:
    """Before the first backfill there is nothing to drill on, and none is made."""
    world.write_settings(tmp_path)
    world.write_contract(tmp_path, world.CONTRACT)
    with pytest.raises(NoDataError, match="backfill"):
        drill(tmp_path, TRIED)
    assert not (tmp_path / "daywatch.db").exists()


def test_fault_the_model_cannot_have_is_skipped(home: Path) -> None:
    """Skipped is neither right nor wrong, and says why."""
    world.amend(home, "columns", categorical=[])
    summary = drill(home, ["category_recode"])
    assert (summary["right"], summary["wrong"], summary["skipped"]) == (0, 0, 1)
    assert "0 categorical columns" in summary["drills"][0]["why"]


def test_fault_no_objective_could_see_is_skipped(home: Path) -> None:
    """Silence about what nobody promised is no wrong answer."""
    (record,) = drill(home, ["biased_group"])["drills"]
    assert record["result"] == "skipped"
    assert record["why"].startswith("not watched: no objective")
    assert "'gender'" in record["why"]


def test_fault_of_labels_is_skipped_where_they_come_later(home: Path) -> None:
    """What only labels can show cannot be seen at six when they come next week."""
    week = timedelta(days=7)

    def late(labels: pd.DataFrame) -> pd.DataFrame:
        return labels.assign(arrived_at=labels["arrived_at"] + week)

    with open_workspace(home) as workspace:
        for day in DRILLED:
            world.write_day(home, day, labels=late)
            later = workspace.as_of(world.MODEL, day) + 2 * week
            unit = Unit(model=world.MODEL, day=day, as_of=later, mode=Mode.DRY_RUN)
            assert daily.run_day(workspace, unit).labelled == world.ROWS
    (record,) = drill(home, ["concept_flip"])["drills"]
    assert record["result"] == "skipped"
    assert "not there when the schedule looks" in record["why"]


def test_days_in_breach_are_no_ground_to_drill_on(breached: Path) -> None:
    """The days version 3 spoilt are passed over."""
    summary = drill(breached, ["schema_break"])
    assert date.fromisoformat(summary["days"][-1]) < worlds.FIRST_BAD
    assert summary["version"] == "2"


def test_judgement_is_right_where_it_has_to_be(home: Path) -> None:
    """Every fault is tried; none crashes; those that need no suite are understood."""
    summary = drill(home, list(FAULTS))
    results = {record["fault"]: record["result"] for record in summary["drills"]}
    assert list(results) == list(FAULTS)
    assert {name: results[name] for name in UNDERSTOOD} == dict.fromkeys(
        UNDERSTOOD, "right"
    )
