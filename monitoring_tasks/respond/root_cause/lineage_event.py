"""What Daywatch read of a day, as an OpenLineage run event. Pure.

Plain JSON of the specification 2-0-2 (https://openlineage.io/spec/2-0-2/); no client
library is needed to say so little.
"""

from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from monitoring_tasks import __version__
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import FileSource, Source
from monitoring_tasks.domain.airflow_runs import own_run
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.domain.root_cause import PackFacts

PRODUCER = f"urn:daywatch:{__version__}"
SPEC = "https://openlineage.io/spec"
CORE = f"{SPEC}/2-0-2/OpenLineage.json#/$defs"
VERSION = f"{SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json"
PARENT = f"{SPEC}/facets/1-1-0/ParentRunFacet.json#/$defs/ParentRunFacet"


def run_event(facts: PackFacts, contract: Contract) -> JsonObject:
    """Return the event of the judgement that opened an incident.

    The id of the run is made of the unit's key: the same judgement is the same run.

    Args:
        facts: The day and what was frozen of it.
        contract: Names model and sources.
    """
    evaluation = facts.evaluation
    return {
        "eventType": "COMPLETE",
        "eventTime": facts.made_at.isoformat(),
        "producer": PRODUCER,
        "schemaURL": f"{CORE}/RunEvent",
        "run": {
            "runId": str(uuid5(NAMESPACE_URL, evaluation.key)),
            "facets": {
                **_parent(facts),
                "daywatch_judgement": _facet(
                    "RunFacet",
                    evaluation=evaluation.key,
                    verdict=evaluation.verdict,
                    cause=evaluation.cause,
                    incident=facts.incident.id,
                ),
            },
        },
        "job": {"namespace": "daywatch", "name": f"monitor_{contract.model}"},
        "inputs": [_input(partition, contract) for partition in facts.partitions],
        "outputs": [],
    }


def _parent(facts: PackFacts) -> JsonObject:
    """Return the run of Airflow that judged the day; nothing where there is none.

    The specification wants a UUID: one is made of the names Airflow has for the run.
    """
    run = own_run(facts.airflow_runs)
    if run is None:
        return {}
    parent = uuid5(NAMESPACE_URL, f"airflow/{run.dag_id}/{run.run_id}")
    return {
        "parent": {
            "_producer": PRODUCER,
            "_schemaURL": PARENT,
            "run": {"runId": str(parent)},
            "job": {"namespace": "airflow", "name": run.dag_id},
        }
    }


def _input(partition: Partition, contract: Contract) -> JsonObject:
    is_labels = partition.kind is PartitionKind.LABELS
    sources = contract.sources
    namespace, name = _name(sources.labels if is_labels else sources.predictions)
    return {
        "namespace": namespace,
        "name": name,
        "facets": {
            "version": {
                "_producer": PRODUCER,
                "_schemaURL": VERSION,
                "datasetVersion": partition.digest,
            },
            "daywatch_partition": _facet(
                "DatasetFacet",
                path=partition.path,
                digest=partition.digest,
                rows=partition.rows,
                query=partition.query,
                day=partition.day.isoformat(),
                asOf=partition.as_of.isoformat(),
            ),
        },
    }


def _name(source: Source) -> tuple[str, str]:
    """Return namespace and name of a source by OpenLineage's rules for names."""
    if not isinstance(source, FileSource):
        return source.connection, source.table
    address = urlsplit(source.path)
    if not address.scheme:
        return "file", source.path
    return f"{address.scheme}://{address.netloc}", address.path.lstrip("/")


def _facet(kind: str, **fields: object) -> JsonObject:
    return {"_producer": PRODUCER, "_schemaURL": f"{CORE}/{kind}", **fields}
