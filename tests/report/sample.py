"""What a model is, day by day: facts a run would write, made up."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.counts import (
    BinaryOutcome,
    CategoricalCounts,
    ContinuousCounts,
)
from monitoring_tasks.domain.decisions import Cause, Decision, Severity
from monitoring_tasks.domain.findings import (
    Check,
    DataVerdict,
    Finding,
    Kind,
    Limit,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.label_verdict import LabelVerdict
from monitoring_tasks.domain.partitions import LabelCounts
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import EstimatorTrust, TrustVerdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.report.facts import TimelineDay
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.rollbacks import Rollbacks
from monitoring_tasks.workspace.day import Day
from tests.builders import make_evaluation

MODEL = "flight_delay"
FIRST, LAST = date(2013, 7, 1), date(2013, 8, 29)
BAD_DAY, QUARANTINED_DAY, EMPTY_DAY = date(2013, 8, 20), date(2013, 8, 5), LAST
LABELS = LabelVerdict(usable=True, verdict=Verdict.OK, reason="all held", failed=())
LABEL_COUNTS = LabelCounts(rows=900, joined=880, missing=120, orphans=20)
NASTY = """<script>alert("1")</script> 'größe' & 空"""
TRUST = (
    EstimatorTrust(
        version="4",
        segment="all",
        metric="f1",
        verdict=TrustVerdict.UNTESTED,
        reason="0 mature days are fewer than the 14 needed",
    ),
    EstimatorTrust(
        version="4",
        segment="all",
        metric="roc_auc",
        verdict=TrustVerdict.DEMOTED,
        reason="it lay too high",
        days=49,
        bias=0.016,
        lower=0.012,
        upper=0.02,
        mean_absolute_error=0.018,
        interval_days=49,
        coverage=0.5,
        correlation=0.25,
        reach=0.03,
    ),
    EstimatorTrust(
        version="3",
        segment="all",
        metric="roc_auc",
        verdict=TrustVerdict.TRUSTED,
        reason="it was right",
        days=40,
    ),
)
COLUMNS = ("distance", "dep_hour", "temperature", "wind_speed", NASTY)


def unit_of(day: date, mode: Mode = Mode.LIVE) -> Unit:
    """Return the look at a day on the morning after it."""
    as_of = datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + timedelta(1)
    return Unit(model=MODEL, day=day, as_of=as_of, mode=mode)


def profile_of(day: date, version: str, *, shift: float) -> DayProfile:
    """Count a day whose columns moved by `shift` bins; one column is all null."""
    coarse = {
        i: round(1000 * math.exp(-(((i - 5 - shift) / 2) ** 2))) for i in range(12)
    }
    rows = sum(coarse.values())
    counts = {name: 100 - 8 * i for i, name in enumerate("AUVWXYZBCD")}
    if shift:
        counts[f"new {NASTY}"] = 90
    categories = CategoricalCounts(rows=sum(counts.values()), counts=counts)
    moved = ContinuousCounts(rows=rows + 40, nulls=10, above=30, coarse=coarse)
    return DayProfile(
        model=MODEL,
        day=day,
        version=version,
        segment="all",
        rows=rows,
        labelled=rows,
        outcome=BinaryOutcome(),
        columns={
            **dict.fromkeys(COLUMNS[:3], moved),
            "wind_speed": ContinuousCounts(rows=50, nulls=50 if shift else 0),
            "carrier": categories,
            NASTY: categories,
        },
    )


def data_of(day: date) -> DataVerdict:
    """Return the checks of a day; on the quarantined one ids are doubled."""
    is_bad = day == QUARANTINED_DAY
    keys = Check(
        gate="keys",
        name="expect_column_values_to_be_unique",
        column="id",
        status="failed" if is_bad else "passed",
        severity="critical",
        observed="12 ids twice" if is_bad else "",
        failing_rows=24 if is_bad else 0,
        failing_ids=("r-17", NASTY) if is_bad else (),
    )
    rows = Check(gate="rows", name="min_rows", status="passed", severity="critical")
    later = Check(gate="values", name="range", status="skipped", severity="warning")
    return DataVerdict(
        verdict=Verdict.BREACH if is_bad else Verdict.OK,
        reason="The keys are not unique." if is_bad else "All checks held.",
        checks=(rows, later, keys),
    )


def decision_of(verdict: Verdict, cause: Cause | None) -> Decision:
    """Return a decision; a breach is P1 and its reason quotes the awkward name."""
    is_bad = verdict is Verdict.BREACH
    return Decision(
        verdict=verdict,
        performance=verdict,
        confirmed=is_bad,
        reasons=(f"ROC AUC fell; {NASTY} moved.",) if is_bad else ("All is well.",),
        severity=Severity.P1 if is_bad else None,
        cause=cause,
        rollback_to="3" if cause is Cause.MODEL else None,
    )


def findings_of(day: date, version: str) -> list[Finding]:
    """Judge performance, drift and service of a day; version 4 grows worse."""
    wave = 0.01 * math.sin(day.toordinal())
    fall = 0.012 * (day - date(2013, 8, 9)).days if version == "4" else 0.0
    made = [
        _finding(Kind.ESTIMATED, "roc_auc", 0.77 + wave / 2 - fall / 3, version),
        _finding(Kind.REALIZED, "roc_auc", 0.765 + wave - fall, version),
        _finding(Kind.ESTIMATED, "f1", 0.5, version),
        _finding(Kind.REALIZED, "f1", 0.48 + wave, version),
        _finding(Kind.SERVICE, "volume", 1000 + 100 * math.cos(day.day), version),
    ]
    for i, name in enumerate(("p50", "p95", "p99"), start=1):
        metric = f"latency_{name}_seconds"
        made.append(_finding(Kind.SERVICE, metric, 0.02 * i**2, version))
    for i, column in enumerate((*COLUMNS, "carrier")):
        distance = 0.03 * i + abs(wave) + fall
        made.append(
            _finding(Kind.DRIFT, "jensen_shannon", distance, version, column=column)
        )
    return made


def _finding(
    kind: Kind, metric: str, value: float, version: str, *, column: str = ""
) -> Finding:
    limit = {
        Kind.DRIFT: Limit(high=0.1, origin="policy.drift.min_distance", advisory=True),
        Kind.REALIZED: Limit(low=0.7 if metric == "roc_auc" else 0.3, origin="min"),
    }.get(kind)
    is_out = limit is not None and (
        (limit.low is not None and value < limit.low)
        or (limit.high is not None and value > limit.high)
    )
    out = Verdict.WARN if kind is Kind.DRIFT else Verdict.BREACH
    number = Measurement(
        kind=kind,
        metric=metric,
        column=column,
        version=version,
        value=value,
        lower=value - 0.02,
        upper=value + 0.02,
        rows=1000,
    )
    reason = "beyond its limit" if is_out else "within its limit"
    verdict = out if is_out else Verdict.OK
    return Finding(measurement=number, verdict=verdict, reason=reason, limit=limit)


def comparisons_of(day: date) -> list[Comparison]:
    """Return two other versions on the bad day: one better, one that did not answer."""
    if day != BAD_DAY:
        return []
    better = Comparison(
        version="3",
        metric="roc_auc",
        champion=0.64,
        candidate=0.76,
        gain=0.12,
        lower=0.09,
        upper=0.15,
        rows=2640,
        days=(date(2013, 8, 18), BAD_DAY),
    )
    return [better, Comparison(version="2", metric="roc_auc", reason="timed out")]


def with_decision(look: TimelineDay, **parts: Any) -> TimelineDay:  # noqa: ANN401 (any value)
    """Return what is shown of a day, parts of its decision replaced."""
    decision = look.header.decision or make_evaluation().decision
    assert decision is not None
    header = replace(look.header, decision=replace(decision, **parts))
    return replace(look, header=header)


def day_in(
    database: Database,
    unit: Unit,
    contract: Contract,
    references: Callable[[str], ReferenceProfile | None] = lambda _: None,
) -> Day:
    """A day of a store, without the settings and the registry of a workspace."""
    journal = Journal(database)
    workspace: Any = SimpleNamespace(
        database=database,
        results=Results(database),
        profiles=Profiles(database),
        incidents=Incidents(database),
        journal=journal,
        rollbacks=Rollbacks(database, journal),
        settings=SimpleNamespace(clock="system"),
        contract=lambda _: contract,
        reference=lambda _, version: references(version),
    )
    return Day(workspace, unit)
