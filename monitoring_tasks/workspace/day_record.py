"""What steps write down of a day, kept so that later steps need not read it again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from monitoring_tasks.domain.airflow_runs import AirflowRun
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Action, Decision
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import DataVerdict, Finding, Measurement
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.store.finding_rows import as_read_back
from monitoring_tasks.store.records import label_json

if TYPE_CHECKING:
    from monitoring_tasks.store.partitions import FrozenRows
    from monitoring_tasks.workspace.day import Day


@dataclass(frozen=True, eq=False)
class DayRecord:
    """Writes a step's outcome to the store, and into the day as its later steps see it.

    What followed from numbers that are replaced is forgotten and read again.

    Attributes:
        day: The day that is written down.
    """

    day: "Day"

    def start(
        self,
        *,
        predictions: "FrozenRows | None",
        labels: "FrozenRows | None",
        problem: DeliveryProblem,
        airflow: Sequence[AirflowRun] = (),
    ) -> None:
        """Write down that the day is evaluated, and the rows it is judged by.

        Args:
            predictions: The rows just frozen; None when there are none to judge.
            labels: The labels just frozen; None when none are known.
            problem: What was wrong with the rows as they were delivered.
            airflow: The runs of Airflow the day comes from; none without Airflow.
        """
        scored = predictions.partition if predictions else None
        labelled = labels.partition if labels else None
        self.day.workspace.results.start(
            self.day.unit,
            predictions=scored,
            labels=labelled,
            problem=problem,
            airflow=airflow,
        )
        # An earlier try at the same day may have frozen other rows.
        self.day.forget_rows()
        self.day.frozen = scored
        self.day.predictions = predictions.table if predictions else None
        self.day.labels = labels.table if labels else None
        self.day.evaluation = Evaluation(
            unit=self.day.unit,
            rows=scored.rows if scored else 0,
            predictions=scored.digest if scored else None,
            labels=labelled.digest if labelled else None,
            problem=problem,
        )

    def save_data_verdict(
        self,
        verdict: DataVerdict,
        *,
        labels: LabelVerdict | None = None,
        label_counts: LabelCounts | None = None,
    ) -> None:
        """Keep what validation said; a critical failure quarantines the batch.

        Args:
            verdict: Whether the rows are fit to judge a model by.
            labels: Whether the labels may be used; None where nothing was said.
            label_counts: How they met predictions; None where they were not joined.
        """
        self.day.workspace.results.save_data_verdict(
            self.day.unit, verdict, labels=labels, label_counts=label_counts
        )
        self.day.evaluation = replace(
            self.day.evaluation,
            step="validate",
            data_verdict=verdict.verdict,
            data_reason=verdict.reason,
            check_rows=tuple(asdict(check) for check in verdict.checks),
            label_verdict=labels,
            label_counts=label_counts,
        )

    def save_profiles(self, profiles: Sequence[DayProfile]) -> None:
        """Keep the counts of the day, by version and segment."""
        self.day.workspace.profiles.save(list(profiles), self.day.unit.as_of)
        self.day.profiles = tuple(profiles)

    def save_measurements(
        self,
        measurements: Sequence[Measurement],
        *,
        version: str,
        rows: int,
        label_counts: LabelCounts,
    ) -> None:
        """Keep the numbers of the day, replacing an earlier try's.

        Args:
            measurements: The numbers.
            version: The version most rows were scored with.
            rows: Predictions of the day.
            label_counts: How labels met predictions.
        """
        results = self.day.workspace.results
        labelled = label_counts.joined
        header = {
            "version": version,
            "rows": rows,
            "labelled": labelled,
            "label_counts": label_json(self.day.evaluation.label_verdict, label_counts),
        }
        results.save_measurements(self.day.unit, measurements, header=header)
        self._hand_on(measurements)
        # What is known of labels by age includes this day's from here on.
        self.day.forget_what_labels_say()
        self.day.evaluation = replace(
            self.day.evaluation,
            step="estimate",
            version=version,
            rows=rows,
            labelled=labelled,
            label_counts=label_counts,
        )

    def save_findings(
        self, findings: Sequence[Finding], comparisons: Sequence[Comparison]
    ) -> None:
        """Keep the judged numbers, and how other versions compare.

        Args:
            findings: Every judged number; unjudged ones stay as they were measured.
            comparisons: Other versions, or other models, on the same rows.
        """
        # As they are without these; a task that did not measure them reads them now.
        numbers = self.day.numbers
        rows = self.day.workspace.results.save_findings(
            self.day.unit, findings, comparisons
        )
        self._hand_on([*numbers, *findings])
        self.day.evaluation = replace(
            self.day.evaluation, step="compare", comparison_rows=rows
        )

    def _hand_on(self, numbers: Sequence[Finding | Measurement]) -> None:
        """Let later steps see the numbers that are now in the store."""
        self.day.forget_numbers()
        read_back = as_read_back(numbers)
        if read_back is not None:
            self.day.numbers = read_back

    def save_label_verdict(self, verdict: LabelVerdict) -> None:
        """Keep what days before say of the labels, beside how they met predictions."""
        self.day.workspace.results.save_label_verdict(
            self.day.unit, verdict, self.day.evaluation.label_counts
        )
        self.day.evaluation = replace(self.day.evaluation, label_verdict=verdict)

    def save_decision(self, decision: Decision) -> None:
        """Keep what the day means."""
        self.day.workspace.results.save_decision(self.day.unit, decision)
        # The day itself counts towards its objectives once it is decided.
        self.day.forget_slo_statuses()
        self.day.evaluation = replace(
            self.day.evaluation, step="decide", decision=decision
        )

    def save_action(self, action: Action) -> None:
        """Keep what was done."""
        self.day.workspace.results.save_action(self.day.unit, action)
        self.day.evaluation = replace(
            self.day.evaluation, step="respond", action=action
        )
