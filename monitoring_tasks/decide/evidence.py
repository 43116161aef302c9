"""What a decision rests on, as the JSON that is kept with it. Pure."""

from dataclasses import asdict

from monitoring_tasks.decide.persistence import Persistence
from monitoring_tasks.decide.severity import Graded
from monitoring_tasks.decide.symptoms import Diagnosis
from monitoring_tasks.domain.impact import Impact
from monitoring_tasks.domain.json_values import JsonObject


def evidence_of(
    graded: Graded,
    impact: Impact,
    *,
    diagnosis: Diagnosis | None,
    persistence: Persistence | None = None,
) -> JsonObject:
    """Return what severity and cause were chosen from, as plain JSON.

    Args:
        graded: The severity, and the rows of its table that apply.
        impact: What those rows were read from; kept only where one applies.
        diagnosis: The cause; None where there is none.
        persistence: How long the breach has lasted; None of a day that was not judged.
    """
    return {
        **_counted_days(persistence),
        **_severity_rows(graded, impact),
        **({"chosen_by": list(diagnosis.evidence)} if diagnosis else {}),
    }


def _counted_days(persistence: Persistence | None) -> JsonObject:
    if persistence is None:
        return {}
    onset = persistence.onset
    return {
        "bad_days": persistence.bad_days,
        "of_days": persistence.of_days,
        "onset": onset.day.isoformat() if onset else None,
    }


def _severity_rows(graded: Graded, impact: Impact) -> JsonObject:
    # Where no row applies nobody has to act, and nothing has to be explained.
    if not graded.rows:
        return {}
    return {
        "severity": [asdict(rule) for rule in graded.rows],
        "impact": asdict(impact) | {"is_protected": impact.is_protected},
    }
