"""Everything a decision is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import PastDay
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.findings import (
    Check,
    DataVerdict,
    Finding,
    label_faults_in,
)
from monitoring_tasks.domain.incident_context import IncidentContext
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """Everything a decision is made from.

    Attributes:
        day: The day being decided.
        contract: The model's contract.
        version: The version most rows were scored with; empty when there are none.
        batch: Whether the batch is fit to judge by.
        problem: What was wrong with the delivery, such as why there is no batch.
        findings: The judged numbers.
        comparisons: Other versions on the same rows.
        history: Earlier days, oldest first.
        warnings: Numbers past their limits that break no promise.
        stale_alias: The version consumers should have served but did not, if so.
        context: What else is known of the day; read only of a day in trouble.
        labels: Whether its labels may be used; None when none were read.
        label_counts: How they met predictions; None when they were not joined.
    """

    day: date
    contract: Contract
    version: str
    batch: DataVerdict
    problem: DeliveryProblem
    findings: Sequence[Finding]
    comparisons: Sequence[Comparison]
    history: Sequence[PastDay]
    warnings: Sequence[StandingWarning] = ()
    stale_alias: str | None = None
    context: IncidentContext = field(default_factory=IncidentContext)
    labels: LabelVerdict | None = None
    label_counts: LabelCounts | None = None

    @property
    def label_faults(self) -> tuple[Check, ...]:
        """In what its labels are unlike those of the days before it."""
        return label_faults_in((self.labels and self.labels.failed) or ())
