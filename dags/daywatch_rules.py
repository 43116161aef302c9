"""What every DAG of Daywatch has in common; defines no DAG itself.

Reads the contracts at parse time and nothing else: heavy libraries, the store and
Airflow's own database are only touched inside tasks.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import (
    Asset,
    AssetAll,
    Connection,
    CronDataIntervalTimetable,
    ExceptionRetryPolicy,
    Param,
    PartitionedAssetTimetable,
    RetryAction,
    RetryRule,
    get_current_context,
    get_parsing_context,
)
from airflow.sdk.exceptions import AirflowNotFoundException

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import (
    FILE_NAME,
    LoadedContract,
    contract_files,
    load_contract,
)
from monitoring_tasks.contract.response import Response
from monitoring_tasks.contract.schedule import AssetSchedule
from monitoring_tasks.domain.runs import (
    Trigger,
    daily_time,
    instant_of,
    mode_of,
    unit_of,
)
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import ConfigurationError, TransientError
from monitoring_tasks.settings import load_settings

MONITOR = "monitor_"
"""How `monitor.py` begins the id of a model's DAG; the name of the model follows."""
RULES: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "start_date": datetime(2000, 1, 1, tzinfo=UTC),
    "dagrun_timeout": timedelta(hours=12),
    "tags": ["daywatch"],
    "default_args": {
        "owner": "daywatch",
        "retries": 3,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=30),
        "retry_policy": ExceptionRetryPolicy(
            [RetryRule(exception=TransientError, action=RetryAction.RETRY)],
            default=RetryAction.FAIL,
        ),
    },
}


def let_runs_state(dag: Any, **params: Param) -> None:  # noqa: ANN401 (SDK's DAG, or its subclass)
    """Let whoever starts a run of the DAG state these params.

    To be called when the tasks are there. Each would get a copy of its own otherwise,
    and Airflow holds each copy against its schema again and again while it parses the
    file: with three params that is nine tenths of what parsing costs.

    Args:
        dag: The DAG, with its tasks.
        params: The params by name; their defaults must keep to their schemas.
    """
    for name, param in params.items():
        dag.params[name] = param


def ask_when() -> dict[str, Param]:
    """Let a person say in which mode to judge, and as known at which instant.

    New at every call: Airflow keeps what a run was given in the Param itself.
    """
    return {
        "mode": Param(
            None,
            "By default a run on time is live, any other a dry run. "
            "A backfill is a backfill whatever is asked for.",
            type=["null", "string"],
            enum=[None, *(mode.value for mode in Mode)],
        ),
        "as_of": Param(
            None,
            "Look only at what was known then, e.g. 2013-09-03T10:00:00Z.",
            type=["null", "string"],
            format="date-time",
        ),
    }


def scheduled_contracts() -> list[Contract]:
    """Load the contracts whose tasks are to be made.

    Airflow parses a file again before each of its tasks. Then only the contract of that
    task is loaded: the one its DAG is named after, else the task itself.
    """
    parsed = get_parsing_context()
    model = parsed.task_id
    if parsed.dag_id and parsed.dag_id.startswith(MONITOR):
        model = parsed.dag_id.removeprefix(MONITOR)
    folder = load_settings().expectations
    paths = contract_files(folder) if model is None else [folder / model / FILE_NAME]
    return [loaded.contract for loaded in _load(paths)[0]]


def read_contracts() -> tuple[list[LoadedContract], list[str]]:
    """Load every contract that can be scheduled; list what is wrong with the others."""
    return _load(contract_files(load_settings().expectations))


def _load(paths: Iterable[Path]) -> tuple[list[LoadedContract], list[str]]:
    contracts, faults = [], []
    for path in paths:
        try:
            loaded = load_contract(path)
            _check(loaded)
        except ConfigurationError as error:
            faults.append(str(error))
        else:
            contracts.append(loaded)
    return contracts, faults


def model_param() -> Param:
    """Offer the models that have a contract, and nothing else."""
    # The folder bears the model's name: no contract has to be read for it.
    paths = contract_files(load_settings().expectations)
    models = [path.parent.name for path in paths]
    return Param(description="Registered model.", type="string", enum=models)


def rollback_param() -> Param:
    """Ask for the id of a rollback, as `daywatch rollbacks` lists them."""
    return Param(
        description="Id of the rollback.",
        type="string",
        pattern=r"^rollback-[0-9a-f]{12}$",
    )


def longest_decision() -> timedelta:
    """Return the longest time any contract lets a decision wait for a person."""
    # Of all models: one DAG asks for them all. Only contracts that say it are loaded.
    paths = [
        path
        for path in contract_files(load_settings().expectations)
        if b"decision_hours" in path.read_bytes()
    ]
    hours = [loaded.contract.response.decision_hours for loaded in _load(paths)[0]]
    return timedelta(hours=max([*hours, Response().decision_hours]))


def ask_a_person(finder: str) -> TriggerDagRunOperator:
    """Start a run of `approval` and go on; the same question is asked once.

    Args:
        finder: Task whose result is the id of the rollback that waits.
    """
    rollback = f"{{{{ ti.xcom_pull(task_ids='{finder}') }}}}"
    return TriggerDagRunOperator(
        task_id="ask_a_person",
        trigger_dag_id="approval",
        trigger_run_id=rollback,
        conf={"rollback": rollback},
        logical_date=None,
        skip_when_already_exists=True,
    )


def timetable_of(
    contract: Contract,
) -> CronDataIntervalTimetable | PartitionedAssetTimetable:
    """State when a model's days are due, and which day a run is about.

    By the clock the day is the one on which the data interval starts; by assets it
    is the partition key all of them share.
    """
    if isinstance(contract.schedule, AssetSchedule):
        assets = [Asset(name) for name in contract.schedule.assets]
        return PartitionedAssetTimetable(assets=AssetAll(*assets))
    return CronDataIntervalTimetable(contract.schedule.cron, contract.timezone)


def cron_of(contract: Contract) -> str | None:
    """Return the cron expression of a contract; None when assets trigger it."""
    schedule = contract.schedule
    return None if isinstance(schedule, AssetSchedule) else schedule.cron


def this_day(model: str, timezone: str, cron: str | None) -> dict[str, str]:
    """Say what the current run is about: `model`, `day`, `as_of` and `mode`.

    Args:
        model: Registered model name.
        timezone: The model's own time zone.
        cron: The contract's cron expression; None where assets trigger it.
    """
    unit = unit_of(model, _trigger(), timezone=timezone, cron=cron)
    return {
        "model": unit.model,
        "day": unit.day.isoformat(),
        "as_of": unit.as_of.isoformat(),
        "mode": unit.mode.value,
    }


def this_instant() -> dict[str, str]:
    """Say what a run without a day of its own is about: `as_of` and `mode`."""
    run = _trigger()
    return {"as_of": instant_of(run).isoformat(), "mode": mode_of(run).value}


def this_run() -> list[dict[str, Any]]:
    """Name the current run, then the runs whose assets started it; nothing secret."""
    context = get_current_context()
    run, task = context["dag_run"], context["ti"]
    own = {
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "task_id": task.task_id,
        "map_index": task.map_index,
        "try_number": task.try_number,
        "partition_key": run.partition_key,
        "at": (run.start_date or run.run_after).isoformat(),
    }
    # Not `triggering_asset_events`: that has an event again under each of its aliases.
    events = [
        {
            "dag_id": event.source_dag_id,
            "run_id": event.source_run_id,
            "task_id": event.source_task_id,
            "map_index": event.source_map_index,
            "asset": event.asset.name,
            "uri": event.asset.uri,
            "partition_key": event.partition_key,
            "at": event.timestamp.astimezone(UTC).isoformat(),
        }
        for event in run.consumed_asset_events
    ]
    # The same order whenever the task runs, whatever Airflow's database gives.
    return [own, *sorted(events, key=lambda e: (e["at"], *map(str, e.values())))]


def look_up(name: str) -> str | None:
    """Find a connection in Airflow; its URL holds a secret and is never logged."""
    try:
        return str(Connection.get(name).get_uri())
    except AirflowNotFoundException:
        return None


def _check(loaded: LoadedContract) -> None:
    """Refuse what reads well and yet cannot be run.

    Raises:
        ConfigurationError: If the folder is not named after the model, or the
            schedule does not fire once a day.
    """
    contract, folder = loaded.contract, loaded.folder.name
    if contract.model != folder:
        msg = (
            f"{loaded.path}: model: '{contract.model}' lies in the folder '{folder}'; "
            "name the folder after the model"
        )
        raise ConfigurationError(msg)
    cron = cron_of(contract)
    if cron is not None:
        try:
            daily_time(cron)
        except ConfigurationError as error:
            msg = f"{loaded.path}: {error}"
            raise ConfigurationError(msg) from error


def _trigger() -> Trigger:
    """Collect what Airflow recorded of the run the current task belongs to."""
    run = get_current_context()["dag_run"]
    # Not `params`: in `dag.test` Airflow keeps there what an earlier run was given.
    conf = run.conf or {}
    return Trigger(
        run_type=run.run_type.value,
        run_after=run.run_after,
        interval_start=run.data_interval_start,
        interval_end=run.data_interval_end,
        partition_key=run.partition_key,
        day=conf.get("day"),
        as_of=conf.get("as_of"),
        mode=conf.get("mode"),
    )
