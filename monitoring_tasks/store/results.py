"""What was found out about each day, as known at each instant it was looked at."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Action, Decision, PastDay
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    DataVerdict,
    Finding,
    Measurement,
    Verdict,
    corruption_in,
)
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts, Partition
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.records import (
    FINDING_KEYS,
    as_json,
    evaluation_from,
    finding_from,
    finding_row,
    label_json,
    measurement_row,
    newness,
    partition_from,
    partition_row,
)
from monitoring_tasks.store.schema import (
    EvaluationRow,
    FindingRow,
    PartitionRow,
    table_of,
)

Row = EvaluationRow


class Results:
    """Evaluations, their findings, and the partitions they rest on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self,
        unit: Unit,
        *,
        predictions: Partition | None,
        labels: Partition | None,
        problem: DeliveryProblem | None,
    ) -> None:
        """Write down that a day is looked at, and the rows it is judged by.

        Args:
            unit: What is looked at.
            predictions: The frozen predictions; None when there are none to judge.
            labels: The frozen labels; None when none are known.
            problem: What was wrong with the delivery; None for nothing.
        """
        row = {column.name: None for column in table_of(Row).columns} | {
            "key": unit.key,
            "model": unit.model,
            "day": unit.day,
            "as_of": unit.as_of,
            "mode": unit.mode.value,
            "step": "extract",
            "rows": predictions.rows if predictions else 0,
            "predictions": predictions.digest if predictions else None,
            "labels": labels.digest if labels else None,
            "problem": (problem.to_json() or None) if problem else None,
        }
        parts = [partition_row(part) for part in (predictions, labels) if part]
        with self._database.transaction() as connection:
            # What is listed already stays as it was first seen.
            self._database.insert_missing(connection, PartitionRow, parts)
            self._database.upsert(connection, Row, [row])
            connection.execute(
                sa.delete(FindingRow).where(FindingRow.evaluation == unit.key)
            )

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

    def save_data_verdict(
        self,
        unit: Unit,
        verdict: DataVerdict,
        *,
        labels: LabelVerdict | None = None,
        label_counts: LabelCounts | None = None,
    ) -> None:
        """Keep what validation said; a critical failure quarantines the batch.

        Args:
            unit: The day.
            verdict: Whether its rows are fit to judge a model by.
            labels: Whether its labels may be used; None where nothing was said.
            label_counts: How they met predictions; None where they were not joined.
        """
        values = {
            "step": "validate",
            "data_verdict": verdict.verdict.value,
            "data_reason": verdict.reason,
            "checks": [asdict(check) for check in verdict.checks],
            "label_counts": label_json(labels, label_counts),
        }
        with self._database.transaction() as connection:
            self._update(connection, unit, values)
            digest = connection.scalar(
                sa.select(Row.predictions).where(Row.key == unit.key)
            )
            why = verdict.reason if verdict.verdict is Verdict.BREACH else None
            if digest is not None:
                connection.execute(
                    sa.update(PartitionRow)
                    .where(
                        PartitionRow.model == unit.model,
                        PartitionRow.day == unit.day,
                        PartitionRow.digest == digest,
                    )
                    .values(quarantined=why)
                )

    def save_measurements(
        self, unit: Unit, measurements: Sequence[Measurement], *, header: dict[str, Any]
    ) -> None:
        """Keep the numbers of a day, replacing those of an earlier try.

        Args:
            unit: The evaluation.
            measurements: All numbers of the day.
            header: What `estimate` writes of the evaluation itself: its columns.
        """
        with self._database.transaction() as connection:
            connection.execute(
                sa.delete(FindingRow).where(FindingRow.evaluation == unit.key)
            )
            rows = [measurement_row(unit, number) for number in measurements]
            self._database.upsert(connection, FindingRow, rows)
            self._update(connection, unit, {"step": "estimate", **header})

    def save_findings(
        self,
        unit: Unit,
        findings: Sequence[Finding],
        comparisons: Sequence[Comparison],
    ) -> list[dict[str, Any]]:
        """Keep what was thought of the numbers, and of other versions.

        Args:
            unit: The evaluation.
            findings: The judged numbers.
            comparisons: Other versions on the same rows.

        Returns:
            The comparisons as they were written down.
        """
        compared = [as_json(comparison) for comparison in comparisons]
        values = {"step": "compare", "comparisons": compared}
        with self._database.transaction() as connection:
            rows = [finding_row(unit, finding) for finding in findings]
            self._database.upsert(connection, FindingRow, rows)
            self._update(connection, unit, values)
        return compared

    def save_decision(self, unit: Unit, decision: Decision) -> None:
        """Keep what the day means."""
        values = {
            "step": "decide",
            "verdict": decision.verdict.value,
            "performance": decision.performance.value,
            "confirmed": decision.confirmed,
            "severity": decision.severity and decision.severity.value,
            "cause": decision.cause and decision.cause.value,
            "reasons": list(decision.reasons),
            "reason_codes": [code.value for code in decision.reason_codes],
            "rollback_to": decision.rollback_to,
            "evidence": dict(decision.evidence),
        }
        with self._database.transaction() as connection:
            self._update(connection, unit, values)

    def save_action(self, unit: Unit, action: Action) -> None:
        """Keep what was done."""
        with self._database.transaction() as connection:
            self._update(
                connection, unit, {"step": "respond", "action": asdict(action)}
            )

    def _update(
        self, connection: sa.Connection, unit: Unit, values: dict[str, Any]
    ) -> None:
        done = connection.execute(
            sa.update(Row).where(Row.key == unit.key).values(**values)
        )
        if done.rowcount != 1:
            raise _never_started(unit)

    def evaluation(self, unit: Unit) -> Evaluation:
        """Load one evaluation.

        Raises:
            LookupError: If it was never started.
        """
        query = sa.select(table_of(Row)).where(Row.key == unit.key)
        with self._database.transaction() as connection:
            stored = connection.execute(query).mappings().first()
        if stored is None:
            raise _never_started(unit)
        return evaluation_from(dict(stored))

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
        return [
            part.measurement if isinstance(part, Finding) else part
            for part in self.numbers(unit)
        ]

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
        query = sa.select(table_of(Row)).where(
            Row.model == model,
            Row.day.between(first, last),
            Row.mode != Mode.REPLAY.value,
        )
        if as_of is not None:
            query = query.where(Row.as_of <= as_of)
        if decided:
            query = query.where(Row.verdict.is_not(None))
        with self._database.transaction() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        rows.sort(key=newness)
        # A later entry replaces an earlier one: the newest stays.
        newest = {row["day"]: row for row in rows}
        return [evaluation_from(row) for row in newest.values()]

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
        query = sa.select(Row.model, sa.func.max(Row.day)).group_by(Row.model)
        with self._database.transaction() as connection:
            return [(model, day) for model, day in connection.execute(query)]


def _never_started(unit: Unit) -> LookupError:
    return LookupError(f"{unit.key} was never started; run its `extract` step first")


def past_day(evaluation: Evaluation) -> PastDay:
    """What a later day remembers of one that was decided."""
    return PastDay(
        day=evaluation.day,
        version=evaluation.version or "",
        verdict=evaluation.verdict or Verdict.NO_DATA,
        performance=evaluation.performance or Verdict.NO_DATA,
        confirmed=evaluation.confirmed,
        label_share=evaluation.label_share,
        corrupted=frozenset(check.about for check in corruption_in(evaluation.checks)),
    )
