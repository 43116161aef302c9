"""What versions of a model are called, as the registry and the journal have it."""

from collections import defaultdict
from datetime import timedelta

from monitoring_tasks.domain.journal import STANDS
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.version_names import VersionNames
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.workspace.workspace import Workspace

RECENT_DAYS = 2
"""How long after a day its rows' alias may be looked up in the registry of now."""


def version_names_on(workspace: Workspace, unit: Unit) -> VersionNames:
    """Return what versions were called while the rows of a day were scored.

    Args:
        workspace: The workspace.
        unit: The day; `as_of` says how long ago it was.

    Raises:
        SourceUnavailableError: If the registry does not answer.
    """
    return _names(workspace, unit.model, _aliases_on(workspace, unit))


def version_names_now(workspace: Workspace, model: str) -> VersionNames:
    """Return what versions are called now.

    Args:
        workspace: The workspace.
        model: Registered model name.

    Raises:
        SourceUnavailableError: If the registry does not answer.
    """
    return _names(workspace, model, workspace.registry.aliases(model))


def _names(workspace: Workspace, model: str, aliases: dict[str, str]) -> VersionNames:
    try:
        registered = workspace.versions(model)
    except VersionMissingError:
        registered = []  # not registered: the gate `values` says so
    marks = defaultdict(set)
    for version in registered:
        for mark in {version.run_id, *version.tags.values()} - {""}:
            marks[mark].add(version.version)
    return VersionNames(
        mapped=workspace.contract(model).columns.version_map,
        numbers=frozenset(version.version for version in registered),
        aliases=aliases,
        marks={mark: frozenset(versions) for mark, versions in marks.items()},
    )


def _aliases_on(workspace: Workspace, unit: Unit) -> dict[str, str]:
    """Where aliases stood all day: as the journal has it, else as now if that is near.

    An alias that moved during the day, or whose past nobody wrote down, is left out.
    """
    window = window_of(unit.day, workspace.contract(unit.model).timezone)
    lines = workspace.journal.lines_in(*STANDS, model=unit.model)
    before = {x.alias: x.to_version for x in lines if x.at <= window.start}
    moved = {x.alias for x in lines if window.start < x.at < window.end}
    past = {x.alias for x in lines if x.at < window.end}
    stood = {name: v for name, v in before.items() if v and name not in moved}
    age = workspace.clock.now(about=unit.as_of) - window.end
    if age > timedelta(days=RECENT_DAYS):
        return stood
    try:
        now = workspace.registry.aliases(unit.model)
    except VersionMissingError:
        return stood
    # The registry of now speaks only for aliases the journal has no word on.
    return {name: v for name, v in now.items() if name not in past} | stood
