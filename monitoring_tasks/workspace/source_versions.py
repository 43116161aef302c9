"""Which versions the rows that stay with their source state, by their numbers."""

from collections.abc import Callable, Iterable, Mapping

import ibis

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.version_names import VersionNames, are_plain
from monitoring_tasks.engine.grouping_sets import count_by
from monitoring_tasks.engine.relation import EngineRows
from monitoring_tasks.engine.values import text_of


def versions_in(rows: EngineRows) -> dict[str, int]:
    """Count rows by what their version column says; those where it says nothing not.

    Args:
        rows: The rows; where they have no such column none is counted.
    """
    column = rows.contract.columns.model_version
    if not rows.has(column) or rows.table[column].type().is_nested():
        return {}
    texts = rows.table.select(version=text_of(rows.table[column]))
    answer = count_by(texts, [("version",)])
    pairs = zip(answer["version"].to_pylist(), answer["n"].to_pylist(), strict=True)
    return {version: n for version, n in pairs if version is not None}


def numbers_of(
    values: Iterable[str], contract: Contract, names: Callable[[], VersionNames]
) -> dict[str, str]:
    """Return the number of the version behind each value, where it is another text.

    Args:
        values: What the version column says.
        contract: Maps values to versions.
        names: Versions by their names in the registry; asked only where it has to be.
    """
    if are_plain(values, contract.columns.version_map):
        return {}
    known = names()
    numbers = {value: known.version_of(value) or value for value in values}
    return {value: number for value, number in numbers.items() if value != number}


def by_number(counted: Mapping[str, int], numbers: Mapping[str, str]) -> dict[str, int]:
    """Return rows by version: several values may stand for one.

    Args:
        counted: Rows by what their version column says.
        numbers: As `numbers_of` returns them.
    """
    rows: dict[str, int] = {}
    for value, n in counted.items():
        number = numbers.get(value, value)
        rows[number] = rows.get(number, 0) + n
    return rows


def with_numbers(rows: EngineRows, numbers: Mapping[str, str]) -> EngineRows:
    """Return rows with the number of the version in place of what a job wrote.

    Args:
        rows: The rows.
        numbers: As `numbers_of` returns them.
    """
    if not numbers:
        return rows
    column = rows.contract.columns.model_version
    text = text_of(rows.table[column])
    cases = [(text == value, number) for value, number in numbers.items()]
    return rows.with_table(
        rows.table.mutate(**{column: ibis.cases(*cases, else_=text)})
    )
