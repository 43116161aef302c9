"""Leaving a test behind: what is held from now on, refused where it holds nothing."""

import json
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.contract_versions import in_force
from monitoring_tasks.domain.incident_tests import IncidentTest, IncidentTestKind
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import ConfigurationError, NoDataError
from monitoring_tasks.operations.drills.fault_catalogue import choose
from monitoring_tasks.operations.incident_tests.contract_values import (
    value_at,
    value_in,
)
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.operations.postmortem.reading import grounds
from monitoring_tasks.store.overrides import override_of
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace

Kind = IncidentTestKind


def leave_expectation(
    workspace: Workspace, incident: str, expectation: str, entry: Entry
) -> IncidentTest:
    """Hold that an expectation stands in a suite.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        expectation: `suite:expectation`: the suite's file name without its ending,
            and the expectation's id, its type, or `type/column`.
        entry: Who leaves it, and when.

    Raises:
        LookupError: If there is no such incident.
        ConfigurationError: If it does not stand there.
    """
    about = incident_of(workspace, incident)
    entries = expectations_of(workspace, about.model, expectation)
    detail = {"expectations": entries}
    return workspace.incident_work.add_test(
        incident, Kind.EXPECTATION, expectation, entry, detail=detail
    )


def leave_limit(
    workspace: Workspace,
    incident: str,
    path: str,
    entry: Entry,
    *,
    was: object = None,
) -> IncidentTest:
    """Hold that a limit of the contract is another than was in force.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        path: Where the limit stands, see `value_at`.
        entry: Who leaves it, and when.
        was: The value that was in force at the incident, plain JSON; None for what is
            on record of the contract then.

    Raises:
        LookupError: If there is no such incident.
        ConfigurationError: If it is still the same, or not there; if nothing is on
            record, or something else.
    """
    about = incident_of(workspace, incident)
    was = _in_force(workspace, about, path, was)
    now = value_at(workspace.contract(about.model), path)
    if now == was:
        msg = (
            f"{path} is {json.dumps(now)}, as it was at the incident: change the "
            "contract first"
        )
        raise ConfigurationError(msg)
    detail = {"was": was, "became": now}
    return workspace.incident_work.add_test(
        incident, Kind.LIMIT, path, entry, detail=detail
    )


def _in_force(
    workspace: Workspace, incident: Incident, path: str, was: object
) -> object:
    """Return what was in force at an incident: by the record, else by a person."""
    versions = workspace.contract_versions.of_model(incident.model)
    version = in_force(versions, incident.opened_at)
    if version is None:
        if was is None:
            msg = "which contract was in force then is not on record: say --was VALUE"
            raise ConfigurationError(msg)
        return was
    recorded = value_in(version.content["contract"], path)
    if was is not None and was != recorded:
        msg = f"{path} was {json.dumps(recorded)} then, by the record; leave --was out"
        raise ConfigurationError(msg)
    return recorded


def leave_drill(
    workspace: Workspace,
    incident: str,
    fault: str,
    entry: Entry,
    *,
    size: float | None = None,
) -> IncidentTest:
    """Hold that a named fault gets the right answer.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        fault: Name of the fault.
        entry: Who leaves it, and when.
        size: How large it is, in its own unit; None for its own.

    Raises:
        LookupError: If there is no such incident.
        ConfigurationError: If there is no such fault.
    """
    (chosen,) = choose([fault], size=size)
    return workspace.incident_work.add_test(
        incident, Kind.DRILL, chosen.name, entry, detail={"size": size}
    )


def leave_replay(workspace: Workspace, incident: str, entry: Entry) -> IncidentTest:
    """Hold that the incident's own frozen day gets the same answer.

    Verdict and cause are those of the judgement that opened it; where a person
    overruled the cause, it is the person's.

    Args:
        workspace: The workspace.
        incident: Id of the incident.
        entry: Who leaves it, and when.

    Raises:
        LookupError: If there is no such incident.
        NoDataError: If no judgement of a day opened it, or its rows are not kept.
        RowsNotKeptError: If a sample of its rows is kept.
    """
    about = incident_of(workspace, incident)
    events = workspace.incidents.events(incident)
    evaluation = grounds(workspace, events)
    if evaluation is None or evaluation.predictions is None:
        msg = f"{incident}: no frozen rows belong to it; leave another kind of test"
        raise NoDataError(msg)
    Day(workspace, evaluation.unit).require_all_rows("A replay")
    override = override_of(about, events)
    cause = override.cause if override else evaluation.cause
    detail = {
        "evaluation": evaluation.key,
        "verdict": evaluation.verdict,
        "cause": cause,
        "confirmed": evaluation.confirmed,
    }
    return workspace.incident_work.add_test(
        incident,
        Kind.REPLAY,
        evaluation.unit.day.isoformat(),
        entry,
        detail={name: _plain(value) for name, value in detail.items()},
    )


def expectations_of(workspace: Workspace, model: str, target: str) -> list[Any]:
    """Return the expectations of a suite that a target names, as they stand there.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        target: `suite:expectation`, see `leave_expectation`.

    Raises:
        ConfigurationError: If there is no such suite or expectation.
    """
    suite, _, name = target.partition(":")
    path = workspace.suite(model, suite) if name else None
    if path is None:
        folder = workspace.loaded(model).folder
        msg = (
            f"'{target}': write SUITE:EXPECTATION; {folder} has no suite '{suite}.json'"
        )
        raise ConfigurationError(msg)
    entries = [entry for entry in _entries(path) if name in _names(entry)]
    if not entries:
        msg = f"{path}: no expectation is '{name}'; name its id, type or type/column"
        raise ConfigurationError(msg)
    return entries


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return [e for e in raw["expectations"] if isinstance(e, dict)]
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path}: not a suite ({error}); `daywatch check` says more"
        raise ConfigurationError(msg) from error


def _names(entry: dict[str, Any]) -> set[str]:
    kind, column = entry.get("type"), (entry.get("kwargs") or {}).get("column")
    return {str(entry.get("id") or kind), str(kind), f"{kind}/{column}"}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value
