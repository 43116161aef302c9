"""Putting the registry's version numbers in place of what a scoring job wrote."""

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.version_names import VersionNames, are_plain
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.store.journal import STANDS
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

RECENT_DAYS = 2
"""How long after a day its rows' alias may be looked up in the registry of now."""


def with_versions(space: Workspace, unit: Unit, rows: pa.Table) -> pa.Table:
    """Return the rows of a day with the number of the version in the version column.

    The registry is asked only if some value is no plain number. A value that means no
    version stays as it is, and the gate `values` names it.

    Raises:
        SourceUnavailableError: If the registry has to be asked and does not answer.
    """
    contract = space.contract(unit.model)
    column = contract.columns.model_version
    if rows.column_names.count(column) != 1:
        return rows
    try:
        coded = rows[column].combine_chunks().cast(pa.string()).dictionary_encode()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return rows  # no text at all; the gate `structure` says so
    values = coded.dictionary.to_pylist()
    if are_plain(values, contract.columns.version_map):
        return rows
    names = _names(space, unit.model, _aliases_on(space, unit))
    versions = [names.version_of(value) or value for value in values]
    if versions == values:
        return rows
    numbered = pa.array(versions, pa.string()).take(coded.indices)
    return rows.set_column(rows.column_names.index(column), column, numbered)


def with_versions_now(
    space: Workspace, model: str, rows: "pd.DataFrame"
) -> "pd.DataFrame":
    """Return rows of no one day with version numbers; aliases are those of now."""
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    columns = space.contract(model).columns
    if columns.model_version not in rows.columns:
        return rows
    written = texts(rows[columns.model_version])
    values = list(written.dropna().unique())
    if are_plain(values, columns.version_map):
        return rows
    names = _names(space, model, space.registry.aliases(model))
    versions = {value: names.version_of(value) or value for value in values}
    return rows.assign(**{columns.model_version: written.map(versions)})


def _names(space: Workspace, model: str, aliases: dict[str, str]) -> VersionNames:
    try:
        registered = space.versions(model)
    except VersionMissingError:
        registered = []  # not registered: the gate `values` says so
    marks = defaultdict(set)
    for one in registered:
        for mark in {one.run_id, *one.tags.values()} - {""}:
            marks[mark].add(one.version)
    return VersionNames(
        mapped=space.contract(model).columns.version_map,
        numbers=frozenset(one.version for one in registered),
        aliases=aliases,
        marks={mark: frozenset(versions) for mark, versions in marks.items()},
    )


def _aliases_on(space: Workspace, unit: Unit) -> dict[str, str]:
    """Where aliases stood all day: as the journal has it, else as now if that is near.

    An alias that moved during the day, or whose past nobody wrote down, is left out.
    """
    window = window_of(unit.day, space.contract(unit.model).timezone)
    lines = space.journal.lines_in(*STANDS, model=unit.model)
    before = {x["alias"]: x["to_version"] for x in lines if x["at"] <= window.start}
    moved = {x["alias"] for x in lines if window.start < x["at"] < window.end}
    past = {x["alias"] for x in lines if x["at"] < window.end}
    stood = {name: v for name, v in before.items() if v and name not in moved}
    age = space.clock.now(about=unit.as_of) - window.end
    if age > timedelta(days=RECENT_DAYS):
        return stood
    try:
        now = space.registry.aliases(unit.model)
    except VersionMissingError:
        return stood
    return {name: v for name, v in now.items() if name not in past} | stood
