"""Runs of Airflow: the one that judged a day, and those whose assets started it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from monitoring_tasks.domain.json_values import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class AirflowRun:
    """A task of a run of Airflow, as Airflow names it.

    Attributes:
        dag_id: Its DAG; None where an asset was reported from outside of any.
        run_id: The run; None likewise.
        task_id: The task; None likewise.
        map_index: Which of the mapped tasks, -1 where it is not mapped; None likewise.
        try_number: Which try of the task, >= 1; None where Airflow does not say.
        asset: What it reported, without secrets; None for the run that judged the day.
        uri: The asset's address, without secrets; None likewise.
        partition_key: Which partition the run, or the report of the asset, is about.
        at: When the run began, or the asset was reported; aware.
    """

    dag_id: str | None
    run_id: str | None
    task_id: str | None
    at: datetime
    map_index: int | None = None
    try_number: int | None = None
    asset: str | None = None
    uri: str | None = None
    partition_key: str | None = None

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Read it from what a task hands on; `at` is ISO text with an offset."""
        return cls(**{**plain, "at": datetime.fromisoformat(plain["at"])})

    def to_json(self) -> JsonObject:
        """Return it as a document; what only an asset has stands with an asset."""
        told = {
            "dag_id": self.dag_id,
            "run_id": self.run_id,
            "task_id": self.task_id,
            "map_index": self.map_index,
            "partition_key": self.partition_key,
            "at": self.at.isoformat(),
        }
        if self.asset is None:
            return told | {"try_number": self.try_number}
        return {"asset": self.asset, "uri": self.uri} | told


def own_run(runs: Iterable[AirflowRun]) -> AirflowRun | None:
    """Return the run that judged the day; None where Airflow did not run it."""
    return next((run for run in runs if run.asset is None), None)


def upstream_runs(runs: Iterable[AirflowRun]) -> list[AirflowRun]:
    """Return the runs whose assets started the one that judged the day."""
    return [run for run in runs if run.asset is not None]
