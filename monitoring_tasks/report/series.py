"""What the charts over time show: rows of plain values.

Every function returns the rows, or, as text, why there is nothing to draw.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitoring_tasks.contract.drift import DriftPolicy
from monitoring_tasks.decide.drifted import from_evidence, limit_ratio, rank_of
from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.report.facts import Facts, TimelineDay, verdict_of
from monitoring_tasks.report.words import NOT_DECIDED, SYMBOLS

Rows = list[dict[str, Any]]
HALF_DAY = 43_200_000
"""Milliseconds; a day is drawn from half a day before its tick to half a day after."""
CELL_HALF = 40_000_000
"""The same for a cell of the heat map: a little less, so that days stand apart."""
MOST_COLUMNS = 24
RATIO_STEPS = (
    (0.5, "up to half the limit"),
    (1.0, "up to the limit"),
    (2.0, "up to twice the limit"),
)
FAR_OVER = "more than twice the limit"
NO_NUMBER = "no value"
LATENCIES = ("latency_p50_seconds", "latency_p95_seconds", "latency_p99_seconds")


def stamp(day: date) -> int:
    """Return a day as milliseconds since 1970, as Vega has instants."""
    # In UTC no day of the axis is 23 or 25 hours long.
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _number(
    timeline_day: TimelineDay, kind: Kind, metric: str, segment: str
) -> Measurement | None:
    return timeline_day.numbers.get((kind, metric, "", segment))


def verdict_rows(facts: Facts) -> Rows:
    """Return each day's verdict as its symbol; a ring where nothing was decided."""
    rows = []
    for day in facts.days:
        timeline_day = facts.timeline.get(day)
        verdict = verdict_of(timeline_day.header) if timeline_day else None
        symbol = SYMBOLS[verdict] if verdict else NOT_DECIDED
        word = verdict.value if verdict else "none"
        rows.append({"day": stamp(day), "symbol": symbol, "verdict": word})
    return rows


def event_rows(facts: Facts) -> Rows:
    """Return what happened: other versions went live, incidents, alias moves."""
    return [*_version_changes(facts), *_incident_spans(facts), *_moves(facts)]


def _event(lane: str, text: str, *, first: date, last: date) -> dict[str, Any]:
    return {"lane": lane, "text": text, "day": stamp(first), "end": stamp(last)}


def _version_changes(facts: Facts) -> Rows:
    rows, before = [], None
    for day, timeline_day in facts.timeline.items():
        version = timeline_day.header.version
        if version and version != before:
            rows.append(_event("version", f"v{version}", first=day, last=day))
        # A day without rows does not end a version's service.
        before = version or before
    return rows


def _incident_spans(facts: Facts) -> Rows:
    return [
        _event(
            "incident",
            f"{incident.severity} {incident.cause}".replace("_", " "),
            first=max(incident.onset_day, facts.first_day),
            last=min(incident.last_day, facts.unit.day),
        )
        for incident in (episode.incident for episode in facts.episodes)
    ]


def _moves(facts: Facts) -> Rows:
    rows = []
    for line in facts.moves:
        day = day_of(line.at, facts.contract.timezone)
        # A move is made on the morning after the day it answers.
        if line.state == RollbackState.APPLIED and day <= facts.unit.day + timedelta(1):
            text = f"v{line.from_version} → v{line.to_version}"
            rows.append(_event("alias move", text, first=day, last=day))
    return rows


def drift_rows(facts: Facts) -> Rows | str:
    """Return the judged distance of each column and day, relative to its limit.

    `rank` counts the columns: first those that drifted on the day, in the order of what
    their move alone would cost (`decide.drifted`), then the others, 0 the first. Among
    those the one that came furthest over its limit on any day is first.
    """
    policy = facts.contract.policy.drift
    rows = [
        _drift(day, finding)
        for day, timeline_day in facts.timeline.items()
        for (kind, *_, segment), finding in timeline_day.findings.items()
        if kind is Kind.DRIFT and segment == "all" and _is_judged(policy, finding)
    ]
    if not rows:
        return "no column was compared with its reference on any of the days"
    furthest: dict[str, float] = {}
    for row in rows:
        name = row["column"]
        furthest[name] = max(furthest.get(name, 0.0), row["ratio"] or 0.0)
    first = [_row_name(finding) for finding in drifted_today(facts)]
    by_distance = sorted(furthest, key=lambda name: (-furthest[name], name))
    ranked = [*first, *(name for name in by_distance if name not in first)]
    return [row | {"rank": ranked.index(row["column"])} for row in rows]


def drifted_today(facts: Facts) -> list[Finding]:
    """Return the judged columns whose drift warns on the day, the most costly first."""
    policy, effects = facts.contract.policy.drift, from_evidence(facts.evidence)
    drifted = [
        finding
        for (kind, *_, segment), finding in facts.timeline[
            facts.unit.day
        ].findings.items()
        if kind is Kind.DRIFT
        and segment == "all"
        and finding.verdict is Verdict.WARN
        and _is_judged(policy, finding)
    ]
    return sorted(drifted, key=lambda finding: rank_of(finding, effects))


def _is_judged(policy: DriftPolicy, finding: Finding) -> bool:
    """Whether a finding is about the distance the contract judges."""
    number = finding.measurement
    return not number.column or number.metric in {policy.continuous, policy.categorical}


def _drift(day: date, finding: Finding) -> dict[str, Any]:
    ratio = limit_ratio(finding)
    return {
        "day": stamp(day) - CELL_HALF,
        "end": stamp(day) + CELL_HALF,
        "middle": stamp(day),
        "column": _row_name(finding),
        "ratio": ratio,
        "step": _step_of(ratio),
        "mark": "∅" if ratio is None else "▲" if ratio > 1 else "",
    }


def _row_name(finding: Finding) -> str:
    return finding.measurement.column or f"all ({finding.measurement.metric})"


def _step_of(ratio: float | None) -> str:
    """Return the step of the heat map a ratio falls in."""
    if ratio is None:
        return NO_NUMBER
    return next((name for end, name in RATIO_STEPS if ratio <= end), FAR_OVER)


def service_rows(facts: Facts) -> Rows | str:
    """Return volume, latency and failures by day; a day not judged has none."""
    rows = []
    for day in facts.days:
        timeline_day = facts.timeline.get(day)
        values = {metric: _service(timeline_day, metric) for metric in LATENCIES}
        volume = _service(timeline_day, "volume")
        if volume is None and timeline_day is not None:
            # Rows are counted before anything about them is measured.
            volume = timeline_day.header.rows
        errors = _service(timeline_day, "error_ratio")
        rows.append({"day": stamp(day), "volume": volume, "errors": errors} | values)
    if all(row["volume"] is None for row in rows):
        return "no day has a count of its rows"
    return rows


def _service(timeline_day: TimelineDay | None, metric: str) -> float | None:
    number = timeline_day and _number(timeline_day, Kind.SERVICE, metric, "all")
    return number.value if number else None
