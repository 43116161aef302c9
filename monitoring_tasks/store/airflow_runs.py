"""The runs of Airflow behind an evaluation: replaced as a whole, read back in order."""

from collections.abc import Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.mlflow_connection import without_secrets
from monitoring_tasks.store.schema import AirflowRunRow

Row = AirflowRunRow
FACTS = [field.name for field in fields(AirflowRun)]


def replace_runs(
    database: Database,
    connection: sa.Connection,
    evaluation: str,
    runs: Sequence[AirflowRun],
) -> None:
    """Write the runs of an evaluation down; those of an earlier try are gone.

    Args:
        database: The store.
        connection: Of the transaction that starts the evaluation.
        evaluation: Its key.
        runs: In the order in which they are read back; none without Airflow.
    """
    connection.execute(sa.delete(Row).where(Row.evaluation == evaluation))
    rows = [
        asdict(run)
        | {
            "evaluation": evaluation,
            "position": position,
            # An asset without a name of its own has its address as name.
            "asset": run.asset and without_secrets(run.asset),
            "uri": run.uri and without_secrets(run.uri),
        }
        for position, run in enumerate(runs)
    ]
    database.upsert(connection, Row, rows)


def runs_of(database: Database, evaluation: str) -> list[AirflowRun]:
    """Load the runs of an evaluation, in the order they were written; none is none.

    Args:
        database: The store.
        evaluation: Its key.
    """
    table = table_of(Row)
    query = sa.select(*(table.c[name] for name in FACTS)).order_by(Row.position)
    with database.transaction() as connection:
        rows = connection.execute(query.where(Row.evaluation == evaluation))
        return [AirflowRun(**row) for row in rows.mappings()]
