"""One day of one model on its way through the steps: every part is read once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.label_delay import LabelDelay
from monitoring_tasks.domain.trust import EstimatorTrust, TrustKey
from monitoring_tasks.statistics.arrival_curve import Arrived
from monitoring_tasks.statistics.burn_rate import SloStatus
from monitoring_tasks.statistics.daily_errors import DailyErrors
from monitoring_tasks.statistics.label_arrival import LabelHistory, earlier_shares
from monitoring_tasks.workspace.day_parts import DayParts
from monitoring_tasks.workspace.day_record import DayRecord
from monitoring_tasks.workspace.earlier_days import EarlierDays
from monitoring_tasks.workspace.estimator_trust import load_trust
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

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(eq=False)
class Day(DayParts):
    """What a step needs of a day; each part is read when it is first asked for.

    Its rows are `predictions`, `labels` and, joined, `labelled`; its numbers are
    `profiles`, `measurements` and `findings`. `past` holds the days before it. What
    many days say together are `estimator_trust`, `label_delay` and the other parts on
    labels, and `slo_statuses`. Steps write through `record`, so that later steps in the
    same process need not read again. Between processes only the unit's key travels.

    Attributes:
        workspace: Where parts are read from and written to.
        unit: Which day of which model, as of when, in which mode.
        unmatched_labels: Keys of labels that no row has which stays with its source,
            by the digests of frozen predictions and labels.
    """

    unmatched_labels: "dict[tuple[str, str], pa.Array]" = field(
        default_factory=dict, repr=False
    )
    _earlier: "dict[str, Day]" = field(default_factory=dict, repr=False)
    _trust: dict[frozenset[str] | None, Mapping[TrustKey, EstimatorTrust]] = field(
        default_factory=dict, repr=False
    )

    @cached_property
    def past(self) -> EarlierDays:
        """The days before, as known at `unit.as_of`."""
        return EarlierDays(self.workspace, self.unit)

    def earlier(self, evaluation: Evaluation) -> "Day":
        """Return one of the days `past` lists; its parts are read once too."""
        if evaluation.key not in self._earlier:
            day = Day(self.workspace, evaluation.unit)
            # It came with its whole span, and is not read again.
            day.evaluation = evaluation
            self._earlier[evaluation.key] = day
        return self._earlier[evaluation.key]

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

    def coverages_at_age(self) -> dict[date, float]:
        """Return which share of each earlier day had a label at the age of this one."""
        return earlier_shares(self.label_histories, self.day)

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

    def forget_what_labels_say(self) -> None:
        """Let what many days say by their labels be worked out again."""
        self._forget(Day.label_histories, Day.label_curve, Day.provisional_errors)
        self._trust.clear()

    def forget_slo_statuses(self) -> None:
        """Let objectives over many days be counted again."""
        self._forget(Day.slo_statuses)
