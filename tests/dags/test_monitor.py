import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from airflow.models import dagrun
from airflow.models.asset import AssetEvent, AssetModel
from airflow.models.dagrun import DagRun
from airflow.utils.types import DagRunType

from monitoring_tasks.connections import read_credentials
from monitoring_tasks.domain.airflow_runs import AirflowRun, own_run
from monitoring_tasks.errors import DataError

pytestmark = pytest.mark.filterwarnings(
    # Airflow's in-process API is built on starlette's test client.
    "ignore:Using `httpx` with `starlette.testclient`",
)
ROLLBACK = "rollback-0123456789ab"
LATER = datetime(2013, 9, 3, 12, tzinfo=UTC)  # eight in New York, after the run at six
Calls = list[tuple[str, Any]]


@pytest.fixture
def run_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let `dag.test`, which only knows manual runs, make one of another type."""
    make = dagrun.get_or_create_dagrun

    def set_type(run_type: str) -> None:
        def make_typed(**given: Any) -> Any:  # noqa: ANN401 (Airflow's own)
            run = make(**given)
            run.run_type = DagRunType(run_type)
            given["session"].commit()
            return run

        monkeypatch.setattr(dagrun, "get_or_create_dagrun", make_typed)

    return set_type


def test_a_run_by_hand_judges_the_day_it_names(
    dags: dict[str, Any], calls: Calls
) -> None:
    """All seven steps run, once, on the one key, as a dry run."""
    conf = {"day": "2013-03-09"}
    run = dags["monitor_flights"].test(logical_date=None, run_conf=conf)
    about = {"model": "flights", "day": "2013-03-09"}
    about |= {"as_of": "2013-03-10T10:00:00+00:00", "mode": "dry_run"}
    assert run.state == "success"
    assert calls[0] == ("extract", about)
    steps = ["validate", "estimate", "compare", "decide", "respond", "deliver", "learn"]
    asked = [(step, ("flights/2013-03-09",)) for step in steps]
    # What is sent does not wait for the page, nor the page for what is sent.
    assert sorted(calls[1:]) == sorted(asked)


@pytest.mark.parametrize(
    ("run_type", "mode"),
    [("scheduled", "live"), ("backfill", "backfill"), ("manual", "dry_run")],
)
def test_a_run_with_an_interval_judges_the_day_it_starts_on(
    dags: dict[str, Any],
    calls: Calls,
    run_as: Callable[[str], None],
    *,
    run_type: str,
    mode: str,
) -> None:
    """The run due on the 3rd at six judges the 2nd; only one on time is live."""
    run_as(run_type)
    dags["monitor_flights"].test(logical_date=LATER)
    about = {"model": "flights", "day": "2013-09-02"}
    about |= {"as_of": "2013-09-03T10:00:00+00:00", "mode": mode}
    assert calls[0] == ("extract", about)


def test_the_runs_whose_assets_started_a_run_are_handed_on(
    dags: dict[str, Any],
    daily: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the names Airflow has for them, oldest first; what else an event holds stays.

    The events are in Airflow's tables, as the scheduler leaves them.
    """
    make = dagrun.get_or_create_dagrun
    at = datetime(2013, 9, 3, 4, tzinfo=UTC)
    sources = {"source_dag_id": "load", "source_run_id": "load-1", "extra": {"k": "s"}}

    def by_assets(*, session: Any, **given: Any) -> Any:  # noqa: ANN401 (Airflow's own)
        run = make(session=session, **given)
        asset = AssetModel(name="scores", uri="s3://lake/scores")
        session.add(asset)
        session.flush()
        run.consumed_asset_events = [
            AssetEvent(asset_id=asset.id, timestamp=at + later, **told)
            for later, told in (
                (timedelta(hours=1), {"partition_key": "2013-09-02"}),
                (timedelta(0), {**sources, "source_task_id": "publish"}),
            )
        ]
        session.commit()
        return run

    monkeypatch.setattr(dagrun, "get_or_create_dagrun", by_assets)
    run = dags["monitor_flights"].test(logical_date=LATER)
    own, *upstream = daily.runs
    assert (own["dag_id"], own["run_id"]) == ("monitor_flights", run.run_id)
    assert (own["task_id"], own["try_number"]) == ("extract", 1)
    told = {"asset": "scores", "uri": "s3://lake/scores", "map_index": -1}
    loaded = {"dag_id": "load", "run_id": "load-1", "task_id": "publish"}
    assert upstream[0] == told | loaded | {
        "partition_key": None,
        "at": "2013-09-03T04:00:00+00:00",
    }
    assert [upstream[1][key] for key in loaded] == [None] * 3
    assert upstream[1]["partition_key"] == "2013-09-02"
    assert json.loads(json.dumps(daily.runs)) == daily.runs
    read = [AirflowRun.from_json(plain) for plain in daily.runs]
    assert own_run(read) == read[0]


def test_a_backfill_told_to_be_live_is_a_backfill(
    dags: dict[str, Any], calls: Calls, run_as: Callable[[str], None]
) -> None:
    """`airflow backfill create --dag-run-conf '{"mode": "live"}'` pages nobody."""
    run_as("backfill")
    dags["monitor_flights"].test(logical_date=LATER, run_conf={"mode": "live"})
    assert calls[0][1]["mode"] == "backfill"


def test_a_run_knows_nothing_of_what_an_earlier_one_was_asked(
    dags: dict[str, Any], calls: Calls
) -> None:
    """Airflow keeps asked-for params in the DAG object; the next run must not care."""
    asked = {"day": "2013-03-09", "mode": "replay", "as_of": "2014-01-01T00:00:00Z"}
    dags["monitor_flights"].test(logical_date=None, run_conf=asked)
    dags["monitor_flights"].test(logical_date=LATER)
    modes = [
        (about["day"], about["mode"]) for name, about in calls if name == "extract"
    ]
    assert modes == [("2013-03-09", "replay"), ("2013-09-02", "dry_run")]


def test_a_run_that_names_no_day_fails_before_any_work(
    dags: dict[str, Any], calls: Calls
) -> None:
    """Without a day and without an interval nothing is guessed."""
    run = dags["monitor_flights"].test(logical_date=None)
    assert (run.state, calls) == ("failed", [])


def test_a_data_error_fails_the_run_at_its_step(
    dags: dict[str, Any],
    calls: Calls,
    daily: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A step that fails stops the day there, without another try."""

    def fail(key: str) -> str:
        raise DataError(key)

    monkeypatch.setattr(daily, "estimate", fail)
    run = dags["monitor_flights"].test(logical_date=LATER)
    assert run.state == "failed"
    assert [name for name, _ in calls] == ["extract", "validate"]


def test_connections_of_airflow_are_found(
    dags: dict[str, Any], daily: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tasks look a connection up in Airflow; an unknown one is None.

    What Airflow takes apart for its URL comes together as it was entered.
    """
    found: list[Any] = []
    hook = "https://h.example/a/b?sig=p%40"
    parts = {"conn_type": "generic", "password": hook, "extra": {"secret": "s&t"}}
    monkeypatch.setitem(os.environ, "AIRFLOW_CONN_HOOK", json.dumps(parts))

    def extract(*, look_up: Callable[[str], str | None], **about: object) -> str:
        found.extend((look_up("warehouse"), look_up("unknown")))
        found.append(read_credentials("hook", look_up))
        return str(about["model"])

    monkeypatch.setitem(os.environ, "AIRFLOW_CONN_WAREHOUSE", "postgres://u:s@h:1/d")
    monkeypatch.setattr(daily, "extract", extract)
    dags["monitor_flights"].test(logical_date=LATER)
    assert found[:2] == ["postgres://u:s@h:1/d", None]
    assert (found[2].address, found[2].extra) == (hook, {"secret": "s&t"})


@pytest.mark.parametrize(
    ("name", "asked"), [("settle", "settle"), ("watchdog", "watch")]
)
def test_a_job_asks_for_every_model_as_known_at_the_end_of_its_interval(
    dags: dict[str, Any], calls: Calls, name: str, asked: str
) -> None:
    """What was known when the run was due, never what is known now."""
    dags[name].test(logical_date=datetime(2013, 9, 4, tzinfo=UTC))
    [(function, (model, about))] = calls
    assert (function, model, about["mode"]) == (asked, "flights", "dry_run")
    assert about["as_of"].startswith("2013-09-03T")


def test_rollback_names_the_person_who_asked(
    dags: dict[str, Any], calls: Calls
) -> None:
    """The audit journal gets the reason and the user of the run."""
    why = {"to": "3", "reason": "worse since May"}
    dags["rollback"].test(logical_date=None, run_conf={"model": "flights", **why})
    plain = {"dry_run": False, "force": False, "actor": "dag_test"}
    assert calls == [("request_rollback", ("flights", {**why, **plain}))]


def test_rollback_hands_on_dry_run_and_force(
    dags: dict[str, Any], calls: Calls
) -> None:
    """What a person ticks in Airflow is what is done."""
    asked = {"to": "3", "reason": "worse since May", "dry_run": True, "force": True}
    dags["rollback"].test(logical_date=None, run_conf={"model": "flights", **asked})
    assert calls == [("request_rollback", ("flights", {**asked, "actor": "dag_test"}))]


@pytest.mark.parametrize("only_planned", [True, False])
def test_repair_plans_unless_told(
    dags: dict[str, Any], calls: Calls, *, only_planned: bool
) -> None:
    """By default the days are only listed."""
    conf: dict[str, Any] = {"rollback": ROLLBACK}
    conf |= {} if only_planned else {"plan_only": False}
    dags["repair"].test(logical_date=None, run_conf=conf)
    planned = ("plan_repair", (ROLLBACK, {}))
    repaired = ("repair_days", (ROLLBACK, {"actor": "dag_test"}))
    assert calls == [planned if only_planned else repaired]


@pytest.mark.slow
@pytest.mark.usefixtures("daily")
def test_a_day_that_asks_a_person_starts_one_approval(
    write_contract: Callable[..., Path],
    load_dags: Callable[[], Any],
    people: SimpleNamespace,
) -> None:
    """Judged again, the same day asks the same question; the run does not wait."""
    write_contract("asking", response={"mode": "approve"})
    asking = load_dags().dags["monitor_asking"]
    # Its own id: nothing has to be deleted afterwards from Airflow's tables.
    rollback = f"rollback-{uuid4().hex[:12]}"
    people.rollback_to_approve = lambda _: rollback
    for _ in range(2):
        run = asking.test(logical_date=LATER)
        assert run.state == "success"
    (asked,) = DagRun.find(dag_id="approval", run_id=rollback)
    answer = (asked.run_id, asked.conf, asked.state)
    assert answer == (rollback, {"rollback": rollback}, "queued")


@pytest.mark.parametrize("with_labels", [False, True])
def test_backfill_judges_the_whole_range_in_order(
    dags: dict[str, Any], calls: Calls, *, with_labels: bool
) -> None:
    """A day is judged with the days before it in view, so one task does them all."""
    conf = {"model": "flights", "from": "2013-01-30", "to": "2013-02-02"}
    conf |= {"with_labels": True} if with_labels else {}
    run = dags["backfill"].test(logical_date=None, run_conf=conf)
    assert run.state == "success"
    about = {"with_labels": with_labels}
    assert calls == [("backfill", ("flights", "2013-01-30", "2013-02-02", about))]
