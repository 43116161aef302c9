"""One day of one model on its way through the steps: every part is read once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Measurement
from monitoring_tasks.domain.label_delay import LabelDelay
from monitoring_tasks.domain.partitions import LabelCounts, PartitionKind
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.version_names import VersionNames
from monitoring_tasks.errors import NoDataError
from monitoring_tasks.statistics.arrival_curve import Arrived
from monitoring_tasks.statistics.burn_rate import SloStatus
from monitoring_tasks.statistics.daily_errors import DailyErrors
from monitoring_tasks.statistics.label_arrival import LabelHistory
from monitoring_tasks.workspace.day_record import DayRecord
from monitoring_tasks.workspace.earlier_days import EarlierDays
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
from monitoring_tasks.workspace.scored_rows import scored_rows
from monitoring_tasks.workspace.slo_statuses import slo_statuses
from monitoring_tasks.workspace.version_names import version_names_on
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(eq=False)
class Day:
    """What a step needs of a day; each part is read when it is first asked for.

    Its rows are `predictions`, `labels` and, joined, `labelled`; its numbers are
    `profiles`, `measurements` and `findings`. `past` holds the days before it. What
    many days say together are `estimator_trust`, `label_delay` and the other parts on
    labels, and `slo_statuses`. Steps write through `record`, so that later steps in the
    same process need not read again. Between processes only the unit's key travels.

    Attributes:
        workspace: Where parts are read from and written to.
        unit: Which day of which model, as of when, in which mode.
    """

    workspace: Workspace
    unit: Unit
    _earlier: "dict[str, Day]" = field(default_factory=dict, repr=False)
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
        labels = self.labels if self.evaluation.are_labels_usable else None
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
        """Return the reference of a version; None when it was logged without one."""
        return self.workspace.reference(self.unit.model, version)

    def references(self, versions: Sequence[str]) -> dict[str, ReferenceProfile]:
        """Return the references of those versions that have one."""
        loaded = {version: self.reference(version) for version in versions}
        return {v: reference for v, reference in loaded.items() if reference}

    @cached_property
    def past(self) -> EarlierDays:
        """The days before, as known at `unit.as_of`."""
        return EarlierDays(self.workspace, self.unit)

    def earlier(self, evaluation: Evaluation) -> "Day":
        """Return one of the days `past` lists; its parts are read once too."""
        if evaluation.key not in self._earlier:
            day = Day(self.workspace, evaluation.unit)
            day.evaluation = evaluation
            self._earlier[evaluation.key] = day
        return self._earlier[evaluation.key]

    def forget_earlier_days(self) -> None:
        """Let the days before be read again, because they were judged since."""
        self.past.forget()
        self._earlier.clear()

    def labelled_rows(
        self, version: str, *, days: int, mature: bool = False
    ) -> DatedRows:
        """Return a version's labelled rows of this day and of the days before.

        Args:
            version: Only rows it scored.
            days: Calendar days looked back over, this day included, >= 1.
            mature: Whether days with too few labels are left out.

        Returns:
            The rows, and the days they come from.
        """
        return labelled_rows(self, version, days=days, mature=mature)

    def served_rows(self, version: str, *, days: int) -> DatedRows:
        """Return them whether they are labelled or not.

        Args:
            version: Only rows it scored.
            days: Calendar days looked back over, this day included, >= 1.

        Returns:
            The rows, and the days they come from.
        """
        return served_rows(self, version, days=days)

    def estimator_trust(
        self, metrics: Collection[str] | None = None
    ) -> Mapping[TrustKey, EstimatorTrust]:
        """Return how far estimates may be believed, by version, segment and metric.

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
        """What share of a day's labels is known so many days after it."""
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
            By version, its outputs in the order of the rows: `prediction`, and `score`
            or one `score_<class>` a class; or, as text, why there are none.
        """
        return scored_rows(self.workspace, self.model, rows, versions)

    @property
    def record(self) -> DayRecord:
        """What steps write the day down with."""
        return DayRecord(self)

    def forget(self, *parts: str) -> None:
        """Let parts be read again when they are next asked for, by name."""
        # A cached property is read again once its value is gone from the instance.
        for part in parts:
            self.__dict__.pop(part, None)

    def forget_trust(self) -> None:
        """Let trust in estimates be worked out again, because numbers changed."""
        self._trust.clear()

    def _frozen(self, kind: PartitionKind, digest: str | None) -> "pa.Table | None":
        return frozen_rows(self.workspace, self.unit, kind, digest) if digest else None
