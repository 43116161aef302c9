"""The key `sources`: where a model's rows are."""

import re
from typing import Annotated, Literal, Self, assert_never

from pydantic import Field, field_validator, model_validator

from monitoring_tasks.contract.contract_model import ContractModel

Freeze = Literal["rows", "facts"]
"""What is kept of a day: every row of it, or what was counted and a sample."""
ENGINES = frozenset({"postgresql", "postgres"})
"""What a URL of a database that counts for itself begins with, its driver left out."""


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
        freeze: `rows` copies a day's rows; `facts` leaves them where they lie.
    """

    kind: Literal["files"] = "files"
    path: str
    format: Literal["parquet", "csv"] = "parquet"
    arrived_at: str | None = None
    day_column: str | None = None
    rename: dict[str, str] = Field(default_factory=dict)
    freeze: Freeze = "rows"

    @model_validator(mode="after")
    def _facts_of_typed_columns(self) -> Self:
        if self.freeze == "facts" and self.format == "csv":
            msg = (
                "`freeze: facts` needs files that say what their columns are: a CSV "
                "says no types; write Parquet, or leave `freeze: rows`"
            )
            raise ValueError(msg)
        return self


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
        freeze: `rows` copies a day's rows; `facts` leaves them where they lie.
    """

    kind: Literal["sql"]
    connection: str
    table: str
    arrived_at: str | None = None
    day_column: str | None = None
    rename: dict[str, str] = Field(default_factory=dict)
    freeze: Freeze = "rows"

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

    @model_validator(mode="after")
    def _facts_of_an_engine(self) -> Self:
        scheme, is_url, _ = self.connection.partition("://")
        # What a connection's name stands for shows when it is opened.
        if self.freeze == "facts" and is_url:
            require_engine(scheme)
        return self


def require_engine(scheme: str) -> None:
    """Refuse a database that does not count by grouping sets.

    Args:
        scheme: What its URL begins with; a driver may follow after a plus sign.

    Raises:
        ValueError: If it is none that days are counted in.
    """
    name = scheme.partition("+")[0]
    if name not in ENGINES:
        msg = (
            f"`freeze: facts` counts a day in the database, and '{name}' cannot: "
            "Postgres and Parquet files can; leave `freeze: rows`"
        )
        raise ValueError(msg)


Source = Annotated[FileSource | SqlSource, Field(discriminator="kind")]


class Sources(ContractModel):
    """Where predictions and labels come from."""

    predictions: Source
    labels: Source

    @field_validator("labels")
    @classmethod
    def _labels_change(cls, value: Source) -> Source:
        if value.freeze != "rows":
            msg = (
                "labels come late and are corrected, so their rows are always copied; "
                "take `freeze` out of sources.labels"
            )
            raise ValueError(msg)
        return value


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
