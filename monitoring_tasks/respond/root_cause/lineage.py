"""Section `lineage`: where the day's rows came from. Pure."""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.schedule import AssetSchedule
from monitoring_tasks.contract.sources import Source, upstream_of
from monitoring_tasks.domain.airflow_runs import own_run, upstream_runs
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.root_cause import PackFacts, Section
from monitoring_tasks.respond.root_cause.lineage_event import run_event

NAME = "lineage"


def lineage_section(facts: PackFacts, contract: Contract) -> Section:
    """Return the sources, what was frozen of them, and the runs it came through.

    Args:
        facts: The partitions the day was judged by, and the runs of Airflow.
        contract: Names sources and schedule; it holds no password.
    """
    schedule = contract.schedule
    assets = list(schedule.assets) if isinstance(schedule, AssetSchedule) else []
    missing = [facts.unread["partitions"]] if "partitions" in facts.unread else []
    missing += _missing_runs(facts, by_clock=not assets)
    if not facts.lineage_to:
        missing.append(
            "OpenLineage: no receiver is set (`openlineage` in the settings)"
        )
    frozen = {p.kind for p in facts.partitions}
    missing += [
        f"{kind}: no rows were frozen"
        for kind in (PartitionKind.PREDICTIONS, PartitionKind.LABELS)
        if kind not in frozen and "partitions" not in facts.unread
    ]
    return Section(
        name=NAME,
        command=facts.show_day,
        data={
            "sources": {
                "predictions": _source(contract.sources.predictions),
                "labels": _source(contract.sources.labels),
            },
            "upstreams": list(facts.incident.upstreams),
            "partitions": [_partition(p) for p in facts.partitions],
            "assets": assets,
            "airflow": _runs(facts),
            "openlineage": _event(facts, contract),
        },
        missing=missing,
    )


def _runs(facts: PackFacts) -> JsonObject:
    run = own_run(facts.airflow_runs)
    return {
        "run": run and run.to_json(),
        "upstream": [run.to_json() for run in upstream_runs(facts.airflow_runs)],
    }


def _missing_runs(facts: PackFacts, *, by_clock: bool) -> list[str]:
    """Say which runs of Airflow there are none of, and why."""
    missing: list[str] = []
    upstream = upstream_runs(facts.airflow_runs)
    is_by_airflow = own_run(facts.airflow_runs) is not None
    if not is_by_airflow:
        missing.append("Airflow run: the day was not run by Airflow's DAG of the model")
    if by_clock and not upstream:
        missing.append(
            "Airflow assets: the model is judged by the clock, no asset started it"
        )
    elif is_by_airflow and not upstream:
        missing.append("Airflow upstream runs: the run was not started by assets")
    nameless = sorted({str(run.asset) for run in upstream if run.run_id is None})
    if nameless:
        missing.append(
            f"Airflow upstream runs: {', '.join(nameless)} reported from outside of "
            "Airflow's runs"
        )
    return missing


def _event(facts: PackFacts, contract: Contract) -> JsonObject | None:
    if not facts.lineage_to:
        return None
    return {"to": facts.lineage_to, "event": run_event(facts, contract)}


def _source(source: Source) -> JsonObject:
    return {**source.model_dump(mode="json"), "upstream": upstream_of(source)}


def _partition(partition: Partition) -> JsonObject:
    return {
        "kind": partition.kind.value,
        "day": partition.day.isoformat(),
        "path": partition.path,
        "digest": partition.digest,
        "rows": partition.rows,
        "query": partition.query,
        "latest_row_at": partition.watermark and partition.watermark.isoformat(),
        "read_as_of": partition.as_of.isoformat(),
    }
