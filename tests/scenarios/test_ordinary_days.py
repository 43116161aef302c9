"""Days on which nothing is wrong with the model: healthy, excluded, blind, broken."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from monitoring_tasks import daily
from monitoring_tasks.domain.incidents import IncidentState
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.extract.step import extract_day
from monitoring_tasks.operations.settling import settle
from monitoring_tasks.operations.watching import watch
from monitoring_tasks.store.label_rounds import label_rounds
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
NEXT = DAY + timedelta(days=1)
HORIZONS = [{"days": 1, "false_alarm": 0.01}, {"days": 3, "false_alarm": 0.005}]
SUITE = {
    "name": "predictions",
    "expectations": [
        {
            "type": "expect_column_mean_to_be_between",
            "severity": "critical",
            "kwargs": {"column": "amount", "min_value": 8, "max_value": 12},
        }
    ],
}


def add_suite(home: Path) -> None:
    """Lay a suite beside the contract that notices a changed unit."""
    path = home / "expectations" / world.MODEL / "predictions.json"
    path.write_text(json.dumps(SUITE))


def in_cents(rows: pd.DataFrame) -> pd.DataFrame:
    """Deliver the amount in another unit."""
    return rows.assign(amount=rows["amount"] * 100)


def test_healthy_day_is_ok_and_asks_nobody(home: Path) -> None:
    """A good day is ok, opens nothing and moves nothing."""
    (row,) = worlds.run(home, DAY)
    assert (row.verdict, row.severity, row.cause) == ("ok", None, None)
    assert (row.version, row.rows, row.labelled) == ("2", 400, 400)
    assert row.action.kind == "none"
    with open_workspace(home) as workspace:
        assert workspace.incidents.find() == []
    assert (worlds.alias(home), worlds.journal(home)) == ("2", [])


def test_seven_steps_end_as_one_run(home: Path) -> None:
    """Step by step, as tasks do, gives what `run_day` gives; then the report."""
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, DAY)
        whole = daily.run_day(workspace, unit)
    key = daily.extract(
        world.MODEL, DAY.isoformat(), as_of=unit.as_of.isoformat(), mode="live"
    )
    for step in (daily.validate, daily.estimate, daily.compare, daily.decide):
        key = step(key)
    report = Path(daily.learn(daily.respond(key)))
    with open_workspace(home) as workspace:
        assert workspace.results.evaluation(unit) == whole
    assert str(DAY) in report.read_text(encoding="utf-8")


def test_excluded_day_is_recorded_and_never_judged(home: Path) -> None:
    """A day the contract excludes keeps its numbers and gets no judgement."""
    world.amend(home, "policy", excluded_days=[DAY])
    (row,) = worlds.run(home, DAY)
    assert (row.verdict, row.action.kind) == ("excluded", "none")
    assert row.rows == world.ROWS


def test_broken_feed_is_a_data_incident_and_quarantined(home: Path) -> None:
    """A changed unit is caught at the gate: no number is taken from the batch."""
    add_suite(home)
    world.write_day(home, DAY, change=in_cents)
    (row,) = worlds.run(home, DAY)
    assert (row.verdict, row.severity, row.cause) == ("no_data", "P2", "data")
    assert row.action.kind == "incident"
    assert "column_mean_to_be_between on column 'amount'" in row.reasons[0]
    with open_workspace(home) as workspace:
        assert workspace.results.measurements(world.unit_of(workspace, DAY)) == []
        assert [i.cause for i in workspace.incidents.find()] == ["data"]
    quarantined = [line[-1] for line in worlds.dump(home)["partitions"]]
    assert sum(one is not None for one in quarantined) == 1
    assert (worlds.alias(home), worlds.journal(home)) == ("2", [])


def test_broken_feed_never_rolls_back_a_pending_breach(breached: Path) -> None:
    """One bad day, then a broken batch: the breach stays unconfirmed."""
    add_suite(breached)
    day = worlds.CONFIRMED
    world.write_day(breached, day, version="3", change=in_cents)
    (row,) = worlds.run(breached, day)
    assert (row.cause, row.rollback_to) == ("data", None)
    assert (worlds.alias(breached), worlds.journal(breached)) == ("3", [])


def test_incident_resolves_after_enough_good_days(home: Path) -> None:
    """A P2 of the data is watched, then closed by itself after two good days."""
    add_suite(home)
    world.write_day(home, DAY, change=in_cents)
    days = [DAY + timedelta(days=number) for number in range(3)]
    rows = worlds.run(home, *days)
    kinds = [row.action.kind for row in rows]
    assert kinds == ["incident", "verified", "verified"]
    with open_workspace(home) as workspace:
        (incident,) = workspace.incidents.find()
        states = [event["kind"] for event in workspace.incidents.events(incident.id)]
    assert incident.state is IncidentState.RESOLVED
    assert states[0] == "open"
    assert {"monitoring", "resolved"} < set(states)
    before = worlds.dump(home)
    worlds.run(home, *days)
    assert worlds.dump(home) == before


def test_unconfirmed_good_day_between_does_not_resolve(home: Path) -> None:
    """A bad day starts the count of good days again, in the same incident."""
    add_suite(home)
    bad = (DAY, DAY + timedelta(days=2))
    for day in bad:
        world.write_day(home, day, change=in_cents)
    worlds.run(home, *(DAY + timedelta(days=number) for number in range(4)))
    with open_workspace(home) as workspace:
        (incident,) = workspace.incidents.find()
    assert incident.state is IncidentState.MONITORING
    assert (incident.onset_day, incident.last_day) == bad


def test_late_labels_settle_exactly_their_day(home: Path) -> None:
    """Labels that come later re-judge their day beside the old verdict, which stays."""
    labels = world.part(home, "labels", NEXT)
    kept = labels.read_bytes()
    labels.unlink()
    before, immature = worlds.run(home, DAY, NEXT)
    assert before.verdict == "ok"
    assert immature.labelled == 0
    with open_workspace(home) as workspace:
        found = workspace.results.findings(world.unit_of(workspace, NEXT))
    assert "immature" in {f.verdict for f in found}
    assert settle(world.MODEL, as_of="2024-03-20T11:00:00+00:00", mode="live") == []
    labels.write_bytes(kept)
    later = "2024-03-20T12:00:00+00:00"
    keys = settle(world.MODEL, as_of=later, mode="live")
    assert keys == [f"loan/{NEXT}/2024-03-20T12:00:00Z/live"]
    assert settle(world.MODEL, as_of="2024-03-20T13:00:00+00:00", mode="live") == []
    with open_workspace(home) as workspace:
        old = workspace.results.evaluation(world.unit_of(workspace, NEXT))
        (new,) = workspace.results.current(world.MODEL, NEXT, NEXT)
        tomorrow = world.unit_of(workspace, NEXT + timedelta(days=2))
        rounds = [
            done.known_at.hour for done in label_rounds(workspace.database, tomorrow)
        ]
    assert rounds == [11, 12, 13]
    assert (old.labelled, new.labelled) == (0, world.ROWS)
    assert old == immature


def test_late_labels_settle_the_days_that_pooled_theirs(home: Path) -> None:
    """The pool of the next day had no labels of the day before; now it has."""
    world.amend(home, "policy", horizons=HORIZONS)
    labels = world.part(home, "labels", DAY)
    kept = labels.read_bytes()
    labels.unlink()
    worlds.run(home, DAY, NEXT)
    labels.write_bytes(kept)
    later = "2024-03-20T12:00:00+00:00"
    keys = settle(world.MODEL, as_of=later, mode="live")
    assert keys == [f"loan/{day}/2024-03-20T12:00:00Z/live" for day in (DAY, NEXT)]
    with open_workspace(home) as workspace:
        unit = Unit.from_key(keys[1])
        (both,) = [
            number
            for number in workspace.results.measurements(unit)
            if (number.kind, number.metric, number.segment, number.horizon)
            == ("realized", "roc_auc", "all", 3)
        ]
    assert both.rows == 2 * world.ROWS
    assert settle(world.MODEL, as_of=later, mode="live") == []


def test_settling_that_was_stopped_goes_on_where_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A retry at the same instant finishes the day that was begun."""
    labels = world.part(home, "labels", DAY)
    kept = labels.read_bytes()
    labels.unlink()
    worlds.run(home, DAY)
    labels.write_bytes(kept)
    later = "2024-03-20T12:00:00+00:00"
    with monkeypatch.context() as broken:
        broken.setattr(daily, "judge_day", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settle(world.MODEL, as_of=later, mode="live")
    keys = settle(world.MODEL, as_of=later, mode="live")
    assert len(keys) == 1
    with open_workspace(home) as workspace:
        (row,) = workspace.results.current(world.MODEL, DAY, DAY)
    assert (row.as_of.isoformat(), row.verdict) == (later, "ok")


def test_a_look_that_was_stopped_does_not_hide_the_last_verdict(home: Path) -> None:
    """History and views rest on finished looks; a begun one says nothing yet."""
    worlds.run(home, DAY)
    later = "2024-03-19T11:00:00+00:00"
    daily.extract(world.MODEL, DAY.isoformat(), as_of=later, mode="live")
    with open_workspace(home) as workspace:
        past = workspace.results.history(
            world.unit_of(workspace, DAY + timedelta(days=4)), 5
        )
        (shown,) = workspace.results.current(world.MODEL, DAY, DAY)
    assert [(one.day, one.verdict.value) for one in past] == [(DAY, "ok")]
    assert shown.verdict == "ok"


def test_watchdog_names_the_days_nobody_judged(home: Path) -> None:
    """A day whose hour has passed without a verdict opens an incident, once."""
    worlds.run(home, DAY, DAY + timedelta(days=3))
    as_of = datetime(2024, 3, 22, 12, tzinfo=UTC).isoformat()
    dry = watch(world.MODEL, as_of=as_of, mode="dry_run")
    blind = [(DAY + timedelta(days=n)).isoformat() for n in (1, 2)]
    told = {"model": "loan", "waiting": 0, "incident": None, "rollback": None}
    assert dry == told | {"blind": blind}
    twice = [watch(world.MODEL, as_of=as_of, mode="live") for _ in range(2)]
    assert {found["incident"] for found in twice} == {f"loan-integration-{blind[0]}"}
    with open_workspace(home) as workspace:
        (incident,) = workspace.incidents.find()
        assert len(workspace.incidents.events(incident.id)) == 1
    assert (incident.severity, incident.last_day.isoformat()) == ("P1", blind[1])


@pytest.mark.parametrize(
    ("hour", "blind"), [(22, []), (23, ["2024-03-19"])], ids=["a day later", "after"]
)
def test_watchdog_leaves_assets_a_day_to_arrive(
    home: Path, hour: int, blind: list[str]
) -> None:
    """Nobody knows when assets are due; a day after the end of theirs it is news."""
    world.write_contract(home, {**world.CONTRACT, "schedule": {"assets": ["scores"]}})
    worlds.run(home, DAY)
    as_of = datetime(2024, 3, 20, hour, 30, tzinfo=UTC).isoformat()
    assert watch(world.MODEL, as_of=as_of, mode="dry_run")["blind"] == blind


@pytest.mark.usefixtures("home")
def test_watchdog_is_silent_before_the_first_look() -> None:
    """Before any day was looked at nothing was due."""
    as_of = datetime(2024, 3, 22, 12, tzinfo=UTC).isoformat()
    assert watch(world.MODEL, as_of=as_of, mode="live")["blind"] == []


@pytest.mark.parametrize(
    ("day", "aware"),
    [
        pytest.param(world.CLOCK_CHANGE, True, id="forward, aware"),
        pytest.param(world.CLOCK_CHANGE, False, id="forward, naive"),
        pytest.param(date(2024, 10, 27), True, id="back, aware"),
        pytest.param(date(2024, 10, 27), False, id="back, naive"),
    ],
)
def test_day_of_a_clock_change_keeps_every_row(
    home: Path, day: date, *, aware: bool
) -> None:
    """Picked by timestamp, a 23 or 25 hour day holds its own rows and no others."""

    def spread(rows: pd.DataFrame) -> pd.DataFrame:
        start = pd.Timestamp(day, tz=world.ZONE)
        end = pd.Timestamp(day + timedelta(days=1), tz=world.ZONE)
        at = pd.date_range(start, end, periods=len(rows) + 1, inclusive="left")
        at = at if aware else at.tz_localize(None)
        return rows.assign(at=at.as_unit("us"))

    source = {"kind": "files", "path": "predictions/*/*.parquet"}
    contract = world.CONTRACT
    world.write_contract(
        home,
        contract | {"sources": contract["sources"] | {"predictions": source}},
    )
    for path in home.glob("predictions/*/*"):
        path.unlink()
    world.write_day(home, day, change=spread)
    before, after = (day + timedelta(days=number) for number in (-1, 1))
    with open_workspace(home) as workspace:
        for one in (before, day, after):
            extract_day(Day(workspace, world.unit_of(workspace, one)))
        found = [row.rows for row in workspace.results.current("loan", before, after)]
    assert found == [0, world.ROWS, 0]
