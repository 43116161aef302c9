"""What was found out about each day, read back as known at an instant."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    DataVerdict,
    Finding,
    Measurement,
    measurement_of,
)
from monitoring_tasks.domain.partitions import Partition
from monitoring_tasks.domain.past_days import past_day
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.airflow_runs import runs_of
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.finding_rows import (
    FINDING_KEYS,
    finding_from,
    partition_from,
)
from monitoring_tasks.store.model_names import models_of
from monitoring_tasks.store.ranked_evaluations import ranked_looks
from monitoring_tasks.store.records import evaluation_from
from monitoring_tasks.store.schema import EvaluationRow, FindingRow, PartitionRow

Row = EvaluationRow


class ResultsReader:
    """Evaluations, their findings, and the partitions they rest on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def partition(self, unit: Unit, kind: str, digest: str) -> Partition:
        """Load the partition an evaluation rests on.

        Args:
            unit: The day; its instant and mode do not matter.
            kind: A value of `PartitionKind`.
            digest: SHA-256 of the content.
        """
        row = PartitionRow
        query = sa.select(row).where(
            row.model == unit.model,
            row.day == unit.day,
            row.kind == kind,
            row.digest == digest,
        )
        with self._database.transaction() as connection:
            return partition_from(connection.execute(query).one())

    def evaluation(self, unit: Unit) -> Evaluation:
        """Load one evaluation.

        Raises:
            LookupError: If it was never started.
        """
        query = sa.select(table_of(Row)).where(Row.key == unit.key)
        with self._database.transaction() as connection:
            stored = connection.execute(query).mappings().first()
        if stored is None:
            raise never_started(unit)
        return evaluation_from(dict(stored))

    def airflow_runs(self, unit: Unit) -> list[AirflowRun]:
        """Load the runs of Airflow an evaluation comes from; none without Airflow."""
        return runs_of(self._database, unit.key)

    def checks(self, unit: Unit) -> DataVerdict:
        """Load what validation said about a day."""
        return self.evaluation(unit).data

    def comparisons(self, unit: Unit) -> list[Comparison]:
        """Load how other versions did on the same rows."""
        return list(self.evaluation(unit).comparisons)

    def findings(self, unit: Unit) -> list[Finding]:
        """Load the judged numbers of a day, in a fixed order."""
        return [f for f in self.numbers(unit) if isinstance(f, Finding)]

    def measurements(self, unit: Unit) -> list[Measurement]:
        """Load every number of a day, judged or not, in a fixed order."""
        return [measurement_of(part) for part in self.numbers(unit)]

    def numbers(self, unit: Unit) -> list[Finding | Measurement]:
        """Load every number of a day in a fixed order; findings where judged."""
        query = sa.select(table_of(FindingRow)).where(FindingRow.evaluation == unit.key)
        with self._database.transaction() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        # Not by the database: it may sort by the rules of a language.
        rows.sort(key=lambda row: [row[key] for key in FINDING_KEYS])
        return [finding_from(row) for row in rows]

    def history(self, unit: Unit, days: int) -> list[PastDay]:
        """Load the days before `unit.day`, oldest first, as known at `unit.as_of`.

        Each day counts once, by the newest look at it that came to a decision; replays
        never count.

        Args:
            unit: The day, and what may be known.
            days: How many days before it.
        """
        first = unit.day - timedelta(days=days)
        last = unit.day - timedelta(days=1)
        days_before = self.current(unit.model, first, last, unit.as_of, decided=True)
        return [past_day(evaluation) for evaluation in days_before]

    def current(
        self,
        model: str,
        first: date,
        last: date,
        as_of: datetime | None = None,
        *,
        decided: bool = False,
    ) -> list[Evaluation]:
        """Load one evaluation a day: the newest look known at `as_of`, by day.

        A look that was begun and has no verdict yet never hides one that has.

        Args:
            model: Registered model name.
            first: First day.
            last: Last day, included.
            as_of: Later looks do not count; None for no limit.
            decided: Whether only looks with a verdict count.
        """
        looks = ranked_looks(model, first, last, as_of=as_of, decided=decided)
        query = (
            sa.select(table_of(Row))
            .join(looks, sa.and_(Row.key == looks.c.key, looks.c.position == 1))
            .order_by(Row.day)
        )
        with self._database.transaction() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [evaluation_from(row) for row in rows]

    def was_judged(self, unit: Unit) -> bool:
        """Whether any look at the day came to a verdict on predictions; replays aside.

        Args:
            unit: The day; its instant and mode do not matter.
        """
        query = sa.select(
            sa.exists().where(
                Row.model == unit.model,
                Row.day == unit.day,
                Row.mode != Mode.REPLAY.value,
                Row.predictions.is_not(None),
                Row.verdict.is_not(None),
            )
        )
        with self._database.transaction() as connection:
            return bool(connection.scalar(query))

    def days(self, model: str) -> tuple[date, date] | None:
        """Return the first and last day that was ever looked at."""
        query = sa.select(sa.func.min(Row.day), sa.func.max(Row.day)).where(
            Row.model == model
        )
        with self._database.transaction() as connection:
            first, last = connection.execute(query).one()
        # Without a row both are null, whatever the columns' types say.
        span: tuple[date | None, date | None] = (first, last)
        return None if span[0] is None or span[1] is None else (span[0], span[1])

    def last_days(self) -> list[tuple[str, date]]:
        """Return the newest day of every model that was ever judged."""
        models, newest = models_of(Row), table_of(Row).alias()
        last = sa.select(sa.func.max(newest.c.day)).where(
            newest.c.model == models.c.model
        )
        query = sa.select(models.c.model, last.scalar_subquery())
        with self._database.transaction() as connection:
            return [(model, day) for model, day in connection.execute(query)]


def never_started(unit: Unit) -> LookupError:
    """Return the error of a step that has nothing to go on."""
    return LookupError(f"{unit.key} was never started; run its `extract` step first")
