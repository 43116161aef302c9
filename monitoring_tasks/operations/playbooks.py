"""The playbook of an incident: the model's own, else the one Daywatch ships."""

from dataclasses import dataclass
from pathlib import Path

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.paging import FLEET
from monitoring_tasks.errors import ConfigurationError, MonitoringError
from monitoring_tasks.respond.playbook_facts import playbook_facts
from monitoring_tasks.respond.playbook_rendering import (
    FOLDER,
    render_playbook,
    shipped_playbook,
)
from monitoring_tasks.workspace.frozen_packs import frozen_digest
from monitoring_tasks.workspace.workspace import Workspace

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """What to do about an incident.

    Attributes:
        incident: Its id.
        cause: Its cause, a person's if one said another.
        source: The file it was rendered from, or `shipped`.
        text: Markdown.
        fault: Why the model's own one was not used; empty where it was, or is none.
    """

    incident: str
    cause: Cause
    source: str
    text: str
    fault: str = ""


def playbook_of(workspace: Workspace, incident: str) -> Playbook:
    """Return the playbook of an incident's cause, with its own numbers and commands.

    A broken one of the model's own never stands in the way: the shipped one is used,
    and the fault named.

    Args:
        workspace: The workspace; only read.
        incident: Id of the incident.

    Raises:
        LookupError: If there is no such incident.
    """
    stored = workspace.incidents.get(incident)
    if stored is None:
        msg = f"there is no incident '{incident}'; `daywatch incident list` lists them"
        raise LookupError(msg)
    contract, fault = _contract(workspace, stored)
    facts = playbook_facts(
        stored,
        evaluation=_last_day(workspace, stored),
        contract=contract,
        rollbacks=workspace.rollbacks.find(stored.model),
        parts=workspace.incidents.parts(incident),
        pack=frozen_digest(workspace, incident) or "",
    )
    own = own_playbook(workspace, stored.model, stored.cause)
    if own is not None:
        try:
            text = render_playbook(read_own(own), facts, name=str(own))
        except ConfigurationError as error:
            fault = f"{error}; the shipped playbook is shown instead"
        else:
            return Playbook(
                incident=incident, cause=stored.cause, source=str(own), text=text
            )
    text = render_playbook(shipped_playbook(stored.cause), facts)
    return Playbook(
        incident=incident, cause=stored.cause, source=SHIPPED, text=text, fault=fault
    )


def own_playbook(workspace: Workspace, model: str, cause: Cause) -> Path | None:
    """Return the file of a model's own playbook; None when there is none.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        cause: The cause.
    """
    path = workspace.settings.expectations / model / FOLDER / f"{cause}.md"
    return path if path.is_file() else None


def read_own(path: Path) -> str:
    """Read a playbook of a model's own.

    Raises:
        ConfigurationError: If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror})"
        raise ConfigurationError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: is not UTF-8 text; save it as UTF-8"
        raise ConfigurationError(msg) from error


def _contract(workspace: Workspace, incident: Incident) -> tuple[Contract | None, str]:
    """Return the contract, or why it cannot be read: at night neither may stop."""
    if incident.model.startswith(FLEET):
        return None, ""
    try:
        return workspace.contract(incident.model), ""
    except MonitoringError as error:
        return None, str(error)


def _last_day(workspace: Workspace, incident: Incident) -> Evaluation | None:
    day = incident.last_day
    looks = workspace.results.current(incident.model, day, day, decided=True)
    return looks[-1] if looks else None
