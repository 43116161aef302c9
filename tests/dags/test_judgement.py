import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.serialization.definitions.operatorlink import XComOperatorLink
from airflow.utils.session import create_session

from tests.dags.conftest import PAGE

pytestmark = pytest.mark.filterwarnings(
    # Airflow's in-process API is built on starlette's test client.
    "ignore:Using `httpx` with `starlette.testclient`",
)
DAY = {"day": "2013-09-02"}
GRAVE = "loans 2013-09-02: breach P1: roc_auc is 0.61"


@pytest.fixture
def alerting(
    write_contract: Callable[..., Path],
    load_dags: Callable[[], Any],
    daily: SimpleNamespace,
    people: SimpleNamespace,
) -> Any:  # noqa: ANN401 (a DAG)
    """The DAG of a model whose contract asks for the task `alert`."""
    del daily, people  # asked for so that no test runs the real ones
    # A name of its own: Airflow keeps every shape a DAG has had in its database.
    write_contract("loans", response={"airflow_alert": {"severity": "P1"}})
    return load_dags().dags["monitor_loans"]


def states_of(run: Any) -> dict[str, str]:  # noqa: ANN401 (a DagRun)
    """Read how each task of a run ended."""
    with create_session() as session:
        found = session.query(TaskInstance).filter_by(
            dag_id=run.dag_id, run_id=run.run_id
        )
        return {one.task_id: str(one.state) for one in found}


def test_decide_logs_the_judgement_and_keeps_it(
    dags: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Verdict, severity, reasons and the page's address: in the log and as an XCom."""
    with caplog.at_level(logging.INFO, logger="daywatch_judgement"):
        run = dags["monitor_flights"].test(logical_date=None, run_conf=DAY)
    lines = [r.getMessage() for r in caplog.records if r.name == "daywatch_judgement"]
    assert lines == [
        "flights 2013-09-02 (live): breach P1, cause model",
        "  - roc_auc is 0.61, at least 0.7",
        f"page, once `learn` is done: {PAGE}",
    ]
    with create_session() as session:
        row = session.query(XComModel).filter_by(
            dag_id=run.dag_id, run_id=run.run_id, task_id="decide", key="judgement"
        )
        kept = XComModel.deserialize_value(row.one())
    assert (kept["verdict"], kept["severity"], kept["page"]) == ("breach", "P1", PAGE)


def test_the_page_is_an_extra_link_of_decide(dags: dict[str, Any]) -> None:
    """The button of the interface leads to the day's page of that very run."""
    run = dags["monitor_flights"].test(logical_date=None, run_conf=DAY)
    (link,) = dags["monitor_flights"].get_task("decide").operator_extra_links
    with create_session() as session:
        instance = session.query(TaskInstance).filter_by(
            dag_id=run.dag_id, run_id=run.run_id, task_id="decide"
        )
        key = instance.one().key
    shown = XComOperatorLink(name=link.name, xcom_key=link.xcom_key)
    assert (
        shown.get_link(dags["monitor_flights"].get_task("decide"), ti_key=key) == PAGE
    )


def test_tasks_belong_to_the_owners_of_the_contract(
    write_contract: Callable[..., Path], load_dags: Callable[[], Any]
) -> None:
    """Airflow's own filter by owner finds a team's models; so do the jobs' tasks."""
    write_contract("loans", owners=["team a", "kim <kim@example.org>"])
    bag = load_dags().dags
    owners = {task.owner for task in bag["monitor_loans"].tasks}
    jobs = {bag[name].get_task("loans").owner for name in ("settle", "watchdog")}
    assert owners == jobs == {"team a, kim <kim@example.org>"}


def test_no_alert_unless_the_contract_asks(dags: dict[str, Any]) -> None:
    """By default the DAG has no such task."""
    assert "alert" not in dags["monitor_flights"].task_ids


@pytest.mark.parametrize(
    ("asked", "ended", "whole"),
    [
        ("failed", "failed", "failed"),
        ("skipped", "skipped", "success"),
        ("success", "success", "success"),
    ],
)
def test_alert_ends_as_the_contract_asks(
    alerting: Any,  # noqa: ANN401 (a DAG)
    people: SimpleNamespace,
    *,
    asked: str,
    ended: str,
    whole: str,
) -> None:
    """A grave day ends the last task badly, once the page is written."""
    people.alert = lambda _: {"task": asked, "text": GRAVE}
    run = alerting.test(logical_date=None, run_conf=DAY)
    states = states_of(run)
    assert (states["alert"], states["learn"], run.state) == (ended, "success", whole)
    assert alerting.get_task("alert").upstream_task_ids == {"respond", "learn"}


def test_alert_is_not_tried_again(
    alerting: Any,  # noqa: ANN401 (a DAG)
    people: SimpleNamespace,
) -> None:
    """One grave day is one failed task, not one for each of the retries."""
    asked: list[str] = []

    def alert(key: str) -> dict[str, str]:
        asked.append(key)
        return {"task": "failed", "text": GRAVE}

    people.alert = alert
    alerting.test(logical_date=datetime(2013, 9, 3, 12, tzinfo=UTC))
    assert asked == ["loans/2013-09-02"]
