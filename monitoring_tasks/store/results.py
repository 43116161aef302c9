"""What the steps of a day found out, written down for each instant it is known at."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Action, Decision
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.findings import (
    DataVerdict,
    Finding,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts, Partition
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.store.airflow_runs import replace_runs
from monitoring_tasks.store.declarative import table_of
from monitoring_tasks.store.finding_rows import (
    finding_row,
    measurement_row,
    partition_row,
)
from monitoring_tasks.store.records import as_json, label_json
from monitoring_tasks.store.results_reader import ResultsReader, never_started
from monitoring_tasks.store.schema import EvaluationRow, FindingRow, PartitionRow

Row = EvaluationRow


class Results(ResultsReader):
    """What the steps write down of a day, one after the other; it reads as well."""

    def start(
        self,
        unit: Unit,
        *,
        predictions: Partition | None,
        labels: Partition | None,
        problem: DeliveryProblem | None,
        airflow: Sequence[AirflowRun] = (),
    ) -> None:
        """Write down that a day is looked at, and the rows it is judged by.

        Args:
            unit: What is looked at.
            predictions: The frozen predictions; None when there are none to judge.
            labels: The frozen labels; None when none are known.
            problem: What was wrong with the delivery; None for nothing.
            airflow: The runs of Airflow it comes from; none without Airflow.
        """
        # Every column: of an earlier try at the same unit nothing is left.
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
            replace_runs(self._database, connection, unit.key, airflow)

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
            # None also lifts the quarantine that an earlier look has put on these rows.
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

    def save_label_verdict(
        self, unit: Unit, verdict: LabelVerdict, counts: LabelCounts | None
    ) -> None:
        """Keep what is known of the labels of a day, in place of what was.

        Args:
            unit: The evaluation.
            verdict: Whether they may be used, and what is wrong with them.
            counts: How they met predictions; None where they were not joined.
        """
        with self._database.transaction() as connection:
            values = {"label_counts": label_json(verdict, counts)}
            self._update(connection, unit, values)

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
            key = unit.key
            rows = [measurement_row(key, number) for number in measurements]
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
            key = unit.key
            rows = [finding_row(key, finding) for finding in findings]
            self._database.upsert(connection, FindingRow, rows)
            self._update(connection, unit, values)
        return compared

    def save_decision(self, unit: Unit, decision: Decision) -> None:
        """Keep what the day means.

        Args:
            unit: The evaluation.
            decision: What it means.
        """
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
        """Keep what was done.

        Args:
            unit: The evaluation.
            action: What was done, or would have been.
        """
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
            raise never_started(unit)
