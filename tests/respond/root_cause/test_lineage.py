from datetime import timedelta

import pytest

from monitoring_tasks.cli.output import console
from monitoring_tasks.cli.pack_tables import print_pack
from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.respond.root_cause.lineage import lineage_section
from monitoring_tasks.respond.root_cause.pack import make_pack
from tests.builders import NOW, make_contract
from tests.respond.root_cause.packs import make_facts

OWN = AirflowRun(
    dag_id="monitor_flights", run_id="m-1", task_id="extract", try_number=2, at=NOW
)
LOADED = AirflowRun(
    dag_id="load",
    run_id="load-1",
    task_id="publish",
    map_index=-1,
    asset="scores",
    uri="s3://lake/scores",
    partition_key="2013-09-02",
    at=NOW - timedelta(hours=1),
)
OUTSIDE = AirflowRun(
    dag_id=None, run_id=None, task_id=None, asset="truth", uri="truth", at=NOW
)
BY_ASSETS = {"assets": ["scores", "truth"]}
BY_CLOCK = {"cron": "0 6 * * *"}
NOT_RUN = "Airflow run: the day was not run by Airflow's DAG of the model"
NO_ASSET = "Airflow assets: the model is judged by the clock, no asset started it"
BY_HAND = "Airflow upstream runs: the run was not started by assets"
FROM_OUTSIDE = "Airflow upstream runs: truth reported from outside of Airflow's runs"


@pytest.mark.parametrize(
    ("schedule", "runs", "missing"),
    [
        (BY_ASSETS, [OWN, LOADED], []),
        (BY_ASSETS, [OWN, LOADED, OUTSIDE], [FROM_OUTSIDE]),
        (BY_ASSETS, [OWN], [BY_HAND]),
        (BY_ASSETS, [], [NOT_RUN]),
        (BY_CLOCK, [OWN], [NO_ASSET]),
        (BY_CLOCK, [], [NOT_RUN, NO_ASSET]),
    ],
)
def test_runs_that_are_not_there_are_said_with_the_reason(
    schedule: dict[str, object], runs: list[AirflowRun], missing: list[str]
) -> None:
    """Not run by Airflow, run by hand, judged by the clock, reported from outside."""
    contract = make_contract(schedule=schedule)
    section = lineage_section(make_facts(airflow_runs=runs), contract)
    assert [text for text in section.missing if "Airflow" in text] == missing


def test_runs_are_named_one_line_each() -> None:
    """As Airflow names them, in the document and on the terminal."""
    facts = make_facts(airflow_runs=[OWN, LOADED, OUTSIDE])
    pack = make_pack(facts, make_contract(schedule=BY_ASSETS))
    airflow = pack["sections"]["lineage"]["data"]["airflow"]
    assert (airflow["run"]["run_id"], airflow["run"]["try_number"]) == ("m-1", 2)
    assert airflow["upstream"][0] == {
        "asset": "scores",
        "uri": "s3://lake/scores",
        "dag_id": "load",
        "run_id": "load-1",
        "task_id": "publish",
        "map_index": -1,
        "partition_key": "2013-09-02",
        "at": "2013-09-03T09:00:00+00:00",
    }
    with console.capture() as printed:
        print_pack(pack)
    lines = printed.get().splitlines()
    assert "Airflow run: monitor_flights, m-1, task extract, try 2" in lines
    assert "- scores, 2013-09-03T09:00: load, load-1, task publish" in lines
    assert "- truth, 2013-09-03T10:00: by no run of Airflow" in lines


def test_pack_of_before_runs_were_kept_is_still_read() -> None:
    """What was frozen is never changed: it names no runs at all."""
    pack = make_pack(make_facts(), make_contract())
    del pack["sections"]["lineage"]["data"]["airflow"]
    with console.capture() as printed:
        print_pack(pack)
    assert "Airflow run:" in printed.get()  # among what could not be told
