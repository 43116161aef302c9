"""One look at one day: the unit of work, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.decisions import (
    ONSET,
    Action,
    Cause,
    Decision,
    Severity,
)
from monitoring_tasks.domain.delivery_problem import NO_PROBLEM, DeliveryProblem
from monitoring_tasks.domain.findings import (
    FIT,
    Check,
    DataVerdict,
    Verdict,
    label_faults_in,
)
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.domain.units import Mode, Unit


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One day as known at one instant: what each step has written down of it so far.

    Attributes:
        unit: Which day of which model, as of when, in which mode.
        step: The last step that wrote to it.
        version: The version most rows were scored with; None before `estimate`, and
            where there are no rows.
        rows: Predictions of the day.
        labelled: Predictions with a label; None before `estimate`.
        predictions: Digest of the frozen predictions; None when there are none.
        labels: Digest of the frozen labels; None when none are known.
        problem: What was wrong with the rows as they were delivered.
        label_verdict: Whether the labels may be used; None before `validate`, and where
            there are no predictions.
        label_counts: How labels met predictions; None before `estimate`.
        data_verdict: Whether the batch is fit to judge by; None before `validate`.
        data_reason: Why, in one sentence.
        check_rows: What was checked about the data, as the store keeps it; `checks`
            reads it when it is asked for.
        comparison_rows: Other versions on the same rows, as the store keeps them, in
            the words of their day; `comparisons` reads them. None before `compare`.
        decision: What the day means; None before `decide`.
        action: What was done, or would have been; None before `respond`.
    """

    unit: Unit
    step: str = "extract"
    version: str | None = None
    rows: int = 0
    labelled: int | None = None
    predictions: str | None = None
    labels: str | None = None
    problem: DeliveryProblem = NO_PROBLEM
    label_verdict: LabelVerdict | None = None
    label_counts: LabelCounts | None = None
    data_verdict: Verdict | None = None
    data_reason: str = ""
    check_rows: Sequence[JsonObject] = ()
    comparison_rows: Sequence[JsonObject] | None = None
    decision: Decision | None = None
    action: Action | None = None

    @property
    def key(self) -> str:
        """The unit as one line of text."""
        return self.unit.key

    @property
    def model(self) -> str:
        """Registered model name."""
        return self.unit.model

    @property
    def day(self) -> date:
        """The model's own calendar day."""
        return self.unit.day

    @property
    def as_of(self) -> datetime:
        """The instant at which the day was known like this."""
        return self.unit.as_of

    @property
    def mode(self) -> Mode:
        """Why the day was looked at."""
        return self.unit.mode

    @property
    def verdict(self) -> Verdict | None:
        """The day as a whole; None before `decide`."""
        return self.decision.verdict if self.decision else None

    @property
    def performance(self) -> Verdict | None:
        """Worst verdict of the performance objectives; None before `decide`."""
        return self.decision.performance if self.decision else None

    @property
    def confirmed(self) -> bool:
        """Whether a breach has lasted long enough to act on."""
        return self.decision is not None and self.decision.confirmed

    @property
    def severity(self) -> Severity | None:
        """How much it matters; None when nobody must act."""
        return self.decision.severity if self.decision else None

    @property
    def cause(self) -> Cause | None:
        """Where the trouble comes from; None when there is none."""
        return self.decision.cause if self.decision else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences a person understands, most important first."""
        return self.decision.reasons if self.decision else ()

    @property
    def reason_codes(self) -> tuple[ReasonCode, ...]:
        """What each of the reasons is, in their order; empty before `decide`."""
        return self.decision.reason_codes if self.decision else ()

    @property
    def rollback_to(self) -> str | None:
        """Version to put back; None when a rollback is not the remedy."""
        return self.decision.rollback_to if self.decision else None

    @property
    def evidence(self) -> JsonObject:
        """Numbers behind the decision, JSON only; empty before `decide`."""
        return self.decision.evidence if self.decision else {}

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What was checked about the data."""
        return tuple(Check.from_json(row) for row in self.check_rows)

    @property
    def data(self) -> DataVerdict:
        """Whether the batch is fit to judge a model by, and what was checked.

        Raises:
            LookupError: If `validate` has not run.
        """
        if self.data_verdict is None:
            # Fails closed: an unchecked batch is never taken for a fit one.
            msg = f"{self.key} was not validated; run its `validate` step first"
            raise LookupError(msg)
        return DataVerdict(
            verdict=self.data_verdict, reason=self.data_reason, checks=self.checks
        )

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """How other versions did on the same rows."""
        return tuple(Comparison.from_json(row) for row in self.comparison_rows or ())

    @property
    def is_fit(self) -> bool:
        """Whether the batch was found fit to judge a model by."""
        return self.data_verdict in FIT

    @property
    def are_labels_usable(self) -> bool:
        """Whether labels may be joined; also where nobody said that they may not."""
        return self.label_verdict is None or self.label_verdict.usable

    @property
    def corrupted(self) -> frozenset[tuple[str, str]]:
        """In what its rows look damaged: statement and column."""
        return frozenset(check.about for check in corruption_in(self.checks))

    @property
    def label_faults(self) -> tuple[Check, ...]:
        """In what its labels are unlike those of the days before it."""
        failed = self.label_verdict.failed if self.label_verdict else None
        return label_faults_in(failed or ())

    @property
    def label_share(self) -> float:
        """Share of the rows whose label was known, 0..1; 0 for a day without rows."""
        return (self.labelled or 0) / self.rows if self.rows else 0.0

    @property
    def onset(self) -> date | None:
        """First bad day of the run of bad days that reaches the day, however long."""
        return self._kept_day(ONSET)

    @property
    def version_since(self) -> date | None:
        """First day of the run of its version, kept of bad days; None if unknown."""
        return self._kept_day("version_since")

    def _kept_day(self, name: str) -> date | None:
        kept = self.evidence.get(name)
        return date.fromisoformat(kept) if kept else None
