"""The key `sources`: where a model's rows are."""

import re
from typing import Annotated, Literal, assert_never

from pydantic import Field, field_validator

from monitoring_tasks.contract.contract_model import ContractModel


class FileSource(ContractModel):
    """Parquet or CSV files on a local folder or object storage.

    Attributes:
        path: fsspec URL or path, `{day}` stands for the ISO day, `*` may be used;
            relative paths start at the workspace. Without `{day}` the rows of the
            day are picked by `day_column`.
        format: `parquet` or `csv`.
        arrived_at: Column with the instant at which a row became known, if any.
        day_column: Column that picks the rows of a day: a date, or an instant. For
            predictions the timestamp column unless said otherwise.
        rename: Name in the source -> name in the contract.
    """

    kind: Literal["files"] = "files"
    path: str
    format: Literal["parquet", "csv"] = "parquet"
    arrived_at: str | None = None
    day_column: str | None = None
    rename: dict[str, str] = Field(default_factory=dict)


class SqlSource(ContractModel):
    """A table or view in any database SQLAlchemy can reach.

    Attributes:
        connection: Name of a connection (`DAYWATCH_CONN_<NAME>`, an Airflow
            Connection) or a SQLAlchemy URL without a password.
        table: Table or view, `schema.table` allowed.
        arrived_at: Column with the instant at which a row became known, if any.
        day_column: Column that picks the rows of a day: a date, or an instant. For
            predictions the timestamp column unless said otherwise.
        rename: Name in the source -> name in the contract.
    """

    kind: Literal["sql"]
    connection: str
    table: str
    arrived_at: str | None = None
    day_column: str | None = None
    rename: dict[str, str] = Field(default_factory=dict)

    @field_validator("connection")
    @classmethod
    def _no_password(cls, value: str) -> str:
        # What SQLAlchemy itself takes for a password, and one among the options.
        if re.search(r"://[^:/]*:[^@]+@|[?&]password=", value):
            msg = (
                "a password does not belong in a contract; "
                "name a connection and set it in the environment or in Airflow"
            )
            raise ValueError(msg)
        return value


Source = Annotated[FileSource | SqlSource, Field(discriminator="kind")]


class Sources(ContractModel):
    """Where predictions and labels come from."""

    predictions: Source
    labels: Source


def upstream_of(source: Source) -> str:
    """Name what a source's rows come from: a connection, or a folder's fixed part.

    >>> upstream_of(FileSource(path="s3://lake/scores/{day}/flights.parquet"))
    'files:s3://lake/scores'
    """
    match source:
        case SqlSource():
            return f"sql:{source.connection}"
        case FileSource():
            # Models that share a folder share the upstream, whatever files they read.
            fixed = re.split(r"[{*]", source.path)[0]
            return f"files:{fixed.rpartition('/')[0] or '.'}"
        case _:
            assert_never(source)


def is_of_day(source: Source) -> bool:
    """Whether a source is asked for the rows of one day, and not for all it has."""
    match source:
        case FileSource():
            return "{day}" in source.path or source.day_column is not None
        case SqlSource():
            return source.day_column is not None
        case _:
            assert_never(source)
