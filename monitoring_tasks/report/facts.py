"""Everything a page needs, read from the store as known at one instant.

Reads only; what the numbers look like on a page is decided elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import (
    DataVerdict,
    Finding,
    Kind,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.incident_context import Override
from monitoring_tasks.domain.incidents import Incident
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import EstimatorTrust
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.domain.windows import day_of, days_between
from monitoring_tasks.learn.label_block import LabelBlock
from monitoring_tasks.report.charted import RANKED, Charted, charted_number
from monitoring_tasks.report.stories import RollbackStory, rollback_stories
from monitoring_tasks.statistics.burn_rate import SloStatus
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.overrides import override_of
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.records import finding_from
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.schema import FindingRow, table_of

NumberKey = tuple[Kind, str, str, str]
"""Kind, metric, column, segment."""
_OVER_TIME = (Kind.DRIFT, Kind.ESTIMATED, Kind.REALIZED, Kind.SERVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The newest look at one day of the time line, and its numbers.

    Attributes:
        header: The evaluation's header, as the store has it.
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
        """Numbers and findings over one day or over the charted horizon."""
        if horizon == 1:
            return self.numbers, self.findings
        return self.pooled_numbers, self.pooled_findings

    def is_mature(self, label_coverage: float) -> bool:
        """Whether enough of the day's labels are known to believe them."""
        rows, labelled = self.header.rows or 0, self.header.labelled or 0
        return rows > 0 and labelled >= label_coverage * rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An incident and what happened to it, in order."""

    incident: Incident
    events: tuple[Mapping[str, Any], ...]

    @property
    def override(self) -> Override | None:
        """What a person made of it, beside what Daywatch had found; or None."""
        return override_of(self.incident, self.events)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known about a day and the days before it.

    Attributes:
        unit: The look the page is about.
        contract: What is expected of the model.
        data: What validation said; None when it was not reached.
        measurements: Every number of the day.
        findings: Those that were judged.
        comparisons: Other versions on the same rows.
        profile: The counts of the day's main version; None when not counted.
        reference: That version's reference; None when it has none.
        looks: The newest look at each day, by day; days nobody looked at are absent.
        first_day: First day of the time line; its last one is `unit.day`.
        episodes: Incidents that began on or before the day and touch the time line.
        moves: Lines of the journal since `first_day`, oldest first.
        rollbacks: Rollbacks asked for since `first_day`, oldest first.
        simulated_clock: Whether the instants are simulated.
        slos: How the objectives over many days stand at the end of the day.
        trust: How right the estimates of the days before were; `gather` does not know.
        labels: How far the day's labels have come; `gather` does not know.
    """

    unit: Unit
    contract: Contract
    data: DataVerdict | None
    measurements: Sequence[Measurement]
    findings: Sequence[Finding]
    comparisons: Sequence[Comparison]
    profile: DayProfile | None
    reference: ReferenceProfile | None
    looks: Mapping[date, Look]
    first_day: date
    episodes: Sequence[Episode]
    moves: Sequence[Mapping[str, Any]]
    rollbacks: Sequence[RollbackStory]
    simulated_clock: bool
    slos: Sequence[SloStatus] = ()
    trust: Sequence[EstimatorTrust] = ()
    labels: LabelBlock | None = None

    @property
    def header(self) -> Evaluation:
        """The header of the look the page is about."""
        return self.looks[self.unit.day].header

    @property
    def evidence(self) -> Mapping[str, Any]:
        """What the decision about the day was made from; empty before it."""
        return self.header.evidence

    @property
    def days(self) -> list[date]:
        """Every day of the time line, looked at or not."""
        return list(days_between(self.first_day, self.unit.day))

    @cached_property
    def charted(self) -> Charted:
        """The number the time line shows; looked for once, among all findings."""
        version = str(self.header.version or "")
        return charted_number(self.findings, self.contract, version)


def gather(
    database: Database,
    unit: Unit,
    contract: Contract,
    *,
    references: Callable[[str], ReferenceProfile | None],
    days: int = 60,
    simulated_clock: bool = False,
    slos: Sequence[SloStatus] = (),
) -> Facts:
    """Read what a page needs, as known at `unit.as_of`.

    Incidents and alias moves are the exception: a run writes them after the instant
    it is about, so all lines are read and each says when it was written.

    Args:
        database: The store; only read.
        unit: The look the page is about; later looks at its day do not count.
        contract: The model's contract.
        references: Version -> its reference profile, None when it has none.
        days: Length of the time line, in days, >= 1.
        simulated_clock: Said on the page.
        slos: How the objectives over many days stand, known to whoever calls.

    Raises:
        LookupError: If the unit was never started.
    """
    results = Results(database)
    header = results.evaluation(unit)
    first = unit.day - timedelta(days=days - 1)
    headers = {
        row.day: row for row in results.current(unit.model, first, unit.day, unit.as_of)
    } | {unit.day: header}
    version = header.version or ""
    first = min(headers)
    findings = results.findings(unit)
    moves = [
        line
        for line in Journal(database).lines(unit.model)
        if day_of(line["at"], contract.timezone) >= first
    ]
    return Facts(
        unit=unit,
        contract=contract,
        data=results.checks(unit) if header.data_verdict else None,
        measurements=results.measurements(unit),
        findings=findings,
        comparisons=results.comparisons(unit),
        profile=_profile(database, unit, version),
        reference=references(version) if version else None,
        looks=_looks(database, headers, charted_number(findings, contract, version)),
        first_day=first,
        episodes=_episodes(Incidents(database), unit, first),
        moves=moves,
        rollbacks=rollback_stories(database, unit.model, moves),
        simulated_clock=simulated_clock,
        slos=slos,
    )


def _profile(database: Database, unit: Unit, version: str) -> DayProfile | None:
    # Of a model with thousands of segments the others alone would fill the memory.
    found = Profiles(database).load(
        unit.model, unit.day, unit.day, unit.as_of, segment="all"
    )
    return next((profile for profile in found if profile.version == version), None)


def _looks(
    database: Database, headers: Mapping[date, Evaluation], charted: Charted
) -> dict[date, Look]:
    """Read the numbers of all days at once; one read a day would take seconds."""
    row = FindingRow
    query = sa.select(table_of(row)).where(
        row.evaluation.in_([header.key for header in headers.values()]),
        sa.or_(
            sa.and_(
                row.kind.in_([kind.value for kind in _OVER_TIME]),
                row.segment == "all",
                row.horizon == 1,
            ),
            sa.and_(
                row.kind.in_([kind.value for kind in RANKED]),
                row.metric == charted.metric,
                row.column == charted.column,
                row.segment == charted.segment,
                row.horizon == charted.horizon,
            ),
        ),
    )
    query = query.order_by(row.evaluation, row.kind, row.metric, row.column)
    kept: dict[str, list[Finding | Measurement]] = {}
    versions = {header.key: header.version for header in headers.values()}
    with database.transaction() as connection:
        for found in connection.execute(query).mappings():
            if found["version"] == versions[found["evaluation"]]:
                kept.setdefault(found["evaluation"], []).append(
                    finding_from(dict(found))
                )
    return {
        day: _look(header, kept.get(header.key, []))
        for day, header in sorted(headers.items())
    }


def _look(header: Evaluation, parts: list[Finding | Measurement]) -> Look:
    of_day = [part for part in parts if _number_of(part).horizon == 1]
    pooled = [part for part in parts if _number_of(part).horizon > 1]
    return Look(
        header=header,
        numbers={_key(_number_of(part)): _number_of(part) for part in of_day},
        findings=_findings(of_day),
        pooled_numbers={_key(_number_of(part)): _number_of(part) for part in pooled},
        pooled_findings=_findings(pooled),
    )


def _findings(parts: list[Finding | Measurement]) -> dict[NumberKey, Finding]:
    return {_key(part.measurement): part for part in parts if isinstance(part, Finding)}


def _number_of(part: Finding | Measurement) -> Measurement:
    return part.measurement if isinstance(part, Finding) else part


def _key(number: Measurement) -> NumberKey:
    return (number.kind, number.metric, number.column, number.segment)


def _episodes(incidents: Incidents, unit: Unit, first: date) -> list[Episode]:
    return [
        Episode(incident=found, events=tuple(incidents.events(found.id)))
        for found in incidents.find(unit.model)
        if found.onset_day <= unit.day and (found.last_day >= first or found.is_active)
    ]


def verdict_of(header: Evaluation) -> Verdict | None:
    """Give the verdict of a look; None when it was never decided."""
    return None if header.verdict is None else Verdict(header.verdict)
