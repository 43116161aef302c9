"""Alembic's way in; the connection is handed over by `Database`."""

from alembic import context

from monitoring_tasks.store.database import VERSION_TABLE
from monitoring_tasks.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=False,
)
context.run_migrations()
