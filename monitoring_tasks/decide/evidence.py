"""What a decision rests on, as the JSON that is kept with it. Pure."""

from dataclasses import asdict
from datetime import date

from monitoring_tasks.decide.persistence import Persistence
from monitoring_tasks.decide.severity import Graded
from monitoring_tasks.decide.symptoms import Diagnosis
from monitoring_tasks.domain.decisions import BLAMED, GROUNDS, ONSET
from monitoring_tasks.domain.impact import Impact
from monitoring_tasks.domain.json_values import JsonObject


def evidence_of(
    graded: Graded,
    impact: Impact,
    *,
    diagnosis: Diagnosis | None,
    persistence: Persistence | None = None,
    onset: date | None = None,
    version_since: date | None = None,
) -> JsonObject:
    """Return what severity and cause were chosen from, as plain JSON.

    Args:
        graded: The severity, and the rows of its table that apply.
        impact: What those rows were read from; kept only where one applies.
        diagnosis: The cause; None where there is none.
        persistence: How long the breach has lasted; None of a day that was not judged.
        onset: First bad day of its run; None where there is none.
        version_since: First day of the run of its version; None where nobody knows.
    """
    return {
        **_counted_days(persistence, onset),
        **_kept_since(version_since if onset else None),
        **_severity_rows(graded, impact),
        **({GROUNDS: list(diagnosis.evidence)} if diagnosis else {}),
        **({BLAMED: diagnosis.blamed} if diagnosis and diagnosis.blamed else {}),
    }


def _counted_days(persistence: Persistence | None, onset: date | None) -> JsonObject:
    if persistence is None:
        return {}
    return {
        "bad_days": persistence.bad_days,
        "of_days": persistence.of_days,
        ONSET: onset.isoformat() if onset else None,
    }


def _kept_since(version_since: date | None) -> JsonObject:
    # Of a bad day only: an episode may outlast what is remembered of its release.
    return {"version_since": version_since.isoformat()} if version_since else {}


def _severity_rows(graded: Graded, impact: Impact) -> JsonObject:
    # Where no row applies nobody has to act, and nothing has to be explained.
    if not graded.rows:
        return {}
    return {
        "severity": [asdict(rule) for rule in graded.rows],
        "impact": asdict(impact) | {"is_protected": impact.is_protected},
    }
