"""Section `lineage`: where the day's rows came from. Pure."""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.schedule import AssetSchedule
from monitoring_tasks.contract.sources import Source, upstream_of
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.root_cause import PackFacts, Section
from monitoring_tasks.respond.root_cause.lineage_event import run_event

NAME = "lineage"


def lineage_section(facts: PackFacts, contract: Contract) -> Section:
    """Return the sources, what was frozen of them, and the assets that start a day.

    Args:
        facts: The partitions the day was judged by.
        contract: Names sources and schedule; it holds no password.
    """
    schedule = contract.schedule
    assets = list(schedule.assets) if isinstance(schedule, AssetSchedule) else []
    missing = [facts.unread["partitions"]] if "partitions" in facts.unread else []
    if not assets:
        missing.append(
            "Airflow assets: the model is judged by the clock, not by assets"
        )
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
            "openlineage": _event(facts, contract),
        },
        missing=missing,
    )


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
