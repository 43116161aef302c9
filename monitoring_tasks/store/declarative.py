"""How tables are declared: their base, and the types of their columns."""

from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite would forget the time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Store UTC; refuse an instant without a time zone.

        Args:
            value: The instant, aware; None for none.
            dialect: Of the database.

        Raises:
            ValueError: If it has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"{value} has no time zone"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Read back aware, whatever the database remembers of the zone.

        Args:
            value: The instant as the driver gives it.
            dialect: Of the database.
        """
        del dialect
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


class Table(DeclarativeBase):
    """Base of all tables; one metadata, named constraints for Alembic."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own way to say it)
        datetime: Instant,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        str: sa.Text,
    }


def table_of(model: type[Table]) -> sa.Table:
    """Return the Core table of a mapped class."""
    return cast("sa.Table", model.__table__)
