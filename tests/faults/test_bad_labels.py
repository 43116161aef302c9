"""Bad labels: the day is judged without them, and says so."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.operations.settling import settle
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
Damage = Callable[[pd.DataFrame], pd.DataFrame]
UNUSABLE = [
    pytest.param(lambda f: f.drop(columns="repaid"), "repaid", id="no label"),
    pytest.param(lambda f: f.drop(columns="id"), "id", id="no id"),
    pytest.param(lambda f: f.assign(repaid="paid"), "repaid", id="text labels"),
    pytest.param(lambda f: f.assign(repaid=7), "repaid", id="unknown class"),
    pytest.param(lambda f: f.assign(repaid=np.nan), "null", id="all nulls"),
    pytest.param(lambda f: f.assign(id=[[i] for i in f["id"]]), "'id'", id="id lists"),
    pytest.param(
        lambda f: f.assign(repaid=[{"y": y} for y in f["repaid"]]),
        "repaid",
        id="records",
    ),
    pytest.param(lambda f: f.head(0), "no labels", id="empty"),
    pytest.param(
        lambda f: f.assign(arrived_at="today"), "arrived_at", id="arrival is text"
    ),
]


@pytest.mark.parametrize(("damage", "named"), UNUSABLE)
def test_unusable_labels_leave_the_day_immature(
    home: Path, damage: Damage, named: str
) -> None:
    """No label is used, the estimate speaks alone, and the reason is kept."""
    world.write_day(home, DAY, labels=damage)
    (row,) = worlds.run(home, DAY)
    assert (row.labelled, row.rollback_to) == (0, None)
    assert row.data_verdict != "error"
    assert row.label_verdict is not None
    assert named in f"{row.label_verdict}{row.label_counts}"
    with open_workspace(home) as workspace:
        found = workspace.results.findings(world.unit_of(workspace, DAY))
    realized = [f.verdict.value for f in found if f.measurement.kind == "realized"]
    assert realized == ["immature"]


def test_unreadable_labels_are_told_and_settled_later(home: Path) -> None:
    """A cut-off label file is a fault on record; the fixed one settles the day."""
    path = world.part(home, "labels", DAY)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    (row,) = worlds.run(home, DAY)
    assert row.label_verdict is not None
    assert "cut off" in row.label_verdict.reason
    path.write_bytes(whole)
    (key,) = settle(world.MODEL, as_of="2024-03-19T12:00:00+00:00", mode="live")
    with open_workspace(home) as workspace:
        (settled,) = workspace.results.current(world.MODEL, DAY, DAY)
    assert (settled.key, settled.labelled) == (key, world.ROWS)


def test_one_class_of_labels_makes_no_auc(home: Path) -> None:
    """One class came true: no AUC but a reason, and a warning of the labels' rate."""
    world.write_day(home, DAY, labels=lambda f: f.assign(repaid=1))
    (row,) = worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        numbers = workspace.results.measurements(world.unit_of(workspace, DAY))
    (auc,) = [m for m in numbers if m.metric == "roc_auc" and m.kind == "realized"
              and m.segment == "all"]  # fmt: skip
    assert auc.value is None
    assert auc.reason
    assert (row.verdict, row.performance) == ("warn", "no_data")
    assert any("label_rate" in reason for reason in row.reasons)
    assert row.rollback_to is None


def test_labels_before_their_predictions_are_counted(home: Path) -> None:
    """A label known before its row was scored may have leaked: it is counted."""

    def early(labels: pd.DataFrame) -> pd.DataFrame:
        return labels.assign(arrived_at=pd.Timestamp(DAY, tz=world.ZONE))

    world.write_day(home, DAY, labels=early)
    (row,) = worlds.run(home, DAY)
    assert row.label_counts is not None
    assert row.label_counts.early == world.ROWS


def test_labels_of_unknown_ids_are_counted(home: Path) -> None:
    """Orphans join nothing, are counted, and the rows they miss stay unlabelled."""

    def strange(labels: pd.DataFrame) -> pd.DataFrame:
        known = np.arange(len(labels)) >= 10
        return labels.assign(id=labels["id"].where(known, "?" + labels["id"]))

    world.write_day(home, DAY, labels=strange)
    (row,) = worlds.run(home, DAY)
    counts, checked = row.label_counts, row.label_verdict
    assert counts is not None
    assert checked is not None
    assert (counts.orphans, counts.missing) == (10, 10)
    assert (checked.verdict, row.verdict) == ("warn", "ok")


def test_labels_that_fit_no_prediction_warn_and_are_an_incident(home: Path) -> None:
    """Text ids beside whole numbers: the day says so in numbers, and is not ok."""

    def count(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(id=np.arange(len(rows)))

    world.write_day(home, DAY, change=count)
    (row,) = worlds.run(home, DAY)
    assert row.label_counts is not None
    assert (row.labelled, row.label_counts.lost) == (0, world.ROWS)
    assert (row.verdict, row.severity) == ("warn", "P2")
    assert row.cause == "label_quality"
    assert f"{world.ROWS} labels fit no prediction" in row.reasons[0]


def test_some_labels_refused_are_said_and_the_others_used(home: Path) -> None:
    """Three unknown words among the labels cost three labels."""

    def spoil(labels: pd.DataFrame) -> pd.DataFrame:
        words = labels["repaid"].map({0: "no", 1: "yes"})
        return labels.assign(repaid=words.where(labels.index >= 3, "unclear"))

    world.write_day(home, DAY, labels=spoil)
    (row,) = worlds.run(home, DAY)
    assert (row.labelled, row.verdict) == (world.ROWS - 3, "ok")
    said = "3 of 400 labels are refused: 'repaid' holds 'unclear'"
    assert any(said in reason for reason in row.reasons)


def test_repeated_labels_count_once_and_contradictions_not_at_all(home: Path) -> None:
    """The same label twice is one label; two different ones are none."""

    def repeat(labels: pd.DataFrame) -> pd.DataFrame:
        wrong = labels.head(3).assign(repaid=1 - labels["repaid"].head(3))
        return pd.concat([labels, labels.tail(7), wrong], ignore_index=True)

    world.write_day(home, DAY, labels=repeat)
    (row,) = worlds.run(home, DAY)
    counts = row.label_counts
    assert counts is not None
    assert (counts.duplicates, counts.conflicts) == (7, 3)
    assert row.labelled == world.ROWS - 3
