"""Putting the registry's version numbers in place of what a scoring job wrote."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow as pa

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.version_names import VersionNames, are_plain

if TYPE_CHECKING:
    import pandas as pd

NamesReader = Callable[[], VersionNames]
"""Asks the registry what versions are called."""


def with_versions(rows: pa.Table, columns: Columns, names: NamesReader) -> pa.Table:
    """Return the rows of a day with the number of the version in the version column.

    A value that means no version stays as it is, and the gate `values` names it.

    Args:
        rows: The rows of a day. Not modified.
        columns: Brings the name of the version column and what its values mean.
        names: Called only if some value is no plain number.

    Raises:
        SourceUnavailableError: If the registry has to be asked and does not answer.
    """
    column = columns.model_version
    if rows.column_names.count(column) != 1:
        return rows
    try:
        coded = rows[column].combine_chunks().cast(pa.string()).dictionary_encode()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return rows  # no text at all; the gate `structure` says so
    values = coded.dictionary.to_pylist()
    if are_plain(values, columns.version_map):
        return rows
    numbers = names()
    versions = [numbers.version_of(value) or value for value in values]
    if versions == values:
        return rows
    numbered = pa.array(versions, pa.string()).take(coded.indices)
    return rows.set_column(rows.column_names.index(column), column, numbered)


def frame_with_versions(
    rows: "pd.DataFrame", columns: Columns, names: NamesReader
) -> "pd.DataFrame":
    """Return rows of no one day with version numbers; see `with_versions`.

    Args:
        rows: The rows. Not modified.
        columns: Brings the name of the version column and what its values mean.
        names: Called only if some value is no plain number.

    Raises:
        SourceUnavailableError: If the registry has to be asked and does not answer.
    """
    from monitoring_tasks.rows.encoding import texts  # noqa: PLC0415 (heavy)

    if columns.model_version not in rows.columns:
        return rows
    written = texts(rows[columns.model_version])
    values = list(written.dropna().unique())
    if are_plain(values, columns.version_map):
        return rows
    numbers = names()
    versions = {value: numbers.version_of(value) or value for value in values}
    return rows.assign(**{columns.model_version: written.map(versions)})
