"""Make the tables of the store, or bring them up to date, and say which store it is.

The first step of an upgrade. Whoever opens the store does the same, so nothing is lost
where this is left out; but a store that cannot be migrated is best found out first.
"""

from sqlalchemy import make_url

from monitoring_tasks.settings import load_settings
from monitoring_tasks.store.database import Database


def migrate_store() -> str:
    """Bring the tables up to date; return the store's address without its password.

    Raises:
        ConfigurationError: If the store is newer than this Daywatch.
        SourceUnavailableError: If it does not answer.
    """
    url = load_settings().store_url
    Database(url).engine.dispose()
    return make_url(url).render_as_string(hide_password=True)


if __name__ == "__main__":
    print(f"up to date: {migrate_store()}")  # noqa: T201 (a command's output)
