"""What was expected of a model when: a row where a live day meets another contract."""

import sqlalchemy as sa

from monitoring_tasks.domain.contract_versions import ContractVersion
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.schema import ContractVersionRow

Row = ContractVersionRow
FIELDS = tuple(ContractVersion.__dataclass_fields__)


class ContractVersions:
    """Contracts in the order in which they came into force; rows are never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def see(self, version: ContractVersion) -> bool:
        """Write a version down unless it is the newest one anyway.

        Two processes at once may both write it: equal neighbours are no change.

        Args:
            version: What a live day is judged by.

        Returns:
            Whether it was written.
        """
        newest = (
            sa.select(Row.digest)
            .where(Row.model == version.model)
            .order_by(Row.seen_at.desc(), Row.digest)
            .limit(1)
        )
        values = {name: getattr(version, name) for name in FIELDS}
        with self._database.transaction() as connection:
            if connection.scalar(newest) == version.digest:
                return False
            values["content"] = dict(version.content)
            self._database.insert_missing(connection, Row, [values])
        return True

    def of_model(self, model: str) -> list[ContractVersion]:
        """List the versions of a model, oldest first."""
        query = (
            sa.select(table_of(Row))
            .where(Row.model == model)
            .order_by(Row.seen_at, Row.digest)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(query).mappings()
            return [ContractVersion(**{n: row[n] for n in FIELDS}) for row in rows]

    def models(self) -> list[str]:
        """List the models of which some version is on record, by name."""
        query = sa.select(Row.model).distinct().order_by(Row.model)
        with self._database.transaction() as connection:
            return [str(model) for model in connection.scalars(query)]
