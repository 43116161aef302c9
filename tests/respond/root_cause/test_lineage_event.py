import json
from uuid import UUID

import pytest

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.respond.root_cause.lineage_event import run_event
from tests.builders import DAY, MODEL, NOW, make_contract
from tests.respond.root_cause.packs import make_facts


def partition(kind: PartitionKind) -> Partition:
    """Return a frozen partition."""
    return Partition(
        model=MODEL,
        day=DAY,
        kind=kind,
        path="/p.parquet",
        rows=3,
        digest="d" * 64,
        query="q",
        watermark=None,
        as_of=NOW,
    )


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ({"kind": "files", "path": "rows/{day}.csv"}, ("file", "rows/{day}.csv")),
        ({"kind": "files", "path": "s3://lake/a/{day}"}, ("s3://lake", "a/{day}")),
        ({"kind": "sql", "connection": "wh", "table": "s.t"}, ("wh", "s.t")),
    ],
)
def test_event_names_what_was_read_by_its_digest(
    source: dict[str, str], named: tuple[str, str]
) -> None:
    """One input a frozen partition, under the name its source has elsewhere."""
    files = {"kind": "files", "path": "labels-{day}.parquet"}
    contract = make_contract(sources={"predictions": source, "labels": files})
    parts = [partition(PartitionKind.PREDICTIONS), partition(PartitionKind.LABELS)]
    event = run_event(make_facts(partitions=parts), contract)
    given, labels = event["inputs"]
    assert (given["namespace"], given["name"]) == named
    assert labels["name"] == "labels-{day}.parquet"
    assert given["facets"]["version"]["datasetVersion"] == "d" * 64
    again = run_event(make_facts(), contract)
    assert UUID(event["run"]["runId"]) == UUID(again["run"]["runId"])
    facets = [*given["facets"].values(), *event["run"]["facets"].values()]
    assert all({"_producer", "_schemaURL"} <= set(facet) for facet in facets)
    assert json.loads(json.dumps(event)) == event


def test_run_of_airflow_is_the_parent_of_the_judgement() -> None:
    """By a UUID of its own, the same for the same run; without Airflow none."""
    contract = make_contract()
    runs = [
        AirflowRun(dag_id="monitor_flights", run_id=name, task_id="extract", at=NOW)
        for name in ("one", "one", "two")
    ]
    parents = [
        run_event(make_facts(airflow_runs=[run]), contract)["run"]["facets"]["parent"]
        for run in runs
    ]
    ids = [UUID(parent["run"]["runId"]) for parent in parents]
    assert ids[0] == ids[1] != ids[2]
    assert parents[0]["job"] == {"namespace": "airflow", "name": "monitor_flights"}
    assert parents[0]["_schemaURL"].endswith("#/$defs/ParentRunFacet")
    assert "parent" not in run_event(make_facts(), contract)["run"]["facets"]
