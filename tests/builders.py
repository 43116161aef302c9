"""Facts for tests, with everything that does not matter filled in."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.sources import Source
from monitoring_tasks.domain.autonomy import ResponseMode
from monitoring_tasks.domain.chains import BEFORE_FIRST
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.counts import BinaryOutcome, Outcome
from monitoring_tasks.domain.decisions import Action, Cause, Decision, PastDay, Severity
from monitoring_tasks.domain.evaluations import Evaluation
from monitoring_tasks.domain.findings import Finding, Kind, Limit, Measurement, Verdict
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.journal import JournalLine, Line, chained
from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.domain.reconstruction import (
    CategoricalInput,
    NumericInput,
    Reconstruction,
)
from monitoring_tasks.domain.reference import DailyNoise, ReferenceProfile
from monitoring_tasks.domain.rollbacks import Guard, Rollback
from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.sources.request import Request

MODEL = "flights"
DAY = date(2013, 9, 2)
NOW = datetime(2013, 9, 3, 10, tzinfo=UTC)
FILES = {"kind": "files", "path": "rows-{day}.parquet"}
COLUMNS = {
    "id": "id",
    "timestamp": "at",
    "model_version": "version",
    "prediction": "prediction",
    "label": "label",
    "score": "score",
}


def raw_contract(**parts: object) -> dict[str, Any]:
    """Return the smallest contract of a binary model as plain data, parts replaced."""
    return {
        "model": MODEL,
        "problem": "binary",
        "owners": ["team"],
        "sources": {"predictions": FILES, "labels": FILES},
        "columns": COLUMNS,
    } | parts


def make_contract(**parts: object) -> Contract:
    """Return the smallest valid contract of a binary model, parts replaced."""
    return Contract.model_validate(raw_contract(**parts))


def make_columns(**roles: object) -> Columns:
    """Return the columns of a binary model, roles added or replaced."""
    return Columns.model_validate(COLUMNS | roles)


def make_unit(
    *, day: date = DAY, as_of: datetime = NOW, mode: Mode = Mode.LIVE
) -> Unit:
    """Return a look at a day."""
    return Unit(model=MODEL, day=day, as_of=as_of, mode=mode)


def make_measurement(**parts: object) -> Measurement:
    """Return a realized AUC of 0.7 on 1,000 rows, parts replaced."""
    known: dict[str, Any] = {
        "kind": Kind.REALIZED,
        "metric": "roc_auc",
        "version": "1",
        "value": 0.7,
        "rows": 1000,
    }
    return Measurement(**known | parts)


def make_finding(
    verdict: Verdict, *, limit: Limit | None = None, **parts: object
) -> Finding:
    """Return a measurement with a verdict on it."""
    return Finding(
        measurement=make_measurement(**parts),
        verdict=verdict,
        reason=f"it is {verdict}",
        limit=limit,
    )


def make_comparison(**parts: object) -> Comparison:
    """Return version 1, better than the live one by 0.1 [0.05, 0.15]."""
    known: dict[str, Any] = {
        "version": "1",
        "metric": "roc_auc",
        "champion": 0.6,
        "candidate": 0.7,
        "gain": 0.1,
        "lower": 0.05,
        "upper": 0.15,
        "rows": 900,
        "days": (DAY,),
    }
    return Comparison(**known | parts)


def make_evaluation(**parts: object) -> Evaluation:
    """Return an ordinary day of version 1 that nobody must act on, parts replaced."""
    known: dict[str, Any] = {
        "unit": make_unit(),
        "step": "respond",
        "version": "1",
        "rows": 1000,
        "labelled": 1000,
        "data_verdict": Verdict.OK,
        "decision": Decision(
            verdict=Verdict.OK,
            performance=Verdict.OK,
            confirmed=False,
            reasons=("All is well.",),
        ),
        "action": Action(kind="none", text=""),
    }
    return Evaluation(**known | parts)


def make_past(
    day: date,
    performance: Verdict = Verdict.OK,
    *,
    version: str = "2",
    sound: bool = False,
) -> PastDay:
    """Return a day whose verdict is that of its performance."""
    return PastDay(
        day=day,
        version=version,
        verdict=performance,
        performance=performance,
        is_release_sound=sound,
    )


def make_decision(**parts: object) -> Decision:
    """Return a confirmed breach of a model, version 1 proven better."""
    known: dict[str, Any] = {
        "verdict": Verdict.BREACH,
        "performance": Verdict.BREACH,
        "confirmed": True,
        "reasons": ("version 1 is better",),
        "severity": Severity.P1,
        "cause": Cause.MODEL,
        "rollback_to": "1",
    }
    return Decision(**known | parts)


def make_incident(**parts: object) -> Incident:
    """Return an open P2 incident of the model's version 2."""
    known: dict[str, Any] = {
        "id": f"{MODEL}-model-{DAY}",
        "model": MODEL,
        "cause": Cause.MODEL,
        "state": IncidentState.OPEN,
        "severity": Severity.P2,
        "version": "2",
        "onset_day": DAY,
        "last_day": DAY,
        "title": "it broke",
        "opened_at": NOW,
    }
    return Incident(**known | parts)


def make_rollback(**parts: object) -> Rollback:
    """Return a request of Daywatch's to move the alias from version 2 to version 1."""
    known: dict[str, Any] = {
        "id": "rollback-000000000001",
        "model": MODEL,
        "alias": "champion",
        "from_version": "2",
        "to_version": "1",
        "reason": "version 1 is better",
        "actor": "daywatch",
        "mode": ResponseMode.AUTO,
        "proposed_at": NOW,
        "expires_at": NOW + timedelta(hours=24),
        "evaluation": make_unit().key,
        "evidence_digest": "e" * 64,
    }
    return Rollback(**known | parts)


def make_journal_line(**parts: object) -> JournalLine:
    """Return the first line of a journal: the alias was moved to version 2."""
    known: dict[str, Any] = {
        "key": f"{MODEL}@champion",
        "state": "applied",
        "at": NOW,
        "model": MODEL,
        "alias": "champion",
        "to_version": "2",
        "actor": "daywatch",
    }
    return chained(Line(**known | parts), 1, BEFORE_FIRST)


def make_guard(
    name: str = "alias_unchanged", *, passed: bool = True, skippable: bool = False
) -> Guard:
    """Return a guard that held, or did not."""
    return Guard(
        group="G8",
        name=name,
        passed=passed,
        seen="this",
        needed="that",
        skippable=skippable,
    )


def make_profile(
    *,
    day: date = DAY,
    version: str = "1",
    segment: str = "all",
    outcome: Outcome | None = None,
    **parts: object,
) -> DayProfile:
    """Return the counts of a day without rows, parts replaced."""
    known: dict[str, Any] = {"rows": 0, "labelled": 0} | parts
    return DayProfile(
        model=MODEL,
        day=day,
        version=version,
        segment=segment,
        outcome=outcome if outcome is not None else BinaryOutcome(),
        **known,
    )


def make_reference(
    *,
    profile: DayProfile | None = None,
    noise: Mapping[str, DailyNoise] | None = None,
    **parts: object,
) -> ReferenceProfile:
    """Return a reference around a profile, with the daily noise of some numbers."""
    known: dict[str, Any] = {
        "model": MODEL,
        "version": "1",
        "first_day": date(2013, 5, 1),
        "last_day": date(2013, 6, 30),
        "trained_until": date(2013, 4, 30),
    }
    return ReferenceProfile(
        profile=profile or make_profile(), noise=noise or {}, **known | parts
    )


def make_request(source: Source, home: Path, **parts: object) -> Request:
    """Ask for a day of a source, by the calendar of `timezone` (UTC unless said)."""
    known: dict[str, Any] = {
        "day": DAY,
        "timezone": "UTC",
        "columns": ("id", "at", "score"),
        "as_of": NOW,
        "look_up": None,
    } | parts
    window = window_of(known["day"], known["timezone"])
    return Request(source=source, home=home, window=window, **known)


def make_rows(**columns: object) -> pa.Table:
    """Return three rows of the day, columns added or replaced."""
    known: dict[str, Any] = {
        "id": ["a", "b", "c"],
        "at": [datetime(2013, 9, 2, hour, tzinfo=UTC) for hour in (0, 12, 23)],
        "score": [0.1, 0.5, 0.9],
    }
    return pa.table(known | columns)


def make_reconstruction(**changes: Any) -> Reconstruction:  # noqa: ANN401 (any field)
    """Return what rebuilds rows of a number and a category."""
    fields: dict[str, Any] = {
        "declared": (("x",), ("größe 'x'",)),
        "numeric": (
            NumericInput(name="x", missing=0.1 + 0.2, centre=1 / 3, scale=2.0),
        ),
        "categorical": (
            CategoricalInput(
                name="größe 'x'",
                shares={"空": 0.7, "": 0.1},
                other=0.0,
                null=0.2,
                centre=0.54,
                scale=0.23,
            ),
        ),
        "middle": (1e-17, -1e-17),
        "components": ((0.6, 0.8),),
    }
    return Reconstruction(**fields | changes)
