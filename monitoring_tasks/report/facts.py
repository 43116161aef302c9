"""Everything a page shows of a day, as known at one instant.

What the numbers look like on a page is decided elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    DataVerdict,
    Finding,
    Kind,
    Measurement,
    Verdict,
    measurement_of,
)
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.journal import JournalLine
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import EstimatorTrust
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.windows import days_between
from monitoring_tasks.learn.label_block import LabelBlock
from monitoring_tasks.report.charted import Charted, charted_number
from monitoring_tasks.report.stories import RollbackStory
from monitoring_tasks.statistics.burn_rate import SloStatus

NumberKey = tuple[Kind, str, str, str]
"""Kind, metric, column, segment."""
DAILY_KINDS = (Kind.DRIFT, Kind.ESTIMATED, Kind.REALIZED, Kind.SERVICE)
"""Kinds of numbers that a time line shows of every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineDay:
    """One day of the time line: its newest evaluation, and its numbers.

    Attributes:
        header: The newest evaluation of the day.
        numbers: What was measured on the rows of the day's main version.
        findings: Those of the numbers that were judged.
        pooled_numbers: The charted number over the days of its horizon, if more than
            one; `numbers` are of the day alone.
        pooled_findings: Those that were judged.
    """

    header: Evaluation
    numbers: Mapping[NumberKey, Measurement] = field(default_factory=dict)
    findings: Mapping[NumberKey, Finding] = field(default_factory=dict)
    pooled_numbers: Mapping[NumberKey, Measurement] = field(default_factory=dict)
    pooled_findings: Mapping[NumberKey, Finding] = field(default_factory=dict)

    def at(
        self, horizon: int
    ) -> tuple[Mapping[NumberKey, Measurement], Mapping[NumberKey, Finding]]:
        """Return numbers and findings over one day or over the charted horizon."""
        if horizon == 1:
            return self.numbers, self.findings
        return self.pooled_numbers, self.pooled_findings

    def is_mature(self, label_coverage: float) -> bool:
        """Whether enough of the day's labels are known to believe them."""
        rows, labelled = self.header.rows or 0, self.header.labelled or 0
        return rows > 0 and labelled >= label_coverage * rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An incident, what happened to it in order, and what a person made of it."""

    incident: Incident
    events: tuple[Mapping[str, Any], ...]
    override: Override | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the page of a day shows.

    Attributes:
        unit: The day the page is about.
        contract: What is expected of the model.
        batch: What validation said; None when it was not reached.
        measurements: Every number of the day.
        findings: Those that were judged.
        comparisons: Other versions on the same rows.
        profile: The counts of the day's main version; None when not counted.
        reference: That version's reference; None when it has none.
        timeline: The days of the time line; days that were never judged are absent.
        first_day: First day of the time line; its last one is `unit.day`.
        episodes: Incidents that began on or before the day and touch the time line.
        moves: Lines of the journal since `first_day`, oldest first.
        rollbacks: Rollbacks asked for since `first_day`, oldest first.
        simulated_clock: Whether the instants are simulated.
        slos: How the objectives over many days stand at the end of the day.
        trust: How right the estimates of the days before were.
        labels: How far the day's labels have come.
    """

    unit: Unit
    contract: Contract
    batch: DataVerdict | None
    measurements: Sequence[Measurement]
    findings: Sequence[Finding]
    comparisons: Sequence[Comparison]
    profile: DayProfile | None
    reference: ReferenceProfile | None
    timeline: Mapping[date, TimelineDay]
    first_day: date
    episodes: Sequence[Episode]
    moves: Sequence[JournalLine]
    rollbacks: Sequence[RollbackStory]
    simulated_clock: bool
    slos: Sequence[SloStatus] = ()
    trust: Sequence[EstimatorTrust] = ()
    labels: LabelBlock | None = None

    @property
    def header(self) -> Evaluation:
        """The evaluation the page is about."""
        return self.timeline[self.unit.day].header

    @property
    def evidence(self) -> Mapping[str, Any]:
        """What the decision about the day was made from; empty before it."""
        return self.header.evidence

    @property
    def days(self) -> list[date]:
        """Every day of the time line, judged or not."""
        return list(days_between(self.first_day, self.unit.day))

    @cached_property
    def charted(self) -> Charted:
        """The number the time line shows; chosen once, from all findings."""
        version = str(self.header.version or "")
        return charted_number(self.findings, self.contract, version)


def timeline_of(
    evaluations: Mapping[date, Evaluation],
    numbers: Mapping[str, Sequence[Finding | Measurement]],
) -> dict[date, TimelineDay]:
    """Put each day's evaluation and its numbers together, oldest first.

    Args:
        evaluations: The newest evaluation of each day.
        numbers: The numbers to show, by the key of their evaluation.
    """
    return {
        day: _timeline_day(evaluation, numbers.get(evaluation.key, ()))
        for day, evaluation in sorted(evaluations.items())
    }


def _timeline_day(
    header: Evaluation, parts: Sequence[Finding | Measurement]
) -> TimelineDay:
    of_day = [part for part in parts if measurement_of(part).horizon == 1]
    pooled = [part for part in parts if measurement_of(part).horizon > 1]
    return TimelineDay(
        header=header,
        numbers={_key(measurement_of(part)): measurement_of(part) for part in of_day},
        findings=_findings(of_day),
        pooled_numbers={
            _key(measurement_of(part)): measurement_of(part) for part in pooled
        },
        pooled_findings=_findings(pooled),
    )


def _findings(parts: Sequence[Finding | Measurement]) -> dict[NumberKey, Finding]:
    return {_key(part.measurement): part for part in parts if isinstance(part, Finding)}


def _key(number: Measurement) -> NumberKey:
    return (number.kind, number.metric, number.column, number.segment)


def verdict_of(header: Evaluation) -> Verdict | None:
    """Return the verdict of an evaluation; None when it was never decided."""
    return None if header.verdict is None else Verdict(header.verdict)
