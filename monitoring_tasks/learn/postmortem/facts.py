"""What a post-mortem is drafted from. Facts of the store; no names of persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Kind, Verdict
from monitoring_tasks.domain.incident_actions import ActionItem
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.incident_tests import IncidentTest
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.rollbacks import Rollback


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """How long something took.

    Attributes:
        name: What, e.g. `detect`.
        about: From when to when, in words.
        lasted: How long; None where it has not happened.
        runs: How many days were judged meanwhile; None likewise.
    """

    name: str
    about: str
    lasted: timedelta | None = None
    runs: int | None = None

    @property
    def hours(self) -> float | None:
        """How long in hours; None where it has not happened."""
        return None if self.lasted is None else self.lasted.total_seconds() / 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class BadDay:
    """A day of the incident, as it is judged now.

    Attributes:
        day: The calendar day.
        version: The version most rows were scored with; empty where nobody knows.
        rows: Its predictions.
        verdict: Of the day.
        action: What was done, a sentence.
        segments: Rows by segment, all of them left out.
    """

    day: date
    version: str
    rows: int
    verdict: Verdict | None
    action: str
    segments: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something that spoke about the trouble, and when first.

    Attributes:
        kind: Where it comes from: `data` for a check, else a kind of number.
        name: Which check or number.
        day: The first day on which it was not `ok`.
        verdict: What was thought of it then.
        text: What was seen, a sentence.
        evidence: Key of the finding or check.
    """

    kind: str
    name: str
    day: date
    verdict: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Another limit, and when it would have found the incident.

    Attributes:
        key: The key of the contract, and the change.
        first: The first day it would have confirmed; None for none of those tried.
        days_gained: How much sooner, in days; 0 for no sooner, None where not tried.
        further: Other days of the span it would have confirmed too.
        remark: Why it was not tried; empty where it was.
    """

    key: str
    first: date | None = None
    days_gained: int | None = None
    further: int = 0
    remark: str = ""

    @property
    def gained(self) -> str:
        """How much sooner, in words; `no sooner` for none."""
        days = self.days_gained
        return f"{days} day{'s'[: days != 1]} sooner" if days else "no sooner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of the time line, without names.

    Attributes:
        at: When.
        who: `daywatch` or `a person`.
        state: The state of the incident after it.
        text: What happened.
        source: Where it stands: number and digest of the chained event, and what it
            rests on.
    """

    at: datetime
    who: str
    state: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """An estimate beside what came true.

    Attributes:
        day: The day.
        version: The version.
        metric: Name of the metric.
        estimated: What was estimated before labels.
        realized: What came true, on a mature day.
        allowed: How far chance may part the two; None where nobody knows.
    """

    day: date
    version: str
    metric: str
    estimated: float
    realized: float
    allowed: float | None

    @property
    def error(self) -> float:
        """Estimated less realized, in units of the metric."""
        return self.estimated - self.realized

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the two lie further apart than chance allows."""
        return self.allowed is not None and abs(self.error) > self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveJudged:
    """An alias move because of the incident, and whether it turned out right.

    Attributes:
        rollback: The move.
        metric: Name of the metric.
        on_same_rows: What the comparison at the decision said; empty for nothing.
        withdrawn: Realized values of the version that was withdrawn, by day.
        put_back: Realized values of the version put back, by day since.
        judgement: `right`, `wrong`, `unknown`.
        text: Why, a sentence.
        regret: By how much the version put back does worse than the one withdrawn, in
            units of the metric, below 0 where it does better; None where nobody knows.
    """

    rollback: Rollback
    metric: str
    on_same_rows: str
    withdrawn: tuple[tuple[date, float], ...]
    put_back: tuple[tuple[date, float], ...]
    judgement: str
    text: str
    regret: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """An objective over many days, and what the incident took of its budget.

    Attributes:
        name: Its name in the contract.
        state: How it stands on the last day of the incident.
        budget_days: How many bad days it allows.
        remaining_days: How many are left.
        bad_days: How many of the incident's days were bad by it.
    """

    name: str
    state: str
    budget_days: float
    remaining_days: float
    bad_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadUp:
    """Something that happened before the incident.

    Attributes:
        at: When.
        text: What, a sentence without names.
        source: Where it stands.
    """

    at: datetime
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostmortemFacts:
    """All that a post-mortem is drafted from.

    Attributes:
        incident: As it stands.
        drafted_at: When the draft is made.
        review_due: Until when it is to be reviewed; None where it is not.
        timezone: The model's own.
        tier: Of the model; None where its contract is gone.
        owners: Teams that answer for the model.
        consumers: Who reads its predictions.
        response_mode: How far Daywatch may go for the model; empty where unknown.
        override: What a person made of the incident; None where nobody did.
        days: The days of the incident.
        evaluation: The judgement that opened it; None where it is not known.
        findings: The judged numbers of that day.
        rules: Names of the rules of the triage, in the order they are asked.
        other_models: Verdicts of other models on the same day, by name.
        signals: What spoke, and when first, by day.
        found_by: What opened it, a sentence.
        found_on: The day whose judgement opened it.
        trials: Other limits, and whether they would have been sooner.
        took: How long things took.
        told: Its time line.
        lead_up: What happened before it.
        estimates: Estimates beside what came true.
        moves: Alias moves, and whether they were right.
        budgets: Objectives over many days.
        changes: Changes of the contract that are proposed; empty where not searched.
        actions: Action items there are already.
        tests: Tests it has left already.
        earlier: Ids of the model's earlier incidents of the same cause.
        regulatory: What is known of a regulatory record; empty for nothing.
    """

    incident: Incident
    drafted_at: datetime
    review_due: datetime | None
    timezone: str
    tier: int | None
    owners: Sequence[str]
    consumers: Sequence[str]
    response_mode: str
    override: Override | None
    days: Sequence[BadDay]
    evaluation: Evaluation | None
    findings: Sequence[Finding]
    rules: Sequence[str]
    other_models: Sequence[tuple[str, str]]
    signals: Sequence[Signal]
    found_by: str
    trials: Sequence[Trial]
    took: Sequence[Took]
    told: Sequence[Told]
    lead_up: Sequence[LeadUp]
    estimates: Sequence[Estimated]
    moves: Sequence[MoveJudged]
    budgets: Sequence[Budget]
    found_on: date
    changes: Sequence[str] = ()
    actions: Sequence[ActionItem] = ()
    tests: Sequence[IncidentTest] = ()
    earlier: Sequence[str] = ()
    regulatory: str = ""

    @property
    def rows(self) -> int:
        """Predictions of all its days."""
        return sum(day.rows for day in self.days)

    @property
    def rows_by_segment(self) -> list[tuple[str, int]]:
        """Predictions by segment, the most first."""
        counts: dict[str, int] = {}
        for day in self.days:
            for segment, rows in day.segments:
                counts[segment] = counts.get(segment, 0) + rows
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def judged(self, *kinds: Kind) -> list[Finding]:
        """Return the findings of the day whose numbers are of some kinds."""
        return [f for f in self.findings if f.measurement.kind in kinds]
