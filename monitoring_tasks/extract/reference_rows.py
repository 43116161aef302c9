"""The rows of a reference in the types Daywatch counts, or the reason why not."""

from typing import TYPE_CHECKING

from monitoring_tasks.contract.column_kinds import binned_columns
from monitoring_tasks.contract.column_types import label_columns, prediction_columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.errors import UnreadableDataError

if TYPE_CHECKING:
    import pandas as pd

SHOWN, SHOWN_CHARACTERS = 3, 20


def typed_rows(rows: "pd.DataFrame", contract: Contract) -> "pd.DataFrame":
    """Return the rows with instants and numbers where the contract declares them.

    Args:
        rows: Every declared column and the label. Not modified.
        contract: Declares the columns.

    Raises:
        UnreadableDataError: If a column holds what it cannot; the text names column,
            number of rows and remedy.
    """
    rows = _plain(rows, contract)
    columns = contract.columns
    typed = {columns.timestamp: instants(rows[columns.timestamp])}
    numbers = list(binned_columns(contract))
    if contract.problem is Problem.REGRESSION:
        numbers.append(columns.label)
    typed |= {name: _numbers(rows[name]) for name in numbers}
    _check_classes(rows, contract)
    return rows.assign(**typed)


def _plain(rows: "pd.DataFrame", contract: Contract) -> "pd.DataFrame":
    """Return declared columns as those of a day are read, whatever their types."""
    import pyarrow as pa  # noqa: PLC0415 (heavy)

    from monitoring_tasks.extract.plain_columns import decode  # noqa: PLC0415 (heavy)
    from monitoring_tasks.extract.typed_columns import read_column  # noqa: PLC0415 (heavy)

    kinds = prediction_columns(contract) | label_columns(contract)
    plain = {}
    for name in kinds.keys() & set(rows.columns):
        try:
            array = pa.Table.from_pandas(rows[[name]], preserve_index=False).column(0)
        except (pa.ArrowException, ValueError, TypeError):
            continue  # values of several types: they are refused by name below
        read = read_column(decode(array), kinds[name])
        if read.type != array.type:
            plain[name] = read.to_pandas().set_axis(rows.index)
    return rows.assign(**plain)


def instants(column: "pd.Series") -> "pd.Series":
    """Return a column as instants, whatever they are written as.

    Raises:
        UnreadableDataError: If some are none, or lack.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    if not pd.api.types.is_datetime64_any_dtype(column):
        texts = column.astype("str").where(column.notna())
        # Offsets that differ, as over a change of clocks, need a common one.
        has_zone = texts.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", na=False).any()
        read = pd.to_datetime(
            texts, errors="coerce", utc=bool(has_zone), format="mixed"
        )
        _refuse(column, read.isna() & column.notna(), "are no instants; write ISO 8601")
        column = read
    _refuse(column, column.isna(), "have no instant; leave them out")
    return column


def _numbers(column: "pd.Series") -> "pd.Series":
    import pandas as pd  # noqa: PLC0415 (heavy)

    read = pd.to_numeric(column, errors="coerce")
    _refuse(
        column,
        read.isna() & column.notna(),
        "are no numbers; write numbers, or declare the column as categorical",
    )
    return read


def _check_classes(rows: "pd.DataFrame", contract: Contract) -> None:
    """Refuse labels and predictions that are none of the agreed classes."""
    import pandas as pd  # noqa: PLC0415 (heavy)

    columns = contract.columns
    for name in (columns.label, columns.prediction):
        column = rows[name]
        if contract.problem is Problem.BINARY:
            is_class = pd.to_numeric(column, errors="coerce").isin([0, 1])
            why = "are neither 0 (no) nor 1 (yes); map them before"
        elif contract.problem is Problem.MULTICLASS:
            is_class = column.astype("str").isin(contract.classes)
            why = f"are none of `classes` ({', '.join(contract.classes)[:80]})"
        else:
            continue
        _refuse(column, ~is_class & column.notna(), why)


def _refuse(column: "pd.Series", wrong: "pd.Series", why: str) -> None:
    """Raise an error that names column, rows and examples, if any row is wrong."""
    count = int(wrong.sum())
    if not count:
        return
    values = column[wrong].dropna().astype("str").unique()[:SHOWN]
    some = ", ".join(value[:SHOWN_CHARACTERS] for value in values)
    examples = f" ({some})" if some else ""
    msg = (
        f"column '{column.name}' of the reference rows: {count} of {len(column)} "
        f"values{examples} {why}"
    )
    raise UnreadableDataError(msg)
