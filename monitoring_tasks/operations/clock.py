"""What instant it is for what people do by hand."""

from datetime import UTC, datetime

from monitoring_tasks.contract.files import contract_files
from monitoring_tasks.store.slo_days import newest_look
from monitoring_tasks.workspace.workspace import Workspace


def instant(space: Workspace) -> datetime:
    """Give the instant it is: under a simulated clock that of the newest look.

    Before the first look it is the system's time, whatever the clock: a kill switch
    can be laid before any day was judged.
    """
    models = [path.parent.name for path in contract_files(space.settings.expectations)]
    seen = [newest_look(space.database, model) for model in models]
    known = [look for look in seen if look is not None]
    if not known:
        return datetime.now(tz=UTC)  # noqa: TID251 (a person says so now)
    return space.settings.now(max(known))
