"""Drafting a post-mortem, and reading the file that people made of it."""

from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from pathlib import Path

from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.domain.timeline import Entry
from monitoring_tasks.errors import ConfigurationError, UnwritableError
from monitoring_tasks.learn.postmortem.facts import PostmortemFacts
from monitoring_tasks.learn.postmortem.front_matter import Postmortem, read_postmortem
from monitoring_tasks.learn.postmortem.rendering import draft, page_of
from monitoring_tasks.operations.incidents import incident_of
from monitoring_tasks.operations.postmortem.reading import (
    due_at,
    opening,
    read_facts,
)
from monitoring_tasks.operations.postmortem.sooner import Progress, sooner
from monitoring_tasks.report.rendering import write_whole
from monitoring_tasks.workspace.workspace import Workspace

FOLDER = "postmortems"
DRAFTED = "postmortem-"
"""How the names of events begin that say where a post-mortem lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A post-mortem that was drafted.

    Attributes:
        path: Its Markdown file.
        page: Its page; None where none was asked for.
        facts: What it was drafted from.
        is_new: Whether there was no file before.
    """

    path: Path
    page: Path | None
    facts: PostmortemFacts
    is_new: bool


def path_of(workspace: Workspace, incident: str) -> Path:
    """Return where the post-mortem of an incident lies, written or not.

    Args:
        workspace: The workspace; only read.
        incident: Its id.
    """
    events = workspace.incidents.events(incident)
    for event in sorted(events, key=lambda event: -int(event["number"])):
        if event["event"].startswith(DRAFTED):
            # Relative to the workspace where it lies in it: that may be moved.
            return workspace.settings.home / str(event["detail"]["path"])
    # The id holds the model's name, which may hold what a file name may not.
    name = "".join(c if c.isalnum() or c in "-_." else "_" for c in incident)
    return workspace.settings.home / FOLDER / f"{name}.md"


def postmortem_of(workspace: Workspace, incident: str) -> Postmortem | None:
    """Return the post-mortem of an incident as people left it; None without one.

    Args:
        workspace: The workspace; only read.
        incident: Its id.

    Raises:
        ConfigurationError: If the head of the file says something unknown.
    """
    path = path_of(workspace, incident)
    if not path.is_file():
        return None
    return read_postmortem(path.read_text(encoding="utf-8"), str(path))


def draft_postmortem(
    workspace: Workspace,
    incident: str,
    *,
    out: Path | None = None,
    with_page: bool = False,
    force: bool = False,
    seconds: float = 60,
    progress: Progress | None = None,
) -> Drafted:
    """Draft the post-mortem of an incident; what people wrote is never written over.

    An incident that is over and needs a review is `review_due` from then on.

    Args:
        workspace: The workspace.
        incident: Its id.
        out: The file; None for `postmortems/` of the workspace.
        with_page: Whether a page is written beside it.
        force: Whether a file that people changed is written over.
        seconds: How long limits may be tried that could have found it sooner.
        progress: Called with the key of each limit that was tried.

    Raises:
        LookupError: If there is no such incident.
        UnwritableError: If the file was changed since it was drafted.
    """
    about = incident_of(workspace, incident)
    path = (out or path_of(workspace, incident)).absolute()
    is_new = not path.exists()
    if not is_new and not force:
        _require_unedited(path)
    opened_by = opening(workspace, workspace.incidents.events(incident))
    found_on = opened_by.unit.day if opened_by else about.last_day
    is_known = opened_by is not None
    trials = (
        sooner(workspace, about, found_on, seconds=seconds, progress=progress)
        if is_known
        else ()
    )
    about = _with_review_due(workspace, about)
    _tell(workspace, about, path)
    facts = read_facts(workspace, about, trials)
    text = draft(facts)
    write_whole(path, text)
    page = write_page(path) if with_page else None
    return Drafted(path=path, page=page, facts=facts, is_new=is_new)


def write_page(path: Path) -> Path:
    """Write the page of a post-mortem beside its Markdown; return where.

    Args:
        path: The Markdown file.
    """
    read = read_postmortem(path.read_text(encoding="utf-8"), str(path))
    page = path.with_suffix(".html")
    write_whole(page, page_of(read.body, path.stem))
    return page


def _require_unedited(path: Path) -> None:
    try:
        read = read_postmortem(path.read_text(encoding="utf-8"), str(path))
    except ConfigurationError as error:
        msg = f"{error}; it is no draft of Daywatch's: --force writes over it"
        raise UnwritableError(msg) from error
    if read.is_edited:
        msg = (
            f"{path} was changed since it was drafted, and is left as it is; --force "
            "writes over it, --out FILE drafts beside it"
        )
        raise UnwritableError(msg)


def _tell(workspace: Workspace, incident: Incident, path: Path) -> None:
    home = workspace.settings.home
    shown = path.relative_to(home) if path.is_relative_to(home) else path
    entry = Entry(
        at=workspace.clock.now(), actor=DAYWATCH, text=f"post-mortem drafted: {shown}"
    )
    digest = sha256(str(shown).encode()).hexdigest()[:12]
    detail = {"path": str(shown)}
    event = f"{DRAFTED}{digest}"
    workspace.incident_work.tell(incident.id, event, entry, detail)


def _with_review_due(workspace: Workspace, incident: Incident) -> Incident:
    if incident.state is not IncidentState.RESOLVED:
        return incident
    due = due_at(workspace, incident)
    if due is None:
        return incident
    text = f"a post-mortem is due by {due.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    entry = Entry(at=workspace.clock.now(), actor=DAYWATCH, text=text)
    return workspace.incidents.take_to(incident.id, IncidentState.REVIEW_DUE, entry)
