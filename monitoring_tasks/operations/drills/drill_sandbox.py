"""Where a drill takes place: a throw-away workspace over a model's own healthy days.

The real store is copied, the real registry only read, and nothing is written to the
real workspace.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zlib import crc32

from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import FIT, Verdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.operations.drills.deliveries import Delivery
from monitoring_tasks.operations.drills.drill_files import copy_contract, put
from monitoring_tasks.operations.drills.fault_catalogue import Fault, inject
from monitoring_tasks.operations.sandbox import open_sandbox
from monitoring_tasks.store.sandbox import forget_from
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.scoring_again import Rescorer
from monitoring_tasks.workspace.workspace import Workspace

ONE_MODEL = "{day}.parquet"
"""Where the days of the drilled model lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillSandbox:
    """Healthy days of one version in a workspace of their own.

    Attributes:
        workspace: The throw-away workspace.
        model: Registered model name.
        version: The version that served the days.
        days: The days as they were delivered, in order.
        rescorer: Scores changed inputs with that version.
        judged: What the store of the workspace says of days that are healthy in it.
    """

    workspace: Workspace
    model: str
    version: str
    days: dict[date, Delivery]
    rescorer: Rescorer
    judged: dict[date, Evaluation] = field(default_factory=dict)

    def unit(self, day: date) -> Unit:
        """Return the unit the schedule would judge a day as, without any effect."""
        as_of = self.workspace.as_of(self.model, day)
        return Unit(model=self.model, day=day, as_of=as_of, mode=Mode.DRY_RUN)

    def deliver(self, fault: Fault) -> list[date]:
        """Deliver all days, from the onset on with the fault in them; give those.

        Raises:
            NotApplicableError: If the fault finds nothing to break; nothing is
                delivered then.
        """
        faulty = list(self.days)[fault.onset - 1 :]
        delivered = self.injected(fault, self.model)
        for day, delivery in delivered.items():
            put(self.workspace.settings.home, ONE_MODEL.format(day=day), delivery)
        return faulty

    def injected(self, fault: Fault, name: str) -> dict[date, Delivery]:
        """Return all days, from the onset on with the fault in them.

        Args:
            fault: What goes wrong.
            name: The model it happens to; chance is drawn anew for each.

        Raises:
            NotApplicableError: If the fault finds nothing to break.
        """
        contract = self.workspace.contract(self.model)
        delivered = dict(self.days)
        for day in list(self.days)[fault.onset - 1 :]:
            delivered[day] = inject(
                fault,
                self.days[day],
                contract,
                example=self.rescorer.example,
                # Chance of its own for each day and fault, the same every time.
                seed=crc32(f"{name}/{day}/{fault.name}".encode()),
                rescore=self.rescorer.rescore,
            )
        return delivered


@contextmanager
def open_drill_sandbox(
    real: Workspace, model: str, folder: Path, *, last: date | None, count: int
) -> Iterator[DrillSandbox]:
    """Lay out a workspace under `folder` with the last healthy days of a model.

    Healthy is a day whose data was fit, whose labels are known and whose performance
    was found `ok`; all days are of the version that served the last of them. The store
    knows the model's earlier days, and none from the first of these on.

    Args:
        real: The real workspace; only read.
        model: Registered model name.
        folder: An empty folder.
        last: Take no later day than this; None for any.
        count: How many days.

    Raises:
        NoDataError: If there are fewer such days.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    copy_contract(real.loaded(model), folder, file=ONE_MODEL)
    with open_sandbox(real, model, folder) as workspace:
        chosen = _healthy(workspace, model, last=last, count=count)
        version = str(chosen[-1].version)
        days = {row.day: _delivery(workspace, row) for row in chosen}
        # What was said of these days would count as history of the drilled ones.
        forget_from(workspace.database, model, chosen[0].day)
        # All days together: by them a fault chooses its column once, for every day.
        example = pd.concat([day.predictions for day in days.values()])
        rescorer = Rescorer(
            workspace=workspace, model=model, version=version, example=example
        )
        yield DrillSandbox(
            workspace=workspace,
            model=model,
            version=version,
            days=days,
            rescorer=rescorer,
        )


def _healthy(
    workspace: Workspace, model: str, *, last: date | None, count: int
) -> Sequence[Evaluation]:
    span = workspace.results.days(model)
    rows = workspace.results.current(model, span[0], last or span[1]) if span else []
    healthy = [row for row in rows if _is_healthy(row)]
    of_last_version = [row for row in healthy if row.version == healthy[-1].version]
    if len(of_last_version) < count:
        msg = (
            f"{model} has {len(of_last_version)} healthy days of one version to drill "
            f"on, {count} are needed: judged `ok` on fit data, with labels. `daywatch "
            "backfill` judges more"
        )
        raise NoDataError(msg)
    return of_last_version[-count:]


def _is_healthy(row: Evaluation) -> bool:
    return (
        row.data_verdict in FIT
        and row.performance == Verdict.OK
        and row.predictions is not None
        and row.labels is not None
        and not corruption_in(row.checks)
    )


def _delivery(workspace: Workspace, row: Evaluation) -> Delivery:
    unit = row.unit
    from monitoring_tasks.rows.coded_texts import frame_of  # noqa: PLC0415 (heavy)

    day = Day(workspace, unit)
    day.require_all_rows("A drill")
    predictions, labels = day.predictions, day.labels
    if predictions is None or labels is None:
        msg = f"{unit.key}: its rows no longer exist"
        raise NoDataError(msg)
    return Delivery(predictions=frame_of(predictions), labels=labels.to_pandas())
