"""Looks at days as a run would have written them, without a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from monitoring_tasks.domain.findings import (
    DataVerdict,
    Finding,
    Kind,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.workspace.workspace import Workspace
from tests.builders import MODEL, make_decision, raw_contract

FIRST = date(2024, 3, 1)
AUC = {"source": "realized", "metric": "roc_auc"}
SLO = {
    "name": "auc",
    "indicator": AUC,
    "min": 0.6,
    "target": 0.8,
    "window_days": 10,
    "min_valid_days": 3,
}
"""A budget of two days in ten."""


def write_workspace(home: Path, *slos: Mapping[str, Any], **parts: object) -> Path:
    """Write the settings and the contract of a model with these promises."""
    path = home / "expectations" / MODEL / "monitor.yaml"
    path.parent.mkdir(parents=True)
    contract = raw_contract(slos=[dict(slo) for slo in slos], **parts)
    path.write_text(yaml.safe_dump(contract))
    (home / "daywatch.yaml").write_text("clock: simulated\n")
    return home


def at(day: date, hour: int) -> datetime:
    """Return an hour of the morning after a day; the schedule is at six."""
    return datetime.combine(day + timedelta(days=1), time(hour), UTC)


@dataclass(kw_only=True)
class Look:
    """What one look at a day wrote; a healthy, mature one unless said."""

    value: float | None = 0.7
    mode: Mode = Mode.LIVE
    hour: int = 6
    data: Verdict = Verdict.OK
    verdict: Verdict = Verdict.OK
    labelled: int = 90
    judged: Verdict | None = None
    decided: bool = True
    version: str = "2"

    def write(self, workspace: Workspace, day: date) -> Unit:
        """Write the look through the store."""
        unit = Unit(model=MODEL, day=day, as_of=at(day, self.hour), mode=self.mode)
        results = workspace.results
        results.start(unit, predictions=None, labels=None, problem=None)
        data = DataVerdict(verdict=self.data, reason="as it was")
        results.save_data_verdict(unit, data)
        numbers = self._numbers()
        header = {"version": self.version, "rows": 100, "labelled": self.labelled}
        results.save_measurements(unit, numbers, header=header)
        if self.judged:
            judged = Finding(measurement=numbers[0], verdict=self.judged, reason="so")
            results.save_findings(unit, [judged], [])
        if self.decided:
            results.save_decision(unit, make_decision(verdict=self.verdict))
        return unit

    def _numbers(self) -> list[Measurement]:
        """Return the number, and others that must not be taken for it."""
        wrong: dict[str, Any] = {"value": 0.1}
        made: list[dict[str, Any]] = [
            {"value": self.value, "reason": "" if self.value else "one class only"},
            wrong | {"version": "1"},
            wrong | {"segment": "origin=JFK"},
            wrong | {"column": "sex"},
            wrong | {"metric": "f1"},
            wrong | {"horizon": 7},
        ]
        known = {"kind": Kind.REALIZED, "metric": "roc_auc", "version": "2"}
        return [Measurement(**known | parts) for parts in made]
