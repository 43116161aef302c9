"""From one prediction to the version that made it, and to what is known of both."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.partitions import Partition
from monitoring_tasks.domain.root_cause import VersionFacts
from monitoring_tasks.errors import MonitoringError, NoDataError
from monitoring_tasks.store.partition_search import (
    batches_with,
    looks_at,
    prediction_batches,
    rows_with,
)
from monitoring_tasks.workspace.version_lineage import version_facts
from monitoring_tasks.workspace.workspace import Workspace

TRAINED = ("daywatch.trained_from", "daywatch.trained_until")
SHOWN_FILES = 3


def trace_prediction(
    workspace: Workspace,
    prediction: str,
    *,
    model: str | None = None,
    first: date | None = None,
    last: date | None = None,
    with_row: bool = False,
) -> JsonObject:
    """Follow a prediction to batch, evaluations, version, run, commit and incidents.

    The frozen batches are searched, the newest day first; of several models the first
    that has the id is meant.

    Args:
        workspace: The workspace; only read.
        prediction: Its id, as text.
        model: Registered model name; None for every model of the workspace.
        first: First day searched; None for all there are.
        last: Last day searched, included; None for all there are.
        with_row: Whether the row itself is returned as well.

    Raises:
        NoDataError: If no frozen batch has it.
        ConfigurationError: If no contract declares the model.
        UnreadableDataError: If its batch was changed after it was frozen.
    """
    searched, gone = list[Partition](), list[Partition]()
    for name in [model] if model else _models(workspace):
        id_column = workspace.contract(name).columns.id
        batches = prediction_batches(workspace.database, name, first, last)
        searched += batches
        holding, missing = batches_with(batches, id_column, prediction)
        gone += missing
        if holding:
            return _trace(workspace, prediction, holding, with_row=with_row)
    raise NoDataError(
        _nowhere(prediction, searched, gone, model=model, days=(first, last))
    )


def _models(workspace: Workspace) -> list[str]:
    return [p.parent.name for p in contract_files(workspace.settings.expectations)]


def _nowhere(
    prediction: str,
    searched: Sequence[Partition],
    gone: Sequence[Partition],
    *,
    model: str | None,
    days: tuple[date | None, date | None],
) -> str:
    """Say where a prediction was searched for in vain, and what may help."""
    of = f"of {model} " if model else ""
    first, last = days
    within = f"from {first or 'the first day'} to {last or 'the newest'}"
    span = f" {within}" if first or last else ""
    text = (
        f"no frozen batch {of}has the prediction '{prediction}': {len(searched)} were "
        f"searched{span}; only days that were judged are frozen"
    )
    samples = sum(batch.is_sample for batch in searched)
    if samples:
        text += (
            f". Of {samples} batches a sample is kept (`freeze: facts`): it may be "
            "among the rows that stay with their source"
        )
    if gone:
        named = ", ".join(batch.path for batch in gone[:SHOWN_FILES])
        text += f". {len(gone)} batches are gone and could not be: {named}"
    return text


def _trace(
    workspace: Workspace,
    prediction: str,
    holding: Sequence[Partition],
    *,
    with_row: bool,
) -> JsonObject:
    looks = [(batch, looks_at(workspace.database, batch)) for batch in holding]
    # Rows may have been delivered again: the batch that was judged last counts.
    looks.sort(key=lambda pair: [look.as_of for look in pair[1]][-1:], reverse=True)
    batch = looks[0][0]
    contract = workspace.contract(batch.model)
    rows = rows_with(batch, contract.columns.id, prediction)
    version = str(rows[0].get(contract.columns.model_version) or "")
    facts = _version(workspace, batch.model, version)
    trace: dict[str, Any] = {
        "prediction": prediction,
        "model": batch.model,
        "day": batch.day,
        "batch": _batch(batch) | {"rows_with_this_id": len(rows)},
        "other_batches": [_batch(other) for other, _ in looks[1:]],
        "evaluations": [_evaluation(e) for _, judged in looks for e in judged],
        "version": version or None,
        "made_by": _made_by(facts),
        "incidents": _incidents(workspace, batch, version),
    }
    if with_row:
        trace["row"] = rows
    return trace


def _version(workspace: Workspace, model: str, version: str) -> VersionFacts:
    if not version:
        return VersionFacts(version="", reason="the row names no version")
    try:
        return version_facts(workspace, model, version)
    except MonitoringError as error:
        return VersionFacts(version=version, reason=str(error))


def _batch(batch: Partition) -> dict[str, Any]:
    return {
        "path": batch.path,
        "digest": batch.digest,
        "rows": batch.rows,
        "query": batch.query,
        "read_as_of": batch.as_of,
    }


def _evaluation(evaluation: Evaluation) -> JsonObject:
    return {
        "key": evaluation.key,
        "mode": evaluation.mode,
        "as_of": evaluation.as_of,
        "predictions": evaluation.predictions,
        "data": evaluation.data_verdict,
        "verdict": evaluation.verdict,
        "performance": evaluation.performance,
        "cause": evaluation.cause,
        "action": evaluation.action.text if evaluation.action else None,
    }


def _made_by(facts: VersionFacts) -> JsonObject:
    """Return how a version came to be; what nobody recorded is named as missing."""
    run = facts.run
    trained = {name.partition(".")[2]: facts.tags.get(name) for name in TRAINED}
    datasets = [dict(dataset) for dataset in run.datasets] if run else []
    missing = [facts.reason] if facts.reason else []
    if not facts.git_commit:
        missing.append("no commit of the training code is recorded with the version")
    if run is None and not facts.reason:
        missing.append("no MLflow run is recorded with the version")
    if not datasets:
        missing.append("the run names no data set")
    return {
        "git_commit": facts.git_commit or None,
        "run": asdict(run) if run else None,
        "training_data": trained | {"datasets": datasets},
        "tags": dict(facts.tags),
        "missing": missing,
    }


def _incidents(
    workspace: Workspace, batch: Partition, version: str
) -> list[JsonObject]:
    return [
        {
            "id": incident.id,
            "severity": incident.severity,
            "state": incident.state,
            "cause": incident.cause,
            "title": incident.title,
            "about": about,
        }
        for incident in workspace.incidents.find(batch.model)
        if (about := _about(incident, batch.day, version))
    ]


def _about(incident: Incident, day: date, version: str) -> list[str]:
    """Return what an incident has in common with a prediction: its day, its version."""
    is_of_day = incident.onset_day <= day <= incident.last_day
    is_of_version = bool(version) and incident.version == version
    return ["day"] * is_of_day + ["version"] * is_of_version
