"""Sixty days of a model, written through the store as a run would."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.counts import Bins
from monitoring_tasks.domain.decisions import Action, Cause, Severity
from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.findings import (
    Kind,
    Measurement,
    Verdict,
)
from monitoring_tasks.domain.incidents import Incident, IncidentState
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.rollbacks import RollbackState
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.step import gather
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.incidents import Incidents
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.profiles import Profiles
from monitoring_tasks.store.results import Results
from monitoring_tasks.store.rollbacks import Rollbacks
from tests.builders import make_guard, make_rollback
from tests.report.sample import (
    BAD_DAY,
    COLUMNS,
    EMPTY_DAY,
    FIRST,
    LABEL_COUNTS,
    LABELS,
    LAST,
    MODEL,
    NASTY,
    QUARANTINED_DAY,
    TRUST,
    comparisons_of,
    data_of,
    day_in,
    decision_of,
    findings_of,
    profile_of,
    unit_of,
)

TO_APPLIED = (
    RollbackState.GUARDED,
    RollbackState.APPROVED,
    RollbackState.LOCKED,
    RollbackState.EVIDENCE_CAPTURED,
    RollbackState.EXECUTING,
    RollbackState.APPLIED,
)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """A binary model with a realized objective and an awkward column name."""
    files = {"kind": "files", "path": "{day}.parquet"}
    return Contract.model_validate(
        {
            "model": MODEL,
            "problem": "binary",
            "owners": ["ops <ops@example.org>"],
            "sources": {"predictions": files, "labels": files},
            "columns": {
                "id": "id",
                "timestamp": "at",
                "model_version": "version",
                "prediction": "prediction",
                "label": "label",
                "score": "score",
                "continuous": COLUMNS[:4],
                "categorical": ["carrier", NASTY],
                "latency": "latency",
            },
            "objectives": [{"metric": "roc_auc", "source": "realized", "min": 0.7}],
        }
    )


@pytest.fixture(scope="session")
def reference() -> ReferenceProfile:
    """The reference of version 4; `carrier` has ten categories."""
    return ReferenceProfile(
        model=MODEL,
        version="4",
        first_day=date(2013, 5, 1),
        last_day=date(2013, 6, 30),
        trained_until=date(2013, 4, 30),
        bins={name: Bins(low=0, high=12, coarse=12) for name in COLUMNS[:4]},
        profile=replace(profile_of(FIRST, "4", shift=0.0), rows=6000),
    )


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A store with 60 days: a quarantined one, a breach, a rollback, an empty day."""
    folder = tmp_path_factory.mktemp("store")
    database = Database(f"sqlite:///{folder / 'daywatch.db'}")
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        if day not in {EMPTY_DAY, date(2013, 7, 20)}:
            write_day_of(database, day)
    Results(database).start(
        unit_of(EMPTY_DAY),
        predictions=None,
        labels=None,
        problem=DeliveryProblem(error="NoDataError", text=f"no file for {EMPTY_DAY}"),
    )
    write_incident(database)
    return database


def write_day_of(database: Database, day: date) -> None:
    """Write what every step of a run would."""
    results, unit = Results(database), unit_of(day)
    version = "3" if day < date(2013, 8, 10) or day > BAD_DAY else "4"
    results.start(unit, predictions=None, labels=None, problem=None)
    results.save_data_verdict(
        unit, data_of(day), labels=LABELS, label_counts=LABEL_COUNTS
    )
    if day == QUARANTINED_DAY:
        results.save_decision(unit, decision_of(Verdict.BREACH, Cause.DATA))
        return
    findings = findings_of(day, version)
    rare = Measurement(
        kind=Kind.FAIRNESS, metric="tpr", version=version, reason="3 rows are fewer"
    )
    labelled = 300 if day > date(2013, 8, 24) else 880
    header = {"version": version, "rows": 1000, "labelled": labelled}
    results.save_measurements(
        unit, [f.measurement for f in findings] + [rare], header=header
    )
    results.save_findings(unit, findings, comparisons_of(day))
    Profiles(database).save(
        [profile_of(day, version, shift=2.0 if version == "4" else 0.5)], unit.as_of
    )
    is_bad = date(2013, 8, 18) <= day <= BAD_DAY
    verdict = Verdict.BREACH if is_bad else Verdict.OK
    results.save_decision(unit, decision_of(verdict, Cause.MODEL if is_bad else None))
    text = "Moved champion from 4 to 3." if day == BAD_DAY else "Nothing to do."
    kind = "rollback" if day == BAD_DAY else "none"
    results.save_action(unit, Action(kind=kind, text=text))


def write_incident(database: Database) -> None:
    """Write an incident that was acknowledged, and the rollback that answered it."""
    at = unit_of(BAD_DAY).as_of
    seen = Incident(
        id=f"{MODEL}-model-2013-08-18",
        model=MODEL,
        cause=Cause.MODEL,
        state=IncidentState.OPEN,
        severity=Severity.P1,
        version="4",
        onset_day=date(2013, 8, 18),
        last_day=BAD_DAY,
        title=f"Version 4 broke {NASTY}",
        opened_at=at,
    )
    incidents = Incidents(database)
    incidents.report(seen, text="ROC AUC below 0.7", detail={})
    later = at + timedelta(days=2)
    incidents.move(
        seen.id, IncidentState.MITIGATING, at=later, actor="kim", text="looking"
    )
    rollback = make_rollback(
        model=MODEL,
        from_version="4",
        to_version="3",
        reason="Version 3 is proven better.",
        proposed_at=at,
        incident=seen.id,
        guards=(make_guard(),),
    )
    rollbacks = Rollbacks(database, Journal(database))
    asked = rollbacks.propose(rollback, {})
    for state in TO_APPLIED:
        asked = rollbacks.advance(asked, state, at=at)


@pytest.fixture(scope="session")
def facts_of(
    database: Database, contract: Contract, reference: ReferenceProfile
) -> Callable[[date], Facts]:
    """Gather the facts of a day; only version 4 has a reference."""
    references = {"4": reference}

    def gathered(day: date) -> Facts:
        found = gather(day_in(database, unit_of(day), contract, references.get))
        return replace(found, trust=TRUST)

    return gathered
