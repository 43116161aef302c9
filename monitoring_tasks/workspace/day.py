"""One day of one model on its way through the steps: every part is read once."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Action, Decision, PastDay
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import DataVerdict, Finding, Measurement
from monitoring_tasks.domain.label_delay import LabelDelay
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts, PartitionKind
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.version_names import VersionNames
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.statistics.burn_rate import SloStatus
from monitoring_tasks.statistics.daily_errors import DailyErrors
from monitoring_tasks.statistics.label_arrival import Arrived, LabelHistory
from monitoring_tasks.store.partitions import FrozenRows
from monitoring_tasks.store.records import label_json
from monitoring_tasks.store.results import past_day
from monitoring_tasks.workspace.estimator_trust import load_trust
from monitoring_tasks.workspace.frozen_rows import frozen_rows, with_labels
from monitoring_tasks.workspace.label_delay import label_delay
from monitoring_tasks.workspace.label_histories import (
    label_curve,
    load_label_histories,
    load_provisional_errors,
)
from monitoring_tasks.workspace.labelled_rows import (
    DatedRows,
    labelled_rows,
    served_rows,
)
from monitoring_tasks.workspace.slo_statuses import slo_statuses
from monitoring_tasks.workspace.version_names import version_names_on
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(eq=False)
class Day:
    """What a step needs of a day; each part is read when it is first asked for.

    What a step writes goes through here too, so that later steps in the same process
    see it without reading it again. Between processes only the unit's key travels.

    Attributes:
        workspace: Where parts are read from and written to.
        unit: Which day of which model, as of when, in which mode.
    """

    workspace: Workspace
    unit: Unit
    _spans: dict[int, tuple[Evaluation, ...]] = field(default_factory=dict, repr=False)
    _earlier: dict[str, "Day"] = field(default_factory=dict, repr=False)
    _trust: dict[frozenset[str] | None, Mapping[TrustKey, EstimatorTrust]] = field(
        default_factory=dict, repr=False
    )

    @property
    def model(self) -> str:
        """Registered model name."""
        return self.unit.model

    @property
    def day(self) -> date:
        """The model's own calendar day."""
        return self.unit.day

    @cached_property
    def contract(self) -> Contract:
        """What is expected of the model."""
        return self.workspace.contract(self.unit.model)

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the steps so far have written down of the day.

        Raises:
            LookupError: If it was never started.
        """
        return self.workspace.results.evaluation(self.unit)

    @cached_property
    def predictions(self) -> "pa.Table | None":
        """The frozen predictions; None when there are none."""
        return self._frozen(PartitionKind.PREDICTIONS, self.evaluation.predictions)

    @cached_property
    def labels(self) -> "pa.Table | None":
        """The frozen labels; None when none are known."""
        return self._frozen(PartitionKind.LABELS, self.evaluation.labels)

    @property
    def rows(self) -> "pa.Table":
        """The frozen predictions, of a day that has some.

        Raises:
            NoDataError: If there are no predictions.
        """
        if self.predictions is None:
            msg = f"{self.unit.key}: there are no predictions to read"
            raise NoDataError(msg)
        return self.predictions

    @cached_property
    def labelled(self) -> "tuple[pa.Table, LabelCounts]":
        """The predictions with the label column joined on, and how they met.

        Labels that did not pass validation are left out: their rows count as
        unlabelled.

        Raises:
            NoDataError: If there are no predictions.
        """
        predictions = self.rows
        is_usable = self.evaluation.are_labels_usable
        labels = self.labels if is_usable else None
        return with_labels(self.contract, predictions, labels)

    @cached_property
    def version_names(self) -> VersionNames:
        """What versions were called while the rows of the day were scored.

        Raises:
            SourceUnavailableError: If the registry does not answer.
        """
        return version_names_on(self.workspace, self.unit)

    @cached_property
    def numbers(self) -> "tuple[Finding | Measurement, ...]":
        """Every number of the day in a fixed order; a finding where it was judged."""
        return tuple(self.workspace.results.numbers(self.unit))

    @property
    def measurements(self) -> list[Measurement]:
        """Every number of the day, judged or not, in a fixed order."""
        return [n.measurement if isinstance(n, Finding) else n for n in self.numbers]

    @property
    def findings(self) -> list[Finding]:
        """The judged numbers of the day, in a fixed order."""
        return [n for n in self.numbers if isinstance(n, Finding)]

    @cached_property
    def profiles(self) -> tuple[DayProfile, ...]:
        """The counts of the day, by version and segment."""
        unit = self.unit
        return tuple(
            self.workspace.profiles.load(unit.model, unit.day, unit.day, unit.as_of)
        )

    def reference(self, version: str) -> ReferenceProfile | None:
        """The reference of a version; None when it was logged without one."""
        return self.workspace.reference(self.unit.model, version)

    def references(self, versions: Sequence[str]) -> dict[str, ReferenceProfile]:
        """The references of those versions that have one."""
        loaded = {version: self.reference(version) for version in versions}
        return {v: reference for v, reference in loaded.items() if reference}

    def before(self, days: int) -> tuple[Evaluation, ...]:
        """The evaluations of the days before, oldest first, as known at `unit.as_of`.

        Each day counts once, by its newest evaluation; replays never count. A longer
        span that was read already is not read again.

        Args:
            days: How many calendar days back, >= 1.
        """
        read = min((span for span in self._spans if span >= days), default=None)
        if read is None:
            first, last = (self.day - timedelta(days=back) for back in (days, 1))
            evaluations = self.workspace.results.current(
                self.model, first, last, self.unit.as_of
            )
            self._spans[days] = tuple(evaluations)
            read = days
        first = self.day - timedelta(days=days)
        return tuple(e for e in self._spans[read] if e.day >= first)

    def forget_days_before(self) -> None:
        """Let the days before be read again, because they were judged since."""
        self._spans.clear()
        self._earlier.clear()

    def history(self, days: int) -> tuple[PastDay, ...]:
        """What later days remember of the decided days before, oldest first.

        Args:
            days: How many calendar days back, >= 1.
        """
        return tuple(past_day(e) for e in self.before(days) if e.decision)

    def earlier(self, evaluation: Evaluation) -> "Day":
        """One of the days before, as `before` gave it; its parts are read once too."""
        if evaluation.key not in self._earlier:
            day = Day(self.workspace, evaluation.unit)
            day._keep(evaluation)
            self._earlier[evaluation.key] = day
        return self._earlier[evaluation.key]

    def profiles_before(self, days: int) -> tuple[DayProfile, ...]:
        """The counts of the days before, oldest first, as known at `unit.as_of`.

        Args:
            days: How many calendar days back, >= 1.
        """
        first, last = (self.day - timedelta(days=back) for back in (days, 1))
        key = f"profiles_before_{days}"
        if key not in self.__dict__:
            self.__dict__[key] = tuple(
                self.workspace.profiles.load(self.model, first, last, self.unit.as_of)
            )
        profiles: tuple[DayProfile, ...] = self.__dict__[key]
        return profiles

    def labelled_rows(
        self, version: str, *, days: int, mature: bool = False
    ) -> DatedRows:
        """The labelled rows of a version over this day and the days before."""
        return labelled_rows(self, version, days=days, mature=mature)

    def served_rows(self, version: str, *, days: int) -> DatedRows:
        """The rows of a version over this day and the days before, labelled or not."""
        return served_rows(self, version, days=days)

    def estimator_trust(
        self, metrics: Collection[str] | None = None
    ) -> Mapping[TrustKey, EstimatorTrust]:
        """How far estimates may be believed, by version, segment and metric.

        Args:
            metrics: Names of metrics; None for all that are estimated and realized.
        """
        key = None if metrics is None else frozenset(metrics)
        if key not in self._trust:
            self._trust[key] = load_trust(
                self.workspace, self.unit, self.contract.policy.trust, metrics=key
            )
        return self._trust[key]

    @cached_property
    def label_histories(self) -> list[LabelHistory]:
        """How many labels of this day and those before it were known at which age."""
        return load_label_histories(self.workspace, self.unit)

    @cached_property
    def label_curve(self) -> list[Arrived]:
        """What share of labels is known k days after a day."""
        return label_curve(self.label_histories, self.contract.policy, self.unit)

    @cached_property
    def provisional_errors(self) -> dict[tuple[str, str], DailyErrors]:
        """How far promised numbers on early labels lay from those on mature ones."""
        return load_provisional_errors(self.workspace, self.unit)

    @cached_property
    def label_delay(self) -> LabelDelay:
        """How long after its end a day's labels may come."""
        return label_delay(self.workspace, self.model, as_of=self.unit.as_of)

    @cached_property
    def slo_statuses(self) -> list[SloStatus]:
        """How every objective over many days stands, this day being the last one."""
        return slo_statuses(
            self.workspace, self.model, last=self.day, as_of=self.unit.as_of
        )

    def score(
        self, rows: "pd.DataFrame", versions: Sequence[str]
    ) -> "dict[str, pd.DataFrame | str]":
        """Score rows again with registered versions of the model.

        Args:
            rows: The id column and the features. Not modified.
            versions: Registered versions; one that fails does not lose the others.

        Returns:
            By version, what it gave for the rows in their order: `prediction`, and
            `score` or one `score_<class>` a class; or, as text, why it gave nothing.
        """
        import pandas as pd  # noqa: PLC0415 (heavy, and few days ask)

        with tempfile.TemporaryDirectory(prefix="daywatch-") as folder:
            path = Path(folder) / "rows.parquet"
            rows.to_parquet(path)
            scored = self.workspace.scorer(self.model).score(path, list(versions))
            return {
                version: answer if isinstance(answer, str) else pd.read_parquet(answer)
                for version, answer in scored.items()
            }

    def start(
        self,
        *,
        predictions: FrozenRows | None,
        labels: FrozenRows | None,
        problem: DeliveryProblem,
    ) -> None:
        """Write down that the day is looked at, and the rows it is judged by.

        Args:
            predictions: The rows just frozen; None when there are none to judge.
            labels: The labels just frozen; None when none are known.
            problem: What was wrong with the rows as they were delivered.
        """
        scored = predictions.partition if predictions else None
        labelled = labels.partition if labels else None
        self.workspace.results.start(
            self.unit,
            predictions=scored,
            labels=labelled,
            problem=problem,
        )
        self._forget()
        self.__dict__["predictions"] = predictions.table if predictions else None
        self.__dict__["labels"] = labels.table if labels else None
        self._keep(
            Evaluation(
                unit=self.unit,
                rows=scored.rows if scored else 0,
                predictions=scored.digest if scored else None,
                labels=labelled.digest if labelled else None,
                problem=problem,
            )
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
        self.workspace.results.save_data_verdict(
            self.unit, verdict, labels=labels, label_counts=label_counts
        )
        self._keep(
            replace(
                self.evaluation,
                step="validate",
                data_verdict=verdict.verdict,
                data_reason=verdict.reason,
                check_rows=tuple(asdict(check) for check in verdict.checks),
                label_verdict=labels,
                label_counts=label_counts,
            )
        )

    def save_profiles(self, profiles: Sequence[DayProfile]) -> None:
        """Keep the counts of the day, by version and segment."""
        self.workspace.profiles.save(list(profiles), self.unit.as_of)
        self.__dict__["profiles"] = tuple(profiles)

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
        results = self.workspace.results
        labelled = label_counts.joined
        header = {
            "version": version,
            "rows": rows,
            "labelled": labelled,
            "label_counts": label_json(self.evaluation.label_verdict, label_counts),
        }
        results.save_measurements(self.unit, measurements, header=header)
        self._drop("numbers", "label_histories", "label_curve", "provisional_errors")
        self._trust.clear()
        self._keep(
            replace(
                self.evaluation,
                step="estimate",
                version=version,
                rows=rows,
                labelled=labelled,
                label_counts=label_counts,
            )
        )

    def save_findings(
        self, findings: Sequence[Finding], comparisons: Sequence[Comparison]
    ) -> None:
        """Keep what was thought of the numbers, and of other versions."""
        rows = self.workspace.results.save_findings(self.unit, findings, comparisons)
        self._drop("numbers")
        self._keep(replace(self.evaluation, step="compare", comparison_rows=rows))

    def save_decision(self, decision: Decision) -> None:
        """Keep what the day means."""
        self.workspace.results.save_decision(self.unit, decision)
        self._drop("slo_statuses")
        self._keep(replace(self.evaluation, step="decide", decision=decision))

    def save_action(self, action: Action) -> None:
        """Keep what was done."""
        self.workspace.results.save_action(self.unit, action)
        self._keep(replace(self.evaluation, step="respond", action=action))

    def _frozen(self, kind: PartitionKind, digest: str | None) -> "pa.Table | None":
        return frozen_rows(self.workspace, self.unit, kind, digest) if digest else None

    def _keep(self, evaluation: Evaluation) -> None:
        self.__dict__["evaluation"] = evaluation

    def _forget(self) -> None:
        """Forget what belonged to the rows an earlier try had frozen."""
        self._drop("predictions", "labels", "labelled", "numbers", "profiles")

    def _drop(self, *parts: str) -> None:
        for part in parts:
            self.__dict__.pop(part, None)
