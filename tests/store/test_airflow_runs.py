from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.results import Results
from tests.builders import NOW, make_unit

OWN = AirflowRun(
    dag_id="monitor_flights", run_id="r", task_id="extract", try_number=1, at=NOW
)
OUTSIDE = AirflowRun(
    dag_id=None, run_id=None, task_id=None, asset="truth", uri="truth", at=NOW
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


def start(results: Results, *runs: AirflowRun) -> list[AirflowRun]:
    """Start the day by these runs; return what is read back."""
    unit = make_unit()
    results.start(unit, predictions=None, labels=None, problem=None, airflow=runs)
    return results.airflow_runs(unit)


def test_runs_of_a_day_are_those_of_its_last_try(database: Database) -> None:
    """In their order and whole; without Airflow there are none, nor old ones."""
    results = Results(database)
    assert results.airflow_runs(make_unit()) == []
    assert start(results, OWN, LOADED, OUTSIDE) == [OWN, LOADED, OUTSIDE]
    again = replace(OWN, try_number=2)
    assert start(results, again) == [again]
    assert start(results) == []
    with database.transaction() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM airflow_runs")) == 0


def test_address_of_an_asset_is_kept_without_its_password(database: Database) -> None:
    """Airflow leaves some addresses as they were entered."""
    uri = "x-lake://ann:s3cret@lake/scores"
    (read,) = start(Results(database), replace(LOADED, asset=uri, uri=uri))
    assert read.asset == read.uri == "x-lake://***@lake/scores"
