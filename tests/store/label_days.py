"""Looks at days with estimates, realized numbers and counts, without a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from monitoring_tasks.domain.findings import Finding, Kind, Measurement, Verdict
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.results import Results
from tests.builders import MODEL, make_decision, make_measurement, make_profile

FIRST = date(2024, 3, 1)


def unit_at(day: date, *, age: int = 0, mode: Mode = Mode.LIVE, hour: int = 6) -> Unit:
    """Look at a day so many whole days after its end."""
    at = datetime.combine(day + timedelta(days=1 + age), time(hour), UTC)
    return Unit(model=MODEL, day=day, as_of=at, mode=mode)


@dataclass(kw_only=True)
class LabelDay:
    """What one look wrote: an estimate, a realized number, and how many labels."""

    estimated: float | None = 0.75
    realized: float | None = 0.7
    labelled: int = 100
    version: str = "2"
    segments: Sequence[str] = ("all",)
    age: int = 0
    mode: Mode = Mode.LIVE
    hour: int = 6
    verdict: Verdict | None = Verdict.OK

    def write(self, database: Database, day: date) -> Unit:
        """Write the look through the store."""
        unit = unit_at(day, age=self.age, mode=self.mode, hour=self.hour)
        results = Results(database)
        results.start(unit, predictions=None, labels=None, problem=None)
        counted = [
            make_profile(
                day=day,
                version=self.version,
                segment=segment,
                rows=100,
                labelled=self.labelled,
            )
            for segment in self.segments
        ]
        Profiles(database).save(counted, unit.as_of)
        numbers = [n for segment in self.segments for n in self._numbers(segment)]
        results.save_measurements(unit, numbers, header={"version": self.version})
        judged = Finding(measurement=numbers[0], verdict=Verdict.OK, reason="so")
        results.save_findings(unit, [judged], [])
        if self.verdict:
            results.save_decision(unit, make_decision(verdict=self.verdict))
        return unit

    def _numbers(self, segment: str) -> list[Measurement]:
        known: dict[str, Any] = {"version": self.version, "segment": segment}
        values = {Kind.ESTIMATED: self.estimated, Kind.REALIZED: self.realized}
        whole = [
            make_measurement(
                kind=kind,
                value=value,
                lower=None if value is None else value - 0.02,
                upper=None if value is None else value + 0.02,
                rows=self.labelled if kind is Kind.REALIZED else 100,
                **known,
            )
            for kind, value in values.items()
        ]
        other = [
            make_measurement(horizon=7, value=0.1, **known),
            make_measurement(column="gender", value=0.2, **known),
            make_measurement(kind=Kind.SERVICE, value=0.3, **known),
        ]
        return whole + other
